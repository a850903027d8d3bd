#include "server/db/pipeline.h"

#include "common/log.h"
#include "server/db/connector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    // A standby may take over at any moment.
    RECONNECT_MOST_MS = 1000,
    COMPLAINT_MAX = 512,
};

// CONNECTING -> PREPARING -> READY; back to CONNECTING when the connection is lost.
enum state { STATE_CONNECTING, STATE_PREPARING, STATE_READY };

static const char *const state_names[] = {"connecting", "preparing", "ready"};

struct pipeline {
    struct event_base *base;
    struct pipeline_settings settings;
    enum state state;
    struct connector *connector;
    // None while connecting.
    PGconn *connection;
    struct event *readable;
    struct event *writable;
    size_t statements_unprepared;
    // A job could not be sent whole: the connection is of no more use.
    bool broken;
    // PostgreSQL does not take a statement of ours: connecting again changes nothing.
    bool misfit;
    // What was logged last: the same trouble at every try is one line.
    char complaint[COMPLAINT_MAX];
    TAILQ_HEAD(, job) in_flight;
    size_t n_in_flight;
};

static void on_readable(evutil_socket_t socket, short events, void *context);
static void on_writable(evutil_socket_t socket, short events, void *context);

static void change_state(struct pipeline *pipeline, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "connection %s -> %s",
              state_names[pipeline->state], state_names[state]);
    pipeline->state = state;
}

// A job without an error is a job done, so there is always one to give.
static struct job_error no_memory = {.sqlstate = "53200", .message = (char *)"out of memory"};

static void job_error_free(struct job_error *error)
{
    if (!error || error == &no_memory) {
        return;
    }
    free(error->message);
    free(error->column);
    free(error->detail);
    free(error);
}

static struct job_error *job_error_new(const char *sqlstate, const char *message)
{
    struct job_error *error = calloc(1, sizeof *error);
    char *copy = strdup(message);
    if (!error || !copy) {
        free(error);
        free(copy);
        return &no_memory;
    }
    snprintf(error->sqlstate, sizeof error->sqlstate, "%s", sqlstate);
    error->message = copy;
    return error;
}

static char *copy_field(const PGresult *result, int code)
{
    const char *value = PQresultErrorField(result, code);
    return value ? strdup(value) : NULL;
}

static struct job_error *job_error_from(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    struct job_error *error = job_error_new(sqlstate ? sqlstate : "08006",
                                            message ? message : PQresultErrorMessage(result));
    if (error != &no_memory) {
        error->column = copy_field(result, PG_DIAG_COLUMN_NAME);
        error->detail = copy_field(result, PG_DIAG_MESSAGE_DETAIL);
    }
    return error;
}

static void finish_job(struct pipeline *pipeline, struct job *job)
{
    TAILQ_REMOVE(&pipeline->in_flight, job, entry);
    pipeline->n_in_flight--;
    struct job_error *error = job->error;
    job->error = NULL;
    const struct job_listener *listener = &pipeline->settings.listener;
    listener->done(listener->context, job->id, error);
    job_error_free(error);
}

static void complain(struct pipeline *pipeline, const char *what, const char *detail)
{
    char complaint[COMPLAINT_MAX];
    int length = snprintf(complaint, sizeof complaint, "%s: %s", what, detail);
    length = length < COMPLAINT_MAX ? length : COMPLAINT_MAX - 1;
    while (length > 0 && complaint[length - 1] == '\n') {
        complaint[--length] = '\0';
    }
    if (strcmp(complaint, pipeline->complaint) != 0) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "%s", complaint);
        memcpy(pipeline->complaint, complaint, sizeof complaint);
    }
}

static void drop_events(struct pipeline *pipeline)
{
    if (pipeline->readable) {
        event_free(pipeline->readable);
        pipeline->readable = NULL;
    }
    if (pipeline->writable) {
        event_free(pipeline->writable);
        pipeline->writable = NULL;
    }
}

// Events go before the socket does.
static void close_connection(struct pipeline *pipeline)
{
    drop_events(pipeline);
    PQfinish(pipeline->connection);
    pipeline->connection = NULL;
}

static void fail_in_flight(struct pipeline *pipeline)
{
    struct job *job;
    while ((job = TAILQ_FIRST(&pipeline->in_flight))) {
        if (!job->error) {
            job->error = job_error_new("08006", "the connection to the database was lost");
        }
        finish_job(pipeline, job);
    }
}

static void lose_connection(struct pipeline *pipeline)
{
    if (!pipeline->misfit) {
        complain(pipeline, "connection lost", PQerrorMessage(pipeline->connection));
    }
    close_connection(pipeline);
    change_state(pipeline, STATE_CONNECTING);
    connector_start(pipeline->connector);
    fail_in_flight(pipeline);
}

static bool watch_socket(struct pipeline *pipeline)
{
    int socket = PQsocket(pipeline->connection);
    pipeline->readable =
        event_new(pipeline->base, socket, EV_READ | EV_PERSIST, on_readable, pipeline);
    pipeline->writable = event_new(pipeline->base, socket, EV_WRITE, on_writable, pipeline);
    return pipeline->readable && pipeline->writable;
}

// PQflush says 1 while bytes are left; then both directions have to be watched, since the server
// may stop reading until its own answers are read.
static void flush(struct pipeline *pipeline)
{
    int left = PQflush(pipeline->connection);
    if (left < 0) {
        lose_connection(pipeline);
    } else if (left > 0) {
        event_add(pipeline->writable, NULL);
    }
}

// libpq would print it as it comes.
static void log_notice(void *context, const PGresult *result)
{
    (void)context;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s", message ? message : "");
}

static void start_preparing(struct pipeline *pipeline)
{
    const struct pipeline_settings *settings = &pipeline->settings;
    PQsetNoticeReceiver(pipeline->connection, log_notice, NULL);
    if (PQsetnonblocking(pipeline->connection, 1) || !PQenterPipelineMode(pipeline->connection) ||
        !watch_socket(pipeline)) {
        lose_connection(pipeline);
        return;
    }
    change_state(pipeline, STATE_PREPARING);
    pipeline->statements_unprepared = settings->n_statements;
    for (size_t i = 0; i < settings->n_statements; i++) {
        const struct statement *statement = &settings->statements[i];
        PQsendPrepare(pipeline->connection, statement->name, statement->text, 0, NULL);
    }
    PQpipelineSync(pipeline->connection);
    event_add(pipeline->readable, NULL);
    flush(pipeline);
}

static void on_connected(void *context, PGconn *connection)
{
    struct pipeline *pipeline = context;
    pipeline->connection = connection;
    pipeline->broken = false;
    pipeline->misfit = false;
    start_preparing(pipeline);
}

static void on_connect_failed(void *context, const char *why)
{
    complain(context, "cannot connect", why);
}

static void become_ready(struct pipeline *pipeline)
{
    connector_settled(pipeline->connector);
    pipeline->complaint[0] = '\0';
    change_state(pipeline, STATE_READY);
    pipeline->settings.ready(pipeline->settings.context);
}

// Whether PostgreSQL judged the statement; else it was stopping, out of room, waited for a lock or
// the like.
static bool is_verdict(const PGresult *result)
{
    static const char *const classes[] = {"08", "40", "53", "55", "57", "58", "XX"};
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    for (size_t i = 0; state && i < sizeof classes / sizeof *classes; i++) {
        if (strncmp(state, classes[i], 2) == 0) {
            return false;
        }
    }
    return state != NULL;
}

static void take_preparation(struct pipeline *pipeline, const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
        pipeline->statements_unprepared--;
        break;
    case PGRES_PIPELINE_SYNC:
        if (pipeline->statements_unprepared == 0) {
            become_ready(pipeline);
        } else {
            lose_connection(pipeline);
        }
        break;
    case PGRES_FATAL_ERROR:
        if (is_verdict(result)) {
            pipeline->misfit = true;
            complain(pipeline, "a statement does not fit the database",
                     PQresultErrorMessage(result));
        }
        break;
    default:
        break;
    }
}

// The results of what was put around the calls of a job are nobody's.
static void take_good_result(struct pipeline *pipeline, struct job *job, const PGresult *result)
{
    const struct job_listener *listener = &pipeline->settings.listener;
    if (job->one_snapshot && !job->begun) {
        job->begun = true;
    } else if (!job->ending) {
        listener->result(listener->context, job->id, job->next_result++, result);
    }
}

static void take_result(struct pipeline *pipeline, const PGresult *result)
{
    struct job *job = TAILQ_FIRST(&pipeline->in_flight);
    assert(job);
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        take_good_result(pipeline, job, result);
        break;
    case PGRES_PIPELINE_SYNC:
        if (job->one_snapshot && !job->ending) {
            job->ending = true;
        } else {
            finish_job(pipeline, job);
        }
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        if (!job->error) {
            job->error = job_error_from(result);
        }
        break;
    }
}

// A query's results end with NULL, a sync has none after it, and after the server's death NULL
// comes for ever: so the loop asks only while a result is certain.
static void take_results(struct pipeline *pipeline)
{
    int ends = 0;
    while (ends < 2 && pipeline->state >= STATE_PREPARING && !PQisBusy(pipeline->connection)) {
        PGresult *result = PQgetResult(pipeline->connection);
        if (!result) {
            ends++;
            continue;
        }
        ends = 0;
        if (pipeline->state == STATE_PREPARING) {
            take_preparation(pipeline, result);
        } else if (TAILQ_EMPTY(&pipeline->in_flight)) {
            log_event(LOG_LEVEL_WARNING, "postgresql", NULL, "unasked: %s",
                      PQresultErrorMessage(result));
        } else {
            take_result(pipeline, result);
        }
        PQclear(result);
    }
}

static void on_readable(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct pipeline *pipeline = context;
    bool alive = PQconsumeInput(pipeline->connection);
    take_results(pipeline);
    if (pipeline->state < STATE_PREPARING) {
        return;
    }
    if (!alive || PQstatus(pipeline->connection) != CONNECTION_OK) {
        lose_connection(pipeline);
        return;
    }
    flush(pipeline);
}

static void on_writable(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct pipeline *pipeline = context;
    if (pipeline->broken) {
        lose_connection(pipeline);
    } else {
        flush(pipeline);
    }
}

struct pipeline *pipeline_new(struct event_base *base, const struct pipeline_settings *settings)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline) {
        return NULL;
    }
    pipeline->base = base;
    pipeline->settings = *settings;
    TAILQ_INIT(&pipeline->in_flight);
    const struct connector_settings connecting = {
        .conninfo = settings->conninfo,
        .for_requests = true,
        .delay_most_ms = RECONNECT_MOST_MS,
        .context = pipeline,
        .connected = on_connected,
        .failed = on_connect_failed,
    };
    pipeline->connector = connector_new(base, &connecting);
    if (!pipeline->connector) {
        free(pipeline);
        return NULL;
    }
    connector_start(pipeline->connector);
    return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline) {
        return;
    }
    close_connection(pipeline);
    connector_free(pipeline->connector);
    fail_in_flight(pipeline);
    free(pipeline);
}

bool pipeline_is_ready(const struct pipeline *pipeline)
{
    return pipeline->state == STATE_READY && !pipeline->broken;
}

bool pipeline_is_preparing(const struct pipeline *pipeline)
{
    return pipeline->state == STATE_PREPARING;
}

bool pipeline_is_misfit(const struct pipeline *pipeline)
{
    return pipeline->misfit;
}

size_t pipeline_in_flight(const struct pipeline *pipeline)
{
    return pipeline->n_in_flight;
}

static bool send_calls(PGconn *connection, const struct job *job)
{
    for (size_t i = 0; i < job->n_calls; i++) {
        const struct job_call *call = &job->calls[i];
        if (!PQsendQueryPrepared(connection, call->statement->name, call->statement->parameters,
                                 call->values, NULL, NULL, 0)) {
            return false;
        }
    }
    return PQpipelineSync(connection);
}

static bool send_text(PGconn *connection, const char *text)
{
    return PQsendQueryParams(connection, text, 0, NULL, NULL, NULL, NULL, 0);
}

// The level can only be set before anything is read, and outside of a transaction block PostgreSQL
// grumbles at it. COMMIT comes behind a sync of its own, so that it comes after a failure too, and
// then rolls back.
static bool send_job(PGconn *connection, const struct job *job)
{
    if (!job->one_snapshot) {
        return send_calls(connection, job);
    }
    return send_text(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ") &&
           send_calls(connection, job) && send_text(connection, "COMMIT") &&
           PQpipelineSync(connection);
}

void pipeline_send(struct pipeline *pipeline, struct job *job)
{
    assert(pipeline_is_ready(pipeline));
    job->next_result = 0;
    job->begun = false;
    job->ending = false;
    job->error = NULL;
    TAILQ_INSERT_TAIL(&pipeline->in_flight, job, entry);
    pipeline->n_in_flight++;
    // A failure is noticed by the event below: the listener is never called from in here. Behind
    // a job that went out in part nothing more may go: the next sync would pass for its own.
    if (!send_job(pipeline->connection, job)) {
        pipeline->broken = true;
        event_active(pipeline->writable, EV_WRITE, 0);
    } else if (PQflush(pipeline->connection) != 0) {
        event_add(pipeline->writable, NULL);
    }
}
