// Customers without the daemon: one's own, from the copy. Each function says as of when what it
// gives is, and ends the program with COMMAND_UNREACHABLE, after saying what error has, when the
// copy does not hold what is asked for.
#pragma once

#include "tiejun/v1/customer.pb-c.h"

#include <stdint.h>

struct context;
struct session_error;

// By grade and part of the name; of oneself, whoever else the request names.
Tiejun__V1__CustomerServiceListResponse *
customers_from_copy(struct context *context, const Tiejun__V1__CustomerServiceListRequest *request,
                    int64_t limit, const struct session_error *error);

// By name, in any case of its letters; with its open deals.
Tiejun__V1__CustomerServiceShowResponse *
customer_from_copy(struct context *context, const Tiejun__V1__CustomerServiceShowRequest *request,
                   const struct session_error *error);
