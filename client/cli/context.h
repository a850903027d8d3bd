// What every command stands on: the options that all have, the connection (made when it is first
// needed), and how to print.
//
// Functions that talk to the daemon end the program when it refuses (exit code 1) or cannot be
// reached (3), after saying so; a command only sees success.
#pragma once

#include "common/options.h"
#include "tiejun/v1/org.pb-c.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct session;
struct table;
struct context;

enum output_mode { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_CSV };

// --json, --csv, --server, --token-file: for options_parse of every command.
extern const struct option_spec context_options[];

// options must stay for as long as the context.
struct context *context_new(const struct options *options);
void context_free(struct context *context);

enum output_mode context_mode(const struct context *context);
// Lives until context_free: for texts, requests and responses of a whole command.
struct arena *context_arena(struct context *context);
// Connects when that was not done yet.
struct session *context_session(struct context *context);

// Sends a request; the response lives as long as the context. method is a full name of the
// contract. The caller assigns the result to a pointer of the method's response type.
void *context_call(struct context *context, const char *method, const ProtobufCMessage *request);

// Like context_call for methods with pages: asks for page after page until limit rows are there,
// and returns one response with all of them (next_cursor is set when there are more). request's
// page_size and cursor are overwritten.
void *context_call_pages(struct context *context, const char *method, ProtobufCMessage *request,
                         int64_t limit);

// With --json: prints the response and returns true, so that the command is done.
bool context_print_json(struct context *context, const ProtobufCMessage *response);

// Prints the table on the screen or as CSV, as asked, and frees it.
void context_print_table(struct context *context, struct table *table);

// Who the caller is; asked of the daemon once.
const Tiejun__V1__SessionServiceWhoAmIResponse *context_whoami(struct context *context);

// Whether a metric sums money; asked of the daemon once. Refuses a metric that there is none of.
bool context_metric_is_money(struct context *context, const char *metric);

// --currency, else the caller's own.
const char *context_currency(struct context *context, const struct options *options);

// A money amount in major units as typed. Ends the program with COMMAND_USAGE when it is none.
int64_t context_money(const char *text, const char *currency);

// "2026-07-01 14:30" or "14:30" (of today) in the caller's office's zone, or RFC 3339 with an
// offset, as a Timestamp in the context's arena. Ends the program with COMMAND_USAGE otherwise.
Google__Protobuf__Timestamp *context_instant(struct context *context, const char *text);

// --period, or --from and --to, as YYYY-MM-DD in the arena; false and NULL when none was given. One
// of --from and --to alone leaves the other NULL.
bool context_range(struct context *context, const struct options *options, char **from, char **to);
// The same, and this month where none was given.
void context_range_or_month(struct context *context, const struct options *options, char **from,
                            char **to);

// The three options that context_range reads.
#define CONTEXT_RANGE_OPTIONS                                                                      \
    {.name = "period",                                                                             \
     .kind = OPTION_PERIOD,                                                                        \
     .argument = N_("PERIOD"),                                                                     \
     .help = N_("2026, 2026-Q3, 2026-07, 2026-W30, this-month, A..B")},                            \
        {.name = "from", .kind = OPTION_DATE, .argument = N_("DATE"), .help = N_("First day")},    \
    {                                                                                              \
        .name = "to", .kind = OPTION_DATE, .argument = N_("DATE"), .help = N_("Last day")          \
    }

// Prints a sentence on standard output, without control characters, broken at the terminal's width
// and ended by a newline. Nothing in the modes of JSON and CSV.
void say(const struct context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// A wrong command line: prints the sentence and ends the program with COMMAND_USAGE.
void refuse_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
// Something that cannot be done: prints the sentence, and the hint below it unless it is NULL, and
// ends the program with COMMAND_REFUSED.
void refuse(const char *hint, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
