// One client's socket, under TLS: bytes become frames for the session, the session's bytes go out.
// Bounded in both directions: nothing is read while the session or the client's own reading lags.
#pragma once

#include "server/net/gate.h"
#include "server/rpc/service.h"

#include <event2/event.h>
#include <event2/util.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

struct connection;

// Told once, when the socket is closed and the connection is about to be freed.
typedef void connection_ended(void *context, struct connection *connection);

// What the connections of a listener share; it outlives them.
struct connection_house {
    struct event_base *base;
    struct service *service;
    struct gate *gate;
    // How this side shows itself.
    SSL_CTX *tls;
};

// Takes over the socket, also on failure. NULL when memory is out or the gate has no room.
struct connection *connection_new(const struct connection_house *house, evutil_socket_t socket,
                                  const struct sockaddr *address, connection_ended *ended,
                                  void *context);

// Reads no more, answers what was accepted, and closes; one that has not shaken hands yet at once.
void connection_drain(struct connection *connection);

// Closes at once.
void connection_free(struct connection *connection);
