// A growing run of bytes with a bound. Failures (no memory, bound reached) stick, so that a
// writer checks once at its end.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
    // Set by the owner before the first byte.
    size_t limit;
    bool failed;
};

void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
// Keeps limit; the buffer can be used again.
void buffer_release(struct buffer *buffer);
