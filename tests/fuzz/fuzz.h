// What the fuzzers share. Each fuzz_*.c feeds one reader of foreign bytes with what libFuzzer makes
// up, and holds it to its promises: a promise that is broken ends the program like a memory error.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// As assert, whatever the build.
#define PROMISE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The bytes that are left to be read.
struct input {
    const uint8_t *data;
    size_t size;
};

// The next byte, 0 behind the end.
uint8_t input_byte(struct input *input);

// The bytes up to a separator, which is passed over, or all that are left.
struct input input_until(struct input *input, uint8_t separator);

// A message of the contract, chosen by the next two bytes: any that a frame may carry, in the order
// of their full names, as tests/fuzz/seeds counts them.
const ProtobufCMessageDescriptor *input_message(struct input *input);

// Memory that a message may unpack into, in bytes, chosen by the next byte: from less than one
// small message to what the daemon gives.
size_t input_budget(struct input *input);

// A file in memory, for readers that want a name: the path is good until the next call.
const char *file_of(const void *data, size_t size);
