// What protobuf-c leaves to its users: checked unpacking, and access to messages by descriptors.
// The contract is proto2; google.protobuf.Timestamp is proto3 and handled as well.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

// Unknown fields taken in one message, those of its inner messages included. protobuf-c before
// 1.5.1 goes wrong with many (its report 690), and each takes 29 times its size in memory.
#define MESSAGE_UNKNOWN_FIELDS_MAX 16

// Unpacks into the arena, then checks the message: no NUL inside a string (protobuf-c would cut it
// off there), strings are UTF-8, enum values are known, few unknown fields, no groups. NULL when
// any of that fails or the arena's budget is spent: why is then a N_() phrase ("the text is not
// UTF-8"), and field the name of the field at fault, or NULL; both are good for ever and either
// pointer may be NULL. Never free the message, and never pack it again with unknown fields inside.
ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                                 const uint8_t *data, size_t size, const char **why,
                                 const char **field);

// A copy in the arena, with all that it points to; unknown fields stay behind. NULL past its
// budget.
void *message_copy(struct arena *arena, const ProtobufCMessage *message);

// Sets in a message what another, of another type, has in a field of the same name and type. The
// two point to the same texts, elements and inner messages from then on.
void message_share(const ProtobufCMessage *from, ProtobufCMessage *to);

// Lets go of unknown fields in a message and in those inside it, so that it may be packed again.
void message_forget_unknown(ProtobufCMessage *message);

// The checks on what is in memory: strings are UTF-8, enum values are known. For messages that
// were built here as well. why and field as above.
bool message_validate(const ProtobufCMessage *message, const char **why, const char **field);

// The field's place in the message: int64_t *, char **, ProtobufCMessage **, ProtobufCBinaryData *
// and so on; for repeated ones the place of the pointer to the first element.
const void *message_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// Whether the field is there: repeated ones with at least one element, members of a oneof when they
// are the chosen one.
bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// Elements of a repeated field.
size_t message_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// One element of a repeated field, typed as message_member has it. index < message_count.
const void *message_element(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                            size_t index);

// Bytes that one value of this type takes in a message's struct.
size_t message_value_size(ProtobufCType type);

// The short name of an enum's value, in SQL and on the command line: lower case, without the
// enum's own name. FACT_KIND_NEW_CUSTOMER is "new_customer". False and an empty text for the
// UNSPECIFIED value (NULL in SQL), for a value that is not known, and when out is too small.
bool message_enum_text(const ProtobufCEnumDescriptor *descriptor, int value, char *out,
                       size_t size);

// The other way. Case is ignored and "-" is the same as "_". False when there is no such value;
// "unspecified" is none.
bool message_enum_value(const ProtobufCEnumDescriptor *descriptor, const char *text, int *value);
