#include "server/net/greeting.h"

#include "common/frame.h"
#include "common/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MOST = FRAME_LIMIT_UNAUTHENTICATED + FRAME_HEADER_MAX };

struct greeting {
    struct turns *turns;
    struct turn turn;
    evutil_socket_t socket;
    SSL *tls;
    struct event *readable;
    struct event *writable;
    greeting_done *done;
    void *context;
    // Of the first frame; made when there is something to put into it.
    uint8_t *bytes;
    size_t length;
};

static void on_socket(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct greeting *greeting = context;
    turns_ask(greeting->turns, &greeting->turn);
}

static void finish(struct greeting *greeting, const char *fault)
{
    greeting->done(greeting->context, fault);
}

// After a call to TLS that got nowhere: waits for what it needs, or is through.
static void wait_or_finish(struct greeting *greeting, int result)
{
    bool was_secure = greeting_is_secure(greeting);
    int kind = SSL_get_error(greeting->tls, result);
    if (kind == SSL_ERROR_WANT_READ) {
        event_add(greeting->readable, NULL);
    } else if (kind == SSL_ERROR_WANT_WRITE) {
        event_add(greeting->writable, NULL);
    } else if (kind == SSL_ERROR_ZERO_RETURN && was_secure) {
        finish(greeting, NULL);
    } else {
        const char *fault = tls_error();
        finish(greeting, *fault ? fault : "the client went away");
    }
}

// Whether more bytes could make a frame of what is there.
static bool wants_more(const struct greeting *greeting)
{
    size_t header;
    size_t body;
    return frame_peek(greeting->bytes, greeting->length, FRAME_LIMIT_UNAUTHENTICATED, &header,
                      &body) == FRAME_INCOMPLETE;
}

static void read_frame(struct greeting *greeting)
{
    if (!greeting->bytes && !(greeting->bytes = malloc(BYTES_MOST))) {
        finish(greeting, strerror(ENOMEM));
        return;
    }
    do {
        size_t count = 0;
        ERR_clear_error();
        int result = SSL_read_ex(greeting->tls, greeting->bytes + greeting->length,
                                 BYTES_MOST - greeting->length, &count);
        if (result != 1) {
            wait_or_finish(greeting, result);
            return;
        }
        greeting->length += count;
    } while (wants_more(greeting));
    finish(greeting, NULL);
}

static void take(void *context)
{
    struct greeting *greeting = context;
    if (greeting_is_secure(greeting)) {
        read_frame(greeting);
        return;
    }
    ERR_clear_error();
    int result = SSL_accept(greeting->tls);
    if (result == 1) {
        // Most often its first frame is there as well; that is for its next turn.
        event_add(greeting->readable, NULL);
    } else {
        wait_or_finish(greeting, result);
    }
}

struct greeting *greeting_new(struct event_base *base, struct turns *turns, evutil_socket_t socket,
                              SSL *tls, greeting_done *done, void *context)
{
    struct greeting *greeting = calloc(1, sizeof *greeting);
    if (!greeting) {
        SSL_free(tls);
        evutil_closesocket(socket);
        return NULL;
    }
    greeting->turns = turns;
    greeting->turn = (struct turn){.take = take, .context = greeting};
    greeting->socket = socket;
    greeting->tls = tls;
    greeting->done = done;
    greeting->context = context;
    greeting->readable = event_new(base, socket, EV_READ, on_socket, greeting);
    greeting->writable = event_new(base, socket, EV_WRITE, on_socket, greeting);
    if (!tls || !greeting->readable || !greeting->writable || SSL_set_fd(tls, socket) != 1) {
        greeting_free(greeting);
        return NULL;
    }
    event_add(greeting->readable, NULL);
    return greeting;
}

bool greeting_is_secure(const struct greeting *greeting)
{
    return SSL_is_init_finished(greeting->tls);
}

static void release(struct greeting *greeting)
{
    turns_cancel(greeting->turns, &greeting->turn);
    if (greeting->readable) {
        event_free(greeting->readable);
    }
    if (greeting->writable) {
        event_free(greeting->writable);
    }
    free(greeting->bytes);
    free(greeting);
}

bool greeting_hand_over(struct greeting *greeting, struct evbuffer *input)
{
    uint8_t more[4096];
    size_t count = 0;
    bool good =
        greeting->length == 0 || evbuffer_add(input, greeting->bytes, greeting->length) == 0;
    // No event would tell of what TLS has taken off the socket already.
    while (good && SSL_pending(greeting->tls) > 0 &&
           SSL_read_ex(greeting->tls, more, sizeof more, &count) == 1) {
        good = evbuffer_add(input, more, count) == 0;
    }
    ERR_clear_error();
    release(greeting);
    return good;
}

void greeting_free(struct greeting *greeting)
{
    if (!greeting) {
        return;
    }
    ERR_clear_error();
    if (greeting->tls && greeting_is_secure(greeting)) {
        SSL_shutdown(greeting->tls);
    }
    ERR_clear_error();
    SSL_free(greeting->tls);
    evutil_closesocket(greeting->socket);
    release(greeting);
}
