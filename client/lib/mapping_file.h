// The lines of a mapping file, before anything is known of their meaning.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct mapping_line {
    int number;
    // "" above the first section.
    char *section;
    char *key;
    char *value;
};

struct mapping_file {
    struct mapping_line *lines;
    size_t count;
};

// False when the file cannot be read or is no INI file: error is then one sentence in the user's
// language that names the file, the line and what to do. Release in either case.
bool mapping_file_read(struct mapping_file *file, const char *path, char *error, size_t error_size);
void mapping_file_release(struct mapping_file *file);
