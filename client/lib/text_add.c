#include "client/lib/text_add.h"

#include "common/arena.h"

#include <stdio.h>
#include <stdlib.h>

void text_add_list(struct arena *arena, char **text, const char *format, va_list arguments)
{
    char *more = NULL;
    int length = vasprintf(&more, format, arguments);
    char *joined = length < 0 ? NULL : arena_printf(arena, "%s%s", *text, more);
    free(more);
    if (!joined)
        abort();
    *text = joined;
}

void text_add(struct arena *arena, char **text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_add_list(arena, text, format, arguments);
    va_end(arguments);
}
