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

// Ends the program when memory is short.
void *table_must(void *memory);
