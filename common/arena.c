#include "common/arena.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Most requests fit into the first chunk, which comes with the arena itself. For the fuzzers every
// piece is a chunk of its own, so that ASan sees where it ends.
#ifdef TIEJUN_FUZZ
#define FIRST_CHUNK 0
#else
#define FIRST_CHUNK 2048
#endif
#define CHUNK_MAX 65536

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    size_t budget;
    size_t used;
    // The newest chunk for small pieces is first; pieces that got a chunk of their own come after
    // it.
    struct chunk *chunks;
    size_t next_size;
};

static struct chunk *chunk_new(size_t size)
{
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk)
        chunk->size = size;
    return chunk;
}

struct arena *arena_new(size_t budget)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        return NULL;
    size_t first = budget < FIRST_CHUNK ? budget : FIRST_CHUNK;
    arena->chunks = chunk_new(first);
    if (!arena->chunks) {
        free(arena);
        return NULL;
    }
    arena->budget = budget;
    arena->next_size = (size_t)2 * FIRST_CHUNK;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

void arena_wipe(struct arena *arena)
{
    for (struct chunk *chunk = arena->chunks; chunk; chunk = chunk->next)
        sodium_memzero(chunk->bytes, chunk->used);
}

// A large piece gets a chunk of its own behind the current one, whose rest stays in use: so at most
// a quarter of what the arena holds is lost at the ends of chunks.
static struct chunk *chunk_for(struct arena *arena, size_t size)
{
    struct chunk *current = arena->chunks;
    if (current->size - current->used >= size)
        return current;
    if (size > arena->next_size / 4) {
        struct chunk *own = chunk_new(size);
        if (own) {
            own->next = current->next;
            current->next = own;
        }
        return own;
    }
    struct chunk *chunk = chunk_new(arena->next_size);
    if (!chunk)
        return NULL;
    chunk->next = current;
    arena->chunks = chunk;
    if (arena->next_size < CHUNK_MAX)
        arena->next_size *= 2;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > arena->budget - arena->used)
        return NULL;
    // A piece of no bytes still gets an address of its own, since NULL means refused.
    size_t rounded = size ? (size + unit - 1) / unit * unit : unit;
    if (rounded > arena->budget - arena->used)
        return NULL;
    struct chunk *chunk = chunk_for(arena, rounded);
    if (!chunk)
        return NULL;
    void *piece = chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->used += rounded;
    return piece;
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (copy && size)
        memcpy(copy, data, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char brief[256];
    va_start(arguments, format);
    int length = vsnprintf(brief, sizeof brief, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof brief)
        return arena_copy(arena, brief, (size_t)length + 1);
    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
    if (!text)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

static void *allocator_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void allocator_free(void *arena, void *piece)
{
    (void)arena;
    (void)piece;
}

ProtobufCAllocator arena_allocator(struct arena *arena)
{
    return (ProtobufCAllocator){
        .alloc = allocator_alloc,
        .free = allocator_free,
        .allocator_data = arena,
    };
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
