// What every command stands on: the options that all have, the connection (made when it is first
// needed), and how to print.
//
// Functions that talk to the daemon end the program when it refuses (exit code 1) or cannot be
// reached (3), after saying so; a command only sees success.
#pragma once

#include "client/lib/table.h"
#include "common/i18n.h"
#include "common/options.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct session;
struct session_error;
struct table;
struct context;

enum output_mode { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_CSV };

// --json, --csv, --server, --token-file, --ca, --fingerprint: for options_parse of every command.
extern const struct option_spec context_options[];

// options must stay for as long as the context.
struct context *context_new(const struct options *options);
void context_free(struct context *context);

enum output_mode context_mode(const struct context *context);
// Lives until context_free: for texts, requests and responses of a whole command.
struct arena *context_arena(struct context *context);
// Zeroed room for count things of a size in it; ends the program when memory is short.
void *context_room(struct context *context, size_t count, size_t size);
// Connects when that was not done yet.
struct session *context_session(struct context *context);

// The same for who can do without the daemon: NULL when it cannot be reached or does not let the
// caller in, with error filled in and nothing said. It is not tried a second time.
struct session *context_reach(struct context *context, struct session_error *error);
// How long the daemon may be silent before it counts as away, for a command that does not wait.
void context_set_patience(struct context *context, int milliseconds);
// The token as it is in the file; the caller wipes it.
void context_token(struct context *context, uint8_t token[32]);
// That file; for_login: the one that a login makes. To be freed by the caller.
char *context_token_path(struct context *context, bool for_login);
// From here on the context's session is one of a client that has not logged in.
void context_as_guest(struct context *context);
// The daemon's address: --server, else TIEJUN_SERVER, else where the last login was.
const char *context_server(struct context *context);
// This daemon is the one of plain commands from now on.
void context_remember_server(struct context *context);
// Says what kept a session from going on; returns what the command is to return.
int context_complain(const struct session_error *error);
// The same of a sentence that is there already; nothing when it is empty.
void context_complain_of(const char *sentence);

// Sends a request; the response lives as long as the context. method is a full name of the
// contract. The caller assigns the result to a pointer of the method's response type.
void *context_call(struct context *context, const char *method, const ProtobufCMessage *request);

// For who has to tidy up after a refusal: NULL when there was one, which is printed already; code
// is then what the command is to return.
void *context_try(struct context *context, const char *method, const ProtobufCMessage *request,
                  int *code);

// Like context_call for methods with pages: asks for page after page until limit rows are there,
// and returns one response with all of them (next_cursor is set when there are more). request's
// page_size and cursor are overwritten.
void *context_call_pages(struct context *context, const char *method, ProtobufCMessage *request,
                         int64_t limit);

// With --json: prints the response and returns true, so that the command is done.
bool context_print_json(struct context *context, const ProtobufCMessage *response);

// Prints a message as JSON, whatever the mode.
void context_dump(const ProtobufCMessage *message);

// Prints the table on the screen or as CSV, as asked, and frees it.
void context_print_table(struct context *context, struct table *table);

// Who the caller is; asked of the daemon once.
const Tiejun__V1__SessionServiceWhoAmIResponse *context_whoami(struct context *context);
// What context_whoami is to answer without asking; today is put right by the time given, in seconds
// since 1970.
void context_set_whoami(struct context *context, Tiejun__V1__SessionServiceWhoAmIResponse *self,
                        int64_t now);

// Whether a metric sums money; asked of the daemon once. Refuses a metric that there is none of.
bool context_metric_is_money(struct context *context, const char *metric);

// --currency, else the caller's own.
const char *context_currency(struct context *context, const struct options *options);

// A money amount in major units as typed. Ends the program with COMMAND_USAGE when it is none.
int64_t context_money(const char *text, const char *currency);
// A target as typed: money when there is a currency, else a count.
int64_t context_target(const char *text, const char *currency);

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

// The three options that context_range reads, and others that several commands have.
#define RANGE_OPTIONS                                                                              \
    {"period", 0, OPTION_PERIOD, N_("PERIOD"),                                                     \
     N_("2026, 2026-Q3, 2026-07, 2026-W30, this-month, A..B")},                                    \
        {"from", 0, OPTION_STRING, N_("DATE"), N_("First day, in place of --period")},             \
    {                                                                                              \
        "to", 0, OPTION_STRING, N_("DATE"), N_("Last day")                                         \
    }
#define UNIT_OPTION                                                                                \
    {                                                                                              \
        "unit", 'u', OPTION_STRING, N_("UNIT"), N_("Unit, by path or name; yours when left out")   \
    }
#define PERSON_OPTION                                                                              \
    {                                                                                              \
        "person", 'p', OPTION_STRING, N_("HANDLE"), N_("Person, by handle")                        \
    }
#define CURRENCY_OPTION                                                                            \
    {                                                                                              \
        "currency", 0, OPTION_STRING, N_("CODE"),                                                  \
            N_("Currency of amounts; the office's when left out")                                  \
    }
#define LIMIT_OPTION                                                                               \
    {                                                                                              \
        "limit", 'n', OPTION_INTEGER, N_("N"), N_("Most rows to show; 200 when left out")          \
    }
#define OPTIONS_END                                                                                \
    {                                                                                              \
        NULL, 0, OPTION_FLAG, NULL, NULL                                                           \
    }

// What LIMIT_OPTION says. Ends the program with COMMAND_USAGE when it is less than 1.
int64_t context_limit(const struct options *options);
// Under a list that goes on: how to see the rest.
void say_more(const struct context *context, const char *next_cursor);

// An option's or an argument's text as requests want it, or NULL; it is not copied, and not to be
// written to.
char *option_text(const struct options *options, const char *name);
char *argument_text(const struct options *options, size_t index);
// The unit of a command that takes one: its first argument, or --unit. Both at once end the program
// with COMMAND_USAGE.
char *unit_text(const struct options *options);

// An option whose value is one of an enum's short names; 0, which is UNSPECIFIED, when it was not
// given. Ends the program with COMMAND_USAGE when there is no such value.
int option_enum(const struct options *options, const char *name,
                const ProtobufCEnumDescriptor *descriptor);
// The same of any text.
int enum_value(const char *text, const ProtobufCEnumDescriptor *descriptor);

// printf into the context's arena.
char *context_text(struct context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Prints a sentence on standard output, without control characters, broken at the terminal's width
// and ended by a newline. Nothing in the modes of JSON and CSV.
void say(const struct context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The same in a colour, where there are colours.
void say_in(const struct context *context, enum table_colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// A wrong command line: prints the sentence and ends the program with COMMAND_USAGE.
void refuse_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
// Something that cannot be done: prints the sentence, and the hint below it unless it is NULL, and
// ends the program with COMMAND_REFUSED.
void refuse(const char *hint, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
