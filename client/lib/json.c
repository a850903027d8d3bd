#include "client/lib/json.h"

#include "common/arena.h"
#include "common/i18n.h"
#include "common/instant.h"
#include "common/message.h"
#include "common/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 128
#define PATH_SIZE 512
#define NUMBER_SIZE 32

// google.protobuf.Timestamp, the one message that JSON has a form of its own for here.
struct timestamp {
    ProtobufCMessage base;
    int64_t seconds;
    int32_t nanos;
};

static bool is_timestamp(const ProtobufCMessageDescriptor *descriptor)
{
    return strcmp(descriptor->name, "google.protobuf.Timestamp") == 0;
}

void json_name(const char *field, char *out, size_t size)
{
    size_t length = 0;
    bool raise = false;
    for (; *field && length + 1 < size; field++) {
        if (*field == '_') {
            raise = true;
            continue;
        }
        out[length++] = raise ? (char)toupper((unsigned char)*field) : *field;
        raise = false;
    }
    if (size > 0)
        out[length] = '\0';
}

// ---- out ----

static json_t *number_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static json_t *number_text(const char *format, ...)
{
    char text[NUMBER_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return json_string(text);
}

static json_t *real_out(double value)
{
    if (isnan(value))
        return json_string("NaN");
    if (isinf(value))
        return json_string(value > 0 ? "Infinity" : "-Infinity");
    return json_real(value);
}

static json_t *bytes_out(const ProtobufCBinaryData *bytes)
{
    size_t size = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);
    if (!text)
        return NULL;
    sodium_bin2base64(text, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *enum_out(const ProtobufCEnumDescriptor *descriptor, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(descriptor, number);
    return value ? json_string(value->name) : json_integer(number);
}

static json_t *timestamp_out(const ProtobufCMessage *message)
{
    const struct timestamp *timestamp = (const struct timestamp *)message;
    char text[INSTANT_TEXT_SIZE];
    // Outside the years 1 to 9999 there is no RFC 3339 text; nothing of ours lies there.
    instant_format(timestamp->seconds, timestamp->nanos, text);
    return json_string(text);
}

static json_t *message_out(const ProtobufCMessage *message)
{
    return is_timestamp(message->descriptor) ? timestamp_out(message) : json_from_message(message);
}

static json_t *text_out(const char *text)
{
    return json_string(text ? text : "");
}

static json_t *value_out(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)value);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return number_text("%" PRId64, *(const int64_t *)value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return number_text("%" PRIu64, *(const uint64_t *)value);
    case PROTOBUF_C_TYPE_FLOAT:
        return real_out((double)*(const float *)value);
    case PROTOBUF_C_TYPE_DOUBLE:
        return real_out(*(const double *)value);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)value);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_out(field->descriptor, *(const int *)value);
    case PROTOBUF_C_TYPE_STRING:
        return text_out(*(char *const *)value);
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_out(value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_out(*(ProtobufCMessage *const *)value);
    }
    return NULL;
}

static json_t *list_out(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    json_t *list = json_array();
    size_t count = message_count(message, field);
    for (size_t i = 0; list && i < count; i++) {
        if (json_array_append_new(list, value_out(field, message_element(message, field, i)))) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

json_t *json_from_message(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    for (unsigned i = 0; object && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!message_has(message, field))
            continue;
        json_t *value = field->label == PROTOBUF_C_LABEL_REPEATED
                            ? list_out(message, field)
                            : value_out(field, message_member(message, field));
        char name[NAME_SIZE];
        json_name(field->name, name, sizeof name);
        if (json_object_set_new(object, name, value)) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

// ---- in ----

struct reader {
    struct arena *arena;
    // Where in the JSON we are: "facts[2].occurredAt".
    char path[PATH_SIZE];
    char *error;
    size_t error_size;
};

static bool fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct reader *reader, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(reader->error, reader->error_size, "%s%s%s", reader->path, *reader->path ? ": " : "",
             what);
    // With keys of the JSON in it, which may hold anything.
    text_flatten(reader->error);
    return false;
}

// Appends to the path; path_cut with the value returned takes it off again.
static size_t path_push(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static size_t path_push(struct reader *reader, const char *format, ...)
{
    size_t length = strlen(reader->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->path + length, sizeof reader->path - length, format, arguments);
    va_end(arguments);
    return length;
}

static void path_cut(struct reader *reader, size_t length)
{
    reader->path[length] = '\0';
}

// The decimal text of a number, also of one written as a string, or NULL. A real number with
// nothing behind the point is whole, as in the mapping.
static const char *whole_text(const json_t *json, char buffer[NUMBER_SIZE])
{
    if (json_is_string(json))
        return json_string_value(json);
    if (json_is_integer(json)) {
        snprintf(buffer, NUMBER_SIZE, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
        return buffer;
    }
    double real = json_real_value(json);
    if (json_is_real(json) && real > -0x1p63 && real < 0x1p63 && (double)(int64_t)real == real) {
        snprintf(buffer, NUMBER_SIZE, "%.0f", real);
        return buffer;
    }
    return NULL;
}

static bool signed_in(struct reader *reader, const json_t *json, int64_t least, int64_t most,
                      int64_t *value)
{
    char buffer[NUMBER_SIZE];
    const char *text = whole_text(json, buffer);
    if (!text || !(isdigit((unsigned char)*text) || (*text == '-' && text[1])))
        return fail(reader, _("a whole number is expected"));
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (*end)
        return fail(reader, _("a whole number is expected"));
    if (errno || *value < least || *value > most)
        return fail(reader, _("the number is too large"));
    return true;
}

static bool unsigned_in(struct reader *reader, const json_t *json, uint64_t most, uint64_t *value)
{
    char buffer[NUMBER_SIZE];
    const char *text = whole_text(json, buffer);
    if (!text || !isdigit((unsigned char)*text))
        return fail(reader, _("a whole number of 0 or more is expected"));
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    if (*end)
        return fail(reader, _("a whole number of 0 or more is expected"));
    if (errno || *value > most)
        return fail(reader, _("the number is too large"));
    return true;
}

static bool real_in(struct reader *reader, const json_t *json, double *value)
{
    if (json_is_number(json)) {
        *value = json_number_value(json);
        return true;
    }
    const char *text = json_is_string(json) ? json_string_value(json) : "";
    char *end = NULL;
    *value = strcmp(text, "NaN") == 0         ? NAN
             : strcmp(text, "Infinity") == 0  ? INFINITY
             : strcmp(text, "-Infinity") == 0 ? -INFINITY
                                              : strtod(text, &end);
    if (isfinite(*value) && (!isdigit((unsigned char)text[*text == '-']) || (end && *end)))
        return fail(reader, _("a number is expected"));
    return true;
}

static bool text_in(struct reader *reader, const json_t *json, char **value)
{
    if (!json_is_string(json))
        return fail(reader, _("a text is expected"));
    if (strlen(json_string_value(json)) != json_string_length(json))
        return fail(reader, _("the text has a NUL character in it"));
    *value = arena_strdup(reader->arena, json_string_value(json));
    return *value || fail(reader, _("the message is too long"));
}

static bool bytes_in(struct reader *reader, const json_t *json, ProtobufCBinaryData *value)
{
    static const int variants[] = {
        sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
        sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING};
    if (!json_is_string(json))
        return fail(reader, _("base64 text is expected"));
    size_t length = json_string_length(json);
    value->data = arena_alloc(reader->arena, length + 1);
    if (!value->data)
        return fail(reader, _("the message is too long"));
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        if (sodium_base642bin(value->data, length + 1, json_string_value(json), length, NULL,
                              &value->len, NULL, variants[i]) == 0)
            return true;
    }
    return fail(reader, _("base64 text is expected"));
}

static bool enum_in(struct reader *reader, const json_t *json,
                    const ProtobufCEnumDescriptor *descriptor, int *value)
{
    const ProtobufCEnumValue *found = NULL;
    if (json_is_string(json)) {
        found = protobuf_c_enum_descriptor_get_value_by_name(descriptor, json_string_value(json));
    } else {
        int64_t number = 0;
        if (!signed_in(reader, json, INT32_MIN, INT32_MAX, &number))
            return false;
        found = protobuf_c_enum_descriptor_get_value(descriptor, (int)number);
    }
    if (!found)
        return fail(reader, _("this is no %s; one of them is %s"), descriptor->short_name,
                    descriptor->values[descriptor->n_values - 1].name);
    *value = found->value;
    return true;
}

static bool timestamp_in(struct reader *reader, const json_t *json, ProtobufCMessage *message)
{
    struct timestamp *timestamp = (struct timestamp *)message;
    if (json_is_string(json) &&
        instant_parse(json_string_value(json), &timestamp->seconds, &timestamp->nanos))
        return true;
    return fail(reader, _("an instant is expected, such as \"2026-07-01T14:30:00Z\""));
}

static bool object_in(struct reader *reader, const json_t *json, ProtobufCMessage *message);

static bool message_in(struct reader *reader, const json_t *json,
                       const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **value)
{
    *value = arena_alloc(reader->arena, descriptor->sizeof_message);
    if (!*value)
        return fail(reader, _("the message is too long"));
    descriptor->message_init(*value);
    return is_timestamp(descriptor) ? timestamp_in(reader, json, *value)
                                    : object_in(reader, json, *value);
}

static bool int32_in(struct reader *reader, const json_t *json, int32_t *value)
{
    int64_t number = 0;
    bool good = signed_in(reader, json, INT32_MIN, INT32_MAX, &number);
    *value = (int32_t)number;
    return good;
}

static bool uint32_in(struct reader *reader, const json_t *json, uint32_t *value)
{
    uint64_t number = 0;
    bool good = unsigned_in(reader, json, UINT32_MAX, &number);
    *value = (uint32_t)number;
    return good;
}

static bool float_in(struct reader *reader, const json_t *json, float *value)
{
    double number = 0;
    bool good = real_in(reader, json, &number);
    *value = (float)number;
    return good;
}

static bool bool_in(struct reader *reader, const json_t *json, protobuf_c_boolean *value)
{
    *value = json_is_true(json);
    return json_is_boolean(json) || fail(reader, _("true or false is expected"));
}

static bool value_in(struct reader *reader, const json_t *json,
                     const ProtobufCFieldDescriptor *field, void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return int32_in(reader, json, value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return uint32_in(reader, json, value);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return signed_in(reader, json, INT64_MIN, INT64_MAX, value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return unsigned_in(reader, json, UINT64_MAX, value);
    case PROTOBUF_C_TYPE_FLOAT:
        return float_in(reader, json, value);
    case PROTOBUF_C_TYPE_DOUBLE:
        return real_in(reader, json, value);
    case PROTOBUF_C_TYPE_BOOL:
        return bool_in(reader, json, value);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_in(reader, json, field->descriptor, value);
    case PROTOBUF_C_TYPE_STRING:
        return text_in(reader, json, value);
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_in(reader, json, value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_in(reader, json, field->descriptor, value);
    }
    return false;
}

static bool list_in(struct reader *reader, const json_t *json,
                    const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (!json_is_array(json))
        return fail(reader, _("a list is expected"));
    size_t count = json_array_size(json);
    size_t step = message_value_size(field->type);
    char *values = arena_alloc(reader->arena, count * step + 1);
    if (!values)
        return fail(reader, _("the message is too long"));
    for (size_t i = 0; i < count; i++) {
        size_t length = path_push(reader, "[%zu]", i);
        if (!value_in(reader, json_array_get(json, i), field, values + i * step))
            return false;
        path_cut(reader, length);
    }
    *(void **)((char *)message + field->offset) = values;
    memcpy((char *)message + field->quantifier_offset, &count, sizeof count);
    return true;
}

// Marks a field as there. The members of a oneof share a place that says which one it is.
static bool mark(struct reader *reader, const ProtobufCFieldDescriptor *field,
                 ProtobufCMessage *message)
{
    void *quantifier = (char *)message + field->quantifier_offset;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        if (*(uint32_t *)quantifier != 0)
            return fail(reader, _("only one of these fields can be there"));
        *(uint32_t *)quantifier = field->id;
    } else if (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->quantifier_offset) {
        *(protobuf_c_boolean *)quantifier = true;
    }
    return true;
}

static bool field_in(struct reader *reader, const json_t *json,
                     const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return list_in(reader, json, field, message);
    return mark(reader, field, message) &&
           value_in(reader, json, field, (char *)message + field->offset);
}

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *descriptor,
                                                  const char *key)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        char name[NAME_SIZE];
        json_name(descriptor->fields[i].name, name, sizeof name);
        if (strcmp(key, name) == 0 || strcmp(key, descriptor->fields[i].name) == 0)
            return &descriptor->fields[i];
    }
    return NULL;
}

// "from_date" and "fromDate" are the same field; jansson only sees that each key is there once.
static bool is_given_twice(const json_t *object, const ProtobufCFieldDescriptor *field)
{
    char name[NAME_SIZE];
    json_name(field->name, name, sizeof name);
    return strcmp(name, field->name) != 0 && json_object_get(object, name) &&
           json_object_get(object, field->name);
}

static bool object_in(struct reader *reader, const json_t *json, ProtobufCMessage *message)
{
    if (!json_is_object(json))
        return fail(reader, _("an object is expected"));
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        size_t length = path_push(reader, "%s%s", *reader->path ? "." : "", key);
        const ProtobufCFieldDescriptor *field = find_field(message->descriptor, key);
        if (!field)
            return fail(reader, _("%s has no such field"), message->descriptor->short_name);
        if (is_given_twice(json, field))
            return fail(reader, _("the field is there twice"));
        if (!json_is_null(value) && !field_in(reader, value, field, message))
            return false;
        path_cut(reader, length);
    }
    return true;
}

ProtobufCMessage *json_to_message(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                                  struct arena *arena, char *error, size_t error_size)
{
    struct reader reader = {.arena = arena, .error = error, .error_size = error_size};
    ProtobufCMessage *message = NULL;
    return message_in(&reader, json, descriptor, &message) ? message : NULL;
}

ProtobufCMessage *json_parse_message(const ProtobufCMessageDescriptor *descriptor, const char *text,
                                     size_t size, struct arena *arena, char *error,
                                     size_t error_size)
{
    json_error_t fault;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
    if (!json) {
        snprintf(error, error_size, _("This is not JSON: %s (line %d, column %d)."), fault.text,
                 fault.line, fault.column);
        text_flatten(error);
        return NULL;
    }
    ProtobufCMessage *message = json_to_message(descriptor, json, arena, error, error_size);
    json_decref(json);
    return message;
}
