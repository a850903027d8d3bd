// Reads mapping files and finds what is wrong with them.

#include "client/lib/import_memory.h"
#include "client/lib/mapping_parts.h"
#include "common/i18n.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Fields and settings that a misspelt key may mean.
#define WORDS_MAX (MAPPING_FIELDS_MAX + SETTINGS)

static const char *const setting_names[SETTINGS] = {
    [SETTING_IS] = "is",
    [SETTING_FILES] = "files",
    [SETTING_ENCODING] = "encoding",
    [SETTING_SEPARATOR] = "separator",
    [SETTING_DATE_FORMAT] = "date_format",
    [SETTING_TIME_FORMAT] = "time_format",
    [SETTING_TIME_ZONE] = "time_zone",
    [SETTING_DEALS] = "deals",
};

// Only the first complaint is kept: the others may follow from it.
static bool complain(struct mapping *mapping, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool complain(struct mapping *mapping, int line, const char *format, ...)
{
    if (mapping->error[0] != '\0')
        return false;
    int used = snprintf(mapping->error, mapping->error_size, "%s:%d: ", mapping->path, line);
    if (used < 0 || (size_t)used >= mapping->error_size)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mapping->error + used, mapping->error_size - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

static size_t field_count(enum mapping_kind kind)
{
    size_t count = 0;
    while (mapping_fields(kind)[count].name != NULL)
        count++;
    return count;
}

static int setting_index(enum mapping_kind kind, const char *name)
{
    // In a section of units it is a field: each unit can have its own.
    if (kind == MAPPING_ORG && strcmp(name, setting_names[SETTING_TIME_ZONE]) == 0)
        return -1;
    for (int i = 0; i < SETTINGS; i++) {
        if (strcmp(setting_names[i], name) == 0)
            return i;
    }
    return -1;
}

static bool refuse_key(struct mapping *mapping, const struct mapping_section *section, int line,
                       const char *key, const char *word, bool field_only)
{
    const char *words[WORDS_MAX];
    size_t count = 0;
    for (const struct mapping_field *f = mapping_fields(section->kind); f->name != NULL; f++)
        words[count++] = f->name;
    for (int i = 0; i < SETTINGS && !field_only; i++)
        words[count++] = setting_names[i];
    const char *nearest = mapping_nearest(word, words, count);
    const char *kind = mapping_kind_name(section->kind);
    if (nearest != NULL)
        return complain(mapping, line, _("\"%s\": \"%s\" is not known here; is it \"%s\"?"), key,
                        word, nearest);
    return complain(mapping, line,
                    _("\"%s\": \"%s\" is no field of \"is = %s\"; tiejun import --fields lists "
                      "them."),
                    key, word, kind);
}

static struct mapping_text *read_text(struct mapping *mapping, const struct mapping_line *line)
{
    const char *problem = NULL;
    struct mapping_text *text = mapping_text_new(line->value, &problem);
    if (text == NULL)
        complain(mapping, line->number, "%s", _(problem));
    return text;
}

static bool set_text(struct mapping *mapping, const struct mapping_line *line,
                     struct mapping_text **text, int *text_line)
{
    if (*text != NULL)
        return complain(mapping, line->number, _("\"%s\" was given in line %d already."), line->key,
                        *text_line);
    *text = read_text(mapping, line);
    *text_line = line->number;
    return *text != NULL;
}

static bool add_alias(struct mapping *mapping, struct rule *rule, const struct mapping_line *line,
                      const char *from)
{
    for (size_t i = 0; i < rule->alias_count; i++) {
        if (strcmp(rule->aliases[i].from, from) == 0)
            return complain(mapping, line->number, _("\"%s\" was given already."), line->key);
    }
    rule->aliases =
        import_must(reallocarray(rule->aliases, rule->alias_count + 1, sizeof *rule->aliases));
    rule->aliases[rule->alias_count++] =
        (struct alias){import_must(strdup(from)), import_must(strdup(line->value))};
    if (rule->alias_line == 0)
        rule->alias_line = line->number;
    return true;
}

// "alias.stage.Won" is an alias of the field "stage" for "Won".
static bool read_alias(struct mapping *mapping, struct mapping_section *section,
                       const struct mapping_line *line)
{
    char *name = import_must(strdup(line->key + strlen("alias.")));
    char *dot = strchr(name, '.');
    bool good;
    if (dot == NULL || dot[1] == '\0') {
        good = complain(mapping, line->number, _("\"%s\": write alias.FIELD.VALUE = VALUE."),
                        line->key);
    } else {
        *dot = '\0';
        int index = mapping_field_index(section->kind, name);
        good = index >= 0 ? add_alias(mapping, &section->rules[index], line, dot + 1)
                          : refuse_key(mapping, section, line->number, line->key, name, true);
    }
    free(name);
    return good;
}

static bool read_default(struct mapping *mapping, struct mapping_section *section,
                         const struct mapping_line *line)
{
    const char *name = line->key + strlen("default.");
    int index = mapping_field_index(section->kind, name);
    if (index < 0)
        return refuse_key(mapping, section, line->number, line->key, name, true);
    struct rule *rule = &section->rules[index];
    return set_text(mapping, line, &rule->fallback, &rule->fallback_line);
}

static bool read_setting(struct mapping *mapping, struct mapping_section *section,
                         const struct mapping_line *line, int setting)
{
    if (section->settings[setting] != NULL)
        return complain(mapping, line->number, _("\"%s\" was given in line %d already."), line->key,
                        section->setting_lines[setting]);
    section->settings[setting] = line->value;
    section->setting_lines[setting] = line->number;
    return true;
}

static bool read_line(struct mapping *mapping, struct mapping_section *section,
                      const struct mapping_line *line)
{
    if (strncmp(line->key, "alias.", 6) == 0)
        return read_alias(mapping, section, line);
    if (strncmp(line->key, "default.", 8) == 0)
        return read_default(mapping, section, line);
    int setting = setting_index(section->kind, line->key);
    if (setting >= 0)
        return read_setting(mapping, section, line, setting);
    int index = mapping_field_index(section->kind, line->key);
    if (index < 0)
        return refuse_key(mapping, section, line->number, line->key, line->key, false);
    struct rule *rule = &section->rules[index];
    return set_text(mapping, line, &rule->text, &rule->text_line);
}

struct choice {
    const char *name;
    int value;
};

static bool read_choice(struct mapping *mapping, const struct mapping_section *section,
                        enum setting setting, const struct choice *choices, int *value)
{
    const char *text = section->settings[setting];
    if (text == NULL)
        return true;
    char all[160] = "";
    for (const struct choice *choice = choices; choice->name != NULL; choice++) {
        if (strcmp(choice->name, text) == 0) {
            *value = choice->value;
            return true;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", used > 0 ? ", " : "", choice->name);
    }
    return complain(mapping, section->setting_lines[setting],
                    _("%s = %s is not known; there are: %s."), setting_names[setting], text, all);
}

static bool read_csv_settings(struct mapping *mapping, struct mapping_section *section)
{
    static const struct choice encodings[] = {{"auto", TEXT_ENCODING_AUTO},
                                              {"utf-8", TEXT_ENCODING_UTF8},
                                              {"gb18030", TEXT_ENCODING_GB18030},
                                              {NULL, 0}};
    static const struct choice separators[] = {
        {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}, {NULL, 0}};
    int encoding = TEXT_ENCODING_AUTO;
    int separator = ',';
    if (!read_choice(mapping, section, SETTING_ENCODING, encodings, &encoding) ||
        !read_choice(mapping, section, SETTING_SEPARATOR, separators, &separator))
        return false;
    section->csv.encoding = (enum text_encoding)encoding;
    section->csv.separator = (char)separator;
    return true;
}

static bool check_field(struct mapping *mapping, const struct mapping_section *section, int index)
{
    const struct mapping_field *field = &mapping_fields(section->kind)[index];
    const struct rule *rule = &section->rules[index];
    bool given = mapping_has_rule(section, index);
    if (field->required && !given)
        return complain(mapping, section->line,
                        _("[%s] says nothing about \"%s\" (%s); add: %s = {column}"), section->name,
                        field->name, _(field->help), field->name);
    if (rule->alias_count > 0 && !given)
        return complain(mapping, rule->alias_line,
                        _("The alias has nothing to work on; add: %s = {column}"), field->name);
    if (field->type == MAPPING_MONEY && given && !mapping_has(section, "currency"))
        return complain(mapping, rule->text_line,
                        _("\"%s\" is money of an unknown currency; add: currency = USD (or which "
                          "it is)"),
                        field->name);
    if (field->type == MAPPING_INSTANT && given && section->settings[SETTING_TIME_FORMAT] != NULL &&
        section->settings[SETTING_TIME_ZONE] == NULL &&
        strstr(section->settings[SETTING_TIME_FORMAT], "%z") == NULL)
        return complain(mapping, rule->text_line,
                        _("\"%s\" is a time of an unknown zone; add: time_zone = Asia/Shanghai (or "
                          "which it is)"),
                        field->name);
    return true;
}

static bool check_section(struct mapping *mapping, struct mapping_section *section)
{
    if (section->settings[SETTING_FILES] == NULL)
        return complain(mapping, section->line,
                        _("[%s] does not say which files it is for; add: files = NAME*.csv"),
                        section->name);
    for (size_t i = 0; i < field_count(section->kind); i++) {
        if (!check_field(mapping, section, (int)i))
            return false;
    }
    return true;
}

static struct mapping_section *find_section(const struct mapping *mapping, const char *name)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(mapping->sections[i]->name, name) == 0)
            return mapping->sections[i];
    }
    return NULL;
}

static bool read_kind(struct mapping *mapping, struct mapping_section *section)
{
    for (size_t i = 0; i < mapping->file.count; i++) {
        const struct mapping_line *line = &mapping->file.lines[i];
        if (strcmp(line->section, section->name) != 0 || strcmp(line->key, "is") != 0)
            continue;
        for (int kind = 0; kind < MAPPING_KINDS; kind++) {
            if (strcmp(mapping_kind_name((enum mapping_kind)kind), line->value) == 0) {
                section->kind = (enum mapping_kind)kind;
                return true;
            }
        }
        return complain(mapping, line->number,
                        _("is = %s is not known; there are: org, customer, deal, fact."),
                        line->value);
    }
    return complain(mapping, section->line,
                    _("[%s] does not say what its rows are; add: is = deal (or org, customer, "
                      "fact)"),
                    section->name);
}

static bool add_section(struct mapping *mapping, const struct mapping_line *line)
{
    mapping->sections =
        import_must(reallocarray(mapping->sections, mapping->count + 1, sizeof *mapping->sections));
    struct mapping_section *section = import_must(calloc(1, sizeof *section));
    mapping->sections[mapping->count++] = section;
    section->name = import_must(strdup(line->section));
    section->line = line->number;
    return read_kind(mapping, section);
}

// The lines above the first section.
static bool read_head(struct mapping *mapping, const struct mapping_line *line)
{
    if (strcmp(line->key, "source") != 0)
        return complain(mapping, line->number,
                        _("\"%s\" is not known above the first [section]; only \"source\" is."),
                        line->key);
    if (line->value[0] == '\0' || mapping->source != NULL)
        return complain(mapping, line->number, _("Give one name as source."));
    mapping->source = line->value;
    return true;
}

static bool read_sections(struct mapping *mapping)
{
    for (size_t i = 0; i < mapping->file.count; i++) {
        const struct mapping_line *line = &mapping->file.lines[i];
        if (line->section[0] == '\0') {
            if (!read_head(mapping, line))
                return false;
            continue;
        }
        if (find_section(mapping, line->section) == NULL && !add_section(mapping, line))
            return false;
        if (!read_line(mapping, find_section(mapping, line->section), line))
            return false;
    }
    if (mapping->source == NULL)
        return complain(mapping, 1,
                        _("Name the program that the files come from; add as the first line: "
                          "source = NAME"));
    if (mapping->count == 0)
        return complain(mapping, 1, _("There is no [section] in this file."));
    return true;
}

// Facts name deals as the section of deals does: the only one, or the one they name.
static bool link_deals(struct mapping *mapping, struct mapping_section *section)
{
    const char *wanted = section->settings[SETTING_DEALS];
    const struct mapping_section *found = NULL;
    size_t candidates = 0;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct mapping_section *other = mapping->sections[i];
        if (other->kind != MAPPING_DEAL || (wanted != NULL && strcmp(other->name, wanted) != 0))
            continue;
        found = other;
        candidates++;
    }
    if (candidates == 1)
        section->deal_space = found->id_space;
    else if (mapping_has(section, "deal"))
        return complain(mapping, section->line,
                        _("[%s] names deals, but not those of which section; add: deals = SECTION"),
                        section->name);
    return true;
}

static bool complete(struct mapping *mapping)
{
    for (size_t i = 0; i < mapping->count; i++) {
        struct mapping_section *section = mapping->sections[i];
        if (!read_csv_settings(mapping, section) || !check_section(mapping, section))
            return false;
        int length = asprintf(&section->id_space, "%s/%s", mapping->source, section->name);
        import_must(length < 0 ? NULL : section->id_space);
    }
    for (size_t i = 0; i < mapping->count; i++) {
        if (mapping->sections[i]->kind == MAPPING_FACT &&
            !link_deals(mapping, mapping->sections[i]))
            return false;
    }
    return true;
}

struct mapping *mapping_load(const char *path, char *error, size_t error_size)
{
    struct mapping *mapping = import_must(calloc(1, sizeof *mapping));
    mapping->path = import_must(strdup(path));
    mapping->error = error;
    mapping->error_size = error_size;
    error[0] = '\0';
    if (mapping_file_read(&mapping->file, path, error, error_size) && read_sections(mapping) &&
        complete(mapping))
        return mapping;
    mapping_free(mapping);
    return NULL;
}
