// Rows to messages, by the message's descriptor: column name = field name. The rows become wire
// bytes at once, without a message in between.
#pragma once

#include "server/rpc/buffer.h"

#include <libpq-fe.h>
#include <protobuf-c/protobuf-c.h>

// Appends the rows of one statement to the bytes of an answer.
//
// fills names the field that every row makes one message of (for a field that is not repeated:
// the first row). Without it, columns that the answer itself names as plain fields are taken from
// the last row, and the other columns make one message of the answer's one repeated message field
// for each row; a row whose row columns are all NULL makes none. NULL is an absent field.
//
// NULL, or the name of the column that fits no field or does not hold what the field takes: a
// fault of ours, to be logged. Lack of room is in out->failed.
const char *encode_rows(struct buffer *out, const ProtobufCMessageDescriptor *answer,
                        const char *fills, const PGresult *rows);
