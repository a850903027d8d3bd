// Days, periods and instants as typed on the command line, and as shown, in the zone of the
// caller's office.
#pragma once

#include "common/date.h"
#include "common/i18n.h"
#include "common/options.h"
#include "google/protobuf/timestamp.pb-c.h"

#include <stdbool.h>

struct context;

// "2026-07-01 14:30" or "14:30" (of today) in the caller's office's zone, or RFC 3339 with an
// offset, as a Timestamp in the context's arena. Ends the program with COMMAND_USAGE otherwise.
Google__Protobuf__Timestamp *context_instant(struct context *context, const char *text);

// The day of an instant in that zone, as YYYY-MM-DD in the arena; NULL for NULL.
char *context_day_of(struct context *context, const Google__Protobuf__Timestamp *instant);

// The same with the time: "2026-07-15 09:30".
char *context_time_of(struct context *context, const Google__Protobuf__Timestamp *instant);
// The time alone: "09:30".
char *context_clock_of(struct context *context, const Google__Protobuf__Timestamp *instant);

// "today", "last-month" and the like are counted from the office's today, which the daemon is asked
// for, since this machine may be in another zone.

// First and last day of a period as typed. Ends the program with COMMAND_USAGE when it is none.
void context_period(struct context *context, const char *text, date_day *from, date_day *to);
// The day of an argument: YYYY-MM-DD, or today, yesterday, tomorrow; NULL for NULL. Ends the
// program with COMMAND_USAGE when it is none.
char *context_date(struct context *context, const char *text);
// YYYY-MM-DD in the context's arena.
char *context_day(struct context *context, date_day day);
// The same of an option.
char *option_date(struct context *context, const struct options *options, const char *name);

// --period, or --from and --to, as YYYY-MM-DD in the arena; false and NULL when none was given. One
// of --from and --to alone leaves the other NULL.
bool context_range(struct context *context, const struct options *options, char **from, char **to);
// The same, and this month where none was given.
void context_range_or_month(struct context *context, const struct options *options, char **from,
                            char **to);

// The three options that context_range reads.
#define RANGE_OPTIONS                                                                              \
    {"period", 0, OPTION_PERIOD, N_("PERIOD"),                                                     \
     N_("2026, 2026-Q3, 2026-07, 2026-W30, this-month, A..B")},                                    \
        {"from", 0, OPTION_STRING, N_("DATE"), N_("First day, in place of --period")},             \
    {                                                                                              \
        "to", 0, OPTION_STRING, N_("DATE"), N_("Last day")                                         \
    }
