// Brings a reminder or a notice to where the person sees it: standard output, notify-send,
// webhooks. None of them is waited for; what fails is in the log.
#pragma once

struct event_base;
struct notifier;
struct settings;

// settings must stay for as long.
struct notifier *notifier_new(struct event_base *base, const struct settings *settings);
void notifier_free(struct notifier *notifier);

// topic: of a notice, or NOTICE_REMINDER: webhooks may want some alone.
#define NOTICE_REMINDER "reminder"

// who: the person's name in the settings, which comes before the text unless the settings name
// nobody. text: one or more lines, the first of which is a title.
void notice_send(struct notifier *notifier, const char *who, const char *topic, const char *text);
