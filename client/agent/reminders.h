// When one person is reminded of what: behind pace at noon, facts that wait too long, facts that
// were refused, and the two briefs of a day, each once.
#pragma once

#include <stdbool.h>

struct settings;
struct notifier;
struct copy;
struct outbox;
struct reminders;

// settings, notifier and name must stay for as long.
struct reminders *reminders_new(const struct settings *settings, struct notifier *notifier,
                                const char *name);
void reminders_free(struct reminders *reminders);

// Looks at what is at hand, and sends what is due (notice.h). For every minute. daemon_tells: that
// a day is behind pace, the daemon says itself.
void reminders_look(struct reminders *reminders, struct outbox *outbox, struct copy *copy,
                    bool daemon_tells);

// Whether it was said of that day that it is behind pace.
bool reminders_said_pace(const struct reminders *reminders, const char *date);
