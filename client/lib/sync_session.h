// What programs give the sync core of this machine: its clock and dice, and what a session's answer
// is to the core.
#pragma once

#include "client/lib/session.h"
#include "client/lib/sync.h"

struct sync_clock sync_machine_clock(void);

// Points into error, and is good for as long.
struct sync_answer sync_session_answer(enum session_result result, const ProtobufCMessage *response,
                                       const struct session_error *error);
