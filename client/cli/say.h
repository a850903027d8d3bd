// Sentences to the user: on standard output, without control characters and broken at the
// terminal's width; what is wrong on standard error.
#pragma once

#include "client/lib/table.h"
#include "common/i18n.h"

struct context;

// Prints a sentence on standard output, without control characters, broken at the terminal's width
// and ended by a newline. Nothing in the modes of JSON and CSV.
void say(const struct context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The same in a colour, where there are colours.
void say_in(const struct context *context, enum table_colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// What is to be copied whole, a path or a command: on one line, however long it is.
void say_whole(const struct context *context, enum table_colour colour, const char *text);

// A wrong command line: prints the sentence and ends the program with COMMAND_USAGE.
void refuse_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
// Something that cannot be done: prints the sentence, and the hint below it unless it is NULL, and
// ends the program with COMMAND_REFUSED.
void refuse(const char *hint, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
// Something to know, on standard error; the command goes on.
void complain(const char *hint, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Under a list that goes on: how to see the rest.
void say_more(const struct context *context, const char *next_cursor);
