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

// True with --yes, or when the person at the terminal says so to the question. False, after saying
// that nothing was changed, with --dry-run, on any other answer, and where there is no terminal to
// ask at.
bool confirm(const struct context *context, const struct options *options, const char *question);

// Whether the next line of the terminal is a yes: "y", "yes" and the like, and in Chinese "是".
bool confirm_answer(void);
