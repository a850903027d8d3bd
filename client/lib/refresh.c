#include "client/lib/refresh.h"

#include "client/lib/own_sets.h"
#include "client/lib/session.h"
#include "common/arena.h"
#include "common/date.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdlib.h>

#define WHOAMI "tiejun.v1.SessionService.WhoAmI"
#define DAY "tiejun.v1.FactService.ShowDay"
#define PACE "tiejun.v1.PaceService.Show"
#define ROLLUP "tiejun.v1.ReportService.Rollup"

// An answer is kept under a request that is the same whoever asks: without one's own name.
static const Tiejun__V1__SessionServiceWhoAmIRequest whoami_key =
    TIEJUN__V1__SESSION_SERVICE_WHO_AM_IREQUEST__INIT;
static const Tiejun__V1__FactServiceShowDayRequest last_day_key =
    TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
static const Tiejun__V1__PaceServiceShowRequest pace_key =
    TIEJUN__V1__PACE_SERVICE_SHOW_REQUEST__INIT;

// Of a set that changes faster than it is read, the rest comes the next time.
#define PAGES_MOST 100
// Of days before yesterday; a long holiday passes.
#define KEPT_DAYS 14

// What is asked for in turn. Each is asked when those before it are answered: they say who one is
// and which day it is.
struct step {
    // Fills in what to ask; false when this person has no such thing.
    bool (*ask)(struct refresh *refresh);
    // Keeps the answer, NULL when the one that is kept holds still. False when it cannot be kept.
    bool (*take)(struct refresh *refresh, const ProtobufCMessage *response);
    // Not everybody has it: no target, no unit, no one rate. What is refused is left out, unless it
    // may be had in a moment.
    bool if_there;
};

struct refresh {
    struct copy *copy;
    // For as long as the refresh lasts.
    struct arena *arena;
    const struct step *step;
    const struct step *end;
    const Tiejun__V1__SessionServiceWhoAmIResponse *self;
    struct refresh_call call;
    struct session_digest digest;
    // Of the set that is being read.
    int pages;
};

// An answer that is kept under its request.
static bool ask_kept(struct refresh *refresh, const char *method, const ProtobufCMessage *request)
{
    copy_digest(refresh->copy, method, request, &refresh->digest);
    refresh->call = (struct refresh_call){method, request, &refresh->digest};
    return true;
}

static bool take_kept(struct refresh *refresh, const ProtobufCMessage *response)
{
    const struct refresh_call *call = &refresh->call;
    if (response)
        copy_put(refresh->copy, call->method, call->request, response, &refresh->digest);
    else
        copy_confirm(refresh->copy, call->method, call->request);
    return true;
}

// ---- who one is ----

static bool ask_self(struct refresh *refresh)
{
    return ask_kept(refresh, WHOAMI, &whoami_key.base);
}

static bool take_self(struct refresh *refresh, const ProtobufCMessage *response)
{
    int64_t came;
    take_kept(refresh, response);
    refresh->self = kept_self(refresh->copy, refresh->arena, &came);
    return refresh->self != NULL;
}

// ---- one's own days ----

static bool ask_day(struct refresh *refresh, const char *date)
{
    Tiejun__V1__FactServiceShowDayRequest *request = arena_alloc(refresh->arena, sizeof *request);
    if (!request)
        abort();
    *request = last_day_key;
    request->date = (char *)date;
    return ask_kept(refresh, DAY, &request->base);
}

static bool ask_today(struct refresh *refresh)
{
    return ask_day(refresh, NULL);
}

// As the last one there is, and under its date.
static bool take_today(struct refresh *refresh, const ProtobufCMessage *response)
{
    int64_t came;
    Tiejun__V1__FactServiceShowDayRequest of_date = last_day_key;
    take_kept(refresh, response);
    const Tiejun__V1__FactServiceShowDayResponse *day =
        kept_day(refresh->copy, refresh->arena, NULL, &came);
    if (!day)
        return true;
    of_date.date = day->date;
    copy_digest(refresh->copy, DAY, &last_day_key.base, &refresh->digest);
    copy_put(refresh->copy, DAY, &of_date.base, &day->base, &refresh->digest);
    return true;
}

const char *day_before(struct arena *arena, const char *today)
{
    date_day day;
    char *text = arena_alloc(arena, DATE_TEXT_SIZE);
    if (!text || !today || !date_parse(today, &day) || day == DATE_MIN)
        return NULL;
    date_format(day - 1, text);
    return text;
}

static const char *yesterday(const struct refresh *refresh)
{
    return day_before(refresh->arena, refresh->self->today);
}

static bool ask_yesterday(struct refresh *refresh)
{
    const char *date = yesterday(refresh);
    return date && ask_day(refresh, date);
}

// ---- one's own customers and deals ----

static bool ask_set(struct refresh *refresh, enum own_set set)
{
    refresh->call = (struct refresh_call){0};
    refresh->call.request = own_set_ask(refresh->copy, set, refresh->arena, &refresh->call.method);
    return true;
}

static bool take_set(struct refresh *refresh, enum own_set set, const ProtobufCMessage *response)
{
    bool more;
    bool taken = own_set_take(refresh->copy, set, response, &more);
    refresh->pages = more && refresh->pages < PAGES_MOST ? refresh->pages + 1 : 0;
    return taken;
}

static bool ask_customers(struct refresh *refresh)
{
    return ask_set(refresh, OWN_CUSTOMERS);
}

static bool take_customers(struct refresh *refresh, const ProtobufCMessage *response)
{
    return take_set(refresh, OWN_CUSTOMERS, response);
}

static bool ask_deals(struct refresh *refresh)
{
    return ask_set(refresh, OWN_DEALS);
}

static bool take_deals(struct refresh *refresh, const ProtobufCMessage *response)
{
    return take_set(refresh, OWN_DEALS, response);
}

static bool ask_pace(struct refresh *refresh)
{
    return ask_kept(refresh, PACE, &pace_key.base);
}

// ---- what those who lead have besides ----

static bool leads(const Tiejun__V1__SessionServiceWhoAmIResponse *self, Tiejun__V1__Role role)
{
    for (size_t i = 0; i < self->n_roles; i++) {
        if (self->roles[i]->role == role)
            return true;
    }
    return false;
}

static bool leads_units(const Tiejun__V1__SessionServiceWhoAmIResponse *self)
{
    return leads(self, TIEJUN__V1__ROLE__ROLE_REGION_MANAGER) ||
           leads(self, TIEJUN__V1__ROLE__ROLE_DIRECTOR);
}

static bool leads_anybody(const Tiejun__V1__SessionServiceWhoAmIResponse *self)
{
    return leads_units(self) || leads(self, TIEJUN__V1__ROLE__ROLE_SUPERVISOR);
}

// One day of all that one leads: by unit, or by person for who leads a team alone.
static Tiejun__V1__ReportServiceRollupRequest
scope_day_key(const Tiejun__V1__SessionServiceWhoAmIResponse *self, const char *date)
{
    Tiejun__V1__ReportServiceRollupRequest key = TIEJUN__V1__REPORT_SERVICE_ROLLUP_REQUEST__INIT;
    key.from_date = key.to_date = (char *)date;
    key.has_group_by = true;
    key.group_by = leads_units(self) ? TIEJUN__V1__GROUP_BY__GROUP_BY_UNIT
                                     : TIEJUN__V1__GROUP_BY__GROUP_BY_REP;
    return key;
}

static bool ask_scope_day(struct refresh *refresh, const char *date)
{
    Tiejun__V1__ReportServiceRollupRequest *request = arena_alloc(refresh->arena, sizeof *request);
    if (!request)
        abort();
    *request = scope_day_key(refresh->self, date);
    return date && leads_anybody(refresh->self) && ask_kept(refresh, ROLLUP, &request->base);
}

static bool ask_scope_today(struct refresh *refresh)
{
    return ask_scope_day(refresh, refresh->self->today);
}

static bool ask_scope_yesterday(struct refresh *refresh)
{
    return ask_scope_day(refresh, yesterday(refresh));
}

// ---- all of it ----

static const struct step steps[] = {
    {ask_self, take_self, false},       {ask_today, take_today, false},
    {ask_yesterday, take_kept, false},  {ask_customers, take_customers, false},
    {ask_deals, take_deals, false},     {ask_pace, take_kept, true},
    {ask_scope_today, take_kept, true}, {ask_scope_yesterday, take_kept, true},
};

#define STEPS (sizeof steps / sizeof *steps)
// Who one is, and today.
#define DAY_STEPS 2

static struct refresh *begin(struct copy *copy, size_t count)
{
    struct refresh *refresh = calloc(1, sizeof *refresh);
    if (!refresh)
        abort();
    refresh->copy = copy;
    refresh->step = steps;
    refresh->end = steps + count;
    refresh->arena = arena_new(SESSION_ARENA_BUDGET);
    if (!refresh->arena)
        abort();
    return refresh;
}

struct refresh *refresh_new(struct copy *copy)
{
    return begin(copy, STEPS);
}

void refresh_free(struct refresh *refresh)
{
    if (!refresh)
        return;
    arena_free(refresh->arena);
    free(refresh);
}

const struct refresh_call *refresh_next(struct refresh *refresh)
{
    while (refresh->step < refresh->end && !refresh->step->ask(refresh))
        refresh->step++;
    if (refresh->step < refresh->end)
        return &refresh->call;
    // Only behind what is fresh: without the daemon what is old is better than nothing.
    if (refresh->step == steps + STEPS)
        copy_tidy(refresh->copy, KEPT_DAYS);
    return NULL;
}

static bool is_passing(const struct session_error *error)
{
    return error->status == TIEJUN__V1__STATUS__STATUS_BUSY ||
           error->status == TIEJUN__V1__STATUS__STATUS_UNAVAILABLE;
}

bool refresh_take(struct refresh *refresh, enum session_result result,
                  const ProtobufCMessage *response, struct session_error *error)
{
    const struct step *step = refresh->step;
    bool left_out = result == SESSION_REFUSED && step->if_there && !is_passing(error);
    if (result != SESSION_OK && !left_out)
        return false;
    if (!left_out && !step->take(refresh, response)) {
        copy_say_unwritten(error);
        return false;
    }
    if (refresh->pages == 0)
        refresh->step++;
    return true;
}

static bool refresh_some(struct copy *copy, struct session *session, struct session_error *error,
                         size_t count)
{
    struct refresh *refresh = begin(copy, count);
    const struct refresh_call *call;
    bool good = true;
    while (good && (call = refresh_next(refresh))) {
        ProtobufCMessage *response = NULL;
        struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
        if (!arena)
            abort();
        enum session_result result = session_renew(session, call->method, call->request,
                                                   call->digest, arena, &response, error);
        good = refresh_take(refresh, result, response, error);
        arena_free(arena);
    }
    refresh_free(refresh);
    return good;
}

bool refresh_copy(struct copy *copy, struct session *session, struct session_error *error)
{
    return refresh_some(copy, session, error, STEPS);
}

bool refresh_day(struct copy *copy, struct session *session, struct session_error *error)
{
    return refresh_some(copy, session, error, DAY_STEPS);
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

Tiejun__V1__PaceServiceShowResponse *kept_pace(struct copy *copy, struct arena *arena,
                                               int64_t *came_ns)
{
    return (Tiejun__V1__PaceServiceShowResponse *)copy_get(copy, PACE, &pace_key.base, arena,
                                                           came_ns);
}

Tiejun__V1__ReportServiceRollupResponse *kept_scope_day(struct copy *copy, struct arena *arena,
                                                        const char *date, int64_t *came_ns)
{
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(copy, arena, came_ns);
    if (!self || !leads_anybody(self))
        return NULL;
    Tiejun__V1__ReportServiceRollupRequest key = scope_day_key(self, date);
    return (Tiejun__V1__ReportServiceRollupResponse *)copy_get(copy, ROLLUP, &key.base, arena,
                                                               came_ns);
}
