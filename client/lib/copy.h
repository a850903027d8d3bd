// A copy of what the centre last answered, for the time without it: own customers, today, who one
// is. An answer is kept by its method and request, with when it came; asking again replaces it.
//
// Unlike the outbox it holds nothing that cannot be had again: it may be deleted at any time.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct copy;

// In a folder that is there. NULL when it cannot be opened: there is no copy then, which is no
// reason to stop.
struct copy *copy_open(const char *folder);
void copy_close(struct copy *copy);

// Keeps an answer. copy may be NULL; a failure does no harm.
void copy_put(struct copy *copy, const char *method, const ProtobufCMessage *request,
              const ProtobufCMessage *response);

// The answer that is kept, in the arena, and when it came, in nanoseconds since 1970 by the
// device's clock; NULL when there is none, or copy is NULL. method is a full name of the contract.
ProtobufCMessage *copy_get(struct copy *copy, const char *method, const ProtobufCMessage *request,
                           struct arena *arena, int64_t *came_ns);
