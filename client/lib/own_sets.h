// One's own customers and open deals in the copy, kept by change cursor (copy_set.h): what did not
// change is not sent again.
#pragma once

#include "tiejun/v1/customer.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct copy;

enum own_set { OWN_CUSTOMERS, OWN_DEALS };

// The request for what has changed in one of them since it was last asked, in the arena, and its
// method.
const ProtobufCMessage *own_set_ask(struct copy *copy, enum own_set set, struct arena *arena,
                                    const char **method);
// Takes the answer in; more: another one has to be asked for. False when it cannot be kept; what
// came before is, and the next time goes on from there.
bool own_set_take(struct copy *copy, enum own_set set, const ProtobufCMessage *answer, bool *more);

// When both were last up to date (copy_set.h). False when they never were.
bool own_sets_came(struct copy *copy, int64_t *came_ns);

// In the arena, in the order of the methods that list them; NULL when there are none yet.
Tiejun__V1__CustomerServiceListResponse *kept_customers(struct copy *copy, struct arena *arena,
                                                        int64_t *came_ns);
Tiejun__V1__DealServiceListResponse *kept_deals(struct copy *copy, struct arena *arena,
                                                int64_t *came_ns);
