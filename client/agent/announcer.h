// Shows what was pushed to one person: each notice once, also over restarts, those of the topics
// that the settings name, and none in quiet hours, after which they are shown.
#pragma once

#include "client/agent/office_time.h"
#include "tiejun/v1/notice.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct settings;
struct notifier;
struct announcer;
struct reminders;

// folder: of the person's outbox. settings, notifier, name and reminders must stay for as long.
// NULL when what was shown cannot be known.
struct announcer *announcer_new(const struct settings *settings, struct notifier *notifier,
                                const char *name, const char *folder,
                                const struct reminders *reminders);
void announcer_free(struct announcer *announcer);

// Fills in behind which notice the subscription is to begin.
void announcer_ask(struct announcer *announcer, Tiejun__V1__NoticeServiceSubscribeRequest *request);
// It was granted; and it ended.
void announcer_begin(struct announcer *announcer,
                     const Tiejun__V1__NoticeServiceSubscribeResponse *granted);
void announcer_end(struct announcer *announcer);

// Keeps what was pushed. Returns whether it is about facts of the person's.
bool announcer_take(struct announcer *announcer, const uint8_t *body, size_t size);

// Shows what is to be shown at that time.
void announcer_show(struct announcer *announcer, const struct office_time *now);

// Every minute.
void announcer_tidy(struct announcer *announcer);
