#include "client/cli/say.h"

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/lib/words.h"
#include "common/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Control characters of whoever wrote a text must not reach the terminal.
static void print_clean(FILE *stream, const char *text, size_t length)
{
    while (length > 0) {
        uint32_t character;
        size_t size = utf8_decode(text, length, &character);
        if (size == 0 || text_drives_terminal(character))
            fputc('?', stream);
        else
            fwrite(text, 1, size, stream);
        text += size ? size : 1;
        length -= size ? size : 1;
    }
}

static void print_line(const char *text, size_t length, enum table_colour colour)
{
    if (colour != TABLE_PLAIN)
        fputs(terminal_escape(colour), stdout);
    print_clean(stdout, text, length);
    if (colour != TABLE_PLAIN)
        fputs(terminal_escape(TABLE_PLAIN), stdout);
    fputc('\n', stdout);
}

static void print_wrapped(const char *text, enum table_colour colour)
{
    int width = terminal_width();
    if (!*text)
        fputc('\n', stdout);
    while (*text) {
        size_t length = text_line(text, width);
        if (length == 0)
            break;
        print_line(text, length, colour);
        text += length;
        text += strspn(text, " ");
    }
}

static void say_list(const struct context *context, enum table_colour colour, const char *format,
                     va_list arguments)
{
    char *text = NULL;
    if (context_mode(context) != OUTPUT_TABLE || vasprintf(&text, format, arguments) < 0)
        return;
    print_wrapped(text, colour);
    free(text);
}

void say(const struct context *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_list(context, TABLE_PLAIN, format, arguments);
    va_end(arguments);
}

void say_in(const struct context *context, enum table_colour colour, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_list(context, colour, format, arguments);
    va_end(arguments);
}

void say_whole(const struct context *context, enum table_colour colour, const char *text)
{
    if (context_mode(context) != OUTPUT_TABLE)
        return;
    print_line(text, strlen(text), colour);
}

// A line of standard error after a mark; on a terminal broken at its width, the rest two columns
// in.
static void complain_line(const char *mark, const char *text)
{
    bool broken = isatty(STDERR_FILENO) == 1;
    int width = terminal_width();
    int start = text_width(mark);
    fputs(mark, stderr);
    while (*text) {
        size_t length = broken ? text_line(text, width - start) : strlen(text);
        if (length == 0)
            length = strlen(text);
        print_clean(stderr, text, length);
        text += length;
        text += strspn(text, " ");
        start = 2;
        if (*text)
            fputs("\n  ", stderr);
    }
    fputc('\n', stderr);
}

static void complain_list(const char *hint, const char *format, va_list arguments)
{
    char *text = NULL;
    fflush(stdout);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    complain_line("tiejun: ", text);
    free(text);
    if (hint && *hint)
        complain_line("  ", hint);
}

void refuse_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(NULL, format, arguments);
    va_end(arguments);
    exit(COMMAND_USAGE);
}

void refuse(const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(hint, format, arguments);
    va_end(arguments);
    exit(COMMAND_REFUSED);
}

void complain(const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(hint, format, arguments);
    va_end(arguments);
}

void say_more(const struct context *context, const char *next_cursor)
{
    if (next_cursor && *next_cursor)
        say_in(context, TABLE_DIM, _("There are more; --limit N shows more rows."));
}
