// The help that options.h prints.
#include "common/options.h"

#include "common/i18n.h"
#include "common/text.h"

#include <string.h>

#define SCREEN_COLUMNS 80
// An option that is wider gets its help on the next line.
#define LEFT_COLUMNS_MAX 30
#define GAP 2
#define LEFT_SIZE 256

// "  -u, --unit=UNIT"
static int left_part(const struct option_spec *spec, char *out, size_t size)
{
    char letter[5] = "    ";
    if (spec->letter)
        snprintf(letter, sizeof letter, "-%c, ", spec->letter);
    snprintf(out, size, "  %s--%s%s%s", letter, spec->name, spec->argument ? "=" : "",
             spec->argument ? _(spec->argument) : "");
    return text_width(out);
}

static int help_column(const struct option_spec *specs)
{
    char left[LEFT_SIZE];
    int widest = 0;
    for (; specs->name; specs++) {
        int width = left_part(specs, left, sizeof left);
        if (width > widest && width <= LEFT_COLUMNS_MAX)
            widest = width;
    }
    return widest + GAP;
}

static void print_help(FILE *stream, const char *help, int column, int at)
{
    if (at + GAP > column) {
        fputc('\n', stream);
        at = 0;
    }
    do {
        size_t size = text_line(help, SCREEN_COLUMNS - column);
        fprintf(stream, "%*s%.*s\n", column - at, "", (int)size, help);
        help += size + strspn(help + size, " ");
        at = 0;
    } while (*help);
}

void options_print(FILE *stream, const struct option_spec *specs)
{
    int column = help_column(specs);
    for (; specs->name; specs++) {
        char left[LEFT_SIZE];
        int width = left_part(specs, left, sizeof left);
        fputs(left, stream);
        print_help(stream, specs->help && *specs->help ? _(specs->help) : "", column, width);
    }
}
