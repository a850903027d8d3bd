#include "server/db/pool.h"

#include "server/db/pipeline.h"

#include <stdlib.h>

// More jobs in flight on one connection than this only wait inside PostgreSQL, where nobody can
// give them to a connection that is free.
enum { IN_FLIGHT_MOST = 32 };

struct pool {
    struct pool_settings settings;
    size_t n_jobs;
    TAILQ_HEAD(, job) waiting;
    struct pipeline **pipelines;
};

static struct pipeline *least_loaded(const struct pool *pool)
{
    struct pipeline *best = NULL;
    for (size_t i = 0; i < pool->settings.connections; i++) {
        struct pipeline *pipeline = pool->pipelines[i];
        if (!pipeline || !pipeline_is_ready(pipeline) ||
            pipeline_in_flight(pipeline) >= IN_FLIGHT_MOST) {
            continue;
        }
        if (!best || pipeline_in_flight(pipeline) < pipeline_in_flight(best)) {
            best = pipeline;
        }
    }
    return best;
}

static void send_waiting(struct pool *pool)
{
    struct job *job;
    struct pipeline *pipeline;
    while ((job = TAILQ_FIRST(&pool->waiting)) && (pipeline = least_loaded(pool))) {
        TAILQ_REMOVE(&pool->waiting, job, entry);
        pipeline_send(pipeline, job);
    }
}

static void on_ready(void *context)
{
    send_waiting(context);
}

static void on_result(void *context, uint64_t id, size_t call, const PGresult *result)
{
    const struct job_listener *listener = &((struct pool *)context)->settings.listener;
    listener->result(listener->context, id, call, result);
}

static void on_done(void *context, uint64_t id, const struct job_error *error)
{
    struct pool *pool = context;
    pool->n_jobs--;
    pool->settings.listener.done(pool->settings.listener.context, id, error);
    send_waiting(pool);
}

struct pool *pool_new(struct event_base *base, const struct pool_settings *settings)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool) {
        return NULL;
    }
    pool->settings = *settings;
    TAILQ_INIT(&pool->waiting);
    pool->pipelines = calloc(settings->connections, sizeof *pool->pipelines);
    if (!pool->pipelines) {
        free(pool);
        return NULL;
    }
    struct pipeline_settings each = {
        .conninfo = settings->conninfo,
        .statements = settings->statements,
        .n_statements = settings->n_statements,
        .listener = {.context = pool, .result = on_result, .done = on_done},
        .ready = on_ready,
        .context = pool,
    };
    for (size_t i = 0; i < settings->connections; i++) {
        pool->pipelines[i] = pipeline_new(base, &each);
        if (!pool->pipelines[i]) {
            pool_free(pool);
            return NULL;
        }
    }
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool) {
        return;
    }
    for (size_t i = 0; i < pool->settings.connections; i++) {
        struct pipeline *pipeline = pool->pipelines[i];
        pool->pipelines[i] = NULL;
        pipeline_free(pipeline);
    }
    const struct job_error gone = {.sqlstate = "57P01", .message = "the daemon is stopping"};
    struct job *job;
    while ((job = TAILQ_FIRST(&pool->waiting))) {
        TAILQ_REMOVE(&pool->waiting, job, entry);
        pool->settings.listener.done(pool->settings.listener.context, job->id, &gone);
    }
    free(pool->pipelines);
    free(pool);
}

bool pool_is_ready(const struct pool *pool)
{
    for (size_t i = 0; i < pool->settings.connections; i++) {
        if (pool->pipelines[i] && pipeline_is_ready(pool->pipelines[i])) {
            return true;
        }
    }
    return false;
}

bool pool_is_misfit(const struct pool *pool)
{
    for (size_t i = 0; i < pool->settings.connections; i++) {
        if (pool->pipelines[i] && pipeline_is_misfit(pool->pipelines[i])) {
            return true;
        }
    }
    return false;
}

bool pool_submit(struct pool *pool, struct job *job)
{
    if (pool->n_jobs >= pool->settings.jobs_max) {
        return false;
    }
    pool->n_jobs++;
    TAILQ_INSERT_TAIL(&pool->waiting, job, entry);
    send_waiting(pool);
    return true;
}
