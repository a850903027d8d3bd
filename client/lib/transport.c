#include "client/lib/transport.h"

#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
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

struct transport {
    int socket;
    SSL *tls;
    // What poll has to see before TLS can read or write on: either may need the other direction.
    short read_wants;
    short write_wants;
    const char *reason;
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

// 0, or an errno.
static int finish_connect(int descriptor, int timeout_ms)
{
    int ready = wait_for(descriptor, POLLOUT, timeout_ms);
    if (ready <= 0)
        return ready == 0 ? ETIMEDOUT : errno;
    int fault = 0;
    socklen_t size = sizeof fault;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) != 0)
        return errno;
    return fault;
}

// A socket that is connected to the address, or -1 with errno.
static int connect_to(const struct addrinfo *address, int timeout_ms)
{
    int descriptor =
        socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    int fault = 0;
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) != 0)
        fault = errno == EINPROGRESS ? finish_connect(descriptor, timeout_ms) : errno;
    if (fault) {
        close(descriptor);
        errno = fault;
        return -1;
    }
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

static int connect_to_any(const struct addrinfo *addresses, int timeout_ms)
{
    int descriptor = -1;
    for (const struct addrinfo *address = addresses; address && descriptor < 0;
         address = address->ai_next)
        descriptor = connect_to(address, timeout_ms);
    return descriptor;
}

static int connect_to_host(const struct server_name *server, int timeout_ms,
                           struct transport_fault *fault)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *addresses = NULL;
    int code = getaddrinfo(server->host, server->port, &hints, &addresses);
    if (code) {
        snprintf(fault->reason, sizeof fault->reason, "%s", gai_strerror(code));
        return -1;
    }
    int descriptor = connect_to_any(addresses, timeout_ms);
    if (descriptor < 0)
        snprintf(fault->reason, sizeof fault->reason, "%s", strerror(errno));
    freeaddrinfo(addresses);
    return descriptor;
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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// False with the transport's reason.
static bool shake_hands(struct transport *transport, int timeout_ms)
{
    int64_t end = now_ms() + timeout_ms;
    for (;;) {
        short wants = 0;
        ERR_clear_error();
        errno = 0;
        int result = SSL_connect(transport->tls);
        if (result == 1)
            return true;
        if (take_fault(transport, result, &wants) != EAGAIN)
            return false;
        int64_t left = end - now_ms();
        if (left <= 0 || wait_for(transport->socket, wants, (int)left) == 0) {
            transport->reason = strerror(ETIMEDOUT);
            return false;
        }
    }
}

static struct transport *transport_new(int descriptor, SSL_CTX *context,
                                       const struct server_name *server)
{
    struct transport *transport = calloc(1, sizeof *transport);
    if (!transport) {
        close(descriptor);
        return NULL;
    }
    transport->socket = descriptor;
    transport->read_wants = POLLIN;
    transport->write_wants = POLLOUT;
    transport->reason = strerror(ENOMEM);
    transport->tls = SSL_new(context);
    if (transport->tls && SSL_set_fd(transport->tls, descriptor) == 1 &&
        tls_expect(transport->tls, server->host))
        return transport;
    transport_close(transport);
    return NULL;
}

// One try: connects, shakes hands and judges the server.
static struct transport *try_server(const struct server_name *server, const struct trust *trust,
                                    SSL_CTX *context, int timeout_ms, enum trust_verdict *verdict,
                                    struct transport_fault *fault)
{
    int descriptor = connect_to_host(server, timeout_ms, fault);
    struct transport *transport =
        descriptor < 0 ? NULL : transport_new(descriptor, context, server);
    *verdict = TRUST_NO;
    if (!transport)
        return NULL;
    if (shake_hands(transport, timeout_ms))
        *verdict = trust_judge(trust, server, transport->tls, &fault->untrusted);
    else if (!trust_explain(trust, server, transport->tls, &fault->untrusted))
        snprintf(fault->reason, sizeof fault->reason, "%s", transport->reason);
    if (*verdict == TRUST_YES)
        return transport;
    transport_close(transport);
    return NULL;
}

struct transport *transport_open(const struct server_name *server, const struct trust *trust,
                                 int timeout_ms, struct transport_fault *fault)
{
    enum trust_verdict verdict;
    *fault = (struct transport_fault){0};
    SSL_CTX *context = trust_context(trust, &fault->untrusted);
    if (!context)
        return NULL;
    struct transport *transport = try_server(server, trust, context, timeout_ms, &verdict, fault);
    // The server does not wait for as long as a person thinks.
    if (verdict == TRUST_FROM_NOW_ON)
        transport = try_server(server, trust, context, timeout_ms, &verdict, fault);
    SSL_CTX_free(context);
    return transport;
}

void transport_close(struct transport *transport)
{
    if (!transport)
        return;
    if (transport->tls && SSL_is_init_finished(transport->tls)) {
        SSL_shutdown(transport->tls);
        ERR_clear_error();
    }
    SSL_free(transport->tls);
    close(transport->socket);
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
    return transport->socket;
}

int transport_wait(struct transport *transport, int events, int timeout_ms)
{
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
