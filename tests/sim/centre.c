#include "tests/sim/centre.h"

#include "tests/sim/world.h"

#include <stdlib.h>

// A daemon in one of its lives.
struct life {
    struct life *next;
    struct daemon *daemon;
    uint64_t number;
};

struct centre {
    struct world *world;
    struct tables *tables;
    struct database *database;
    // The present ones; NULL while it is down.
    struct life *daemons[CENTRE_DAEMONS];
    // All that ever were.
    struct life *lives;
    bool calm;
};

struct centre *centre_new(struct world *world)
{
    struct centre *centre = calloc(1, sizeof *centre);
    if (!centre)
        abort();
    centre->world = world;
    centre->tables = tables_new(world);
    centre->database = database_new(world, centre->tables);
    for (unsigned i = 0; i < CENTRE_DAEMONS; i++)
        centre_start(centre, i);
    return centre;
}

void centre_free(struct centre *centre)
{
    while (centre->lives) {
        struct life *next = centre->lives->next;
        daemon_free(centre->lives->daemon);
        free(centre->lives);
        centre->lives = next;
    }
    database_free(centre->database);
    tables_free(centre->tables);
    free(centre);
}

void centre_calm(struct centre *centre)
{
    centre->calm = true;
    database_calm(centre->database);
    for (unsigned i = 0; i < CENTRE_DAEMONS; i++) {
        centre_start(centre, i);
        daemon_calm(centre->daemons[i]->daemon);
    }
}

uint64_t centre_life(const struct centre *centre, unsigned daemon)
{
    return centre->daemons[daemon] ? centre->daemons[daemon]->number : 0;
}

static void kill_later(void *context, uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
    daemon_kill(context);
}

void centre_stop(struct centre *centre, unsigned daemon, bool kill)
{
    struct life *life = centre->daemons[daemon];
    if (!life)
        return;
    world_trace(centre->world, "daemon %u %s", daemon, kill ? "dies" : "ends");
    centre->daemons[daemon] = NULL;
    if (kill) {
        daemon_kill(life->daemon);
        return;
    }
    // It waits for a while, and what is under way then is lost.
    daemon_close(life->daemon);
    world_after(centre->world, (int64_t)world_below(centre->world, 10000), kill_later, life->daemon,
                0, 0);
}

void centre_start(struct centre *centre, unsigned daemon)
{
    if (centre->daemons[daemon])
        return;
    struct life *life = calloc(1, sizeof *life);
    if (!life)
        abort();
    life->next = centre->lives;
    life->number = centre->lives ? centre->lives->number + 1 : 1;
    life->daemon = daemon_new(centre->world, centre->database, centre->tables);
    centre->lives = centre->daemons[daemon] = life;
}

void centre_take(struct centre *centre, unsigned daemon, int64_t actor_id, const uint8_t *frame,
                 size_t size, daemon_answer *answer, void *link)
{
    daemon_take(centre->daemons[daemon]->daemon, actor_id, frame, size, answer, link);
}

struct tables *centre_tables(struct centre *centre)
{
    return centre->tables;
}

struct database *centre_database(struct centre *centre)
{
    return centre->database;
}

const char *centre_complaint(const struct centre *centre)
{
    for (const struct life *life = centre->lives; life; life = life->next) {
        const char *complaint = daemon_complaint(life->daemon, true);
        if (complaint)
            return complaint;
    }
    const char *complaint = database_complaint(centre->database);
    return complaint ? complaint : tables_complaint(centre->tables);
}
