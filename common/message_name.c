// Names of message.h: of enum values and of messages, as SQL and the command line have them.
#include "common/message.h"

#include <string.h>
#include <strings.h>

#define NAME_SIZE 128

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static char lower(char c)
{
    return (char)(is_upper(c) ? c - 'A' + 'a' : c);
}

// A word begins at a capital after another kind of character, and at the last capital of a run
// that goes on in lower case.
static bool word_begins(const char *camel, size_t at)
{
    return at > 0 && is_upper(camel[at]) && camel[at - 1] != '_' &&
           (!is_upper(camel[at - 1]) || is_lower(camel[at + 1]));
}

// "FactKind" to "fact_kind", "SQLRow" to "sql_row". Cut off in a small buffer. Returns the whole
// length, as snprintf does.
static size_t snake_case(const char *camel, char *out, size_t size)
{
    size_t length = 0;
    for (size_t at = 0; camel[at]; at++) {
        if (word_begins(camel, at)) {
            if (length + 1 < size)
                out[length] = '_';
            length++;
        }
        if (length + 1 < size)
            out[length] = lower(camel[at]);
        length++;
    }
    if (size)
        out[length < size ? length : size - 1] = '\0';
    return length;
}

// The part of a value's name behind the enum's own: "NEW_CUSTOMER" of FACT_KIND_NEW_CUSTOMER.
static const char *short_value(const ProtobufCEnumDescriptor *descriptor, const char *name)
{
    char prefix[NAME_SIZE];
    size_t length = snake_case(descriptor->short_name, prefix, sizeof prefix);
    if (length < sizeof prefix && !strncasecmp(name, prefix, length) && name[length] == '_')
        return name + length + 1;
    return name;
}

static bool is_unspecified(const ProtobufCEnumValue *value, const char *text)
{
    return value->value == 0 && !strcmp(text, "UNSPECIFIED");
}

bool message_enum_text(const ProtobufCEnumDescriptor *descriptor, int value, char *out, size_t size)
{
    if (size)
        out[0] = '\0';
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    const char *text = found ? short_value(descriptor, found->name) : "";
    if (!found || is_unspecified(found, text) || strlen(text) >= size)
        return false;
    for (size_t i = 0; i <= strlen(text); i++)
        out[i] = lower(text[i]);
    return true;
}

static bool same_name(const char *text, const char *name)
{
    for (; *text && *name; text++, name++)
        if ((*text == '-' ? '_' : lower(*text)) != lower(*name))
            return false;
    return *text == *name;
}

bool message_enum_value(const ProtobufCEnumDescriptor *descriptor, const char *text, int *value)
{
    for (unsigned i = 0; text && i < descriptor->n_values; i++) {
        const ProtobufCEnumValue *candidate = &descriptor->values[i];
        const char *name = short_value(descriptor, candidate->name);
        if (is_unspecified(candidate, name) || !same_name(text, name))
            continue;
        *value = candidate->value;
        return true;
    }
    return false;
}
