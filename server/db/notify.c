#include "server/db/notify.h"

#include "common/log.h"
#include "server/db/connector.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECONNECT_MOST_MS = 5000,
    // A connection that is silent may be gone without a word (a switch that forgot it): it is
    // asked.
    ASK_SECONDS = 15,
    COMMAND_SIZE = 128,
};

// CONNECTING -> STARTING (LISTEN is on its way) -> LISTENING; back to CONNECTING when the
// connection is lost.
enum state { STATE_CONNECTING, STATE_STARTING, STATE_LISTENING };

static const char *const state_names[] = {"connecting", "starting", "listening"};

struct notify {
    struct event_base *base;
    struct notify_settings settings;
    enum state state;
    struct connector *connector;
    // None while connecting.
    PGconn *connection;
    struct event *readable;
    // When to ask whether it is still there.
    struct event *timer;
    // A question is out; a second one without an answer between them ends the connection.
    bool asked;
};

static void change_state(struct notify *notify, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s: %s -> %s", notify->settings.channel,
              state_names[notify->state], state_names[state]);
    notify->state = state;
}

static void set_timer(struct notify *notify)
{
    const struct timeval delay = {.tv_sec = ASK_SECONDS};
    event_add(notify->timer, &delay);
}

// Events go before the socket does.
static void close_connection(struct notify *notify)
{
    if (notify->readable) {
        event_free(notify->readable);
        notify->readable = NULL;
    }
    event_del(notify->timer);
    PQfinish(notify->connection);
    notify->connection = NULL;
}

static void lose_connection(struct notify *notify)
{
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s: connection lost: %s",
              notify->settings.channel, PQerrorMessage(notify->connection));
    close_connection(notify);
    change_state(notify, STATE_CONNECTING);
    connector_start(notify->connector);
}

// A few bytes, which a socket always takes.
static bool send_command(struct notify *notify, const char *command)
{
    return PQsendQuery(notify->connection, command) == 1 && PQflush(notify->connection) == 0;
}

static void begin_to_hear(struct notify *notify)
{
    connector_settled(notify->connector);
    change_state(notify, STATE_LISTENING);
    notify->settings.listening(notify->settings.context);
}

// False when a command was refused.
static bool take_results(struct notify *notify)
{
    bool good = true;
    PGresult *result;
    while (!PQisBusy(notify->connection) && (result = PQgetResult(notify->connection))) {
        good = good && PQresultStatus(result) != PGRES_FATAL_ERROR;
        notify->asked = false;
        PQclear(result);
        if (good && notify->state == STATE_STARTING) {
            begin_to_hear(notify);
        }
    }
    return good;
}

static void take_words(struct notify *notify)
{
    PGnotify *word;
    while ((word = PQnotifies(notify->connection))) {
        notify->settings.heard(notify->settings.context, word->extra);
        PQfreemem(word);
    }
}

static void on_readable(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct notify *notify = context;
    if (PQconsumeInput(notify->connection) != 1 || !take_results(notify)) {
        lose_connection(notify);
    } else {
        take_words(notify);
    }
}

static void on_timer(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct notify *notify = context;
    if (notify->asked || !send_command(notify, "SELECT")) {
        lose_connection(notify);
    } else {
        notify->asked = true;
        set_timer(notify);
    }
}

static bool watch_socket(struct notify *notify)
{
    notify->readable = event_new(notify->base, PQsocket(notify->connection), EV_READ | EV_PERSIST,
                                 on_readable, notify);
    return notify->readable && event_add(notify->readable, NULL) == 0;
}

static void on_connected(void *context, PGconn *connection)
{
    struct notify *notify = context;
    char command[COMMAND_SIZE];
    snprintf(command, sizeof command, "LISTEN %s", notify->settings.channel);
    notify->connection = connection;
    // LISTEN is a question too.
    notify->asked = true;
    change_state(notify, STATE_STARTING);
    set_timer(notify);
    if (PQsetnonblocking(connection, 1) != 0 || !watch_socket(notify) ||
        !send_command(notify, command)) {
        lose_connection(notify);
    }
}

static void on_connect_failed(void *context, const char *why)
{
    const struct notify *notify = context;
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s: cannot connect: %s",
              notify->settings.channel, why);
}

struct notify *notify_new(struct event_base *base, const struct notify_settings *settings)
{
    struct notify *notify = calloc(1, sizeof *notify);
    if (!notify) {
        return NULL;
    }
    notify->base = base;
    notify->settings = *settings;
    notify->timer = event_new(base, -1, 0, on_timer, notify);
    const struct connector_settings connecting = {
        .conninfo = settings->conninfo,
        .delay_most_ms = RECONNECT_MOST_MS,
        .context = notify,
        .connected = on_connected,
        .failed = on_connect_failed,
    };
    notify->connector = connector_new(base, &connecting);
    if (!notify->timer || !notify->connector) {
        notify_free(notify);
        return NULL;
    }
    connector_start(notify->connector);
    return notify;
}

void notify_free(struct notify *notify)
{
    if (!notify) {
        return;
    }
    connector_free(notify->connector);
    if (notify->timer) {
        close_connection(notify);
        event_free(notify->timer);
    }
    free(notify);
}
