#include "client/lib/mapping_file.h"

#include "client/lib/import_memory.h"
#include "common/i18n.h"
#include "common/text.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Longer lines are refused.
#define LINE_SIZE 4096
// inih cuts longer names of sections off.
#define SECTION_NAME_MAX 49
// inih also takes ":" for the end of a key, and would not have "=" inside of one.
#define HIDDEN_COLON '\x1d'
#define HIDDEN_EQUALS '\x1e'

struct reading {
    FILE *stream;
    struct mapping_file *file;
    const char *path;
    int line;
    char *error;
    size_t error_size;
};

static void complain(struct reading *reading, const char *problem)
{
    if (reading->error[0] == '\0')
        snprintf(reading->error, reading->error_size, "%s:%d: %s", reading->path, reading->line,
                 problem);
}

// Where the key ends: at " = ", or else at the first "=".
static char *find_separator(char *line)
{
    for (char *at = strchr(line, '='); at != NULL; at = strchr(at + 1, '=')) {
        bool blank_before = at > line && strchr(" \t", at[-1]) != NULL;
        if (blank_before && strchr(" \t\r\n", at[1]) != NULL)
            return at;
    }
    return strchr(line, '=');
}

static void swap_characters(char *text, const char *end, char from, char to)
{
    for (; text < end && *text != '\0'; text++) {
        if (*text == from)
            *text = to;
    }
}

static bool check_section_name(struct reading *reading, const char *bracket)
{
    const char *end = strchr(bracket, ']');
    if (end != NULL && end - bracket - 1 <= SECTION_NAME_MAX)
        return true;
    complain(reading, end == NULL ? _("The bracket is not closed: write [name].")
                                  : _("The section's name is too long: 49 bytes at most."));
    return false;
}

static bool prepare_line(struct reading *reading, char *line)
{
    if (!utf8_valid(line, strlen(line))) {
        complain(reading, _("This is not UTF-8: save the mapping file as UTF-8."));
        return false;
    }
    char *start = line;
    if (reading->line == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0)
        start += 3;
    start += strspn(start, " \t\r\n");
    if (*start == '\0' || *start == ';' || *start == '#')
        return true;
    if (*start == '[')
        return check_section_name(reading, start);
    const char *separator = find_separator(start);
    if (separator == NULL) {
        complain(reading, _("This is neither [section] nor key = value."));
        return false;
    }
    swap_characters(start, separator, ':', HIDDEN_COLON);
    swap_characters(start, separator, '=', HIDDEN_EQUALS);
    return true;
}

// inih's way to its next line.
static char *next_line(char *line, int size, void *stream)
{
    struct reading *reading = stream;
    if (reading->error[0] != '\0' || fgets(line, size, reading->stream) == NULL)
        return NULL;
    reading->line++;
    if (strlen(line) + 1 == (size_t)size && strchr(line, '\n') == NULL) {
        complain(reading, _("The line is too long."));
        return NULL;
    }
    return prepare_line(reading, line) ? line : NULL;
}

// inih found a key and its value.
static int take_line(void *context, const char *section, const char *key, const char *value)
{
    struct reading *reading = context;
    struct mapping_file *file = reading->file;
    file->lines = import_must(reallocarray(file->lines, file->count + 1, sizeof *file->lines));
    struct mapping_line *line = &file->lines[file->count++];
    line->number = reading->line;
    line->section = import_must(strdup(section));
    line->key = import_must(strdup(key));
    line->value = import_must(strdup(value));
    swap_characters(line->key, line->key + strlen(key), HIDDEN_COLON, ':');
    swap_characters(line->key, line->key + strlen(key), HIDDEN_EQUALS, '=');
    return 1;
}

bool mapping_file_read(struct mapping_file *file, const char *path, char *error, size_t error_size)
{
    *file = (struct mapping_file){0};
    error[0] = '\0';
    struct reading reading = {.file = file, .path = path, .error = error, .error_size = error_size};
    reading.stream = fopen(path, "re");
    if (reading.stream == NULL) {
        snprintf(error, error_size, _("%s cannot be read: %s."), path, strerror(errno));
        return false;
    }
    ini_use_stack = false;
    ini_max_line = LINE_SIZE;
    ini_initial_alloc = LINE_SIZE;
    ini_allow_multiline = false;
    int wrong = ini_parse_stream(next_line, &reading, take_line, &reading);
    if (ferror(reading.stream) && error[0] == '\0')
        snprintf(error, error_size, _("%s cannot be read: %s."), path, strerror(errno));
    fclose(reading.stream);
    if (wrong != 0 && error[0] == '\0') {
        reading.line = wrong;
        complain(&reading, _("This is neither [section] nor key = value."));
    }
    return error[0] == '\0';
}

void mapping_file_release(struct mapping_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->lines[i].section);
        free(file->lines[i].key);
        free(file->lines[i].value);
    }
    free(file->lines);
    *file = (struct mapping_file){0};
}
