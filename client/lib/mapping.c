// What a mapping says about a file and its rows.

#include "client/lib/mapping_parts.h"
#include "common/i18n.h"
#include "common/text.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int mapping_field_index(enum mapping_kind kind, const char *name)
{
    const struct mapping_field *fields = mapping_fields(kind);
    for (int i = 0; fields[i].name != NULL; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return i;
    }
    return -1;
}

bool mapping_has_rule(const struct mapping_section *section, int index)
{
    return section->rules[index].text != NULL || section->rules[index].fallback != NULL;
}

static void free_rule(struct rule *rule)
{
    mapping_text_free(rule->text);
    mapping_text_free(rule->fallback);
    for (size_t i = 0; i < rule->alias_count; i++) {
        free(rule->aliases[i].from);
        free(rule->aliases[i].to);
    }
    free(rule->aliases);
}

static void free_section(struct mapping_section *section)
{
    for (int i = 0; i < MAPPING_FIELDS_MAX; i++)
        free_rule(&section->rules[i]);
    free(section->id_space);
    free(section->name);
    free(section);
}

void mapping_free(struct mapping *mapping)
{
    if (mapping == NULL)
        return;
    for (size_t i = 0; i < mapping->count; i++)
        free_section(mapping->sections[i]);
    free(mapping->sections);
    mapping_file_release(&mapping->file);
    free(mapping->path);
    free(mapping);
}

static bool section_matches(const struct mapping_section *section, const char *name)
{
    return fnmatch(section->settings[SETTING_FILES], name, FNM_CASEFOLD) == 0;
}

struct mapping_section *mapping_section_for(struct mapping *mapping, const char *path, char *error,
                                            size_t error_size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    struct mapping_section *found = NULL;
    for (size_t i = 0; i < mapping->count; i++) {
        struct mapping_section *section = mapping->sections[i];
        if (!section_matches(section, name))
            continue;
        if (found != NULL) {
            snprintf(error, error_size,
                     _("Both [%s] and [%s] of %s are for %s; make their \"files\" differ."),
                     found->name, section->name, mapping->path, name);
            return NULL;
        }
        found = section;
    }
    if (found == NULL)
        snprintf(error, error_size, _("No section of %s has \"files\" that fit %s."), mapping->path,
                 name);
    return found;
}

enum mapping_kind mapping_section_kind(const struct mapping_section *section)
{
    return section->kind;
}

struct csv_settings mapping_section_csv(const struct mapping_section *section)
{
    return section->csv;
}

const char *mapping_date_format(const struct mapping_section *section)
{
    const char *format = section->settings[SETTING_DATE_FORMAT];
    return format != NULL ? format : "%Y-%m-%d";
}

const char *mapping_time_format(const struct mapping_section *section)
{
    return section->settings[SETTING_TIME_FORMAT];
}

const char *mapping_time_zone(const struct mapping_section *section)
{
    return section->settings[SETTING_TIME_ZONE];
}

const char *mapping_id_space(const struct mapping_section *section)
{
    return section->id_space;
}

const char *mapping_deal_space(const struct mapping_section *section)
{
    return section->deal_space;
}

static bool refuse_column(const struct csv_reader *reader, const char *path, const char *column,
                          int result, char *error, size_t error_size)
{
    if (result == CSV_COLUMN_AMBIGUOUS) {
        snprintf(error, error_size, _("%s has several columns \"%s\"; rename all but one."), path,
                 column);
        return false;
    }
    size_t count;
    const char *const *columns = csv_reader_columns(reader, &count);
    const char *nearest = mapping_nearest(column, columns, count);
    if (nearest != NULL)
        snprintf(error, error_size, _("%s has no column \"%s\"; is it \"%s\"?"), path, column,
                 nearest);
    else
        snprintf(error, error_size, _("%s has no column \"%s\"; its first one is \"%s\"."), path,
                 column, columns[0]);
    // Columns of the file may have lines.
    text_flatten(error);
    return false;
}

bool mapping_bind(struct mapping_section *section, const struct csv_reader *reader,
                  const char *path, char *error, size_t error_size)
{
    for (int i = 0; i < MAPPING_FIELDS_MAX; i++) {
        struct mapping_text *texts[] = {section->rules[i].text, section->rules[i].fallback};
        for (int j = 0; j < 2; j++) {
            int result = 0;
            const char *column =
                texts[j] != NULL ? mapping_text_bind(texts[j], reader, &result) : NULL;
            if (column != NULL)
                return refuse_column(reader, path, column, result, error, error_size);
        }
    }
    return true;
}

bool mapping_has(const struct mapping_section *section, const char *field)
{
    int index = mapping_field_index(section->kind, field);
    return index >= 0 && mapping_has_rule(section, index);
}

static const char *apply_alias(const struct rule *rule, const char *text)
{
    for (size_t i = 0; i < rule->alias_count; i++) {
        if (strcmp(rule->aliases[i].from, text) == 0)
            return rule->aliases[i].to[0] != '\0' ? rule->aliases[i].to : NULL;
    }
    return text;
}

const char *mapping_value(const struct mapping_section *section, const char *field,
                          const struct csv_record *record, struct arena *arena)
{
    int index = mapping_field_index(section->kind, field);
    if (index < 0)
        return NULL;
    const struct rule *rule = &section->rules[index];
    const char *text = rule->text != NULL ? mapping_text_fill(rule->text, record, arena) : NULL;
    if (text != NULL)
        text = apply_alias(rule, text);
    if (text == NULL && rule->fallback != NULL)
        text = mapping_text_fill(rule->fallback, record, arena);
    return text;
}
