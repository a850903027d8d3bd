#include "common/frame.h"

enum frame_state frame_peek(const uint8_t *data, size_t available, uint32_t limit,
                            size_t *header_size, size_t *body_size)
{
    *header_size = 0;
    *body_size = 0;
    uint64_t length = 0;
    for (size_t i = 0; i < FRAME_HEADER_MAX; i++) {
        if (i == available)
            return FRAME_INCOMPLETE;
        length |= (uint64_t)(data[i] & 0x7F) << (7 * i);
        if (data[i] & 0x80)
            continue;
        if (length > UINT32_MAX)
            return FRAME_MALFORMED;
        *header_size = i + 1;
        *body_size = (size_t)length;
        if (length > limit)
            return FRAME_TOO_LONG;
        return available - *header_size < *body_size ? FRAME_INCOMPLETE : FRAME_READY;
    }
    return FRAME_MALFORMED;
}

size_t frame_header_write(uint8_t header[FRAME_HEADER_MAX], uint32_t body_size)
{
    size_t size = 0;
    while (body_size >= 0x80) {
        header[size++] = (uint8_t)(body_size | 0x80);
        body_size >>= 7;
    }
    header[size++] = (uint8_t)body_size;
    return size;
}
