// Asking before something is changed: what a command found is shown first, and taken on a yes.
#pragma once

#include "common/options.h"

#include <stdbool.h>

struct context;

// For a command's table of options.
#define CONFIRM_OPTIONS                                                                            \
    {"yes", 'y', OPTION_FLAG, NULL, N_("Do it without asking")},                                   \
    {                                                                                              \
        "dry-run", 0, OPTION_FLAG, NULL, N_("Show it and change nothing")                          \
    }

// Goes on with --yes, or when the person at the terminal says so to the question. Ends the program
// on any other answer (COMMAND_REFUSED), and where there is no terminal to ask at (COMMAND_USAGE).
void confirm_or_end(const struct context *context, const struct options *options,
                    const char *question);

// The same of a command with CONFIRM_OPTIONS. False with --dry-run, after saying that nothing was
// changed.
bool confirm(const struct context *context, const struct options *options, const char *question);
