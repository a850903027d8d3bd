// One try at a password or a code on its way: counted before it is known to be good, hashed beside
// the event loop, and answered alike, in the same time, whether the name is wrong or the password.
#pragma once

#include "server/rpc/call.h"

// As call_start(), for the rows that have a try_kind. code: set when the request is wrong in
// itself, and false is returned for that.
__attribute__((warn_unused_result)) bool
try_start(struct service *service, const struct caller *caller, const struct registered *row,
          struct arena *arena, const Tiejun__V1__Request *request, const ProtobufCMessage *input,
          const char **code, call_answered *answered);
