// Brings a reminder or a notice to where the person sees it: standard output, notify-send,
// webhooks. Each goes out from a child process of its own, so that a robot that does not answer
// holds up nothing; what fails is in the log.
#pragma once

struct settings;

// topic: of a notice, or NOTICE_REMINDER: webhooks may want some alone.
#define NOTICE_REMINDER "reminder"

// who: the person's name. text: one or more lines, the first of which is a title.
void notice_send(const struct settings *settings, const char *who, const char *topic,
                 const char *text);
