// Facts as rows of a table, for a day and for drill-down.
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

// What to leave out of the screen: the day and the person where they are all the same; much of the
// rest where whole ids are asked for, which leave no room.
struct fact_table_style {
    bool hide_date;
    bool hide_person;
    bool whole_ids;
    // They wait for an approval (domain.md 3.4): there is no verdict to show.
    bool pending;
};

struct table *fact_table(Tiejun__V1__FactRecord *const *facts, size_t count,
                         struct fact_table_style style);
