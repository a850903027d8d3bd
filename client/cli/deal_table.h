// Deals as rows of a table.
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/customer.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

struct deal_table_style {
    bool hide_customer;
    // Short ones if not; the whole ones leave room for little else.
    bool whole_ids;
};

struct table *deal_table(Tiejun__V1__DealRecord *const *deals, size_t count,
                         struct deal_table_style style);
