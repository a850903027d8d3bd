#include "client/lib/transport.h"

#include "client/lib/lookup.h"
#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// A resolver has a try of its own at several servers.
#define LOOKUP_MOST_MS 20000

enum step { LOOKING_UP, CONNECTING, SHAKING_HANDS, OPEN };

struct transport {
    enum step step;
    // -1 while there is none.
    int socket;
    SSL *tls;
    // What poll has to see before TLS can read or write on: either may need the other direction.
    short read_wants;
    short write_wants;
    const char *reason;
    // The rest is for opening.
    const struct server_name *server;
    struct trust trust;
    SSL_CTX *context;
    struct lookup *lookup;
    // Those that were not tried.
    const struct addrinfo *addresses;
    int timeout_ms;
    int64_t step_ends;
};

static int wait_for(int descriptor, short events, int timeout_ms)
{
    struct pollfd poll_descriptor = {.fd = descriptor, .events = events};
    int count;
    do
        count = poll(&poll_descriptor, 1, timeout_ms);
    while (count < 0 && errno == EINTR);
    return count <= 0 ? count : poll_descriptor.revents;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// What TLS says in its own words, for a person where it matters to one.
static const char *words_of(unsigned long error)
{
    switch (ERR_GET_REASON(error)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return _("it does not speak TLS 1.3");
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return _("it asks for a client's certificate: set TIEJUN_CERTIFICATE and TIEJUN_KEY");
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        return _("it does not take the certificate of TIEJUN_CERTIFICATE");
    default:
        return tls_error_text(error);
    }
}

// Gives errno its meaning after a call to TLS that got nowhere: EAGAIN, with *wants saying for
// what, or what ended the connection. 0 when the other end has closed it.
static int take_fault(struct transport *transport, int result, short *wants)
{
    int system_fault = errno;
    int kind = SSL_get_error(transport->tls, result);
    unsigned long error = ERR_get_error();
    ERR_clear_error();
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
        *wants = kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        return EAGAIN;
    }
    if (kind == SSL_ERROR_ZERO_RETURN || (kind == SSL_ERROR_SYSCALL && system_fault == 0)) {
        transport->reason = _("it closed the connection");
        return 0;
    }
    transport->reason = kind == SSL_ERROR_SSL ? words_of(error) : strerror(system_fault);
    return kind == SSL_ERROR_SSL ? EPROTO : system_fault;
}

// ---- opening, step by step ----

static void begin_step(struct transport *transport, enum step step, int timeout_ms)
{
    transport->step = step;
    transport->step_ends = now_ms() + timeout_ms;
}

static void drop_connection(struct transport *transport)
{
    SSL_free(transport->tls);
    transport->tls = NULL;
    if (transport->socket >= 0)
        close(transport->socket);
    transport->socket = -1;
}

static enum transport_progress fail(struct transport *transport, struct transport_fault *fault)
{
    if (!*fault->untrusted.message)
        snprintf(fault->reason, sizeof fault->reason, "%s", transport->reason);
    return TRANSPORT_FAILED;
}

// A server that vanished without a word is noticed in a minute.
static void set_manners(int descriptor)
{
    static const struct {
        int level;
        int name;
        int value;
    } manners[] = {{IPPROTO_TCP, TCP_NODELAY, 1},
                   {SOL_SOCKET, SO_KEEPALIVE, 1},
                   {IPPROTO_TCP, TCP_KEEPIDLE, 30},
                   {IPPROTO_TCP, TCP_KEEPINTVL, 10},
                   {IPPROTO_TCP, TCP_KEEPCNT, 3}};
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
        setsockopt(descriptor, manners[i].level, manners[i].name, &manners[i].value, sizeof(int));
}

// Begins to connect to the next address that takes it. False when there is none left.
static bool connect_to_next(struct transport *transport)
{
    drop_connection(transport);
    while (transport->addresses) {
        const struct addrinfo *address = transport->addresses;
        transport->addresses = address->ai_next;
        transport->socket =
            socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (transport->socket >= 0 &&
            (connect(transport->socket, address->ai_addr, address->ai_addrlen) == 0 ||
             errno == EINPROGRESS)) {
            begin_step(transport, CONNECTING, transport->timeout_ms);
            return true;
        }
        transport->reason = strerror(errno);
        drop_connection(transport);
    }
    return false;
}

static enum transport_progress look_up(struct transport *transport, struct transport_fault *fault)
{
    if (!lookup_is_done(transport->lookup)) {
        transport->reason = strerror(ETIMEDOUT);
        return now_ms() < transport->step_ends ? TRANSPORT_OPENING : fail(transport, fault);
    }
    transport->addresses = lookup_addresses(transport->lookup, &transport->reason);
    return connect_to_next(transport) ? TRANSPORT_OPENING : fail(transport, fault);
}

// 0 when it is connected, EINPROGRESS, or what went wrong.
static int connect_fault(const struct transport *transport)
{
    int fault = 0;
    socklen_t size = sizeof fault;
    int ready = wait_for(transport->socket, POLLOUT, 0);
    if (ready == 0)
        return now_ms() < transport->step_ends ? EINPROGRESS : ETIMEDOUT;
    if (ready < 0 || getsockopt(transport->socket, SOL_SOCKET, SO_ERROR, &fault, &size) != 0)
        return errno;
    return fault;
}

static bool prepare_handshake(struct transport *transport)
{
    set_manners(transport->socket);
    transport->reason = strerror(ENOMEM);
    transport->tls = SSL_new(transport->context);
    begin_step(transport, SHAKING_HANDS, transport->timeout_ms);
    return transport->tls && SSL_set_fd(transport->tls, transport->socket) == 1 &&
           tls_expect(transport->tls, transport->server->host);
}

static enum transport_progress finish_connect(struct transport *transport,
                                              struct transport_fault *fault)
{
    int fault_code = connect_fault(transport);
    if (fault_code == EINPROGRESS)
        return TRANSPORT_OPENING;
    if (fault_code == 0)
        return prepare_handshake(transport) ? TRANSPORT_OPENING : fail(transport, fault);
    transport->reason = strerror(fault_code);
    return connect_to_next(transport) ? TRANSPORT_OPENING : fail(transport, fault);
}

static enum transport_progress judge(struct transport *transport, struct transport_fault *fault)
{
    enum trust_verdict verdict =
        trust_judge(&transport->trust, transport->server, transport->tls, &fault->untrusted);
    if (verdict == TRUST_YES) {
        transport->step = OPEN;
        return TRANSPORT_OPEN;
    }
    // The server does not wait for as long as a person thinks; who is not asked again.
    if (verdict == TRUST_FROM_NOW_ON && transport->trust.ask) {
        transport->trust.ask = NULL;
        transport->addresses = lookup_addresses(transport->lookup, &transport->reason);
        if (connect_to_next(transport))
            return TRANSPORT_OPENING;
    }
    return fail(transport, fault);
}

static enum transport_progress shake_hands(struct transport *transport,
                                           struct transport_fault *fault)
{
    short wants = 0;
    ERR_clear_error();
    errno = 0;
    int result = SSL_connect(transport->tls);
    if (result == 1)
        return judge(transport, fault);
    if (take_fault(transport, result, &wants) == EAGAIN) {
        transport->read_wants = wants;
        transport->reason = strerror(ETIMEDOUT);
        return now_ms() < transport->step_ends ? TRANSPORT_OPENING : fail(transport, fault);
    }
    trust_explain(&transport->trust, transport->server, transport->tls, &fault->untrusted);
    return fail(transport, fault);
}

enum transport_progress transport_progress(struct transport *transport,
                                           struct transport_fault *fault)
{
    static enum transport_progress (*const steps[])(struct transport *,
                                                    struct transport_fault *) = {
        [LOOKING_UP] = look_up,
        [CONNECTING] = finish_connect,
        [SHAKING_HANDS] = shake_hands,
    };
    enum step before;
    enum transport_progress progress = TRANSPORT_OPEN;
    *fault = (struct transport_fault){0};
    do {
        before = transport->step;
        if (before != OPEN)
            progress = steps[before](transport, fault);
    } while (progress == TRANSPORT_OPENING && transport->step != before);
    return progress;
}

struct transport *transport_start(const struct server_name *server, const struct trust *trust,
                                  int timeout_ms, struct transport_fault *fault)
{
    *fault = (struct transport_fault){0};
    struct transport *transport = calloc(1, sizeof *transport);
    if (!transport)
        abort();
    transport->socket = -1;
    transport->server = server;
    transport->trust = *trust;
    transport->timeout_ms = timeout_ms;
    transport->read_wants = POLLIN;
    transport->write_wants = POLLOUT;
    transport->reason = strerror(ENOMEM);
    transport->context = trust_context(trust, &fault->untrusted);
    transport->lookup = transport->context ? lookup_new(server->host, server->port) : NULL;
    begin_step(transport, LOOKING_UP, LOOKUP_MOST_MS);
    if (transport->lookup)
        return transport;
    fail(transport, fault);
    transport_close(transport);
    return NULL;
}

void transport_close(struct transport *transport)
{
    if (!transport)
        return;
    if (transport->tls && SSL_is_init_finished(transport->tls)) {
        SSL_shutdown(transport->tls);
        ERR_clear_error();
    }
    drop_connection(transport);
    SSL_CTX_free(transport->context);
    lookup_free(transport->lookup);
    free(transport);
}

ssize_t transport_read(struct transport *transport, void *data, size_t size)
{
    size_t count = 0;
    ERR_clear_error();
    errno = 0;
    int result = SSL_read_ex(transport->tls, data, size, &count);
    transport->read_wants = POLLIN;
    if (result == 1)
        return (ssize_t)count;
    errno = take_fault(transport, result, &transport->read_wants);
    return errno == 0 ? 0 : -1;
}

// The other end's last words say more than that it is gone.
static void take_last_words(struct transport *transport)
{
    char byte;
    short wants;
    ERR_clear_error();
    int result = SSL_peek(transport->tls, &byte, 1);
    if (result <= 0 && SSL_get_error(transport->tls, result) == SSL_ERROR_SSL)
        take_fault(transport, result, &wants);
}

ssize_t transport_write(struct transport *transport, const void *data, size_t size)
{
    size_t count = 0;
    ERR_clear_error();
    errno = 0;
    int result = SSL_write_ex(transport->tls, data, size, &count);
    transport->write_wants = POLLOUT;
    if (result == 1)
        return (ssize_t)count;
    int fault = take_fault(transport, result, &transport->write_wants);
    if (fault != EAGAIN)
        take_last_words(transport);
    errno = fault == 0 ? EPIPE : fault;
    return -1;
}

const char *transport_reason(const struct transport *transport)
{
    return transport->reason;
}

int transport_descriptor(const struct transport *transport)
{
    return transport->step == LOOKING_UP ? lookup_descriptor(transport->lookup) : transport->socket;
}

int transport_wants(const struct transport *transport)
{
    bool writing = transport->step == CONNECTING ||
                   (transport->step == SHAKING_HANDS && transport->read_wants == POLLOUT);
    return writing ? TRANSPORT_WRITABLE : TRANSPORT_READABLE;
}

int transport_patience(const struct transport *transport)
{
    int64_t left = transport->step_ends - now_ms();
    return left > 0 ? (int)left : 0;
}

static int wait_for_step(const struct transport *transport, int timeout_ms)
{
    int wants = transport_wants(transport);
    int ready = wait_for(transport_descriptor(transport),
                         wants == TRANSPORT_WRITABLE ? POLLOUT : POLLIN, timeout_ms);
    return ready > 0 ? wants : ready;
}

int transport_wait(struct transport *transport, int events, int timeout_ms)
{
    if (transport->step != OPEN)
        return wait_for_step(transport, timeout_ms);
    // What TLS has taken off the socket already, no poll sees.
    if (events & TRANSPORT_READABLE && SSL_pending(transport->tls) > 0)
        return TRANSPORT_READABLE;
    short read_wants = events & TRANSPORT_READABLE ? transport->read_wants : 0;
    short write_wants = events & TRANSPORT_WRITABLE ? transport->write_wants : 0;
    int ready = wait_for(transport->socket, (short)(read_wants | write_wants), timeout_ms);
    if (ready <= 0)
        return ready;
    // After a hang-up both calls return at once and say what happened.
    if (ready & (POLLERR | POLLHUP | POLLNVAL))
        return events;
    return (ready & read_wants ? TRANSPORT_READABLE : 0) |
           (ready & write_wants ? TRANSPORT_WRITABLE : 0);
}
