#include "server/net/connection.h"

#include "common/frame.h"
#include "common/log.h"
#include "server/rpc/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Frames handled before other connections get their turn.
    FRAMES_A_TURN = 16,
    // Output at which reading stops; it goes on when all of it is written.
    OUTPUT_HIGH = 4 << 20,
    LOGIN_SECONDS = 10,
    // Time that a client has to take its last answers.
    DRAIN_SECONDS = 5,
};

// OPEN: frames are taken. DRAINING: answers go out, nothing is taken. CLOSING: the rest of the
// output goes out, then the socket is closed.
enum state { STATE_OPEN, STATE_DRAINING, STATE_CLOSING };

static const char *const state_names[] = {"open", "draining", "closing"};

struct connection {
    struct bufferevent *stream;
    struct session *session;
    struct event *deadline;
    connection_ended *ended;
    void *context;
    enum state state;
    bool paused;
    bool output_is_high;
    char address[INET6_ADDRSTRLEN + 10];
};

static void change_state(struct connection *connection, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, connection->address, NULL, "connection %s -> %s",
              state_names[connection->state], state_names[state]);
    connection->state = state;
}

void connection_free(struct connection *connection)
{
    if (!connection) {
        return;
    }
    if (connection->ended) {
        connection->ended(connection->context, connection);
    }
    log_event(LOG_LEVEL_DEBUG, connection->address, NULL, "connection closed");
    session_free(connection->session);
    if (connection->deadline) {
        event_free(connection->deadline);
    }
    if (connection->stream) {
        bufferevent_free(connection->stream);
    }
    free(connection);
}

static void set_deadline(struct connection *connection, int seconds)
{
    const struct timeval delay = {.tv_sec = seconds};
    event_add(connection->deadline, &delay);
}

static size_t output_length(const struct connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->stream));
}

// Never more in memory than the longest frame that the session takes now, and what the kernel
// gives at once.
static void bound_input(struct connection *connection)
{
    bufferevent_setwatermark(connection->stream, EV_READ, 0,
                             session_frame_limit(connection->session) + FRAME_HEADER_MAX);
}

// Closes when all is said; a socket that does not take it is cut by the deadline.
static void start_closing(struct connection *connection)
{
    if (connection->state == STATE_CLOSING) {
        return;
    }
    change_state(connection, STATE_CLOSING);
    bufferevent_disable(connection->stream, EV_READ);
    set_deadline(connection, DRAIN_SECONDS);
    if (output_length(connection) == 0) {
        // Not from within the session's own call.
        event_active(connection->deadline, EV_TIMEOUT, 0);
    }
}

static void close_when_drained(struct connection *connection)
{
    if (connection->state == STATE_DRAINING && session_in_flight(connection->session) == 0) {
        start_closing(connection);
    }
}

static void peer_send(void *context, const uint8_t *data, size_t size)
{
    struct connection *connection = context;
    bufferevent_write(connection->stream, data, size);
    if (output_length(connection) > OUTPUT_HIGH && !connection->output_is_high) {
        connection->output_is_high = true;
        bufferevent_disable(connection->stream, EV_READ);
    }
    close_when_drained(connection);
}

static void peer_resume(void *context)
{
    struct connection *connection = context;
    connection->paused = false;
    if (connection->state != STATE_OPEN) {
        return;
    }
    if (session_is_open(connection->session)) {
        event_del(connection->deadline);
        bound_input(connection);
    }
    if (!connection->output_is_high) {
        bufferevent_enable(connection->stream, EV_READ);
    }
    // Frames that lie in the buffer already raise no event of their own.
    bufferevent_trigger(connection->stream, EV_READ,
                        BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

static void peer_close(void *context)
{
    start_closing(context);
}

// Hands one frame to the session. False when none is complete or the session wants no more.
static bool take_frame(struct connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->stream);
    uint8_t head[FRAME_HEADER_MAX];
    size_t header = 0;
    size_t body = 0;
    ev_ssize_t peeked = evbuffer_copyout(input, head, sizeof head);
    enum frame_state state = frame_peek(head, peeked > 0 ? (size_t)peeked : 0,
                                        session_frame_limit(connection->session), &header, &body);
    if (state == FRAME_TOO_LONG || state == FRAME_MALFORMED) {
        session_reject(connection->session,
                       state == FRAME_TOO_LONG ? "frame_too_long" : "frame_malformed");
        return false;
    }
    if (header == 0 || evbuffer_get_length(input) < header + body) {
        return false;
    }
    const uint8_t *bytes = evbuffer_pullup(input, (ev_ssize_t)(header + body));
    if (!bytes) {
        start_closing(connection);
        return false;
    }
    enum session_verdict verdict = session_take(connection->session, bytes + header, body);
    evbuffer_drain(input, header + body);
    if (verdict == SESSION_PAUSE) {
        connection->paused = true;
        bufferevent_disable(connection->stream, EV_READ);
    }
    return verdict == SESSION_GO_ON;
}

static void on_read(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    for (int taken = 0; connection->state == STATE_OPEN && !connection->paused &&
                        !connection->output_is_high && take_frame(connection);) {
        if (++taken == FRAMES_A_TURN) {
            bufferevent_trigger(stream, EV_READ,
                                BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
            return;
        }
    }
}

// The output is empty.
static void on_written(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    if (connection->state == STATE_CLOSING && output_length(connection) == 0) {
        connection_free(connection);
        return;
    }
    if (connection->output_is_high && connection->state == STATE_OPEN) {
        connection->output_is_high = false;
        if (!connection->paused) {
            bufferevent_enable(stream, EV_READ);
            bufferevent_trigger(stream, EV_READ,
                                BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
        }
    }
}

// The client has said its last word: it may still wait for answers.
static void take_end(struct connection *connection)
{
    if (evbuffer_get_length(bufferevent_get_input(connection->stream)) > 0 && !connection->paused) {
        session_reject(connection->session, "frame_cut_off");
    } else if (session_in_flight(connection->session) > 0) {
        connection_drain(connection);
    } else {
        connection_free(connection);
    }
}

static void on_event(struct bufferevent *stream, short events, void *context)
{
    (void)stream;
    struct connection *connection = context;
    if (events & BEV_EVENT_ERROR) {
        connection_free(connection);
    } else if (events & BEV_EVENT_EOF) {
        take_end(connection);
    }
}

static void on_deadline(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct connection *connection = context;
    if (connection->state == STATE_OPEN && !session_is_open(connection->session)) {
        log_event(LOG_LEVEL_INFO, connection->address, NULL, "did not log in in time");
    }
    connection_free(connection);
}

static void name_address(struct connection *connection, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "?";
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        snprintf(connection->address, sizeof connection->address, "%s:%u", text,
                 ntohs(in->sin_port));
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
        snprintf(connection->address, sizeof connection->address, "[%s]:%u", text,
                 ntohs(in->sin6_port));
    }
}

static bool open_stream(struct connection *connection, struct event_base *base,
                        evutil_socket_t socket)
{
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->stream = bufferevent_socket_new(base, socket, BEV_OPT_CLOSE_ON_FREE);
    connection->deadline = event_new(base, -1, 0, on_deadline, connection);
    if (!connection->stream) {
        evutil_closesocket(socket);
    }
    return connection->stream && connection->deadline;
}

struct connection *connection_new(struct event_base *base, struct service *service,
                                  evutil_socket_t socket, const struct sockaddr *address,
                                  connection_ended *ended, void *context)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        evutil_closesocket(socket);
        return NULL;
    }
    name_address(connection, address);
    const struct session_peer peer = {connection, connection->address, peer_send, peer_resume,
                                      peer_close};
    bool streaming = open_stream(connection, base, socket);
    connection->session = session_new(service, &peer);
    if (!streaming || !connection->session) {
        connection_free(connection);
        return NULL;
    }
    connection->ended = ended;
    connection->context = context;
    bufferevent_setcb(connection->stream, on_read, on_written, on_event, connection);
    bound_input(connection);
    bufferevent_enable(connection->stream, EV_READ | EV_WRITE);
    set_deadline(connection, LOGIN_SECONDS);
    return connection;
}

void connection_drain(struct connection *connection)
{
    if (connection->state == STATE_OPEN) {
        change_state(connection, STATE_DRAINING);
        bufferevent_disable(connection->stream, EV_READ);
        close_when_drained(connection);
    }
}
