#include "client/lib/own_sets.h"

#include "client/lib/copy.h"
#include "client/lib/copy_set.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "common/arena.h"

#include <stdlib.h>

#define CUSTOMERS "customer"
#define DEALS "deal"
#define PAGE_SIZE 1000
// Pages of one renewal at most: of a set that changes faster than it is read the rest comes later.
#define PAGES_MOST 100

// Asks for what comes after the cursor, and says in page, in the arena, what came.
typedef bool fetch_page(struct session *session, char *cursor, struct arena *arena,
                        struct copy_page *page, struct session_error *error);

static bool fetch_customers(struct session *session, char *cursor, struct arena *arena,
                            struct copy_page *page, struct session_error *error)
{
    ProtobufCMessage *answer = NULL;
    Tiejun__V1__CustomerServiceChangesRequest request =
        TIEJUN__V1__CUSTOMER_SERVICE_CHANGES_REQUEST__INIT;
    request.since = cursor;
    request.has_page_size = true;
    request.page_size = PAGE_SIZE;
    if (session_call(session, "tiejun.v1.CustomerService.Changes", &request.base, arena, &answer,
                     error) != SESSION_OK)
        return false;
    const Tiejun__V1__CustomerServiceChangesResponse *came = (void *)answer;
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

static bool fetch_deals(struct session *session, char *cursor, struct arena *arena,
                        struct copy_page *page, struct session_error *error)
{
    ProtobufCMessage *answer = NULL;
    Tiejun__V1__DealServiceChangesRequest request = TIEJUN__V1__DEAL_SERVICE_CHANGES_REQUEST__INIT;
    request.since = cursor;
    request.has_page_size = true;
    request.page_size = PAGE_SIZE;
    if (session_call(session, "tiejun.v1.DealService.Changes", &request.base, arena, &answer,
                     error) != SESSION_OK)
        return false;
    const Tiejun__V1__DealServiceChangesResponse *came = (void *)answer;
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

// One page; more says whether others follow.
static bool take_page(struct copy *copy, struct session *session, const char *set,
                      fetch_page *fetch, bool *more, struct session_error *error)
{
    struct copy_page page;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    if (!arena)
        abort();
    bool came = fetch(session, copy_set_cursor(copy, set, arena), arena, &page, error);
    bool taken = came && copy_set_take(copy, set, &page);
    if (came && !taken)
        copy_say_unwritten(error);
    *more = taken && page.more;
    arena_free(arena);
    return taken;
}

static bool renew(struct copy *copy, struct session *session, const char *set, fetch_page *fetch,
                  struct session_error *error)
{
    bool more = true;
    bool good = true;
    for (int i = 0; good && more && i < PAGES_MOST; i++)
        good = take_page(copy, session, set, fetch, &more, error);
    return good;
}

bool own_sets_renew(struct copy *copy, struct session *session, struct session_error *error)
{
    return renew(copy, session, CUSTOMERS, fetch_customers, error) &&
           renew(copy, session, DEALS, fetch_deals, error);
}

// ---- what is kept ----

bool own_sets_came(struct copy *copy, int64_t *came_ns)
{
    int64_t deals;
    if (!copy_set_came(copy, CUSTOMERS, came_ns) || !copy_set_came(copy, DEALS, &deals))
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
    return copy_set_came(copy, CUSTOMERS, came_ns) &&
                   copy_set_rows(copy, CUSTOMERS, false, &tiejun__v1__customer_record__descriptor,
                                 arena, (ProtobufCMessage ***)&kept->customers, &kept->n_customers)
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
    return copy_set_came(copy, DEALS, came_ns) &&
                   copy_set_rows(copy, DEALS, true, &tiejun__v1__deal_record__descriptor, arena,
                                 (ProtobufCMessage ***)&kept->deals, &kept->n_deals)
               ? kept
               : NULL;
}
