// One's own customers and open deals in the copy, kept by change cursor (copy_set.h): what did not
// change is not sent again.
#pragma once

#include "tiejun/v1/customer.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct copy;
struct session;
struct session_error;

// Brings them up to date. False when the session broke, the daemon refused or the copy cannot be
// written; what came before is kept, and the next time goes on from there.
bool own_sets_renew(struct copy *copy, struct session *session, struct session_error *error);

// When both were last up to date (copy_set.h). False when they never were.
bool own_sets_came(struct copy *copy, int64_t *came_ns);

// In the arena, in the order of the methods that list them; NULL when there are none yet.
Tiejun__V1__CustomerServiceListResponse *kept_customers(struct copy *copy, struct arena *arena,
                                                        int64_t *came_ns);
Tiejun__V1__DealServiceListResponse *kept_deals(struct copy *copy, struct arena *arena,
                                                int64_t *came_ns);
