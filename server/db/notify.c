#include "server/db/notify.h"

#include "common/log.h"
#include "server/db/conninfo.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECONNECT_FIRST_MS = 50,
    RECONNECT_MOST_MS = 5000,
    // A connection that is silent may be gone without a word (a switch that forgot it): it is
    // asked.
    ASK_SECONDS = 15,
    COMMAND_SIZE = 128,
};

// CONNECTING -> STARTING (LISTEN is on its way) -> LISTENING; any of them -> WAITING when the
// connection is lost.
enum state { STATE_WAITING, STATE_CONNECTING, STATE_STARTING, STATE_LISTENING };

static const char *const state_names[] = {"waiting", "connecting", "starting", "listening"};

struct notify {
    struct event_base *base;
    struct notify_settings settings;
    enum state state;
    PGconn *connection;
    // On the socket, while connecting for one direction, then for reading.
    struct event *ready;
    // When to connect again, or to ask whether it is still there.
    struct event *timer;
    unsigned reconnect_ms;
    // A question is out; a second one without an answer between them ends the connection.
    bool asked;
};

static void on_ready(evutil_socket_t socket, short events, void *context);

static void change_state(struct notify *notify, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s: %s -> %s", notify->settings.channel,
              state_names[notify->state], state_names[state]);
    notify->state = state;
}

static void set_timer(struct notify *notify, unsigned milliseconds)
{
    const struct timeval delay = {.tv_sec = milliseconds / 1000,
                                  .tv_usec = (suseconds_t)(milliseconds % 1000) * 1000};
    event_add(notify->timer, &delay);
}

// Events go before the socket does.
static void close_connection(struct notify *notify)
{
    if (notify->ready) {
        event_free(notify->ready);
        notify->ready = NULL;
    }
    PQfinish(notify->connection);
    notify->connection = NULL;
}

static void lose_connection(struct notify *notify)
{
    log_event(LOG_LEVEL_DEBUG, "postgresql", NULL, "%s: connection lost: %s",
              notify->settings.channel,
              notify->connection ? PQerrorMessage(notify->connection) : "no memory");
    close_connection(notify);
    change_state(notify, STATE_WAITING);
    set_timer(notify, notify->reconnect_ms);
    notify->reconnect_ms *= 2;
    if (notify->reconnect_ms > RECONNECT_MOST_MS) {
        notify->reconnect_ms = RECONNECT_MOST_MS;
    }
}

// The socket can change at every step of connecting, so the event is made anew each time.
static bool watch_socket(struct notify *notify, short events)
{
    if (notify->ready) {
        event_free(notify->ready);
    }
    int socket = PQsocket(notify->connection);
    notify->ready = socket < 0 ? NULL : event_new(notify->base, socket, events, on_ready, notify);
    return notify->ready && event_add(notify->ready, NULL) == 0;
}

// A few bytes, which a socket always takes.
static bool send_command(struct notify *notify, const char *command)
{
    return PQsendQuery(notify->connection, command) == 1 && PQflush(notify->connection) == 0;
}

static void start_listening(struct notify *notify)
{
    char command[COMMAND_SIZE];
    snprintf(command, sizeof command, "LISTEN %s", notify->settings.channel);
    change_state(notify, STATE_STARTING);
    if (PQsetnonblocking(notify->connection, 1) != 0 ||
        !watch_socket(notify, EV_READ | EV_PERSIST) || !send_command(notify, command)) {
        lose_connection(notify);
    }
}

static void continue_connecting(struct notify *notify)
{
    PostgresPollingStatusType status = PQconnectPoll(notify->connection);
    if (status == PGRES_POLLING_OK) {
        start_listening(notify);
    } else if (status == PGRES_POLLING_FAILED ||
               !watch_socket(notify, status == PGRES_POLLING_READING ? EV_READ : EV_WRITE)) {
        lose_connection(notify);
    }
}

static void start_connecting(struct notify *notify)
{
    const struct conninfo conninfo = conninfo_of(notify->settings.conninfo);
    change_state(notify, STATE_CONNECTING);
    notify->connection = PQconnectStartParams(conninfo.keywords, conninfo.values, 1);
    if (!notify->connection || PQstatus(notify->connection) == CONNECTION_BAD ||
        !watch_socket(notify, EV_WRITE)) {
        lose_connection(notify);
    }
}

static void begin_to_hear(struct notify *notify)
{
    notify->reconnect_ms = RECONNECT_FIRST_MS;
    notify->asked = false;
    change_state(notify, STATE_LISTENING);
    set_timer(notify, ASK_SECONDS * 1000);
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

static void on_ready(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct notify *notify = context;
    if (notify->state == STATE_CONNECTING) {
        continue_connecting(notify);
    } else if (PQconsumeInput(notify->connection) != 1 || !take_results(notify)) {
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
    if (notify->state == STATE_WAITING) {
        start_connecting(notify);
    } else if (notify->asked || !send_command(notify, "SELECT")) {
        lose_connection(notify);
    } else {
        notify->asked = true;
        set_timer(notify, ASK_SECONDS * 1000);
    }
}

struct notify *notify_new(struct event_base *base, const struct notify_settings *settings)
{
    struct notify *notify = calloc(1, sizeof *notify);
    if (!notify) {
        return NULL;
    }
    notify->base = base;
    notify->settings = *settings;
    notify->reconnect_ms = RECONNECT_FIRST_MS;
    notify->timer = event_new(base, -1, 0, on_timer, notify);
    if (!notify->timer) {
        free(notify);
        return NULL;
    }
    set_timer(notify, 0);
    return notify;
}

void notify_free(struct notify *notify)
{
    if (notify) {
        close_connection(notify);
        event_free(notify->timer);
        free(notify);
    }
}
