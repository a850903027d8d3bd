#include "client/lib/refresh.h"

#include "client/lib/own_sets.h"
#include "client/lib/session.h"
#include "common/arena.h"
#include "common/date.h"

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

struct refresh {
    struct copy *copy;
    struct session *session;
    struct arena *arena;
    struct session_error *error;
};

// Asks for an answer unless it is what is kept already, and keeps it under that request. False when
// the daemon refused or the session broke.
static bool renew(struct refresh *refresh, const char *method, const ProtobufCMessage *request)
{
    struct session_digest digest;
    ProtobufCMessage *response = NULL;
    copy_digest(refresh->copy, method, request, &digest);
    if (session_renew(refresh->session, method, request, &digest, refresh->arena, &response,
                      refresh->error) != SESSION_OK)
        return false;
    if (response)
        copy_put(refresh->copy, method, request, response, &digest);
    else
        copy_confirm(refresh->copy, method, request);
    return true;
}

// As the last one there is, and under its date.
static bool renew_today(struct refresh *refresh)
{
    int64_t came;
    struct session_digest digest;
    Tiejun__V1__FactServiceShowDayRequest of_date = last_day_key;
    if (!renew(refresh, DAY, &last_day_key.base))
        return false;
    const Tiejun__V1__FactServiceShowDayResponse *day =
        kept_day(refresh->copy, refresh->arena, NULL, &came);
    if (!day)
        return true;
    of_date.date = day->date;
    copy_digest(refresh->copy, DAY, &last_day_key.base, &digest);
    copy_put(refresh->copy, DAY, &of_date.base, &day->base, &digest);
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

static bool renew_day_before(struct refresh *refresh, const char *yesterday)
{
    Tiejun__V1__FactServiceShowDayRequest request = last_day_key;
    request.date = (char *)yesterday;
    return !yesterday || renew(refresh, DAY, &request.base);
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

// Of what not everybody has: no target, no unit, no one rate. What is refused is left out.
static bool renew_if_there(struct refresh *refresh, const char *method,
                           const ProtobufCMessage *request)
{
    return renew(refresh, method, request) || refresh->error->status != 0;
}

static bool renew_scope_day(struct refresh *refresh,
                            const Tiejun__V1__SessionServiceWhoAmIResponse *self, const char *date)
{
    Tiejun__V1__ReportServiceRollupRequest request = scope_day_key(self, date);
    return !date || !leads_anybody(self) || renew_if_there(refresh, ROLLUP, &request.base);
}

// ---- all of it ----

static bool refresh_some(struct copy *copy, struct session *session, struct session_error *error,
                         bool all)
{
    int64_t came;
    struct refresh refresh = {copy, session, arena_new(SESSION_ARENA_BUDGET), error};
    if (!refresh.arena)
        abort();
    bool done = renew(&refresh, WHOAMI, &whoami_key.base);
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(copy, refresh.arena, &came);
    if (done && !self)
        copy_say_unwritten(error);
    done = done && self && renew_today(&refresh);
    if (done && all) {
        const char *yesterday = day_before(refresh.arena, self->today);
        done = renew_day_before(&refresh, yesterday) && own_sets_renew(copy, session, error) &&
               renew_if_there(&refresh, PACE, &pace_key.base) &&
               renew_scope_day(&refresh, self, self->today) &&
               renew_scope_day(&refresh, self, yesterday);
    }
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
