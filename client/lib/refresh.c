#include "client/lib/refresh.h"

#include "client/lib/pages.h"
#include "client/lib/session.h"
#include "common/arena.h"
#include "common/date.h"

#include <stdlib.h>

#define WHOAMI "tiejun.v1.SessionService.WhoAmI"
#define DAY "tiejun.v1.FactService.ShowDay"
#define CUSTOMERS "tiejun.v1.CustomerService.List"
#define DEALS "tiejun.v1.DealService.List"

// An answer is kept under a request that is the same whoever asks: without one's own name, and
// without pages.
static const Tiejun__V1__SessionServiceWhoAmIRequest whoami_key =
    TIEJUN__V1__SESSION_SERVICE_WHO_AM_IREQUEST__INIT;
static const Tiejun__V1__FactServiceShowDayRequest last_day_key =
    TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
static const Tiejun__V1__CustomerServiceListRequest customers_key =
    TIEJUN__V1__CUSTOMER_SERVICE_LIST_REQUEST__INIT;
static const Tiejun__V1__DealServiceListRequest deals_key =
    TIEJUN__V1__DEAL_SERVICE_LIST_REQUEST__INIT;

struct refresh {
    struct copy *copy;
    struct session *session;
    struct arena *arena;
    struct session_error *error;
};

static ProtobufCMessage *call(void *context, const char *method, const ProtobufCMessage *request)
{
    struct refresh *refresh = context;
    ProtobufCMessage *response = NULL;
    if (session_call(refresh->session, method, request, refresh->arena, &response,
                     refresh->error) != SESSION_OK)
        return NULL;
    return response;
}

static Tiejun__V1__SessionServiceWhoAmIResponse *fetch_self(struct refresh *refresh)
{
    ProtobufCMessage *self = call(refresh, WHOAMI, &whoami_key.base);
    if (self)
        copy_put(refresh->copy, WHOAMI, &whoami_key.base, self);
    return (Tiejun__V1__SessionServiceWhoAmIResponse *)self;
}

// What a morning begins with.
static bool fetch_day_before(struct refresh *refresh, const char *today)
{
    date_day day;
    char yesterday[DATE_TEXT_SIZE];
    Tiejun__V1__FactServiceShowDayRequest request = TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
    if (!today || !date_parse(today, &day) || day == DATE_MIN)
        return true;
    date_format(day - 1, yesterday);
    request.date = yesterday;
    ProtobufCMessage *response = call(refresh, DAY, &request.base);
    if (response)
        copy_put(refresh->copy, DAY, &request.base, response);
    return response != NULL;
}

static bool fetch_day(struct refresh *refresh)
{
    Tiejun__V1__FactServiceShowDayRequest of_date = TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
    Tiejun__V1__FactServiceShowDayResponse *day =
        (Tiejun__V1__FactServiceShowDayResponse *)call(refresh, DAY, &last_day_key.base);
    if (!day)
        return false;
    of_date.date = day->date;
    copy_put(refresh->copy, DAY, &of_date.base, &day->base);
    copy_put(refresh->copy, DAY, &last_day_key.base, &day->base);
    return true;
}

static bool fetch_customers(struct refresh *refresh, char *person)
{
    Tiejun__V1__CustomerServiceListRequest request = customers_key;
    request.person = person;
    ProtobufCMessage *customers =
        pages_gather(call, refresh, refresh->arena, CUSTOMERS, &request.base, REFRESH_ROWS_MOST);
    if (customers)
        copy_put(refresh->copy, CUSTOMERS, &customers_key.base, customers);
    return customers != NULL;
}

static bool fetch_deals(struct refresh *refresh, char *person)
{
    Tiejun__V1__DealServiceListRequest request = deals_key;
    request.person = person;
    ProtobufCMessage *deals =
        pages_gather(call, refresh, refresh->arena, DEALS, &request.base, REFRESH_ROWS_MOST);
    if (deals)
        copy_put(refresh->copy, DEALS, &deals_key.base, deals);
    return deals != NULL;
}

static bool refresh_some(struct copy *copy, struct session *session, struct session_error *error,
                         bool all)
{
    struct refresh refresh = {copy, session, arena_new(SESSION_ARENA_BUDGET), error};
    if (!refresh.arena)
        abort();
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = fetch_self(&refresh);
    bool done = self && fetch_day(&refresh);
    if (done && all)
        done = fetch_day_before(&refresh, self->today) && fetch_customers(&refresh, self->person) &&
               fetch_deals(&refresh, self->person);
    arena_free(refresh.arena);
    return done;
}

bool refresh_copy(struct copy *copy, struct session *session, struct session_error *error)
{
    return refresh_some(copy, session, error, true);
}

bool refresh_day(struct copy *copy, struct session *session, struct session_error *error)
{
    return refresh_some(copy, session, error, false);
}

// ---- what is kept ----

Tiejun__V1__SessionServiceWhoAmIResponse *kept_self(struct copy *copy, struct arena *arena,
                                                    int64_t *came_ns)
{
    return (Tiejun__V1__SessionServiceWhoAmIResponse *)copy_get(copy, WHOAMI, &whoami_key.base,
                                                                arena, came_ns);
}

Tiejun__V1__FactServiceShowDayResponse *kept_day(struct copy *copy, struct arena *arena,
                                                 const char *date, int64_t *came_ns)
{
    Tiejun__V1__FactServiceShowDayRequest key = last_day_key;
    key.date = (char *)date;
    return (Tiejun__V1__FactServiceShowDayResponse *)copy_get(copy, DAY, &key.base, arena, came_ns);
}

Tiejun__V1__CustomerServiceListResponse *kept_customers(struct copy *copy, struct arena *arena,
                                                        int64_t *came_ns)
{
    return (Tiejun__V1__CustomerServiceListResponse *)copy_get(copy, CUSTOMERS, &customers_key.base,
                                                               arena, came_ns);
}

Tiejun__V1__DealServiceListResponse *kept_deals(struct copy *copy, struct arena *arena,
                                                int64_t *came_ns)
{
    return (Tiejun__V1__DealServiceListResponse *)copy_get(copy, DEALS, &deals_key.base, arena,
                                                           came_ns);
}
