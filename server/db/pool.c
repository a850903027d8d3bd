#include "server/db/pool.h"

#include "server/db/pipeline.h"

#include <stdlib.h>

// More jobs in flight on one connection than this only wait inside PostgreSQL, where nobody can
// give them to a connection that is free.
enum { IN_FLIGHT_MOST = 32 };

// How long jobs wait for a connection when there is none. Less than a client has for its login,
// so that it hears why.
enum { AWAY_SECONDS = 5 };

struct pool {
    struct pool_settings settings;
    size_t n_jobs;
    TAILQ_HEAD(, job) waiting;
    size_t n_waiting;
    // Pending while jobs wait though no connection is ready.
    struct event *away;
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

static struct job *take_waiting(struct pool *pool)
{
    struct job *job = TAILQ_FIRST(&pool->waiting);
    TAILQ_REMOVE(&pool->waiting, job, entry);
    pool->n_waiting--;
    return job;
}

static void send_waiting(struct pool *pool)
{
    struct pipeline *pipeline;
    while (pool->n_waiting > 0 && (pipeline = least_loaded(pool))) {
        pipeline_send(pipeline, take_waiting(pool));
    }
    if (pool->n_waiting > 0 && !pool_is_ready(pool) &&
        !event_pending(pool->away, EV_TIMEOUT, NULL)) {
        const struct timeval delay = {.tv_sec = AWAY_SECONDS};
        event_add(pool->away, &delay);
    }
}

static void on_ready(void *context)
{
    struct pool *pool = context;
    event_del(pool->away);
    send_waiting(pool);
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

static void fail_waiting(struct pool *pool, const struct job_error *error)
{
    // Jobs that come meanwhile are not among them.
    for (size_t n = pool->n_waiting; n > 0; n--) {
        struct job *job = take_waiting(pool);
        on_done(pool, job->id, error);
    }
    event_del(pool->away);
}

static void on_away(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    const struct job_error away = {.sqlstate = "08001", .message = "no connection to the database"};
    if (!pool_is_ready(context)) {
        fail_waiting(context, &away);
    }
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
    pool->away = event_new(base, -1, 0, on_away, pool);
    if (!pool->pipelines || !pool->away) {
        pool_free(pool);
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
    for (size_t i = 0; pool->pipelines && i < pool->settings.connections; i++) {
        struct pipeline *pipeline = pool->pipelines[i];
        pool->pipelines[i] = NULL;
        pipeline_free(pipeline);
    }
    const struct job_error gone = {.sqlstate = "57P01", .message = "the daemon is stopping"};
    if (pool->away) {
        fail_waiting(pool, &gone);
        event_free(pool->away);
    }
    free(pool->pipelines);
    free(pool);
}

static bool any_pipeline(const struct pool *pool, bool (*is_so)(const struct pipeline *pipeline))
{
    for (size_t i = 0; i < pool->settings.connections; i++) {
        if (pool->pipelines[i] && is_so(pool->pipelines[i])) {
            return true;
        }
    }
    return false;
}

bool pool_is_ready(const struct pool *pool)
{
    return any_pipeline(pool, pipeline_is_ready);
}

bool pool_is_preparing(const struct pool *pool)
{
    return any_pipeline(pool, pipeline_is_preparing);
}

bool pool_is_misfit(const struct pool *pool)
{
    return any_pipeline(pool, pipeline_is_misfit);
}

bool pool_submit(struct pool *pool, struct job *job)
{
    if (pool->n_jobs >= pool->settings.jobs_max) {
        return false;
    }
    pool->n_jobs++;
    TAILQ_INSERT_TAIL(&pool->waiting, job, entry);
    pool->n_waiting++;
    send_waiting(pool);
    return true;
}
