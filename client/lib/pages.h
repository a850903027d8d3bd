// Methods whose answers come in pages: a request with page_size and cursor, a response with one
// list of rows and next_cursor.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

struct arena;

// One call; the response in the arena, or NULL.
typedef ProtobufCMessage *(*pages_call)(void *context, const char *method,
                                        const ProtobufCMessage *request);

// Asks for page after page until limit rows are there, and gives the last response with all of
// them; its next_cursor is set when there are more. NULL when a call gave NULL. request's page_size
// and cursor are overwritten.
ProtobufCMessage *pages_gather(pages_call call, void *context, struct arena *arena,
                               const char *method, ProtobufCMessage *request, int64_t limit);
