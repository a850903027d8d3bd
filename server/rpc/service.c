#include "server/rpc/service.h"

#include "server/db/pool.h"

#include <stdlib.h>

static void on_result(void *context, uint64_t id, size_t call, const PGresult *result)
{
    struct service *service = context;
    struct work *work = id_map_find(&service->work, id);
    if (work) {
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
    if (!service->pool) {
        service_free(service);
        return NULL;
    }
    return service;
}

void service_free(struct service *service)
{
    if (service) {
        pool_free(service->pool);
        registry_free(service->registry);
        free(service);
    }
}

bool service_is_ready(const struct service *service)
{
    return pool_is_ready(service->pool);
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
