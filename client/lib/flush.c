#include "client/lib/flush.h"

#include "client/lib/outbox.h"
#include "client/lib/session.h"
#include "client/lib/sync_session.h"
#include "common/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The transport of the sync core over one session. What its functions are asked for happens when
// they have returned.
struct pump {
    struct sync *sync;
    flush_connect connect;
    void *context;
    struct session *session;
    uint64_t connection;
    bool to_open;
    bool lost;
    uint64_t request_id;
    // The session's id of the request that is in flight.
    uint64_t sent_id;
    char why[1024];
};

static void pump_open(void *context, uint64_t connection)
{
    struct pump *pump = context;
    pump->connection = connection;
    pump->to_open = true;
}

static void pump_send(void *context, uint64_t connection, uint64_t request_id,
                      const Tiejun__V1__FactServiceLogRequest *request)
{
    struct pump *pump = context;
    struct session_error error;
    (void)connection;
    pump->request_id = request_id;
    if (session_send(pump->session, "tiejun.v1.FactService.Log", &request->base, &pump->sent_id,
                     &error))
        return;
    pump->lost = true;
    snprintf(pump->why, sizeof pump->why, "%s", error.message);
}

static void pump_close(void *context, uint64_t connection)
{
    struct pump *pump = context;
    (void)connection;
    // The session is its owner's to close.
    pump->session = NULL;
}

static void tell_opened(struct pump *pump)
{
    pump->to_open = false;
    pump->session = pump->connect(pump->context, pump->why, sizeof pump->why);
    if (pump->session)
        sync_opened(pump->sync, pump->connection, session_clock(pump->session));
    else
        sync_lost(pump->sync, pump->connection, pump->why, 0);
}

static void tell_answer(struct pump *pump)
{
    struct session_error error = {0};
    ProtobufCMessage *response = NULL;
    uint64_t id = 0;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    enum session_result result =
        arena ? session_receive(pump->session, arena, &id, &response, &error) : SESSION_BROKEN;
    struct sync_answer answer = sync_session_answer(result, response, &error);
    if (result == SESSION_BROKEN)
        sync_lost(pump->sync, pump->connection, error.message, error.retry_after_ms);
    else if (id == pump->sent_id)
        sync_answered(pump->sync, pump->connection, pump->request_id, &answer);
    arena_free(arena);
}

static void run(struct pump *pump)
{
    sync_wake(pump->sync);
    while (sync_state(pump->sync) == SYNC_OPENING || sync_state(pump->sync) == SYNC_SENT) {
        if (pump->lost)
            sync_lost(pump->sync, pump->connection, pump->why, 0);
        else if (pump->to_open)
            tell_opened(pump);
        else
            tell_answer(pump);
    }
}

void flush_outbox(struct outbox *outbox, flush_connect connect, void *context,
                  struct flush_result *result)
{
    struct pump pump = {.connect = connect, .context = context};
    struct sync_ports ports = {
        .clock = sync_machine_clock(),
        .transport = {&pump, pump_open, pump_send, pump_close},
        .store = outbox_store(outbox),
    };
    *result = (struct flush_result){0};
    pump.sync = sync_new(&ports);
    if (!pump.sync)
        abort();
    run(&pump);
    result->counts = sync_counts(pump.sync);
    result->empty = sync_state(pump.sync) == SYNC_IDLE;
    snprintf(result->fault, sizeof result->fault, "%s", sync_fault(pump.sync));
    sync_free(pump.sync);
}
