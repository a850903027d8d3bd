#include "server/rpc/service.h"

#include "common/log.h"
#include "server/db/notify.h"
#include "server/db/pool.h"
#include "server/rpc/endings.h"
#include "server/rpc/intake.h"
#include "server/rpc/intake_link.h"
#include "server/rpc/notice_rounds.h"
#include "server/rpc/subscriber.h"

#include <stdlib.h>

static void on_result(void *context, uint64_t id, size_t call, const PGresult *result)
{
    struct service *service = context;
    struct work *work = id_map_find(&service->work, id);
    if (work && work->result) {
        work->result(work, call, result);
    }
}

static void on_done(void *context, uint64_t id, const struct job_error *error)
{
    struct service *service = context;
    struct work *work = id_map_find(&service->work, id);
    if (work) {
        id_map_remove(&service->work, &work->link);
        work->done(work, error);
    }
}

static void on_hashed(void *context, uint64_t id, const struct hasher_outcome *outcome)
{
    struct service *service = context;
    struct work *work = id_map_find(&service->work, id);
    if (work) {
        id_map_remove(&service->work, &work->link);
        work->hashed(work, outcome);
    }
}

static void end_chore(struct work *work, const struct job_error *error)
{
    if (error) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "the chores of the hour: %s", error->message);
    }
    free(work);
}

// A move of a unit that was planned for today shows in its path within the hour, and old rows of
// the audit trail and old notices go.
static void on_chores(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct service *service = context;
    bool ready = service_is_ready(service);
    const struct timeval next = {.tv_sec = ready ? 3600 : 1};
    event_add(service->chores, &next);
    struct work *work = ready ? calloc(1, sizeof *work) : NULL;
    if (!work) {
        return;
    }
    work->done = end_chore;
    work->job.n_calls = 4;
    work->job.calls[0].statement = registry_statement(service->registry, STATEMENT_RENAME);
    work->job.calls[1].statement = registry_statement(service->registry, STATEMENT_EXPIRE);
    work->job.calls[2].statement = registry_statement(service->registry, STATEMENT_LOGIN_PRUNE);
    work->job.calls[3].statement = registry_statement(service->registry, STATEMENT_NOTICE_EXPIRE);
    if (!service_submit(service, work)) {
        free(work);
    }
}

static bool start_hasher(struct service *service, struct event_base *base)
{
    const struct hasher_settings settings = {
        .threads = HASHER_THREADS,
        .queue_max = HASHER_QUEUE_MOST,
        .memory_kib = service->login.hash_memory_kib,
        .passes = service->login.hash_passes,
        .context = service,
        .done = on_hashed,
    };
    service->hasher = hasher_new(base, &settings);
    return service->hasher != NULL;
}

static bool start_intake(struct service *service, struct event_base *base)
{
    service->intake_link = intake_link_new(base, service);
    if (!service->intake_link) {
        return false;
    }
    const struct intake_ports ports = intake_link_ports(service->intake_link);
    service->intake = intake_new(&ports);
    return service->intake != NULL;
}

static bool start_listening(struct service *service, struct event_base *base, const char *conninfo)
{
    service->devices_ended = endings_listen(base, service, conninfo);
    service->subscribers = subscribers_new(base, service, conninfo);
    return service->devices_ended && service->subscribers;
}

static bool start_chores(struct service *service, struct event_base *base)
{
    service->chores = event_new(base, -1, 0, on_chores, service);
    if (service->chores) {
        event_active(service->chores, EV_TIMEOUT, 0);
    }
    service->rounds = notice_rounds_new(base, service);
    return service->chores && service->rounds;
}

struct service *service_new(struct event_base *base, const struct service_settings *settings)
{
    struct service *service = calloc(1, sizeof *service);
    if (!service || !(service->registry = registry_new())) {
        free(service);
        return NULL;
    }
    struct pool_settings pool = {
        .conninfo = settings->conninfo,
        .connections = settings->connections,
        .jobs_max = settings->work_max,
        .listener = {.context = service, .result = on_result, .done = on_done},
    };
    pool.statements = registry_statements(service->registry, &pool.n_statements);
    service->pool = pool_new(base, &pool);
    service->login = settings->login;
    if (!service->pool || !start_intake(service, base) || !start_hasher(service, base) ||
        !start_listening(service, base, settings->conninfo) || !start_chores(service, base)) {
        service_free(service);
        return NULL;
    }
    return service;
}

void service_free(struct service *service)
{
    if (service) {
        notify_free(service->devices_ended);
        subscribers_stop(service->subscribers);
        hasher_free(service->hasher);
        intake_close(service->intake);
        pool_free(service->pool);
        intake_free(service->intake);
        intake_link_free(service->intake_link);
        subscribers_free(service->subscribers);
        notice_rounds_free(service->rounds);
        if (service->chores) {
            event_free(service->chores);
        }
        registry_free(service->registry);
        free(service);
    }
}

bool service_is_ready(const struct service *service)
{
    return pool_is_ready(service->pool);
}

bool service_is_preparing(const struct service *service)
{
    return pool_is_preparing(service->pool);
}

bool service_is_misfit(const struct service *service)
{
    return pool_is_misfit(service->pool);
}

bool service_submit(struct service *service, struct work *work)
{
    id_map_add(&service->work, &work->link);
    work->job.id = work->link.id;
    if (!pool_submit(service->pool, &work->job)) {
        id_map_remove(&service->work, &work->link);
        return false;
    }
    return true;
}

bool service_hash(struct service *service, struct work *work, const char *password,
                  const char *verifier, const char *fresh)
{
    id_map_add(&service->work, &work->link);
    if (!hasher_submit(service->hasher, work->link.id, password, verifier, fresh)) {
        id_map_remove(&service->work, &work->link);
        return false;
    }
    return true;
}
