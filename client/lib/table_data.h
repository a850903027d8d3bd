// What a table is inside; for table.c, which fills and writes it, and table_screen.c, which draws
// it.
#pragma once

#include "client/lib/table.h"

#define TABLE_NO_PARENT ((size_t)-1)

struct table_cell {
    char *text;
    // NULL: as text.
    char *raw;
    enum table_colour colour;
    // Where the decimals of an amount of money are in text, with their point; size 0: there are
    // none.
    size_t decimals_at;
    size_t decimals_size;
};

struct table_row {
    struct table_cell *cells;
    size_t parent;
    // A line of dashes.
    bool rule;
    bool total;
};

struct table {
    const struct table_column *columns;
    size_t column_count;
    struct table_row *rows;
    size_t row_count;
    size_t row_capacity;
};

// Takes the decimals off the screen's amounts where not one of them has a fraction: ".00" on every
// line tells nothing.
void table_drop_decimals(struct table *table);

// Ends the program when memory is short.
void *table_must(void *memory);
