// The method behind each kind of row, and its answers in one form.
#pragma once

#include "client/lib/mapping.h"

#include "tiejun/v1/customer.pb-c.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct import_outcome {
    Tiejun__V1__RecordChange change;
    // Of a refused row: the field at fault, which may be NULL, and the sentence.
    const char *field;
    const char *message;
};

// Full name of the contract.
const char *import_call_method(enum mapping_kind kind);

// A request with these messages, which must stay for as long; in the arena.
ProtobufCMessage *import_call_request(enum mapping_kind kind, ProtobufCMessage **messages,
                                      size_t count, bool dry_run, struct arena *arena);

// One outcome for each message, in their order. False when the answer has another number of them.
bool import_call_outcomes(const ProtobufCMessage *response, struct import_outcome *outcomes,
                          size_t count);
