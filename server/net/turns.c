#include "server/net/turns.h"

#include <stdlib.h>

// Pieces in one turn of the loop. A handshake, which is the largest, takes some tenths of a
// millisecond.
enum { PIECES = 4 };

struct turns {
    struct event *next;
    TAILQ_HEAD(, turn) waiting;
};

static void on_next(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct turns *turns = context;
    struct turn *turn;
    for (int i = 0; i < PIECES && (turn = TAILQ_FIRST(&turns->waiting)); i++) {
        turns_cancel(turns, turn);
        turn->take(turn->context);
    }
    if (!TAILQ_EMPTY(&turns->waiting)) {
        // By the clock, not event_active(): the loop looks at the sockets in between.
        const struct timeval now = {0};
        event_add(turns->next, &now);
    }
}

struct turns *turns_new(struct event_base *base)
{
    struct turns *turns = calloc(1, sizeof *turns);
    if (!turns) {
        return NULL;
    }
    TAILQ_INIT(&turns->waiting);
    turns->next = event_new(base, -1, 0, on_next, turns);
    if (!turns->next) {
        free(turns);
        return NULL;
    }
    return turns;
}

void turns_free(struct turns *turns)
{
    if (turns) {
        event_free(turns->next);
        free(turns);
    }
}

void turns_ask(struct turns *turns, struct turn *turn)
{
    if (turn->is_waiting) {
        return;
    }
    if (TAILQ_EMPTY(&turns->waiting)) {
        const struct timeval now = {0};
        event_add(turns->next, &now);
    }
    turn->is_waiting = true;
    TAILQ_INSERT_TAIL(&turns->waiting, turn, entry);
}

void turns_cancel(struct turns *turns, struct turn *turn)
{
    if (turn->is_waiting) {
        turn->is_waiting = false;
        TAILQ_REMOVE(&turns->waiting, turn, entry);
    }
}
