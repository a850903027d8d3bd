// What becomes of one request within the intake: its facts go in parts, all of them to be read,
// then those of one office to be kept. A part that fails may go again; the request is answered when
// none is under way.
#pragma once

#include "server/rpc/batcher.h"
#include "server/rpc/intake.h"
#include "server/rpc/intake_memory.h"

enum { ACTOR_SLOTS = 1024 };

struct intake {
    struct intake_ports ports;
    struct intake_memory *memory;
    // Requests to be read, by a number that an actor has for good: a later one of the same actor
    // does not overtake them. Actors that share a number are taken for one.
    unsigned being_read[ACTOR_SLOTS];
    struct batcher reading;
    struct batcher writing;
    // Of the requests that are not answered yet.
    size_t facts;
    size_t bytes;
    bool closing;
};

// A fact of a ticket, by index, and what it is to be kept as.
struct placed {
    size_t index;
    int64_t office_id;
    Tiejun__Server__JudgedFact *judged;
};

// Facts of one ticket that go together. In the ticket's arena.
struct part {
    struct batch_item item;
    struct intake_ticket *ticket;
    struct placed *facts;
    size_t n_facts;
    // It waits to be read, or is being read.
    bool reading;
    // As of what its facts were judged by memory; none where they were read.
    struct intake_ground ground;
};

// For a fault of ours, and for a lack of memory.
extern const struct job_error part_fault;
// For what is not done any more.
extern const struct job_error part_stopping;

// Queues every fact of the ticket that has no outcome yet: to be kept, where all of them can be
// judged by what is remembered, else to be read. False when memory is out.
__attribute__((warn_unused_result)) bool part_queue(struct intake_ticket *ticket);

// Each of these ends a part: what it was read or kept for is done, and the ticket may be answered.

// Judges its facts by what is known of them: those refused are done, the others are queued to be
// kept.
void part_judge(struct part *part, Tiejun__Server__FactKnown *const *known);
// It was kept: outcomes has one for each fact.
void part_kept(struct part *part, Tiejun__V1__FactOutcome *const *outcomes);
// It goes again where that may help: by itself after it shared a batch, since the fault may be
// another's.
void part_failed(struct part *part, bool shared, const struct job_error *error);
// It does not go again.
void part_abandon(struct part *part, const struct job_error *error);
