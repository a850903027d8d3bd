// What a notice says, in the user's language: a topic is a row of a table.
#pragma once

#include "tiejun/v1/notice.pb-c.h"

#include <stdbool.h>

struct arena;

// One or more lines, the first of which is a title, in the arena. list: the answer that the notice
// is part of, with its lines. A topic of a newer daemon is named with what is known of it.
char *notice_text(struct arena *arena, const Tiejun__V1__Notice *notice,
                  const Tiejun__V1__NoticeServiceListResponse *list);

// Whether a list of topics, "goal, pace", names that one; "all" names every one.
bool notice_topics_name(const char *topics, const char *topic);

// Whether such a list names nothing but topics that there are, "all", and the one word besides.
bool notice_topics_known(const char *topics, const char *besides);
