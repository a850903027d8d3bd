// A copy of what the centre last answered, for the time without it: today, who one is. An answer is
// kept by its method and request, with when it was last known to hold; asking again replaces it.
// Sets of rows are in the same file (copy_set.h).
//
// Unlike the outbox it holds nothing that cannot be had again: it may be deleted at any time.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct copy;
struct database;
struct session_digest;
struct session_error;

// In a folder that is there. NULL when it cannot be opened: there is no copy then, which is no
// reason to stop.
struct copy *copy_open(const char *folder);
void copy_close(struct copy *copy);

// The file, for what else is kept in it.
struct database *copy_database(struct copy *copy);

// Keeps an answer with its digest (session.h). copy may be NULL; a failure does no harm.
void copy_put(struct copy *copy, const char *method, const ProtobufCMessage *request,
              const ProtobufCMessage *response, const struct session_digest *digest);

// The digest of the answer that is kept; of size 0 when there is none.
void copy_digest(struct copy *copy, const char *method, const ProtobufCMessage *request,
                 struct session_digest *digest);

// The answer that is kept holds still.
void copy_confirm(struct copy *copy, const char *method, const ProtobufCMessage *request);

// The answer that is kept, in the arena, and when it came, in nanoseconds since 1970 by the
// device's clock; NULL when there is none, or copy is NULL. method is a full name of the contract.
ProtobufCMessage *copy_get(struct copy *copy, const char *method, const ProtobufCMessage *request,
                           struct arena *arena, int64_t *came_ns);

// Removes answers about some day or other, those whose request has fields, that came more than so
// many days ago.
void copy_tidy(struct copy *copy, int days);

// Says that an answer was not kept. It is this machine's fault: the session goes on.
void copy_say_unwritten(struct session_error *error);
