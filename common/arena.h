// Memory of one request: many small pieces that are freed together, with a budget, so that a
// small frame cannot unpack into a large message (protobuf-c needs up to 81 bytes for one).
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

struct arena;

// budget: bytes that may be handed out in all. NULL when memory is short. Free with arena_free.
struct arena *arena_new(size_t budget);

// Frees the arena and everything from it; NULL is legal.
void arena_free(struct arena *arena);

// Zeroes all that was handed out, for secrets; then only arena_free is legal.
void arena_wipe(struct arena *arena);

// Zeroed, aligned for any type; NULL past the budget or when memory is short. Lives until
// arena_free.
void *arena_alloc(struct arena *arena, size_t size);

// Copies of a string, of bytes, and of printf's output; NULL as arena_alloc.
char *arena_strdup(struct arena *arena, const char *text);
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// For protobuf_c_message_unpack. Its free does nothing. Good for as long as the arena.
ProtobufCAllocator arena_allocator(struct arena *arena);

// Bytes handed out so far, alignment included.
size_t arena_used(const struct arena *arena);
