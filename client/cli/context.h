// What every command stands on: the options that all have, the connection (made when it is first
// needed), and how its answers are printed.
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

// Prints the table on the screen or as CSV, as asked, and frees it. Nothing in the mode of JSON.
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

// printf into the context's arena.
char *context_text(struct context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
