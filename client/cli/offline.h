// What commands that work without the daemon stand on: the caller's outbox, and how to send it.
#pragma once

#include "client/lib/flush.h"
#include "client/lib/outbox.h"

#include "google/protobuf/timestamp.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct context;
struct copy;
struct session_error;

// How long a command that can do without the daemon waits for it, in milliseconds.
#define OFFLINE_PATIENCE_MS 5000

// The caller's outbox; opened when that was not done yet, closed at the program's end. Ends the
// program with COMMAND_REFUSED when it cannot be opened.
struct outbox *offline_outbox(struct context *context);

// The same for what can do without; when it cannot be opened that is said, once, and NULL returned.
struct outbox *offline_outbox_if_any(struct context *context);

// When it was, in the arena, by the daemon's clock, as far as it is known how far off this
// machine's is.
Google__Protobuf__Timestamp *offline_put_right(struct context *context,
                                               const Google__Protobuf__Timestamp *by_this_clock);

// What the centre last answered; NULL when there is no copy.
struct copy *offline_copy(struct context *context);

// For commands that must work without the daemon: who the caller is comes from the copy, if it is
// there, with today by this machine's clock, put right as far as it is known to be off; else from
// the daemon; else all that is known is this machine's time zone. From here on context_whoami and
// what builds on it do not end the program.
void offline_know_self(struct context *context);
// Renews the copy over the context's session, if there is one, when it is an hour old; today and
// who one is in any case. For the end of a command, when all is printed.
void offline_renew(struct context *context);
void offline_renew_day(struct context *context);
// All of it, now.
void offline_renew_all(struct context *context);
// On standard error: why the daemon is not there, and as of when what is shown is.
void offline_say_age(struct context *context, const struct session_error *error, int64_t came_ns);

// Whether the daemon is there. When it is away: false, with error filled in and nothing said. When
// it does not let the caller in, the program ends with COMMAND_REFUSED: what is kept here is not
// shown in place of what is refused.
bool offline_reach(struct context *context, struct session_error *error);

// Sends what waits over the context's session. Another program that is sending already is given
// some time to finish; what it leaves is sent after it.
void offline_flush(struct context *context, struct flush_result *result);

// What became of facts that wait for an approval: sends them once more, when there are any and the
// daemon is there. Returns how many are refused now.
uint64_t offline_ask_again(struct context *context);

// Says how many facts were refused on the way, and where they are; nothing when none was.
void offline_say_refused(struct context *context, uint64_t count);
