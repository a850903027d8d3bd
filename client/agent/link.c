#include "client/agent/link.h"

#include "client/lib/session.h"
#include "client/lib/sync_session.h"
#include "common/arena.h"

#include <event2/event.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 10000

struct link {
    struct event_base *base;
    const char *server;
    uint8_t token[SESSION_TOKEN_SIZE];
    const struct link_events *events;
    void *context;
    struct session *session;
    // The core's number of the connection; 0 when the core does not use the session.
    uint64_t connection;
    uint64_t request_id;
    uint64_t sent_id;
    struct event *readable;
    // Runs what the core asked for when the core has returned.
    struct event *soon;
    bool to_open;
    bool broken;
    char why[1024];
};

static void drop_session(struct link *link)
{
    if (link->readable)
        event_free(link->readable);
    link->readable = NULL;
    session_close(link->session);
    link->session = NULL;
}

static void lose(struct link *link, const char *why, uint32_t retry_after_ms)
{
    uint64_t connection = link->connection;
    link->connection = 0;
    link->broken = false;
    drop_session(link);
    if (connection)
        link->events->lost(link->context, connection, why, retry_after_ms);
}

// ---- what arrives ----

static void receive(struct link *link)
{
    struct session_error error = {0};
    ProtobufCMessage *response = NULL;
    uint64_t id = 0;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    if (!arena)
        abort();
    enum session_result result = session_receive(link->session, arena, &id, &response, &error);
    struct sync_answer answer = sync_session_answer(result, response, &error);
    if (result == SESSION_BROKEN)
        lose(link, error.message, error.retry_after_ms);
    else if (link->connection && id == link->sent_id)
        link->events->answered(link->context, link->connection, link->request_id, &answer);
    arena_free(arena);
}

static void on_readable(evutil_socket_t descriptor, short events, void *context)
{
    struct link *link = context;
    (void)descriptor;
    (void)events;
    while (link->session && session_ready(link->session))
        receive(link);
}

static bool open_session(struct link *link, struct session_error *error)
{
    struct session_settings settings = {.server = link->server,
                                        .client = "tiejun-agent " TIEJUN_VERSION,
                                        .timeout_ms = PATIENCE_MS};
    memcpy(settings.token, link->token, sizeof settings.token);
    link->session = session_open(&settings, error);
    sodium_memzero(settings.token, sizeof settings.token);
    if (!link->session)
        return false;
    link->readable = event_new(link->base, session_descriptor(link->session), EV_READ | EV_PERSIST,
                               on_readable, link);
    if (!link->readable)
        abort();
    event_add(link->readable, NULL);
    return true;
}

struct session *link_session(struct link *link, struct session_error *error)
{
    *error = (struct session_error){0};
    if (!link->session)
        open_session(link, error);
    return link->session;
}

// ---- what the core asks for ----

static void on_soon(evutil_socket_t descriptor, short events, void *context)
{
    struct link *link = context;
    struct session_error error;
    (void)descriptor;
    (void)events;
    if (link->broken) {
        lose(link, link->why, 0);
    } else if (link->to_open) {
        link->to_open = false;
        if (link_session(link, &error))
            link->events->opened(link->context, link->connection, session_clock(link->session));
        else
            lose(link, error.message, error.retry_after_ms);
    }
}

static void act_soon(struct link *link)
{
    static const struct timeval now = {0};
    event_add(link->soon, &now);
}

static void transport_open(void *context, uint64_t connection)
{
    struct link *link = context;
    link->connection = connection;
    link->to_open = true;
    act_soon(link);
}

static void transport_send(void *context, uint64_t connection, uint64_t request_id,
                           const Tiejun__V1__FactServiceLogRequest *request)
{
    struct link *link = context;
    struct session_error error = {0};
    (void)connection;
    link->request_id = request_id;
    if (link->session && session_send(link->session, "tiejun.v1.FactService.Log", &request->base,
                                      &link->sent_id, &error)) {
        // The answer may have come in while the request went out.
        event_active(link->readable, EV_READ, 0);
        return;
    }
    snprintf(link->why, sizeof link->why, "%s", error.message);
    link->broken = true;
    act_soon(link);
}

static void transport_close(void *context, uint64_t connection)
{
    struct link *link = context;
    if (connection != link->connection)
        return;
    link->connection = 0;
    link->to_open = link->broken = false;
    drop_session(link);
}

struct sync_transport link_transport(struct link *link)
{
    return (struct sync_transport){link, transport_open, transport_send, transport_close};
}

struct link *link_new(struct event_base *base, const char *server, const uint8_t token[32],
                      const struct link_events *events, void *context)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    link->base = base;
    link->server = server;
    link->events = events;
    link->context = context;
    memcpy(link->token, token, sizeof link->token);
    link->soon = evtimer_new(base, on_soon, link);
    if (!link->soon)
        abort();
    return link;
}

void link_free(struct link *link)
{
    drop_session(link);
    event_free(link->soon);
    sodium_memzero(link->token, sizeof link->token);
    free(link);
}
