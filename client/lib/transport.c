#include "client/lib/transport.h"

#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT_DEFAULT "7535"
#define HOST_SIZE 256
#define PORT_SIZE 16

struct transport {
    int socket;
};

static bool copy(char *out, size_t size, const char *text, size_t length)
{
    if (length == 0 || length >= size)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

// An address with more than one ":" and no brackets is an IPv6 one without a port.
static bool split_server(const char *server, char host[HOST_SIZE], char port[PORT_SIZE])
{
    const char *bracket = server[0] == '[' ? strchr(server, ']') : NULL;
    const char *colon = strrchr(bracket ? bracket : server, ':');
    if (!bracket && colon && strchr(server, ':') != colon)
        colon = NULL;
    if (!copy(port, PORT_SIZE, colon ? colon + 1 : PORT_DEFAULT,
              colon ? strlen(colon + 1) : strlen(PORT_DEFAULT)))
        return false;
    if (bracket)
        return copy(host, HOST_SIZE, server + 1, (size_t)(bracket - server - 1));
    return copy(host, HOST_SIZE, server, colon ? (size_t)(colon - server) : strlen(server));
}

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

struct transport *transport_open(const char *server, int timeout_ms, char *reason,
                                 size_t reason_size)
{
    char host[HOST_SIZE];
    char port[PORT_SIZE];
    if (!split_server(server, host, port)) {
        snprintf(reason, reason_size, "%s", _("this is not HOST:PORT"));
        return NULL;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *addresses = NULL;
    int fault = getaddrinfo(host, port, &hints, &addresses);
    if (fault) {
        snprintf(reason, reason_size, "%s", gai_strerror(fault));
        return NULL;
    }
    int descriptor = connect_to_any(addresses, timeout_ms);
    int connect_errno = errno;
    freeaddrinfo(addresses);
    struct transport *transport = descriptor < 0 ? NULL : malloc(sizeof *transport);
    if (transport) {
        transport->socket = descriptor;
        return transport;
    }
    if (descriptor >= 0)
        close(descriptor);
    snprintf(reason, reason_size, "%s", strerror(descriptor < 0 ? connect_errno : ENOMEM));
    return NULL;
}

void transport_close(struct transport *transport)
{
    if (!transport)
        return;
    close(transport->socket);
    free(transport);
}

ssize_t transport_read(struct transport *transport, void *data, size_t size)
{
    return recv(transport->socket, data, size, MSG_DONTWAIT);
}

ssize_t transport_write(struct transport *transport, const void *data, size_t size)
{
    return send(transport->socket, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int transport_wait(struct transport *transport, int events, int timeout_ms)
{
    short wanted = 0;
    if (events & TRANSPORT_READABLE)
        wanted |= POLLIN;
    if (events & TRANSPORT_WRITABLE)
        wanted |= POLLOUT;
    int ready = wait_for(transport->socket, wanted, timeout_ms);
    if (ready <= 0)
        return ready;
    // After a hang-up both calls return at once and say what happened.
    if (ready & (POLLERR | POLLHUP | POLLNVAL))
        return events;
    return (ready & POLLIN ? TRANSPORT_READABLE : 0) | (ready & POLLOUT ? TRANSPORT_WRITABLE : 0);
}
