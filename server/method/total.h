// What work adds to the totals: of its person, its unit and its office, on its day and in its
// month. The rows come in the order of the table's key, in which all that write it lock.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOTAL_DATE_SIZE = sizeof "YYYY-MM-DD", TOTAL_MOVES_OF_ONE = 6 };

// One figure of one fact. Strings are borrowed; date is YYYY-MM-DD, currency "" where the metric is
// no money. amount is 1 for what is counted, else minor units.
struct total_work {
    int64_t office_id;
    int64_t unit_id;
    int64_t person_id;
    const char *date;
    const char *metric;
    const char *currency;
    int64_t amount;
    bool effective;
};

// scope: 'o' an office, 'p' a person, 'u' a unit; grain: 'd' a day, 'm' a month, by its first day.
struct total_move {
    int64_t office_id;
    int64_t scope_id;
    int64_t done;
    int64_t effective;
    const char *metric;
    const char *currency;
    char scope;
    char grain;
    char date[TOTAL_DATE_SIZE];
};

// Fills moves, which has room for TOTAL_MOVES_OF_ONE of each of the n works, with one row for each
// key, and gives their number. 0 when a sum leaves int64 or a date is none.
size_t total_moves(const struct total_work *works, size_t n, struct total_move *moves);
