// What a command is. Each cmd_NOUN.c has a table of its commands; main.c has a list of the tables.
#pragma once

#include "common/options.h"

#include <stddef.h>

struct context;

// Exit codes.
enum command_exit {
    COMMAND_DONE = 0,
    // The daemon, or this program on its behalf, refused.
    COMMAND_REFUSED = 1,
    COMMAND_USAGE = 2,
    // Nothing was done, or a fact waits in the outbox.
    COMMAND_UNREACHABLE = 3,
};

struct command {
    const char *noun;
    // NULL for a noun that is a command by itself: "tiejun day".
    const char *verb;
    // One line, N_().
    const char *summary;
    // What follows on the command line, as usage shows it: "UNIT --metric METRIC [--lock]".
    const char *usage;
    // One or more lines that work as they stand.
    const char *example;
    // The command's own options; those of every command come with it. May be NULL.
    const struct option_spec *options;
    // How many arguments beside options it takes.
    size_t arguments_min;
    size_t arguments_max;
    // Returns an exit code.
    int (*run)(struct context *context, const struct options *options);
};

// Ended by an entry whose noun is NULL.
extern const struct command org_commands[];
extern const struct command person_commands[];
extern const struct command goal_commands[];
extern const struct command log_commands[];
extern const struct command day_commands[];
extern const struct command fact_commands[];
extern const struct command customer_commands[];
extern const struct command deal_commands[];
extern const struct command report_commands[];
extern const struct command calendar_commands[];
extern const struct command leave_commands[];
extern const struct command rate_commands[];
extern const struct command standard_commands[];
extern const struct command metric_commands[];
extern const struct command device_commands[];
extern const struct command whoami_commands[];
extern const struct command audit_commands[];
extern const struct command invite_commands[];
extern const struct command login_commands[];
extern const struct command logout_commands[];
extern const struct command call_commands[];
extern const struct command import_commands[];
extern const struct command competitor_commands[];
extern const struct command objective_commands[];
extern const struct command setting_commands[];
extern const struct command sync_commands[];
extern const struct command brief_commands[];
extern const struct command notice_commands[];
