// Texts of a mapping file with the names of columns in them: "Prospect {opportunity_id}". "{{" is a
// brace of its own.
#pragma once

#include "client/lib/csv_reader.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct mapping_text;

// NULL when a brace is not closed or has no name in it; problem is then a N_() sentence. Free with
// mapping_text_free.
struct mapping_text *mapping_text_new(const char *source, const char **problem);
void mapping_text_free(struct mapping_text *text);

// Finds the columns in a file. Returns the name of one that is not there, else NULL; result is then
// one of CSV_COLUMN_NONE and CSV_COLUMN_AMBIGUOUS.
const char *mapping_text_bind(struct mapping_text *text, const struct csv_reader *reader,
                              int *result);

// The text with a record's values, trimmed, in the arena. NULL when it is empty, or when it has
// columns and all of them are empty.
char *mapping_text_fill(const struct mapping_text *text, const struct csv_record *record,
                        struct arena *arena);

// The candidate that a misspelt word seems to mean; NULL when none is near.
const char *mapping_nearest(const char *word, const char *const *candidates, size_t count);
