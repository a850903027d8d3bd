// What commands that work without the daemon stand on: the caller's outbox, and how to send it.
#pragma once

#include "client/lib/flush.h"
#include "client/lib/outbox.h"

#include <stdint.h>

struct context;

// The caller's outbox; opened when that was not done yet, closed at the program's end. Ends the
// program with COMMAND_REFUSED when it cannot be opened.
struct outbox *offline_outbox(struct context *context);

// What the centre last answered; NULL when there is no copy.
struct copy *offline_copy(struct context *context);

// For commands that must work without the daemon: who the caller is comes from the copy, if it is
// there, with today by this machine's clock; else from the daemon; else all that is known is this
// machine's time zone. From here on context_whoami and what builds on it do not end the program.
void offline_know_self(struct context *context);
// Renews the copy of that when it is a day old, over the context's session.
void offline_renew_self(struct context *context);

// Sends what waits over the context's session. Another program that is sending already is given
// some time to finish; what it leaves is sent after it.
void offline_flush(struct context *context, struct flush_result *result);

// Says how many facts were refused on the way, and where they are; nothing when none was.
void offline_say_refused(struct context *context, uint64_t count);
