#include "server/net/listener.h"

#include "common/log.h"
#include "server/net/address.h"

#include <errno.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum {
    BACKLOG = 1024,
    PAUSE_SECONDS = 1,
    // Accepted before everybody else gets a turn: each is a handshake to come.
    ACCEPTED_A_TURN = 16,
};

struct member {
    struct listener *listener;
    struct connection *connection;
    LIST_ENTRY(member) entry;
};

struct listener {
    struct connection_house house;
    struct evconnlistener *socket;
    struct event *resume;
    LIST_HEAD(, member) members;
    size_t n_members;
    int accepted;
    void (*drained)(void *context);
    void *drained_context;
    char address[ADDRESS_SIZE];
};

static void tell_drained(struct listener *listener)
{
    if (listener->n_members == 0 && listener->drained) {
        void (*drained)(void *) = listener->drained;
        listener->drained = NULL;
        drained(listener->drained_context);
    }
}

static void on_ended(void *context, struct connection *connection)
{
    (void)connection;
    struct member *member = context;
    struct listener *listener = member->listener;
    LIST_REMOVE(member, entry);
    listener->n_members--;
    free(member);
    tell_drained(listener);
}

static void rest(struct listener *listener, int seconds)
{
    const struct timeval pause = {.tv_sec = seconds};
    evconnlistener_disable(listener->socket);
    event_add(listener->resume, &pause);
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t client,
                      struct sockaddr *address, int length, void *context)
{
    (void)socket;
    (void)length;
    struct listener *listener = context;
    struct member *member = calloc(1, sizeof *member);
    if (!member) {
        evutil_closesocket(client);
        return;
    }
    member->listener = listener;
    member->connection = connection_new(&listener->house, client, address, on_ended, member);
    if (member->connection) {
        LIST_INSERT_HEAD(&listener->members, member, entry);
        listener->n_members++;
    } else {
        free(member);
    }
    if (++listener->accepted == ACCEPTED_A_TURN) {
        rest(listener, 0);
    }
}

// Out of descriptors: the event would come again at once, for ever, so accepting rests a while.
static void on_accept_error(struct evconnlistener *socket, void *context)
{
    (void)socket;
    struct listener *listener = context;
    log_event(LOG_LEVEL_ERROR, listener->address, NULL, "cannot accept: %s",
              evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    rest(listener, PAUSE_SECONDS);
}

static void on_resume(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct listener *listener = context;
    listener->accepted = 0;
    evconnlistener_enable(listener->socket);
}

// Logs what is wrong with it.
static bool read_address(const char *text, struct sockaddr_storage *address, int *length)
{
    if (!address_parse(text, address, length)) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "cannot listen on \"%s\": write ADDRESS:PORT, such as 127.0.0.1:7535", text);
        return false;
    }
    return true;
}

bool listener_check(const char *address)
{
    struct sockaddr_storage storage = {0};
    int length;
    return read_address(address, &storage, &length);
}

static void note_address(struct listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    getsockname(evconnlistener_get_fd(listener->socket), (struct sockaddr *)&address, &length);
    address_write((const struct sockaddr *)&address, listener->address);
}

struct listener *listener_new(const struct connection_house *house, const char *address)
{
    struct sockaddr_storage storage = {0};
    int length;
    struct listener *listener = calloc(1, sizeof *listener);
    if (!listener || !read_address(address, &storage, &length)) {
        free(listener);
        return NULL;
    }
    listener->house = *house;
    LIST_INIT(&listener->members);
    listener->socket =
        evconnlistener_new_bind(house->base, on_accept, listener,
                                LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC,
                                BACKLOG, (struct sockaddr *)&storage, length);
    listener->resume = event_new(house->base, -1, 0, on_resume, listener);
    if (!listener->socket || !listener->resume) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot listen on %s: %s", address, strerror(errno));
        listener_free(listener);
        return NULL;
    }
    evconnlistener_set_error_cb(listener->socket, on_accept_error);
    note_address(listener);
    return listener;
}

const char *listener_address(const struct listener *listener)
{
    return listener->address;
}

size_t listener_connections(const struct listener *listener)
{
    return listener->n_members;
}

void listener_drain(struct listener *listener, void (*drained)(void *context), void *context)
{
    evconnlistener_disable(listener->socket);
    event_del(listener->resume);
    listener->drained = drained;
    listener->drained_context = context;
    struct member *member = LIST_FIRST(&listener->members);
    while (member) {
        struct member *next = LIST_NEXT(member, entry);
        connection_drain(member->connection);
        member = next;
    }
    tell_drained(listener);
}

void listener_free(struct listener *listener)
{
    if (!listener) {
        return;
    }
    listener->drained = NULL;
    struct member *member;
    while ((member = LIST_FIRST(&listener->members))) {
        connection_free(member->connection);
    }
    if (listener->resume) {
        event_free(listener->resume);
    }
    if (listener->socket) {
        evconnlistener_free(listener->socket);
    }
    free(listener);
}
