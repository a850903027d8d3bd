#include "server/rpc/intake.h"

#include "common/arena.h"
#include "server/rpc/intake_flight.h"
#include "server/rpc/intake_part.h"

#include <stdlib.h>

enum {
    // Placing takes no lock and waits for no disk: one lane for it, as the memory demands, and some
    // whose commits overlap.
    READING_LANES = 1,
    WRITING_LANES = 3,
    // Facts of a batch: beyond this, what a transaction costs is spread thin enough.
    FACTS_MOST = 500,
    // With so many facts a batch takes no further office.
    MIXED_MOST = 64,
    // What may wait, all callers together.
    WAITING_FACTS_MOST = 32768,
    WAITING_BYTES_MOST = 256 << 20,
};

struct intake *intake_new(const struct intake_ports *ports)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake || !(intake->memory = memory_new())) {
        free(intake);
        return NULL;
    }
    intake->ports = *ports;
    batcher_init(&intake->reading, &(struct batcher_settings){READING_LANES, FACTS_MOST, FACTS_MOST,
                                                              flight_start_reading, intake});
    batcher_init(&intake->writing, &(struct batcher_settings){WRITING_LANES, FACTS_MOST, MIXED_MOST,
                                                              flight_start_writing, intake});
    return intake;
}

void intake_go(struct intake *intake)
{
    batcher_go(&intake->writing);
    batcher_go(&intake->reading);
}

static void abandon_waiting(struct batcher *batcher)
{
    struct batch_item *item;
    while ((item = batcher_take_waiting(batcher))) {
        part_abandon((struct part *)item, &part_stopping);
    }
}

void intake_close(struct intake *intake)
{
    if (intake) {
        intake->closing = true;
        abandon_waiting(&intake->reading);
        abandon_waiting(&intake->writing);
    }
}

void intake_free(struct intake *intake)
{
    if (intake) {
        intake_close(intake);
        memory_free(intake->memory);
        free(intake);
    }
}

bool intake_take(struct intake *intake, struct intake_ticket *ticket)
{
    size_t n = ticket->request->n_facts;
    size_t memory = arena_used(ticket->arena);
    if (intake->facts >= WAITING_FACTS_MOST || intake->bytes >= WAITING_BYTES_MOST) {
        return false;
    }
    ticket->intake = intake;
    ticket->memory = memory;
    ticket->outcomes = arena_alloc(ticket->arena, (n + 1) * sizeof(void *));
    if (!ticket->outcomes || !part_queue(ticket)) {
        return false;
    }
    intake->facts += n;
    intake->bytes += memory;
    return true;
}
