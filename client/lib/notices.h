// The notices of one person that have come to this machine: what was the last one, so that none is
// asked for or shown twice, and which are still to be shown. A file beside the outbox.
//
// Several programs may read it at once; the agent alone writes.
#pragma once

#include "tiejun/v1/notice.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct notices;

// In a folder that is there. NULL when it cannot be opened.
struct notices *notices_open(const char *folder);
void notices_close(struct notices *notices);

// What a subscription is to begin behind. False when there was none yet.
bool notices_last(struct notices *notices, int64_t *place);
// Where one did begin. What is kept behind it is of a database that is no more.
void notices_begin(struct notices *notices, int64_t place);

// Keeps what was pushed; those that are kept already are left as they are.
void notices_keep(struct notices *notices, const Tiejun__V1__NoticeServiceListResponse *pushed);

// The first notice that was not shown, in the arena, which counts as shown from now on; NULL when
// all were.
Tiejun__V1__NoticeServiceListResponse *notices_next(struct notices *notices, struct arena *arena);

// The newest ones of those topics (notice_topics_name), so many at most, newest first, with their
// lines, in the arena; and when the daemon was last heard of them, in nanoseconds since 1970 by the
// device's clock. NULL when there was no subscription.
Tiejun__V1__NoticeServiceListResponse *notices_list(struct notices *notices, int most,
                                                    const char *topics, struct arena *arena,
                                                    int64_t *heard_ns);

// Nothing was missed until now: there is a subscription.
void notices_heard(struct notices *notices);

// Removes those that came more than so many days ago.
void notices_tidy(struct notices *notices, int days);
