#include "server/db/connector.h"

#include "server/db/conninfo.h"
#include "server/db/hosts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DELAY_FIRST_MS = 50, WHY_SIZE = 1024 };

struct connector {
    struct event_base *base;
    struct connector_settings settings;
    struct hosts *hosts;
    // Whose turn it is, and how many have failed in this round.
    size_t turn;
    size_t n_failed;
    char why[WHY_SIZE];
    unsigned delay_ms;
    // The attempt under way, if any.
    PGconn *connection;
    // On its socket, for one direction.
    struct event *ready;
    // When the host will have been silent for too long, or without an attempt, the next round.
    struct event *timer;
};

static void on_ready(evutil_socket_t socket, short events, void *context);

static void set_timer(struct connector *connector, unsigned milliseconds)
{
    const struct timeval delay = {.tv_sec = milliseconds / 1000,
                                  .tv_usec = (suseconds_t)(milliseconds % 1000) * 1000};
    event_add(connector->timer, &delay);
}

// Events go before the socket does.
static void drop_event(struct connector *connector)
{
    if (connector->ready) {
        event_free(connector->ready);
        connector->ready = NULL;
    }
}

// The socket can change at every step of connecting, so the event is made anew each time.
static bool watch_socket(struct connector *connector, short events)
{
    drop_event(connector);
    int socket = PQsocket(connector->connection);
    if (socket >= 0) {
        connector->ready = event_new(connector->base, socket, events, on_ready, connector);
    }
    if (connector->hosts->silence_ms > 0) {
        set_timer(connector, connector->hosts->silence_ms);
    }
    return connector->ready && event_add(connector->ready, NULL) == 0;
}

static PGconn *take_connection(struct connector *connector)
{
    PGconn *connection = connector->connection;
    connector->connection = NULL;
    event_del(connector->timer);
    drop_event(connector);
    return connection;
}

static void pass_turn(struct connector *connector)
{
    connector->turn = (connector->turn + 1) % connector->hosts->count;
}

// libpq ends its messages with a newline.
static void note_failure(struct connector *connector, const char *why)
{
    size_t length = strlen(connector->why);
    int part = (int)strlen(why);
    while (part > 0 && why[part - 1] == '\n') {
        part--;
    }
    snprintf(connector->why + length, sizeof connector->why - length, "%s%.*s", length ? "; " : "",
             part, why);
    connector->n_failed++;
    pass_turn(connector);
}

static bool begin_attempt(struct connector *connector)
{
    const char *host = connector->hosts->conninfos[connector->turn];
    const struct conninfo conninfo =
        connector->settings.for_requests ? conninfo_of_requests(host) : conninfo_of(host);
    connector->connection = PQconnectStartParams(conninfo.keywords, conninfo.values, 1);
    return connector->connection && PQstatus(connector->connection) != CONNECTION_BAD &&
           watch_socket(connector, EV_WRITE);
}

static void end_attempt(struct connector *connector)
{
    PGconn *connection = take_connection(connector);
    note_failure(connector, connection ? PQerrorMessage(connection) : "out of memory");
    PQfinish(connection);
}

// Until one has to be waited for, or all have failed.
static void ask_hosts(struct connector *connector)
{
    while (connector->n_failed < connector->hosts->count) {
        if (begin_attempt(connector)) {
            return;
        }
        end_attempt(connector);
    }
    connector_start(connector);
    connector->settings.failed(connector->settings.context, connector->why);
}

static void continue_attempt(struct connector *connector)
{
    PostgresPollingStatusType status = PQconnectPoll(connector->connection);
    if (status == PGRES_POLLING_OK) {
        pass_turn(connector);
        connector->settings.connected(connector->settings.context, take_connection(connector));
    } else if (status == PGRES_POLLING_FAILED ||
               !watch_socket(connector, status == PGRES_POLLING_READING ? EV_READ : EV_WRITE)) {
        end_attempt(connector);
        ask_hosts(connector);
    }
}

static void on_ready(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    continue_attempt(context);
}

static void give_up_attempt(struct connector *connector)
{
    PGconn *connection = take_connection(connector);
    char why[WHY_SIZE];
    snprintf(why, sizeof why, "connection to server at \"%s\", port %s failed: silent for %u s",
             PQhost(connection), PQport(connection), connector->hosts->silence_ms / 1000);
    PQfinish(connection);
    note_failure(connector, why);
}

static void on_timer(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct connector *connector = context;
    if (connector->connection) {
        give_up_attempt(connector);
    } else {
        connector->n_failed = 0;
        connector->why[0] = '\0';
    }
    ask_hosts(connector);
}

struct connector *connector_new(struct event_base *base, const struct connector_settings *settings)
{
    struct connector *connector = calloc(1, sizeof *connector);
    if (!connector) {
        return NULL;
    }
    connector->base = base;
    connector->settings = *settings;
    connector->hosts = hosts_of(settings->conninfo);
    connector->timer = event_new(base, -1, 0, on_timer, connector);
    if (!connector->hosts || !connector->timer) {
        connector_free(connector);
        return NULL;
    }
    return connector;
}

void connector_free(struct connector *connector)
{
    if (!connector) {
        return;
    }
    drop_event(connector);
    PQfinish(connector->connection);
    if (connector->timer) {
        event_free(connector->timer);
    }
    hosts_free(connector->hosts);
    free(connector);
}

void connector_start(struct connector *connector)
{
    set_timer(connector, connector->delay_ms);
    unsigned next = connector->delay_ms ? 2 * connector->delay_ms : DELAY_FIRST_MS;
    connector->delay_ms =
        next > connector->settings.delay_most_ms ? connector->settings.delay_most_ms : next;
}

void connector_settled(struct connector *connector)
{
    connector->delay_ms = DELAY_FIRST_MS;
}
