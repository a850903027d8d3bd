#include "server/rpc/encode.h"

#include "common/instant.h"
#include "common/message.h"
#include "google/protobuf/timestamp.pb-c.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// Wire types of the protobuf encoding.
enum { WIRE_VARINT = 0, WIRE_LENGTH = 2 };

enum { ELEMENT_MAX = 4096 };

static void put_varint(struct buffer *out, uint64_t value)
{
    while (value >= 0x80) {
        buffer_append_byte(out, (uint8_t)(value | 0x80));
        value >>= 7;
    }
    buffer_append_byte(out, (uint8_t)value);
}

static void put_tag(struct buffer *out, const ProtobufCFieldDescriptor *field, unsigned wire_type)
{
    put_varint(out, (uint64_t)field->id << 3 | wire_type);
}

static void put_bytes(struct buffer *out, const ProtobufCFieldDescriptor *field, const void *data,
                      size_t size)
{
    put_tag(out, field, WIRE_LENGTH);
    put_varint(out, size);
    buffer_append(out, data, size);
}

static bool put_integer(struct buffer *out, const ProtobufCFieldDescriptor *field, const char *text)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno) {
        return false;
    }
    bool narrow = field->type == PROTOBUF_C_TYPE_INT32;
    if (narrow && (value < INT32_MIN || value > INT32_MAX)) {
        return false;
    }
    put_tag(out, field, WIRE_VARINT);
    put_varint(out, (uint64_t)value);
    return true;
}

static bool put_enum(struct buffer *out, const ProtobufCFieldDescriptor *field, const char *text)
{
    int value;
    if (!message_enum_value(field->descriptor, text, &value)) {
        return false;
    }
    put_tag(out, field, WIRE_VARINT);
    put_varint(out, (uint64_t)value);
    return true;
}

// PostgreSQL writes "2026-07-01 02:30:00.5+00": a colon less than RFC 3339 wants.
static bool put_timestamp(struct buffer *out, const ProtobufCFieldDescriptor *field,
                          const char *text)
{
    char complete[48];
    uint8_t packed[32];
    Google__Protobuf__Timestamp timestamp;
    google__protobuf__timestamp__init(&timestamp);
    int length = snprintf(complete, sizeof complete, "%s:00", text);
    if (length >= (int)sizeof complete ||
        !instant_parse(complete, &timestamp.seconds, &timestamp.nanos)) {
        return false;
    }
    put_bytes(out, field, packed, google__protobuf__timestamp__pack(&timestamp, packed));
    return true;
}

static bool put_value(struct buffer *out, const ProtobufCFieldDescriptor *field, const char *text,
                      size_t length)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        put_bytes(out, field, text, length);
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        put_tag(out, field, WIRE_VARINT);
        buffer_append_byte(out, text[0] == 't');
        return true;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_INT64:
        return put_integer(out, field, text);
    case PROTOBUF_C_TYPE_ENUM:
        return put_enum(out, field, text);
    case PROTOBUF_C_TYPE_MESSAGE:
        return field->descriptor == &google__protobuf__timestamp__descriptor &&
               put_timestamp(out, field, text);
    default:
        return false;
    }
}

// One element of an array's text form, from at; the place behind it, NULL when it is malformed.
static const char *read_element(const char *at, char element[ELEMENT_MAX], size_t *length)
{
    bool quoted = *at == '"';
    size_t n = 0;
    at += quoted;
    while (*at && (quoted ? *at != '"' : *at != ',' && *at != '}')) {
        at += *at == '\\' && at[1];
        if (n + 1 >= ELEMENT_MAX) {
            return NULL;
        }
        element[n++] = *at++;
    }
    element[n] = '\0';
    *length = n;
    return quoted && *at == '"' ? at + 1 : at;
}

static bool put_array(struct buffer *out, const ProtobufCFieldDescriptor *field, const char *text)
{
    char element[ELEMENT_MAX];
    size_t length;
    if (*text++ != '{') {
        return false;
    }
    while (*text && *text != '}') {
        text = read_element(text, element, &length);
        if (!text || !put_value(out, field, element, length)) {
            return false;
        }
        text += *text == ',';
    }
    return *text == '}';
}

static bool put_column(struct buffer *out, const ProtobufCFieldDescriptor *field,
                       const PGresult *rows, int row, int column)
{
    if (PQgetisnull(rows, row, column)) {
        return true;
    }
    const char *text = PQgetvalue(rows, row, column);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return put_array(out, field, text);
    }
    return put_value(out, field, text, (size_t)PQgetlength(rows, row, column));
}

static bool is_message(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_MESSAGE &&
           field->descriptor != &google__protobuf__timestamp__descriptor;
}

static const ProtobufCFieldDescriptor *only_repeated_message(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (type->fields[i].label == PROTOBUF_C_LABEL_REPEATED && is_message(&type->fields[i])) {
            return &type->fields[i];
        }
    }
    return NULL;
}

static const ProtobufCFieldDescriptor *plain_field(const ProtobufCMessageDescriptor *type,
                                                   const char *name)
{
    const ProtobufCFieldDescriptor *field =
        type ? protobuf_c_message_descriptor_get_field_by_name(type, name) : NULL;
    return field && !is_message(field) ? field : NULL;
}

// Whether a row says anything in the columns that are not the header's.
static bool row_is_there(const PGresult *rows, int row, const ProtobufCMessageDescriptor *header)
{
    for (int column = 0; column < PQnfields(rows); column++) {
        if (!PQgetisnull(rows, row, column) && !plain_field(header, PQfname(rows, column))) {
            return true;
        }
    }
    return false;
}

// Encodes the columns of one row that header does not name, as one message of the field.
static const char *encode_row(struct buffer *out, const ProtobufCFieldDescriptor *into,
                              const ProtobufCMessageDescriptor *header, const PGresult *rows,
                              int row, struct buffer *scratch)
{
    scratch->length = 0;
    for (int column = 0; column < PQnfields(rows); column++) {
        const char *name = PQfname(rows, column);
        if (plain_field(header, name)) {
            continue;
        }
        const ProtobufCFieldDescriptor *field = plain_field(into->descriptor, name);
        if (!field || !put_column(scratch, field, rows, row, column)) {
            return name;
        }
    }
    put_bytes(out, into, scratch->data, scratch->length);
    out->failed = out->failed || scratch->failed;
    return NULL;
}

static const char *encode_header(struct buffer *out, const ProtobufCMessageDescriptor *answer,
                                 const PGresult *rows, bool all)
{
    int last = PQntuples(rows) - 1;
    for (int column = 0; last >= 0 && column < PQnfields(rows); column++) {
        const char *name = PQfname(rows, column);
        const ProtobufCFieldDescriptor *field = plain_field(answer, name);
        if (!field && !all) {
            continue;
        }
        if (!field || !put_column(out, field, rows, last, column)) {
            return name;
        }
    }
    return NULL;
}

const char *encode_rows(struct buffer *out, const ProtobufCMessageDescriptor *answer,
                        const char *fills, const PGresult *rows)
{
    const ProtobufCMessageDescriptor *header = fills ? NULL : answer;
    const ProtobufCFieldDescriptor *into =
        fills ? protobuf_c_message_descriptor_get_field_by_name(answer, fills)
              : only_repeated_message(answer);
    bool single = into && into->label != PROTOBUF_C_LABEL_REPEATED;
    struct buffer scratch = {.limit = out->limit};
    const char *wrong = NULL;
    for (int row = 0; into && !wrong && row < PQntuples(rows) && !(single && row > 0); row++) {
        if (fills || row_is_there(rows, row, header)) {
            wrong = encode_row(out, into, header, rows, row, &scratch);
        }
    }
    buffer_release(&scratch);
    return wrong || !header ? wrong : encode_header(out, answer, rows, !into);
}
