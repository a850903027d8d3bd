#include "server/rpc/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 256 };

static bool make_room(struct buffer *buffer, size_t size)
{
    if (buffer->failed || size > buffer->limit - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t capacity = buffer->capacity ? buffer->capacity : CAPACITY_FIRST;
    while (capacity - buffer->length < size) {
        capacity *= 2;
    }
    if (capacity == buffer->capacity) {
        return true;
    }
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

// Whether size bytes can be written without more ado.
static bool has_room(const struct buffer *buffer, size_t size)
{
    return size <= buffer->capacity - buffer->length && !buffer->failed &&
           size <= buffer->limit - buffer->length;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    if (size > 0 && (has_room(buffer, size) || make_room(buffer, size))) {
        memcpy(buffer->data + buffer->length, data, size);
        buffer->length += size;
    }
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
    if (has_room(buffer, 1) || make_room(buffer, 1)) {
        buffer->data[buffer->length++] = byte;
    }
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.limit = buffer->limit};
}
