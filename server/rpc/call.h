// One request on its way: rights, statements, arithmetic, answer. It outlives its session, whose
// client may be gone when the database answers.
#pragma once

#include "server/rpc/caller.h"
#include "server/rpc/refusal.h"
#include "server/rpc/service.h"

struct call_answer {
    uint64_t session_id;
    uint64_t request_id;
    // What arena_used() said when call_start() returned.
    size_t request_memory;
    Tiejun__V1__Status status;
    // With STATUS_OK; else error.
    const uint8_t *body;
    size_t body_size;
    // Of the body, for a client that keeps answers; size 0: it did not ask.
    const uint8_t *digest;
    size_t digest_size;
    // The client has this very body.
    bool unchanged;
    const Tiejun__V1__Error *error;
};

// Told once for each call; what answer points to is freed afterwards.
typedef void call_answered(struct service *service, const struct call_answer *answer);

// Takes over the arena, in which request lies. The answer never comes from within this call.
// False when memory is out or too much is under way: the arena is the caller's again.
__attribute__((warn_unused_result)) bool
call_start(struct service *service, const struct caller *caller, const struct registered *row,
           struct arena *arena, const Tiejun__V1__Request *request, const ProtobufCMessage *input,
           call_answered *answered);
