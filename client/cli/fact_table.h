// Facts as rows of a table, for a day and for drill-down.
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

// What to leave out of the screen: the day and the person where they are all the same, ids where
// nobody asked for them.
struct fact_table_style {
    bool hide_date;
    bool hide_person;
    bool show_ids;
};

struct table *fact_table(Tiejun__V1__FactRecord *const *facts, size_t count,
                         struct fact_table_style style);
