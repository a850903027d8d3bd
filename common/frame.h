// Frame headers: a frame is a varint length and that many bytes, the "delimited" form of every
// protobuf library (CodedOutputStream, parseDelimitedFrom and the like).
#pragma once

#include <stddef.h>
#include <stdint.h>

// Longest body taken, in bytes: before a connection has said who it is, and after.
#define FRAME_LIMIT_UNAUTHENTICATED 4096U
#define FRAME_LIMIT 1048576U
// What a client takes from the daemon: answers are longer than requests.
#define FRAME_LIMIT_ANSWER 8388608U

#define FRAME_HEADER_MAX 5

enum frame_state {
    // More bytes are needed.
    FRAME_INCOMPLETE,
    // The whole frame is there.
    FRAME_READY,
    // The header is there and states more than the limit. The body need not be there.
    FRAME_TOO_LONG,
    // Not a length of 32 bits.
    FRAME_MALFORMED,
};

// Looks at the frame that starts at data, without taking anything. header_size and body_size are
// in bytes and are set as soon as the header is there, for FRAME_INCOMPLETE as well; 0 until then.
// A length that is padded with zeros within 5 bytes is legal, as it is for protobuf.
enum frame_state frame_peek(const uint8_t *data, size_t available, uint32_t limit,
                            size_t *header_size, size_t *body_size);

// Writes the header of a body and returns the header's size in bytes.
size_t frame_header_write(uint8_t header[FRAME_HEADER_MAX], uint32_t body_size);
