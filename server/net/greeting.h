// A connection's first words: the handshake of TLS, and the first frame. Whoever only knocks, and
// many do, has nothing of a connection yet but a socket, TLS and what it has sent of that frame;
// and its handshake, which is what costs most, waits for its turn.
#pragma once

#include "server/net/turns.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

struct greeting;

// Told once, at the end of a turn: the first frame is there whole, or something that is none, or
// the end of what the client sends; or, with fault not NULL, TLS has failed for that reason.
typedef void greeting_done(void *context, const char *fault);

// Takes over the socket, and tls for it; also on failure. NULL when memory is out.
struct greeting *greeting_new(struct event_base *base, struct turns *turns, evutil_socket_t socket,
                              SSL *tls, greeting_done *done, void *context);

// Whether the handshake is done.
bool greeting_is_secure(const struct greeting *greeting);

// Frees it, but neither socket nor TLS: those are the caller's again. What was read by then, also
// within TLS, goes to input. False when memory is out.
bool greeting_hand_over(struct greeting *greeting, struct evbuffer *input);

// Closes.
void greeting_free(struct greeting *greeting);
