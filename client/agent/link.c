#include "client/agent/link.h"

#include "client/lib/sync_session.h"
#include "common/arena.h"
#include "common/i18n.h"

#include <event2/event.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct link {
    struct event_base *base;
    const char *server;
    uint8_t token[SESSION_TOKEN_SIZE];
    const struct link_events *events;
    void *context;
    struct session *session;
    bool is_open;
    // The core's number of the connection; 0 when the core does not use the session.
    uint64_t connection;
    uint64_t request_id;
    // Of the core's request, of the subscription and of the question; 0 when there is none.
    uint64_t sent_id;
    uint64_t subscription_id;
    uint64_t asked_id;
    // On the session's socket: of its next step while it opens, then of what arrives.
    struct event *readable;
    // And when more of what waits can go out.
    struct event *writable;
    // The subscription or the question has waited too long; the core minds its own.
    struct event *silent;
    // Runs what was asked for when the asker has returned.
    struct event *soon;
    bool to_open;
    bool broken;
    char why[1024];
};

static void unwatch(struct link *link)
{
    if (link->readable)
        event_free(link->readable);
    if (link->writable)
        event_free(link->writable);
    link->readable = link->writable = NULL;
}

static void drop_session(struct link *link)
{
    unwatch(link);
    session_close(link->session);
    link->session = NULL;
    link->is_open = false;
    link->sent_id = link->subscription_id = link->asked_id = 0;
    event_del(link->silent);
}

static void lose(struct link *link, const char *why, uint32_t retry_after_ms)
{
    uint64_t connection = link->connection;
    link->connection = 0;
    link->broken = link->to_open = false;
    drop_session(link);
    link->events->gone(link->context, why, retry_after_ms);
    if (connection)
        link->events->lost(link->context, connection, why, retry_after_ms);
}

static void act_soon(struct link *link)
{
    static const struct timeval now = {0};
    event_add(link->soon, &now);
}

// For who has to return first.
static void break_soon(struct link *link, const struct session_error *error)
{
    snprintf(link->why, sizeof link->why, "%s", error->message);
    link->broken = true;
    act_soon(link);
}

// ---- what arrives ----

// Whatever moves says that the daemon is there.
static void be_patient(struct link *link)
{
    static const struct timeval patience = {.tv_sec = LINK_PATIENCE_MS / 1000};
    if (link->subscription_id || link->asked_id)
        event_add(link->silent, &patience);
    else
        event_del(link->silent);
}

static void take_answer(struct link *link, uint64_t id, enum session_result result,
                        const ProtobufCMessage *response, struct session_error *error)
{
    if (link->connection && id == link->sent_id) {
        struct sync_answer answer = sync_session_answer(result, response, error);
        link->sent_id = 0;
        link->events->answered(link->context, link->connection, link->request_id, &answer);
    } else if (id == link->subscription_id) {
        link->subscription_id = 0;
        link->events->subscribed(link->context,
                                 result == SESSION_OK ? (const void *)response : NULL);
    } else if (id == link->asked_id) {
        link->asked_id = 0;
        link->events->told(link->context, result, response, error);
    }
}

static void receive(struct link *link)
{
    struct session_error error = {0};
    ProtobufCMessage *response = NULL;
    uint64_t id = 0;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    if (!arena)
        abort();
    enum session_result result = session_receive(link->session, arena, &id, &response, &error);
    if (result == SESSION_BROKEN)
        lose(link, error.message, error.retry_after_ms);
    else if (result != SESSION_PUSHED)
        take_answer(link, id, result, response, &error);
    arena_free(arena);
}

static void on_readable(evutil_socket_t descriptor, short events, void *context)
{
    struct link *link = context;
    (void)descriptor;
    (void)events;
    while (link->session && session_ready(link->session))
        receive(link);
    be_patient(link);
}

static void on_writable(evutil_socket_t descriptor, short events, void *context)
{
    struct session_error error = {0};
    struct link *link = context;
    (void)descriptor;
    (void)events;
    if (!session_flush(link->session, &error)) {
        lose(link, error.message, 0);
        return;
    }
    be_patient(link);
    if (session_writes(link->session))
        event_add(link->writable, NULL);
}

static void on_push(void *context, const char *topic, const uint8_t *body, size_t size)
{
    struct link *link = context;
    if (strcmp(topic, "notices") == 0)
        link->events->pushed(link->context, body, size);
}

// ---- opening ----

static void go_on_opening(struct link *link);

static void on_step(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    go_on_opening(context);
}

static void watch(struct link *link, short events, event_callback_fn on_event,
                  const struct timeval *patience)
{
    unwatch(link);
    link->readable =
        event_new(link->base, session_descriptor(link->session), events, on_event, link);
    if (!link->readable)
        abort();
    event_add(link->readable, patience);
}

static void finish_opening(struct link *link)
{
    link->is_open = true;
    session_listen(link->session, on_push, link);
    watch(link, EV_READ | EV_PERSIST, on_readable, NULL);
    link->writable =
        event_new(link->base, session_descriptor(link->session), EV_WRITE, on_writable, link);
    if (!link->writable)
        abort();
    link->events->ready(link->context);
    if (link->connection && link->is_open)
        link->events->opened(link->context, link->connection, session_clock(link->session));
}

static void go_on_opening(struct link *link)
{
    struct session_error error;
    enum session_progress progress = session_progress(link->session, &error);
    if (progress == SESSION_OPEN) {
        finish_opening(link);
    } else if (progress == SESSION_FAILED) {
        lose(link, error.message, error.retry_after_ms);
    } else {
        int left = session_patience(link->session);
        const struct timeval patience = {left / 1000, left % 1000 * 1000L};
        watch(link, session_writes(link->session) ? EV_WRITE : EV_READ, on_step, &patience);
    }
}

static void open_session(struct link *link)
{
    struct session_error error;
    struct session_settings settings = {.server = link->server,
                                        .client = "tiejun-agent " TIEJUN_VERSION,
                                        .timeout_ms = LINK_PATIENCE_MS,
                                        .queues = true};
    memcpy(settings.token, link->token, sizeof settings.token);
    link->session = session_start(&settings, &error);
    sodium_memzero(settings.token, sizeof settings.token);
    if (link->session)
        go_on_opening(link);
    else
        lose(link, error.message, error.retry_after_ms);
}

void link_connect(struct link *link)
{
    link->to_open = true;
    act_soon(link);
}

bool link_is_open(const struct link *link)
{
    return link->is_open;
}

// ---- what is asked ----

// Something was sent: the rest of it waits for room.
static void see_out(struct link *link)
{
    if (session_writes(link->session))
        event_add(link->writable, NULL);
}

static void ask(struct link *link, uint64_t *id, const char *method,
                const ProtobufCMessage *request, struct session_digest *digest)
{
    struct session_error error = {0};
    if (!session_send_kept(link->session, method, request, digest, id, &error)) {
        *id = 0;
        break_soon(link, &error);
        return;
    }
    be_patient(link);
    see_out(link);
}

void link_subscribe(struct link *link, const Tiejun__V1__NoticeServiceSubscribeRequest *request)
{
    if (!link->subscription_id)
        ask(link, &link->subscription_id, "tiejun.v1.NoticeService.Subscribe", &request->base,
            NULL);
}

void link_ask(struct link *link, const char *method, const ProtobufCMessage *request,
              struct session_digest *digest)
{
    ask(link, &link->asked_id, method, request, digest);
}

static void on_silent(evutil_socket_t descriptor, short events, void *context)
{
    char why[512];
    struct link *link = context;
    (void)descriptor;
    (void)events;
    snprintf(why, sizeof why, _("The connection to the daemon at %s was lost: %s."), link->server,
             _("it is silent"));
    lose(link, why, 0);
}

// ---- what the core asks for ----

static void on_soon(evutil_socket_t descriptor, short events, void *context)
{
    struct link *link = context;
    (void)descriptor;
    (void)events;
    bool to_open = link->to_open;
    link->to_open = false;
    if (link->broken)
        lose(link, link->why, 0);
    else if (to_open && !link->session)
        open_session(link);
    else if (to_open && link->is_open && link->connection)
        link->events->opened(link->context, link->connection, session_clock(link->session));
}

static void core_open(void *context, uint64_t connection)
{
    struct link *link = context;
    link->connection = connection;
    link_connect(link);
}

static void core_send(void *context, uint64_t connection, uint64_t request_id,
                      const Tiejun__V1__FactServiceLogRequest *request)
{
    struct link *link = context;
    struct session_error error = {0};
    (void)connection;
    link->request_id = request_id;
    if (link->is_open && session_send(link->session, "tiejun.v1.FactService.Log", &request->base,
                                      &link->sent_id, &error))
        see_out(link);
    else
        break_soon(link, &error);
}

static void core_close(void *context, uint64_t connection)
{
    struct link *link = context;
    if (connection != link->connection)
        return;
    link->connection = 0;
    // Not from within the core: gone is told when it has returned.
    break_soon(link, &(struct session_error){0});
}

struct sync_transport link_transport(struct link *link)
{
    return (struct sync_transport){link, core_open, core_send, core_close};
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
    link->silent = evtimer_new(base, on_silent, link);
    if (!link->soon || !link->silent)
        abort();
    return link;
}

void link_free(struct link *link)
{
    drop_session(link);
    event_free(link->soon);
    event_free(link->silent);
    sodium_memzero(link->token, sizeof link->token);
    free(link);
}
