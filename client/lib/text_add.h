// Building a text line by line in an arena.
#pragma once

#include <stdarg.h>

struct arena;

// Appends to a text in the arena. Ends the program when there is no room.
void text_add(struct arena *arena, char **text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void text_add_list(struct arena *arena, char **text, const char *format, va_list arguments);
