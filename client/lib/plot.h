// A small drawing of lines in braille characters, each a cell of 2 by 4 dots.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plot;

// The side of a plot: points have coordinates from 0 to PLOT_SIDE, from the lower left corner.
// Those beyond are drawn on the edge.
#define PLOT_SIDE 100000

// Ends the program when memory is short. Free with plot_free.
struct plot *plot_new(int columns, int rows);
void plot_free(struct plot *plot);

// every: 1 draws all dots of the line, 3 every third column of dots.
void plot_line(struct plot *plot, int64_t x_from, int64_t y_from, int64_t x_to, int64_t y_to,
               int every);

// One row of characters, 0 the uppermost; returns out.
char *plot_row(const struct plot *plot, int row, char *out, size_t size);
