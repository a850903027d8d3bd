// One enrolled person of the agent: an outbox that is sent as soon as it can be, a copy that is
// kept fresh, and reminders. Drives the sync core (client/lib/sync.h) by libevent.
#pragma once

struct settings;
struct notifier;
struct settings_person;
struct event_base;
struct person;

// NULL after saying in the log why it cannot be done. settings and notifier must stay for as long.
struct person *person_new(struct event_base *base, const struct settings *settings,
                          struct notifier *notifier, const struct settings_person *enrolled);
void person_free(struct person *person);

// The network may be back: tries at once.
void person_hurry(struct person *person);
