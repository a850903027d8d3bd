// What a mapping is made of; for mapping.c and mapping_read.c alone.
#pragma once

#include "client/lib/mapping.h"
#include "client/lib/mapping_file.h"
#include "client/lib/mapping_text.h"

#include <stdbool.h>
#include <stddef.h>

#define MAPPING_FIELDS_MAX 64

struct alias {
    char *from;
    char *to;
};

// What a section says about one field.
struct rule {
    struct mapping_text *text;
    struct mapping_text *fallback;
    int text_line;
    int fallback_line;
    struct alias *aliases;
    size_t alias_count;
    // The line of its first alias.
    int alias_line;
};

// Keys of a section that are no fields.
enum setting {
    SETTING_IS,
    SETTING_FILES,
    SETTING_ENCODING,
    SETTING_SEPARATOR,
    SETTING_DATE_FORMAT,
    SETTING_TIME_FORMAT,
    SETTING_TIME_ZONE,
    SETTING_DEALS,
    SETTINGS,
};

struct mapping_section {
    char *name;
    int line;
    enum mapping_kind kind;
    const char *settings[SETTINGS];
    int setting_lines[SETTINGS];
    struct csv_settings csv;
    // One for each of mapping_fields(kind).
    struct rule rules[MAPPING_FIELDS_MAX];
    char *id_space;
    const char *deal_space;
};

struct mapping {
    char *path;
    struct mapping_file file;
    const char *source;
    struct mapping_section **sections;
    size_t count;
    // Where mapping_load writes its sentence.
    char *error;
    size_t error_size;
};

// A field's place among those of its kind; -1 when there is no such field.
int mapping_field_index(enum mapping_kind kind, const char *name);
// Whether the section says what the field's value is.
bool mapping_has_rule(const struct mapping_section *section, int index);
