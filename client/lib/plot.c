#include "client/lib/plot.h"

#include <stdlib.h>
#include <string.h>

#define DOTS_WIDE 2
#define DOTS_HIGH 4

struct plot {
    int columns;
    int rows;
    // A bit for each dot of a cell, as Unicode numbers them from U+2800 on.
    unsigned char *cells;
};

struct plot *plot_new(int columns, int rows)
{
    struct plot *plot = calloc(1, sizeof *plot);
    if (!plot)
        abort();
    *plot = (struct plot){.columns = columns, .rows = rows};
    plot->cells = calloc((size_t)columns * (size_t)rows, 1);
    if (!plot->cells)
        abort();
    return plot;
}

void plot_free(struct plot *plot)
{
    if (plot)
        free(plot->cells);
    free(plot);
}

static void set_dot(struct plot *plot, int x, int y)
{
    static const unsigned char bits[DOTS_HIGH][DOTS_WIDE] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int from_top = plot->rows * DOTS_HIGH - 1 - y;
    plot->cells[from_top / DOTS_HIGH * plot->columns + x / DOTS_WIDE] |=
        bits[from_top % DOTS_HIGH][x % DOTS_WIDE];
}

// A coordinate as one of so many dots, halves up.
static int dot_of(int64_t coordinate, int dots)
{
    int64_t inside = coordinate < 0 ? 0 : coordinate > PLOT_SIDE ? PLOT_SIDE : coordinate;
    return (int)((inside * (dots - 1) + PLOT_SIDE / 2) / PLOT_SIDE);
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

// Bresenham's line.
void plot_line(struct plot *plot, int64_t x_from, int64_t y_from, int64_t x_to, int64_t y_to,
               int every)
{
    int x = dot_of(x_from, plot->columns * DOTS_WIDE);
    int y = dot_of(y_from, plot->rows * DOTS_HIGH);
    int x_end = dot_of(x_to, plot->columns * DOTS_WIDE);
    int y_end = dot_of(y_to, plot->rows * DOTS_HIGH);
    int wide = abs(x_end - x);
    int high = abs(y_end - y);
    int x_step = sign(x_end - x);
    int y_step = sign(y_end - y);
    int error = wide - high;
    for (;;) {
        if (x % every == 0)
            set_dot(plot, x, y);
        if (x == x_end && y == y_end)
            return;
        int twice = 2 * error;
        if (twice > -high) {
            error -= high;
            x += x_step;
        }
        if (twice < wide) {
            error += wide;
            y += y_step;
        }
    }
}

char *plot_row(const struct plot *plot, int row, char *out, size_t size)
{
    size_t length = 0;
    for (int column = 0; column < plot->columns && length + 3 < size; column++) {
        // U+2800 and the dots, in UTF-8.
        unsigned dots = plot->cells[row * plot->columns + column];
        out[length++] = (char)0xE2;
        out[length++] = (char)(0xA0 | dots >> 6);
        out[length++] = (char)(0x80 | (dots & 0x3F));
    }
    out[length] = '\0';
    return out;
}
