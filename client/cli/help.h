// What `tiejun --help`, `tiejun NOUN --help` and `tiejun NOUN VERB --help` print.
#pragma once

#include "client/cli/command.h"

#include <stdio.h>

// tables is ended by NULL.
void help_all(const struct command *const *tables, FILE *stream);
void help_noun(const struct command *const *tables, const char *noun, FILE *stream);
void help_command(const struct command *command, FILE *stream);
// The usage alone, in at most 80 columns.
void help_usage(const struct command *command, FILE *stream);
