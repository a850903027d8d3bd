#include "server/net/connection.h"

#include "common/frame.h"
#include "common/log.h"
#include "common/tls.h"
#include "server/net/address.h"
#include "server/net/greeting.h"
#include "server/rpc/session.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/ioctl.h>

enum {
    // Frames handled before other connections get their turn.
    FRAMES_A_TURN = 16,
    // Output at which reading stops; it goes on when all of it is written.
    OUTPUT_HIGH = 4 << 20,
    // The same while all clients together take too little.
    OUTPUT_HIGH_IN_NEED = 16 << 10,
    // What a frame may take beyond its length at the lowest rate.
    FRAME_SECONDS = 10,
    // A client that takes nothing of its last answers for so long is cut off.
    DRAIN_SECONDS = 5,
    // A client that takes none of its answers for so long is cut off.
    STALL_SECONDS = 60,
};

// GREETING: the first frame is not there yet, and neither stream nor session. OPEN: frames are
// taken. DRAINING: answers go out, nothing is taken. CLOSING: the rest of the output goes out.
// LINGERING: all is said, what still comes in is thrown away until the client closes too: closing
// over unread input would reset the connection, and take from the client the answers that it has
// not read yet.
enum state { STATE_GREETING, STATE_OPEN, STATE_DRAINING, STATE_CLOSING, STATE_LINGERING };

static const char *const state_names[] = {"greeting", "open", "draining", "closing", "lingering"};

struct connection {
    const struct connection_house *house;
    struct gate *gate;
    struct gate_place place;
    struct greeting *greeting;
    struct bufferevent *stream;
    SSL *tls;
    evutil_socket_t socket;
    struct session *session;
    struct event *deadline;
    connection_ended *ended;
    void *context;
    enum state state;
    bool paused;
    bool output_is_high;
    // The client has said its last word. What lies in the buffer still counts.
    bool input_ended;
    // TLS or the socket has failed: nothing can be said any more.
    bool broken;
    // Bytes of the frame whose rest the deadline is for; 0 when it is for something else.
    size_t awaited;
    // Bytes that the client had not taken when the deadline was last set.
    size_t untaken;
    char address[ADDRESS_SIZE];
};

static void change_state(struct connection *connection, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, connection->address, NULL, "connection %s -> %s",
              state_names[connection->state], state_names[state]);
    connection->state = state;
}

// Says that no more will come, as TLS says it, as far as the socket takes it now.
static void say_end(struct connection *connection)
{
    ERR_clear_error();
    if (!(SSL_get_shutdown(connection->tls) & SSL_SENT_SHUTDOWN)) {
        SSL_shutdown(connection->tls);
    }
    ERR_clear_error();
}

static size_t output_length(const struct connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->stream));
}

static void on_output(struct evbuffer *output, const struct evbuffer_cb_info *change, void *context)
{
    (void)output;
    struct connection *connection = context;
    gate_count_output(connection->gate, change->n_added, change->n_deleted);
}

static void free_stream(struct connection *connection)
{
    struct evbuffer *output = bufferevent_get_output(connection->stream);
    evbuffer_remove_cb(output, on_output, connection);
    gate_count_output(connection->gate, 0, evbuffer_get_length(output));
    if (!connection->broken) {
        say_end(connection);
    }
    bufferevent_free(connection->stream);
}

void connection_free(struct connection *connection)
{
    if (!connection) {
        return;
    }
    gate_leave(connection->gate, &connection->place);
    if (connection->ended) {
        connection->ended(connection->context, connection);
    }
    log_event(LOG_LEVEL_DEBUG, connection->address, NULL, "connection closed");
    session_free(connection->session);
    greeting_free(connection->greeting);
    if (connection->deadline) {
        event_free(connection->deadline);
    }
    if (connection->stream) {
        free_stream(connection);
    }
    free(connection);
}

static void evict(void *context)
{
    connection_free(context);
}

static void set_deadline(struct connection *connection, long seconds)
{
    const struct timeval delay = {.tv_sec = seconds};
    event_add(connection->deadline, &delay);
}

static bool output_is_too_long(const struct connection *connection)
{
    size_t most = gate_output_is_high(connection->gate) ? OUTPUT_HIGH_IN_NEED : OUTPUT_HIGH;
    return output_length(connection) > most;
}

// Frames that lie in the buffer already raise no event of their own.
static void look_again(struct connection *connection)
{
    bufferevent_trigger(connection->stream, EV_READ,
                        BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

static bool takes_frames(const struct connection *connection)
{
    return connection->state == STATE_OPEN && !connection->paused && !connection->output_is_high;
}

// Reads on while frames are taken and no whole one can lie in the buffer: so there is never more in
// memory than the longest frame that the session takes now, and one record of TLS. (A watermark
// would not do: libevent exceeds it by a record, and leaves what is decrypted already unseen.)
static void steer_reading(struct connection *connection)
{
    size_t most = session_frame_limit(connection->session) + FRAME_HEADER_MAX;
    size_t there = evbuffer_get_length(bufferevent_get_input(connection->stream));
    if (takes_frames(connection) && !connection->input_ended && there < most) {
        bufferevent_enable(connection->stream, EV_READ);
    } else {
        bufferevent_disable(connection->stream, EV_READ);
    }
}

// Bytes that the client has not taken yet: ours, and those in the kernel's hands.
static size_t untaken(const struct connection *connection)
{
    int queued = 0;
    if (ioctl(connection->socket, SIOCOUTQ, &queued) != 0) {
        queued = 0;
    }
    return output_length(connection) + (size_t)queued;
}

// Closes when all is said; a socket that does not take it is cut by the deadline.
static void start_closing(struct connection *connection)
{
    if (connection->state >= STATE_CLOSING) {
        return;
    }
    change_state(connection, STATE_CLOSING);
    bufferevent_disable(connection->stream, EV_READ);
    connection->untaken = untaken(connection);
    set_deadline(connection, DRAIN_SECONDS);
    if (output_length(connection) == 0) {
        // Not from within the session's own call.
        bufferevent_trigger(connection->stream, EV_WRITE, BEV_TRIG_DEFER_CALLBACKS);
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
    if (connection->state == STATE_LINGERING) {
        return;
    }
    bufferevent_write(connection->stream, data, size);
    if (output_is_too_long(connection) && !connection->output_is_high) {
        connection->output_is_high = true;
        steer_reading(connection);
    }
    close_when_drained(connection);
}

static size_t peer_unsent(void *context)
{
    return output_length(context);
}

static void peer_resume(void *context)
{
    struct connection *connection = context;
    connection->paused = false;
    if (connection->state != STATE_OPEN) {
        return;
    }
    if (session_is_open(connection->session) && connection->place.address) {
        gate_know(connection->gate, &connection->place);
        event_del(connection->deadline);
    }
    if (takes_frames(connection)) {
        look_again(connection);
    }
}

static void peer_close(void *context)
{
    start_closing(context);
}

// Whoever has begun a frame sends its rest in time. Strangers have a deadline for all of it.
static void await_rest(struct connection *connection, size_t size)
{
    size_t there = evbuffer_get_length(bufferevent_get_input(connection->stream));
    if (there == 0 || size <= connection->awaited || !session_is_open(connection->session)) {
        return;
    }
    connection->awaited = size;
    set_deadline(connection,
                 FRAME_SECONDS + (long)size / gate_limits(connection->gate)->bytes_per_second);
}

static void stop_awaiting(struct connection *connection)
{
    if (connection->awaited > 0) {
        connection->awaited = 0;
        event_del(connection->deadline);
    }
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
        await_rest(connection, header + body + 1);
        return false;
    }
    stop_awaiting(connection);
    uint8_t *bytes = evbuffer_pullup(input, (ev_ssize_t)(header + body));
    if (!bytes) {
        start_closing(connection);
        return false;
    }
    enum session_verdict verdict = session_take(connection->session, bytes + header, body);
    if (body <= FRAME_LIMIT_UNAUTHENTICATED) {
        // It may have held a password, which longer ones do not.
        sodium_memzero(bytes, header + body);
    }
    evbuffer_drain(input, header + body);
    if (verdict == SESSION_PAUSE) {
        connection->paused = true;
    }
    return verdict == SESSION_GO_ON;
}

static void take_frames(struct connection *connection)
{
    int taken = 0;
    while (takes_frames(connection) && take_frame(connection)) {
        if (++taken == FRAMES_A_TURN) {
            look_again(connection);
            steer_reading(connection);
            return;
        }
    }
    steer_reading(connection);
    if (!connection->input_ended || !takes_frames(connection)) {
        return;
    }
    if (evbuffer_get_length(bufferevent_get_input(connection->stream)) > 0) {
        session_reject(connection->session, "frame_cut_off");
    } else {
        connection_drain(connection);
    }
}

static void on_read(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    if (connection->state == STATE_LINGERING) {
        struct evbuffer *input = bufferevent_get_input(stream);
        evbuffer_drain(input, evbuffer_get_length(input));
    } else {
        take_frames(connection);
    }
}

// Whether a close takes nothing from the client: it has everything, and nothing of its own lies
// unread in the kernel.
static bool can_close(const struct connection *connection)
{
    int unread = 0;
    return connection->input_ended || (ioctl(connection->socket, FIONREAD, &unread) == 0 &&
                                       unread == 0 && untaken(connection) == 0);
}

// Everything queued is in the kernel's hands.
static void finish_closing(struct connection *connection)
{
    if (can_close(connection)) {
        connection_free(connection);
        return;
    }
    change_state(connection, STATE_LINGERING);
    say_end(connection);
    shutdown(connection->socket, SHUT_WR);
    bufferevent_enable(connection->stream, EV_READ);
    look_again(connection);
}

// The output is empty.
static void on_written(struct bufferevent *stream, void *context)
{
    (void)stream;
    struct connection *connection = context;
    if (output_length(connection) > 0) {
        return;
    }
    if (connection->state == STATE_CLOSING) {
        finish_closing(connection);
        return;
    }
    if (connection->output_is_high && connection->state == STATE_OPEN) {
        connection->output_is_high = false;
        if (takes_frames(connection)) {
            look_again(connection);
        }
    }
    session_drained(connection->session);
}

static void note_break(const struct connection *connection, short events)
{
    struct tally *tally = gate_tally(connection->gate);
    const char *what = tls_error_text(bufferevent_get_openssl_error(connection->stream));
    if (events & BEV_EVENT_TIMEOUT) {
        tally_count(tally, TALLY_READS_NOTHING, connection->address, NULL);
    } else if (*what) {
        tally_count(tally, TALLY_BROKEN, connection->address, what);
    }
}

// A socket that takes nothing any more is an end to libevent too, told while it writes.
static bool has_failed(short events)
{
    return events & (BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT) ||
           (events & BEV_EVENT_EOF && events & BEV_EVENT_WRITING);
}

static void on_event(struct bufferevent *stream, short events, void *context)
{
    struct connection *connection = context;
    if (has_failed(events) || connection->state == STATE_LINGERING) {
        note_break(connection, events);
        connection->broken = has_failed(events) && !(events & BEV_EVENT_TIMEOUT);
        connection_free(connection);
    } else if (events & BEV_EVENT_EOF) {
        connection->input_ended = true;
        // libevent stops writing as well; the answers are still to go out.
        bufferevent_enable(stream, EV_WRITE);
        take_frames(connection);
    }
}

// A client that is slow but takes its last answers gets more time.
static bool deserves_more_time(struct connection *connection)
{
    if (connection->state < STATE_CLOSING) {
        return false;
    }
    size_t before = connection->untaken;
    connection->untaken = untaken(connection);
    return connection->untaken > 0 && connection->untaken < before;
}

static void note_end(const struct connection *connection)
{
    struct tally *tally = gate_tally(connection->gate);
    if (connection->state == STATE_GREETING && !greeting_is_secure(connection->greeting)) {
        tally_count(tally, TALLY_HANDSHAKE, connection->address, "not in time");
    } else if (connection->state <= STATE_OPEN) {
        tally_count(tally, connection->awaited > 0 ? TALLY_SLOW : TALLY_LOGIN, connection->address,
                    NULL);
    } else if (connection->untaken > 0) {
        tally_count(tally, TALLY_READS_NOTHING, connection->address, "its last ones");
    }
}

static void on_deadline(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct connection *connection = context;
    // The rest of a frame may well be there, and it is we who do not read it.
    bool is_our_delay =
        connection->awaited > 0 && !takes_frames(connection) && connection->state == STATE_OPEN;
    if (is_our_delay || deserves_more_time(connection)) {
        set_deadline(connection, is_our_delay ? FRAME_SECONDS : DRAIN_SECONDS);
        return;
    }
    note_end(connection);
    connection_free(connection);
}

static void set_manners(evutil_socket_t socket)
{
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A client that vanished without a word is noticed some time.
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

// Takes socket and TLS over from the greeting, with what it has read.
static bool open_stream(struct connection *connection)
{
    struct evbuffer *read = evbuffer_new();
    if (!read) {
        return false;
    }
    bool good = greeting_hand_over(connection->greeting, read);
    connection->greeting = NULL;
    connection->stream =
        bufferevent_openssl_socket_new(connection->house->base, connection->socket, connection->tls,
                                       BUFFEREVENT_SSL_OPEN, BEV_OPT_CLOSE_ON_FREE);
    if (connection->stream) {
        good = good && evbuffer_add_buffer(bufferevent_get_input(connection->stream), read) == 0;
    } else {
        evutil_closesocket(connection->socket);
    }
    evbuffer_free(read);
    return good && connection->stream;
}

static bool open_session(struct connection *connection)
{
    const struct timeval stall = {.tv_sec = STALL_SECONDS};
    const struct session_peer peer = {connection,  connection->address, peer_send,
                                      peer_unsent, peer_resume,         peer_close};
    bufferevent_setcb(connection->stream, on_read, on_written, on_event, connection);
    evbuffer_add_cb(bufferevent_get_output(connection->stream), on_output, connection);
    bufferevent_enable(connection->stream, EV_WRITE);
    bufferevent_set_timeouts(connection->stream, NULL, &stall);
    connection->session = session_new(connection->house->service, &peer);
    return connection->session != NULL;
}

static void on_greeted(void *context, const char *fault)
{
    struct connection *connection = context;
    if (fault) {
        bool is_secure = greeting_is_secure(connection->greeting);
        tally_count(gate_tally(connection->gate), is_secure ? TALLY_BROKEN : TALLY_HANDSHAKE,
                    connection->address, fault);
        connection_free(connection);
    } else if (open_stream(connection) && open_session(connection)) {
        change_state(connection, STATE_OPEN);
        take_frames(connection);
    } else {
        connection_free(connection);
    }
}

// A place at the gate, or nothing.
static struct connection *admit(struct gate *gate, const struct sockaddr *address)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        return NULL;
    }
    address_write(address, connection->address);
    connection->gate = gate;
    connection->place =
        (struct gate_place){.peer = connection->address, .evict = evict, .context = connection};
    if (!gate_enter(gate, &connection->place, address)) {
        free(connection);
        return NULL;
    }
    return connection;
}

struct connection *connection_new(const struct connection_house *house, evutil_socket_t socket,
                                  const struct sockaddr *address, connection_ended *ended,
                                  void *context)
{
    struct connection *connection = admit(house->gate, address);
    if (!connection) {
        evutil_closesocket(socket);
        return NULL;
    }
    set_manners(socket);
    connection->house = house;
    connection->socket = socket;
    connection->tls = SSL_new(house->tls);
    connection->greeting = greeting_new(house->base, gate_turns(house->gate), socket,
                                        connection->tls, on_greeted, connection);
    connection->deadline = event_new(house->base, -1, 0, on_deadline, connection);
    if (!connection->greeting || !connection->deadline) {
        connection_free(connection);
        return NULL;
    }
    connection->ended = ended;
    connection->context = context;
    set_deadline(connection, gate_limits(house->gate)->login_seconds);
    return connection;
}

void connection_drain(struct connection *connection)
{
    if (connection->state == STATE_GREETING) {
        connection_free(connection);
    } else if (connection->state == STATE_OPEN) {
        change_state(connection, STATE_DRAINING);
        bufferevent_disable(connection->stream, EV_READ);
        // The rest of a frame is not taken any more: its lateness must not cut the answers short.
        stop_awaiting(connection);
        close_when_drained(connection);
    }
}
