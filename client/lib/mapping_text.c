#include "client/lib/mapping_text.h"

#include "client/lib/import_memory.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct piece {
    char *text;
    // text is the name of this column of the file, else it stands for itself.
    bool is_column;
    int column;
};

struct mapping_text {
    struct piece *pieces;
    size_t count;
    bool has_columns;
};

static void add_piece(struct mapping_text *text, char *content, bool is_column)
{
    text->pieces = import_must(reallocarray(text->pieces, text->count + 1, sizeof *text->pieces));
    text->pieces[text->count++] = (struct piece){import_must(content), is_column, CSV_COLUMN_NONE};
    text->has_columns = text->has_columns || is_column;
}

// source is behind the opening brace. Returns what is behind the closing one, NULL when it is not
// there.
static const char *add_column(struct mapping_text *text, const char *source, const char **problem)
{
    const char *end = strchr(source, '}');
    if (end == NULL) {
        *problem = N_("A brace is not closed: write {column}, or {{ for a brace itself.");
        return NULL;
    }
    char *name = import_must(strndup(source, (size_t)(end - source)));
    char *trimmed = import_must(strdup(text_trim(name)));
    free(name);
    add_piece(text, trimmed, true);
    if (trimmed[0] != '\0')
        return end + 1;
    *problem = N_("The braces are empty: write {column}.");
    return NULL;
}

static const char *add_next(struct mapping_text *text, const char *source, const char **problem)
{
    if (strncmp(source, "{{", 2) == 0) {
        add_piece(text, strdup("{"), false);
        return source + 2;
    }
    if (*source == '{')
        return add_column(text, source + 1, problem);
    size_t length = strcspn(source, "{");
    add_piece(text, strndup(source, length), false);
    return source + length;
}

struct mapping_text *mapping_text_new(const char *source, const char **problem)
{
    struct mapping_text *text = import_must(calloc(1, sizeof *text));
    while (source != NULL && *source != '\0')
        source = add_next(text, source, problem);
    if (source != NULL)
        return text;
    mapping_text_free(text);
    return NULL;
}

void mapping_text_free(struct mapping_text *text)
{
    if (text == NULL)
        return;
    for (size_t i = 0; i < text->count; i++)
        free(text->pieces[i].text);
    free(text->pieces);
    free(text);
}

const char *mapping_text_bind(struct mapping_text *text, const struct csv_reader *reader,
                              int *result)
{
    for (size_t i = 0; i < text->count; i++) {
        struct piece *piece = &text->pieces[i];
        if (!piece->is_column)
            continue;
        piece->column = csv_reader_column(reader, piece->text);
        if (piece->column < 0) {
            *result = piece->column;
            return piece->text;
        }
    }
    return NULL;
}

static const char *piece_text(const struct piece *piece, const struct csv_record *record)
{
    return piece->is_column ? record->fields[piece->column] : piece->text;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

char *mapping_text_fill(const struct mapping_text *text, const struct csv_record *record,
                        struct arena *arena)
{
    size_t size = 1;
    bool any = !text->has_columns;
    for (size_t i = 0; i < text->count; i++) {
        const char *part = piece_text(&text->pieces[i], record);
        size += strlen(part);
        any = any || (text->pieces[i].is_column && !is_blank(part));
    }
    if (!any)
        return NULL;
    char *filled = import_must(arena_alloc(arena, size));
    char *end = filled;
    for (size_t i = 0; i < text->count; i++)
        end = stpcpy(end, piece_text(&text->pieces[i], record));
    filled = text_trim(filled);
    return filled[0] != '\0' ? filled : NULL;
}

#define WORD_MAX 63

// Edits (Levenshtein) that make one word of the other, upper and lower case being the same.
static size_t distance(const char *from, const char *to)
{
    size_t length = strlen(to);
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; from[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            bool same = tolower((unsigned char)from[i]) == tolower((unsigned char)to[j]);
            size_t best = diagonal + (same ? 0 : 1);
            diagonal = row[j + 1];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = best;
        }
    }
    return row[length];
}

const char *mapping_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t length = strlen(word);
    if (length > WORD_MAX)
        return NULL;
    // A third of the letters may be wrong.
    size_t limit = length < 6 ? 2 : length / 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strlen(candidates[i]) > WORD_MAX)
            continue;
        size_t edits = distance(word, candidates[i]);
        if (edits <= limit && edits < strlen(candidates[i])) {
            limit = edits - (edits > 0 ? 1 : 0);
            nearest = candidates[i];
        }
    }
    return nearest;
}
