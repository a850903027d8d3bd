// Brings CSV files in: reads a file row by row, sends the rows in batches with a few in flight, and
// keeps account of what became of each. Memory does not grow with the file.
#pragma once

#include "client/lib/mapping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct import;
struct session;

struct import_settings {
    struct session *session;
    // Asks what would happen and changes nothing. What one file would bring counts as there for
    // the files after it.
    bool dry_run;
    // Called now and then; total is 0 where it is not known. May be NULL.
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

// Rows of one file. Every row is counted once among the last four.
struct import_counts {
    int64_t rows;
    int64_t added;
    int64_t updated;
    int64_t known;
    int64_t refused;
};

enum import_result {
    IMPORT_DONE,
    // The file, or the rest of it, could not be read, or its rejects not be written.
    IMPORT_UNREADABLE,
    // The daemon went away; what it acknowledged is in.
    IMPORT_BROKEN,
};

struct import *import_new(const struct import_settings *settings);
void import_free(struct import *import);

// Whether a file can be opened and has the section's columns, so that of several files none is half
// in when another has the wrong ones. error as below.
bool import_check(struct mapping_section *section, const char *path, char *error,
                  size_t error_size);

// Rows that are refused go to the file rejects_path, which is made when there is one. error has a
// sentence in the user's language for all but IMPORT_DONE. counts is filled in always.
enum import_result import_file(struct import *import, struct mapping_section *section,
                               const char *path, const char *rejects_path,
                               struct import_counts *counts, char *error, size_t error_size);
