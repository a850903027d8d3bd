#include "server/rpc/bind.h"

#include "common/instant.h"
#include "common/message.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "server/rpc/buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_LIMIT = 16 << 20 };

const char *bind_statement_text(struct arena *arena, const char *function,
                                const ProtobufCMessageDescriptor *message)
{
    const char *list = "";
    for (unsigned i = 0; list && i < message->n_fields; i++) {
        list = arena_printf(arena, "%s%s%s => $%u", list, i ? ", " : "", message->fields[i].name,
                            i + 1);
    }
    return list ? arena_printf(arena, "SELECT * FROM %s(%s)", function, list) : NULL;
}

static bool is_special(char c)
{
    return c == '"' || c == '\\';
}

// Each quoted level doubles the backslashes and adds one: depth 0 is a bare value, 1 an array
// element or a composite's attribute, 2 an attribute inside an array, 3 an element inside that.
static void put(struct buffer *out, char c, unsigned depth)
{
    if (is_special(c)) {
        for (unsigned i = 1; i < 1U << depth; i++) {
            buffer_append_byte(out, '\\');
        }
    }
    buffer_append_byte(out, (uint8_t)c);
}

static void put_text(struct buffer *out, const char *text, size_t length, unsigned depth)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        if (is_special(text[i])) {
            buffer_append(out, text + start, i - start);
            put(out, text[i], depth);
            start = i + 1;
        }
    }
    buffer_append(out, text + start, length - start);
}

static void put_timestamp(struct buffer *out, const ProtobufCMessage *message)
{
    const Google__Protobuf__Timestamp *timestamp = (const Google__Protobuf__Timestamp *)message;
    char text[INSTANT_TEXT_SIZE];
    // What the calendar has not got is left for PostgreSQL to refuse by name.
    if (!instant_format(timestamp->seconds, timestamp->nanos, text)) {
        snprintf(text, sizeof text, "instant out of range");
    }
    buffer_append(out, text, strlen(text));
}

static void put_bytes(struct buffer *out, const ProtobufCBinaryData *bytes, unsigned depth)
{
    put_text(out, "\\x", 2, depth);
    for (size_t i = 0; i < bytes->len; i++) {
        char hex[3];
        snprintf(hex, sizeof hex, "%02x", bytes->data[i]);
        buffer_append(out, hex, 2);
    }
}

static void put_number(struct buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text));
}

static void put_message(struct buffer *out, const ProtobufCMessage *message, unsigned depth);

// Whether the value stands for NULL.
static bool value_is_null(const ProtobufCFieldDescriptor *field, const void *member)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return !*(char *const *)member || !**(char *const *)member;
    case PROTOBUF_C_TYPE_ENUM:
        return *(const int *)member == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return !*(ProtobufCMessage *const *)member;
    default:
        return false;
    }
}

static void put_value(struct buffer *out, const ProtobufCFieldDescriptor *field, const void *member,
                      unsigned depth)
{
    char text[64] = "";
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        put_text(out, *(char *const *)member, strlen(*(char *const *)member), depth);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        put_bytes(out, member, depth);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        put_message(out, *(ProtobufCMessage *const *)member, depth);
        return;
    case PROTOBUF_C_TYPE_ENUM:
        (void)message_enum_text(field->descriptor, *(const int *)member, text, sizeof text);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        snprintf(text, sizeof text, "%s", *(const protobuf_c_boolean *)member ? "t" : "f");
        break;
    case PROTOBUF_C_TYPE_INT32:
        snprintf(text, sizeof text, "%" PRId32, *(const int32_t *)member);
        break;
    case PROTOBUF_C_TYPE_UINT32:
        snprintf(text, sizeof text, "%" PRIu32, *(const uint32_t *)member);
        break;
    case PROTOBUF_C_TYPE_INT64:
        snprintf(text, sizeof text, "%" PRId64, *(const int64_t *)member);
        break;
    default:
        // The contract has no other types; the registry checks that at start-up.
        out->failed = true;
        return;
    }
    put_number(out, text);
}

static void put_array(struct buffer *out, const ProtobufCMessage *message,
                      const ProtobufCFieldDescriptor *field, unsigned depth)
{
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < message_count(message, field); i++) {
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        put(out, '"', depth);
        put_value(out, field, message_element(message, field, i), depth + 1);
        put(out, '"', depth);
    }
    buffer_append_byte(out, '}');
}

static void put_attribute(struct buffer *out, const ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field, unsigned depth)
{
    if (!message_has(message, field)) {
        return;
    }
    const void *member = message_member(message, field);
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    if (!repeated && value_is_null(field, member)) {
        return;
    }
    put(out, '"', depth);
    if (repeated) {
        put_array(out, message, field, depth + 1);
    } else {
        put_value(out, field, member, depth + 1);
    }
    put(out, '"', depth);
}

// A composite: an attribute that is not there is NULL, one in quotes is text.
static void put_message(struct buffer *out, const ProtobufCMessage *message, unsigned depth)
{
    if (message->descriptor == &google__protobuf__timestamp__descriptor) {
        put_timestamp(out, message);
        return;
    }
    buffer_append_byte(out, '(');
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        if (i > 0) {
            buffer_append_byte(out, ',');
        }
        put_attribute(out, message, &message->descriptor->fields[i], depth);
    }
    buffer_append_byte(out, ')');
}

static bool put_parameter(struct buffer *out, const ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field)
{
    if (!message_has(message, field)) {
        return false;
    }
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        put_array(out, message, field, 0);
        return true;
    }
    const void *member = message_member(message, field);
    if (value_is_null(field, member)) {
        return false;
    }
    put_value(out, field, member, 0);
    return true;
}

const char *const *bind_values(struct arena *arena, const ProtobufCMessage *message)
{
    unsigned n = message->descriptor->n_fields;
    const char **values = arena_alloc(arena, (n + 1) * sizeof *values);
    struct buffer out = {.limit = VALUE_LIMIT};
    for (unsigned i = 0; values && i < n; i++) {
        out.length = 0;
        if (put_parameter(&out, message, &message->descriptor->fields[i])) {
            buffer_append_byte(&out, '\0');
            values[i] = arena_copy(arena, out.data, out.length);
            if (out.failed || !values[i]) {
                values = NULL;
            }
        }
    }
    buffer_release(&out);
    return values;
}
