#include "common/message.h"

#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

#include <string.h>

// Our messages nest three deep; deeper ones can only come from a recursive type, which protobuf-c
// would follow until the stack ends.
#define NESTING_MAX 16

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

// A walk over the bytes of one message, or over a message in memory.
struct check {
    size_t unknown_fields;
    const char *why;
    const char *field;
};

static bool refuse(struct check *check, const char *why, const char *field)
{
    check->why = why;
    check->field = field;
    return false;
}

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 70 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        *value |= (uint64_t)(byte & 0x7F) << (shift < 64 ? shift : 0);
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

// Moves past a value; for WIRE_BYTES size is the length of what lies before *at afterwards. Groups
// are no wire type of ours.
static bool skip_value(const uint8_t **at, const uint8_t *end, unsigned wire, size_t *size)
{
    uint64_t length = 0;
    switch (wire) {
    case WIRE_VARINT:
        return read_varint(at, end, &length);
    case WIRE_FIXED64:
        length = 8;
        break;
    case WIRE_FIXED32:
        length = 4;
        break;
    case WIRE_BYTES:
        if (!read_varint(at, end, &length))
            return false;
        break;
    default:
        return false;
    }
    if (length > (uint64_t)(end - *at))
        return false;
    *at += length;
    *size = (size_t)length;
    return true;
}

static bool check_wire(struct check *check, const ProtobufCMessageDescriptor *descriptor,
                       const uint8_t *at, size_t size, int depth);

static bool check_wire_field(struct check *check, const ProtobufCFieldDescriptor *field,
                             const uint8_t *value, size_t size, int depth)
{
    if (field->type == PROTOBUF_C_TYPE_STRING && memchr(value, '\0', size))
        return refuse(check, N_("the text has a NUL inside"), field->name);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return check_wire(check, field->descriptor, value, size, depth + 1);
    return true;
}

// What can only be seen in the bytes: unpacking loses it, or must not see it.
static bool check_wire(struct check *check, const ProtobufCMessageDescriptor *descriptor,
                       const uint8_t *at, size_t size, int depth)
{
    const uint8_t *end = at + size;
    if (depth > NESTING_MAX)
        return refuse(check, N_("the message is nested too deep"), NULL);
    while (at < end) {
        uint64_t tag;
        size_t length = 0;
        if (!read_varint(&at, end, &tag) || tag >> 3 == 0 || tag > UINT32_MAX ||
            !skip_value(&at, end, (unsigned)(tag & 7), &length))
            return refuse(check, N_("the message is not well formed"), NULL);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
        if (!field && ++check->unknown_fields > MESSAGE_UNKNOWN_FIELDS_MAX)
            return refuse(check, N_("the message has too many unknown fields"), NULL);
        if (field && (tag & 7) == WIRE_BYTES &&
            !check_wire_field(check, field, at - length, length, depth))
            return false;
    }
    return true;
}

static bool check_message(struct check *check, const ProtobufCMessage *message);

// Of a field of other types any value is good.
static bool has_rules(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_ENUM ||
           field->type == PROTOBUF_C_TYPE_MESSAGE;
}

static bool check_value(struct check *check, const ProtobufCFieldDescriptor *field,
                        const void *value)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)value;
        if (text && !utf8_valid(text, strlen(text)))
            return refuse(check, N_("the text is not UTF-8"), field->name);
    }
    if (field->type == PROTOBUF_C_TYPE_ENUM &&
        !protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int *)value))
        return refuse(check, N_("no such choice"), field->name);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return check_message(check, *(const ProtobufCMessage *const *)value);
    return true;
}

static bool check_message(struct check *check, const ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!has_rules(field) || !message_has(message, field))
            continue;
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            if (!check_value(check, field, message_member(message, field)))
                return false;
            continue;
        }
        size_t count = message_count(message, field);
        for (size_t element = 0; element < count; element++)
            if (!check_value(check, field, message_element(message, field, element)))
                return false;
    }
    return true;
}

static void report(const struct check *check, const char **why, const char **field)
{
    if (why)
        *why = check->why;
    if (field)
        *field = check->field;
}

bool message_validate(const ProtobufCMessage *message, const char **why, const char **field)
{
    struct check check = {0};
    bool valid = check_message(&check, message);
    report(&check, why, field);
    return valid;
}

static ProtobufCMessage *unpack(struct check *check, const ProtobufCMessageDescriptor *descriptor,
                                struct arena *arena, const uint8_t *data, size_t size)
{
    // An empty body may have no bytes to point at.
    static const uint8_t nothing[1];
    if (!data)
        data = nothing;
    if (!check_wire(check, descriptor, data, size, 0))
        return NULL;
    ProtobufCAllocator allocator = arena_allocator(arena);
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, &allocator, size, data);
    if (!message) {
        refuse(check, N_("the message is not well formed, or too large"), NULL);
        return NULL;
    }
    return check_message(check, message) ? message : NULL;
}

ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                                 const uint8_t *data, size_t size, const char **why,
                                 const char **field)
{
    struct check check = {0};
    ProtobufCMessage *message = unpack(&check, descriptor, arena, data, size);
    report(&check, why, field);
    return message;
}

// Gives a value that was copied as it stands memory of its own.
static bool own_value(struct arena *arena, ProtobufCType type, void *value)
{
    if (type == PROTOBUF_C_TYPE_STRING) {
        char **text = value;
        return !*text || (*text = arena_strdup(arena, *text));
    }
    if (type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData *bytes = value;
        return !bytes->len || (bytes->data = arena_copy(arena, bytes->data, bytes->len));
    }
    if (type == PROTOBUF_C_TYPE_MESSAGE) {
        ProtobufCMessage **inner = value;
        return !*inner || (*inner = message_copy(arena, *inner));
    }
    return true;
}

static bool own_field(struct arena *arena, ProtobufCMessage *copy,
                      const ProtobufCFieldDescriptor *field)
{
    void *member = (char *)copy + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return own_value(arena, field->type, member);
    size_t size = message_value_size(field->type);
    size_t count = message_count(copy, field);
    char *list = arena_copy(arena, *(void **)member, count * size);
    bool owned = list != NULL;
    for (size_t i = 0; owned && i < count; i++)
        owned = own_value(arena, field->type, list + i * size);
    *(void **)member = list;
    return owned;
}

void *message_copy(struct arena *arena, const ProtobufCMessage *message)
{
    ProtobufCMessage *copy = arena_copy(arena, message, message->descriptor->sizeof_message);
    if (copy) {
        copy->n_unknown_fields = 0;
        copy->unknown_fields = NULL;
    }
    for (unsigned i = 0; copy && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (message_has(message, field) && !own_field(arena, copy, field))
            copy = NULL;
    }
    return copy;
}

void message_forget_unknown(ProtobufCMessage *message)
{
    message->n_unknown_fields = 0;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || !message_has(message, field))
            continue;
        bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
        size_t count = repeated ? message_count(message, field) : 1;
        for (size_t element = 0; element < count; element++) {
            const void *place = repeated ? message_element(message, field, element)
                                         : message_member(message, field);
            message_forget_unknown(*(ProtobufCMessage *const *)place);
        }
    }
}

const void *message_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->offset;
}

static const void *quantifier(const ProtobufCMessage *message,
                              const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->quantifier_offset;
}

// proto3: a scalar that has its default value is absent.
static bool has_value(const ProtobufCFieldDescriptor *field, const void *member)
{
    static const char zero[sizeof(ProtobufCBinaryData)];
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)member;
        return text && *text;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)member)->len > 0;
    return memcmp(member, zero, message_value_size(field->type)) != 0;
}

bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *member = message_member(message, field);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return message_count(message, field) > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)quantifier(message, field) == field->id;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE ||
        (field->type == PROTOBUF_C_TYPE_STRING && field->label != PROTOBUF_C_LABEL_NONE)) {
        const void *pointer = *(const void *const *)member;
        return pointer && pointer != field->default_value;
    }
    if (field->label == PROTOBUF_C_LABEL_OPTIONAL)
        return *(const protobuf_c_boolean *)quantifier(message, field);
    return field->label == PROTOBUF_C_LABEL_REQUIRED || has_value(field, member);
}

size_t message_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return *(const size_t *)quantifier(message, field);
}

const void *message_element(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                            size_t index)
{
    const char *first = *(const char *const *)message_member(message, field);
    return first + index * message_value_size(field->type);
}

static bool is_alike(const ProtobufCFieldDescriptor *one, const ProtobufCFieldDescriptor *other)
{
    return one->type == other->type && one->label == other->label &&
           one->descriptor == other->descriptor &&
           !((one->flags | other->flags) & PROTOBUF_C_FIELD_FLAG_ONEOF);
}

static void share_field(const ProtobufCMessage *from, const ProtobufCFieldDescriptor *given,
                        ProtobufCMessage *to, const ProtobufCFieldDescriptor *taken)
{
    bool repeated = taken->label == PROTOBUF_C_LABEL_REPEATED;
    memcpy((char *)to + taken->offset, message_member(from, given),
           repeated ? sizeof(void *) : message_value_size(taken->type));
    // Texts and inner messages are there or NULL, and have none.
    if (taken->quantifier_offset)
        memcpy((char *)to + taken->quantifier_offset, quantifier(from, given),
               repeated ? sizeof(size_t) : sizeof(protobuf_c_boolean));
}

void message_share(const ProtobufCMessage *from, ProtobufCMessage *to)
{
    for (unsigned i = 0; i < to->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *taken = &to->descriptor->fields[i];
        const ProtobufCFieldDescriptor *given =
            protobuf_c_message_descriptor_get_field_by_name(from->descriptor, taken->name);
        if (given && is_alike(given, taken))
            share_field(from, given, to, taken);
    }
}

size_t message_value_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
        return sizeof(char *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(ProtobufCMessage *);
    default:
        return 4;
    }
}
