#include "client/lib/own_sets.h"

#include "client/lib/copy.h"
#include "client/lib/copy_set.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "common/arena.h"

#include <stdlib.h>

#define PAGE_SIZE 1000

// ---- customers ----

static ProtobufCMessage *ask_customers(char *cursor, struct arena *arena)
{
    Tiejun__V1__CustomerServiceChangesRequest *request = arena_alloc(arena, sizeof *request);
    if (!request)
        abort();
    tiejun__v1__customer_service_changes_request__init(request);
    request->since = cursor;
    request->has_page_size = true;
    request->page_size = PAGE_SIZE;
    return &request->base;
}

static bool customer_page(const ProtobufCMessage *answer, struct arena *arena,
                          struct copy_page *page)
{
    const Tiejun__V1__CustomerServiceChangesResponse *came = (const void *)answer;
    struct copy_row *rows = arena_alloc(arena, (came->n_customers + 1) * sizeof *rows);
    for (size_t i = 0; rows && i < came->n_customers; i++) {
        Tiejun__V1__CustomerRecord *customer = came->customers[i];
        rows[i] = (struct copy_row){or_empty(customer->key), customer->part, &customer->base};
        // Of the way here, not of the customer.
        customer->key = NULL;
        customer->has_part = false;
    }
    *page = (struct copy_page){rows,        came->n_customers, came->parts, came->n_parts,
                               came->whole, came->next_cursor, came->more};
    return rows != NULL;
}

// ---- deals ----

static ProtobufCMessage *ask_deals(char *cursor, struct arena *arena)
{
    Tiejun__V1__DealServiceChangesRequest *request = arena_alloc(arena, sizeof *request);
    if (!request)
        abort();
    tiejun__v1__deal_service_changes_request__init(request);
    request->since = cursor;
    request->has_page_size = true;
    request->page_size = PAGE_SIZE;
    return &request->base;
}

static bool deal_page(const ProtobufCMessage *answer, struct arena *arena, struct copy_page *page)
{
    const Tiejun__V1__DealServiceChangesResponse *came = (const void *)answer;
    struct copy_row *rows = arena_alloc(arena, (came->n_deals + 1) * sizeof *rows);
    for (size_t i = 0; rows && i < came->n_deals; i++) {
        Tiejun__V1__DealRecord *deal = came->deals[i];
        // The latest first, as they are listed.
        const char *key =
            arena_printf(arena, "%s/%s", or_empty(deal->opened_on), or_empty(deal->id));
        rows[i] = (struct copy_row){or_empty(key), deal->part, &deal->base};
        deal->has_part = false;
    }
    *page = (struct copy_page){rows,        came->n_deals,     came->parts, came->n_parts,
                               came->whole, came->next_cursor, came->more};
    return rows != NULL;
}

// ---- both ----

static const struct {
    const char *name;
    const char *method;
    // Asks for what comes after the cursor.
    ProtobufCMessage *(*ask)(char *cursor, struct arena *arena);
    // What of that an answer brings, in the arena. False when memory is short.
    bool (*page)(const ProtobufCMessage *answer, struct arena *arena, struct copy_page *page);
} sets[] = {
    [OWN_CUSTOMERS] = {"customer", "tiejun.v1.CustomerService.Changes", ask_customers,
                       customer_page},
    [OWN_DEALS] = {"deal", "tiejun.v1.DealService.Changes", ask_deals, deal_page},
};

const ProtobufCMessage *own_set_ask(struct copy *copy, enum own_set set, struct arena *arena,
                                    const char **method)
{
    *method = sets[set].method;
    return sets[set].ask(copy_set_cursor(copy, sets[set].name, arena), arena);
}

bool own_set_take(struct copy *copy, enum own_set set, const ProtobufCMessage *answer, bool *more)
{
    struct copy_page page;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    if (!arena)
        abort();
    bool taken = sets[set].page(answer, arena, &page) && copy_set_take(copy, sets[set].name, &page);
    *more = taken && page.more;
    arena_free(arena);
    return taken;
}

// ---- what is kept ----

bool own_sets_came(struct copy *copy, int64_t *came_ns)
{
    int64_t deals;
    if (!copy_set_came(copy, sets[OWN_CUSTOMERS].name, came_ns) ||
        !copy_set_came(copy, sets[OWN_DEALS].name, &deals))
        return false;
    *came_ns = deals < *came_ns ? deals : *came_ns;
    return true;
}

Tiejun__V1__CustomerServiceListResponse *kept_customers(struct copy *copy, struct arena *arena,
                                                        int64_t *came_ns)
{
    Tiejun__V1__CustomerServiceListResponse *kept = arena_alloc(arena, sizeof *kept);
    if (!kept)
        abort();
    tiejun__v1__customer_service_list_response__init(kept);
    return copy_set_came(copy, sets[OWN_CUSTOMERS].name, came_ns) &&
                   copy_set_rows(copy, sets[OWN_CUSTOMERS].name, false,
                                 &tiejun__v1__customer_record__descriptor, arena,
                                 (ProtobufCMessage ***)&kept->customers, &kept->n_customers)
               ? kept
               : NULL;
}

Tiejun__V1__DealServiceListResponse *kept_deals(struct copy *copy, struct arena *arena,
                                                int64_t *came_ns)
{
    Tiejun__V1__DealServiceListResponse *kept = arena_alloc(arena, sizeof *kept);
    if (!kept)
        abort();
    tiejun__v1__deal_service_list_response__init(kept);
    return copy_set_came(copy, sets[OWN_DEALS].name, came_ns) &&
                   copy_set_rows(copy, sets[OWN_DEALS].name, true,
                                 &tiejun__v1__deal_record__descriptor, arena,
                                 (ProtobufCMessage ***)&kept->deals, &kept->n_deals)
               ? kept
               : NULL;
}
