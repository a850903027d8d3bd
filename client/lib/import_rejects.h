// The rows that were not taken, as a CSV file that can be mended and imported by the same mapping:
// file, line and reason, then the row's own columns. UTF-8; with a byte order mark where the file
// came from a program that needs one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct import_rejects {
    // Set by the caller; must stay for as long.
    const char *path;
    const char *source;
    const char *const *columns;
    size_t column_count;
    bool with_mark;
    // Made with the first row.
    FILE *stream;
    // errno of the first failure, or 0.
    int failure;
};

void import_rejects_add(struct import_rejects *rejects, int64_t line, const char *reason,
                        const char *const *fields, size_t count);

// False when the file could not be written; rejects->failure says why.
bool import_rejects_close(struct import_rejects *rejects);
