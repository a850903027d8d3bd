// Messages to SQL parameters, by their descriptors: field name = parameter name.
#pragma once

#include "common/arena.h"

#include <protobuf-c/protobuf-c.h>

// "SELECT * FROM goal_set(unit => $1, ...)": one parameter for each field of the message, in
// descriptor order. NULL past the arena's budget.
const char *bind_statement_text(struct arena *arena, const char *function,
                                const ProtobufCMessageDescriptor *message);

// The values of those parameters in PostgreSQL's text form; NULL for what is absent, for empty
// strings and UNSPECIFIED enums. A repeated field is an array, a repeated message an array of
// composites whose attributes are the message's fields in order. NULL past the arena's budget.
const char *const *bind_values(struct arena *arena, const ProtobufCMessage *message);
