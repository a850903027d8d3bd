// Rows and columns on a terminal, or as CSV.
//
// A table is filled cell by cell and printed once. On the screen it fits the terminal's width (80
// columns where there is no terminal): columns that may shrink give way. As CSV (RFC 4180, LF) it
// has plain values and the columns' keys as its first line, whatever the language.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct table;

enum table_flag {
    // Numbers.
    TABLE_RIGHT = 1 << 0,
    // Gives way by being cut off.
    TABLE_TRUNCATE = 1 << 1,
    // Gives way by taking several lines.
    TABLE_WRAP = 1 << 2,
    // Carries the branches of a tree (table_add_child).
    TABLE_TREE = 1 << 3,
    // Bars and sparklines, which mean nothing in a file.
    TABLE_SCREEN_ONLY = 1 << 4,
    // What would not fit on a screen.
    TABLE_CSV_ONLY = 1 << 5,
    // Left out of the screen when no cell of it has a text.
    TABLE_IF_ANY = 1 << 6,
    // Left out of the screen where there is no room for it, the last such column first.
    TABLE_DROP = 1 << 7,
};

struct table_column {
    // Column name in CSV: "from_date".
    const char *key;
    // Header on the screen, N_().
    const char *header;
    unsigned flags;
};

enum table_colour { TABLE_PLAIN, TABLE_GOOD, TABLE_BAD, TABLE_WARN, TABLE_DIM, TABLE_BOLD };

// columns are ended by an entry whose key is NULL and must stay for as long as the table. Ends the
// program when memory is short, as the other functions do.
struct table *table_new(const struct table_column *columns);
void table_free(struct table *table);

// Returns the row's number, from 0.
size_t table_add(struct table *table);
size_t table_add_child(struct table *table, size_t parent);

// A line of dashes and below it a row that says "total" in the given column; fill in the rest of
// it. Returns its number. Totals are not in CSV, where they would be counted twice.
size_t table_add_total(struct table *table, size_t column);

// Texts are copied. column counts from 0 in the order of the columns; a NULL text is an empty cell.
void table_set(struct table *table, size_t row, size_t column, const char *text);
// raw: what CSV has in its place, such as a number without separators.
void table_set_raw(struct table *table, size_t row, size_t column, const char *text,
                   const char *raw);
// "1,234,567"; 1234567 in CSV.
void table_set_count(struct table *table, size_t row, size_t column, int64_t count);
// "1,234.56", without the currency; 1234.56 in CSV. "1,234" where all amounts that a table shows on
// the screen are whole. Without a currency, a plain count.
void table_set_money(struct table *table, size_t row, size_t column, int64_t minor,
                     const char *currency);
// The same within words: format has one %s, for the amount.
void table_set_money_words(struct table *table, size_t row, size_t column, const char *format,
                           int64_t minor, const char *currency);
// Leaves a cell out of the screen; CSV keeps it.
void table_hide(struct table *table, size_t row, size_t column);
// "82.5%" of 825; 0.825 in CSV.
void table_set_percent(struct table *table, size_t row, size_t column, int64_t milli);
// Only seen on a terminal, and not with NO_COLOR.
void table_set_colour(struct table *table, size_t row, size_t column, enum table_colour colour);

size_t table_rows(const struct table *table);

void table_print(struct table *table, FILE *stream);
void table_print_csv(struct table *table, FILE *stream);

// Columns of this terminal, at least 40; 80 where there is none. $COLUMNS goes first.
int terminal_width(void);
// Whether standard output is a terminal that is to be coloured.
bool terminal_colour(void);
// Escape sequence that begins a colour, "" where terminal_colour is false; TABLE_PLAIN ends it.
const char *terminal_escape(enum table_colour colour);
