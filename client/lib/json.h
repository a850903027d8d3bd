// Protobuf's canonical JSON mapping, by descriptors: https://protobuf.dev/programming-guides/json/
//
// Out: lowerCamelCase names, 64-bit integers as strings, enums by value name, bytes as base64,
// google.protobuf.Timestamp as RFC 3339, absent fields left out. In: all that, and the original
// field names, numbers for 64-bit integers and enums, strings for numbers, URL-safe base64, null
// for absent.
#pragma once

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

struct arena;

// NULL when memory is short or a string is not UTF-8. The caller owns it: json_decref.
json_t *json_from_message(const ProtobufCMessage *message);

// Makes a message in the arena. NULL when the JSON does not fit; error is then one sentence, in
// the user's language and without a newline, that names the path ("facts[2].occurredAt").
ProtobufCMessage *json_to_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                                  struct arena *arena, char *error, size_t error_size);

// The same from text.
ProtobufCMessage *json_parse_message(const ProtobufCMessageDescriptor *descriptor, const char *text,
                                     size_t size, struct arena *arena, char *error,
                                     size_t error_size);

// "from_date" to "fromDate". Cut off in a small buffer.
void json_name(const char *field, char *out, size_t size);
