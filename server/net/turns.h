// Work that may wait, a little of it in each turn of the event loop: between two pieces everybody
// else is looked after. Whoever has asked first is first.
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <sys/queue.h>

struct turns;

// Whoever waits for a turn; take does a piece of work.
struct turn {
    void (*take)(void *context);
    void *context;
    bool is_waiting;
    TAILQ_ENTRY(turn) entry;
};

// NULL when memory is out.
struct turns *turns_new(struct event_base *base);
void turns_free(struct turns *turns);

// Asks for a turn, once.
void turns_ask(struct turns *turns, struct turn *turn);

// Asks for none any more.
void turns_cancel(struct turns *turns, struct turn *turn);
