// Lines of a roll-up as a table: effective, target, attainment, pace, trend (domain.md 2.8, 4.6).
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/report.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

// Rows are collected first: whether amounts need decimals, and whether what was done but not
// effective needs a column, is only known from all of them.
struct rollup_table {
    // The lines are called by their metrics instead of their groups.
    bool name_by_metric;
    // The lines are times: each with its working days.
    bool show_days;
    const Tiejun__V1__RollupRow **rows;
    size_t count;
};

struct rollup_table rollup_table_new(void);
// Whoever has reached most of the target comes first; equal ones by what they did, then by name.
void rollup_sort(Tiejun__V1__RollupRow **rows, size_t count);
// Whether days of the row's range are still to come.
bool rollup_under_way(const Tiejun__V1__RollupRow *row);
void rollup_table_take(struct rollup_table *rollup, const Tiejun__V1__RollupRow *row);

// Makes the table, with the total below it unless that is NULL, and releases the rows.
struct table *rollup_table_finish(struct rollup_table *rollup, const Tiejun__V1__RollupRow *total);
