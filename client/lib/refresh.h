// Fills the copy (copy.h) with what a person needs without the centre: who one is, today and the
// day before against the standard, one's own customers and open deals. These are small sets, and
// are asked for whole.
#pragma once

#include "client/lib/copy.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct session;
struct session_error;

// Own customers and deals that are kept at most; who has more sees the first of them.
#define REFRESH_ROWS_MOST 5000

// Asks for all of it. False when the session broke or the daemon refused; what came before is kept.
bool refresh_copy(struct copy *copy, struct session *session, struct session_error *error);
// Who one is and today alone.
bool refresh_day(struct copy *copy, struct session *session, struct session_error *error);

// What is kept, in the arena, with when it came (copy.h); NULL when there is none.
Tiejun__V1__SessionServiceWhoAmIResponse *kept_self(struct copy *copy, struct arena *arena,
                                                    int64_t *came_ns);
// Of that day; NULL: the last one there is.
Tiejun__V1__FactServiceShowDayResponse *kept_day(struct copy *copy, struct arena *arena,
                                                 const char *date, int64_t *came_ns);
Tiejun__V1__CustomerServiceListResponse *kept_customers(struct copy *copy, struct arena *arena,
                                                        int64_t *came_ns);
Tiejun__V1__DealServiceListResponse *kept_deals(struct copy *copy, struct arena *arena,
                                                int64_t *came_ns);
