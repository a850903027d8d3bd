// Building the text of a brief (brief.h), line by line in an arena.
#pragma once

struct arena;

// Appends to a text in the arena.
void brief_add(struct arena *arena, char **text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
