#include "client/lib/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 40

int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int width = columns ? (int)strtol(columns, NULL, 10) : 0;
    if (width <= 0 && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = WIDTH_DEFAULT;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width;
}

bool terminal_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(refused && *refused) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static const char *const escapes[] = {
    [TABLE_PLAIN] = "\033[0m", [TABLE_GOOD] = "\033[32m", [TABLE_BAD] = "\033[31m",
    [TABLE_WARN] = "\033[33m", [TABLE_DIM] = "\033[2m",   [TABLE_BOLD] = "\033[1m",
};

const char *terminal_escape(enum table_colour colour)
{
    return terminal_colour() ? escapes[colour] : "";
}
