// Command line options by a table, for tiejund and every `tiejun NOUN VERB`.
//
// --name VALUE, --name=VALUE, -n VALUE, -nVALUE; flags of one letter may be joined (-ab). Names
// are never abbreviated, so that adding an option breaks no script. Options and arguments may be
// mixed; "--" ends the options; "-" is an argument. --help and -h are always known. Of an option
// given twice the last one counts, except for OPTION_LIST.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    // Takes no value.
    OPTION_FLAG,
    OPTION_STRING,
    // May be given several times; every value is kept, in order.
    OPTION_LIST,
    // A whole number.
    OPTION_INTEGER,
    // A day, YYYY-MM-DD or today, yesterday, tomorrow; options_string gives YYYY-MM-DD.
    OPTION_DATE,
    // Anything that period_parse takes.
    OPTION_PERIOD,
};

// Tables end with an entry whose name is NULL.
struct option_spec {
    const char *name;
    // One-letter form, or 0.
    char letter;
    enum option_kind kind;
    // What the value is called in the help, N_("UNIT"); NULL for flags.
    const char *argument;
    // One line, N_().
    const char *help;
};

struct option_value;

// What a command line said. Made by options_parse, released by options_release.
struct options {
    // The rest of the line, in order, ended by NULL. Points into argv.
    const char **arguments;
    size_t argument_count;
    // --help or -h was there. What stands before it was checked, the rest was not looked at.
    bool help;
    // The fields below belong to options.c.
    const struct option_spec *own;
    const struct option_spec *shared;
    struct option_value *values;
    size_t value_count;
};

// argv starts with the first word after the command's name. own: the command's table; shared: a
// second one that several commands have in common; either may be NULL. command, "tiejun goal set",
// is named in errors. False when the line is wrong: error then has one sentence, translated and
// without a newline, that names the option and what to do. Release options in either case; argv
// must stay for as long.
bool options_parse(struct options *options, const struct option_spec *own,
                   const struct option_spec *shared, const char *command, int argc, char **argv,
                   char *error, size_t error_size);
void options_release(struct options *options);

// Whether the command has an option of this name.
bool options_known(const struct options *options, const char *name);

// Lookups by the option's long name. A name that no table has ends the program: our own mistake.

bool options_flag(const struct options *options, const char *name);

// Whether the option was given at all.
bool options_given(const struct options *options, const char *name);

// The value's text, NULL when it was not given. Good until options_release.
const char *options_string(const struct options *options, const char *name);

// All values of an OPTION_LIST into list, at most capacity; returns how many were given, as
// snprintf does.
size_t options_list(const struct options *options, const char *name, const char **list,
                    size_t capacity);

int64_t options_integer(const struct options *options, const char *name, int64_t fallback);

// Prints a table's options with their help, aligned, in at most 80 columns; translated.
void options_print(FILE *stream, const struct option_spec *specs);
