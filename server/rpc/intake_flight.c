#include "server/rpc/intake_flight.h"

#include "common/arena.h"
#include "server/rpc/intake_part.h"
#include "server/rpc/intake_totals.h"

enum { BATCH_BUDGET = 128 << 20 };

struct flight {
    struct intake_errand errand;
    struct intake *intake;
    struct batcher *batcher;
    struct batch *batch;
    struct arena *arena;
    // Its parts, whose facts follow each other in the statement.
    struct part **parts;
    size_t n_parts;
    size_t n_facts;
    // What the store was asked: one of them.
    Tiejun__Server__FactRead read;
    Tiejun__Server__FactPlan plan;
};

static const struct job_error no_room = {.sqlstate = "40001", .message = (char *)"no room"};

// ---- any batch ----

// Takes the parts out of the batch. NULL when memory is out, with the parts still in it.
static struct flight *flight_new(struct intake *intake, struct batcher *batcher,
                                 struct batch *batch)
{
    struct arena *arena = arena_new(BATCH_BUDGET);
    struct flight *flight = arena ? arena_alloc(arena, sizeof *flight) : NULL;
    struct part **parts =
        flight ? arena_alloc(arena, batch->n_items * sizeof(struct part *)) : NULL;
    if (!parts) {
        arena_free(arena);
        return NULL;
    }
    flight->intake = intake;
    flight->batcher = batcher;
    flight->batch = batch;
    flight->arena = flight->errand.arena = arena;
    flight->parts = parts;
    struct batch_item *item;
    while ((item = batch_take(batch))) {
        parts[flight->n_parts++] = (struct part *)item;
        flight->n_facts += ((struct part *)item)->n_facts;
    }
    return flight;
}

static void end_flight(struct flight *flight)
{
    const struct intake_bell *bell = &flight->intake->ports.bell;
    batcher_done(flight->batcher, flight->batch);
    bell->ring(bell->context);
    arena_free(flight->arena);
}

static void fail_flight(struct flight *flight, const struct job_error *error)
{
    for (size_t i = 0; i < flight->n_parts; i++) {
        part_failed(flight->parts[i], flight->n_parts > 1, error);
    }
    end_flight(flight);
}

// No memory for the batch as a whole.
static void abandon_batch(struct batcher *batcher, struct batch *batch)
{
    struct batch_item *item;
    while ((item = batch_take(batch))) {
        part_abandon((struct part *)item, &part_fault);
    }
    batcher_done(batcher, batch);
}

// ---- reading ----

static void on_read(struct intake_errand *errand, const ProtobufCMessage *answer,
                    const struct job_error *error)
{
    struct flight *flight = (struct flight *)errand;
    const Tiejun__Server__FactGround *ground = (const void *)answer;
    // The store answers for every fact in the order sent, or it is at fault.
    if (error || !ground || ground->n_facts != flight->n_facts) {
        fail_flight(flight, error ? error : &part_fault);
        return;
    }
    memory_read(flight->intake->memory, ground->ground);
    size_t at = 0;
    for (size_t i = 0; i < flight->n_parts; i++) {
        // Its facts may be cut down to those that go on, and with the ticket's answer it is gone.
        size_t n = flight->parts[i]->n_facts;
        part_judge(flight->parts[i], &ground->facts[at]);
        at += n;
    }
    end_flight(flight);
}

static bool list_reading(struct flight *flight)
{
    Tiejun__Server__FactRead *read = &flight->read;
    tiejun__server__fact_read__init(read);
    read->facts = arena_alloc(flight->arena, flight->n_facts * sizeof *read->facts);
    read->actors = arena_alloc(flight->arena, flight->n_facts * sizeof *read->actors);
    if (!read->facts || !read->actors) {
        return false;
    }
    for (size_t i = 0; i < flight->n_parts; i++) {
        const struct part *part = flight->parts[i];
        for (size_t k = 0; k < part->n_facts; k++) {
            read->facts[read->n_facts++] = part->ticket->request->facts[part->facts[k].index];
            read->actors[read->n_actors++] = part->ticket->actor_id;
        }
    }
    return true;
}

void flight_start_reading(void *context, struct batch *batch)
{
    struct intake *intake = context;
    const struct intake_store *store = &intake->ports.store;
    struct flight *flight = flight_new(intake, &intake->reading, batch);
    if (!flight) {
        abandon_batch(&intake->reading, batch);
        return;
    }
    flight->errand.answer = &tiejun__server__fact_ground__descriptor;
    flight->errand.done = on_read;
    if (!list_reading(flight)) {
        fail_flight(flight, &part_fault);
    } else if (!store->read(store->context, &flight->errand, &flight->read)) {
        fail_flight(flight, &no_room);
    }
}

// ---- keeping ----

static void on_written(struct intake_errand *errand, const ProtobufCMessage *answer,
                       const struct job_error *error)
{
    struct flight *flight = (struct flight *)errand;
    const Tiejun__V1__FactServiceLogResponse *kept = (const void *)answer;
    if (error || !kept || kept->n_outcomes != flight->n_facts) {
        fail_flight(flight, error ? error : &part_fault);
        return;
    }
    size_t at = 0;
    for (size_t i = 0; i < flight->n_parts; i++) {
        size_t n = flight->parts[i]->n_facts;
        part_kept(flight->parts[i], &kept->outcomes[at]);
        at += n;
    }
    end_flight(flight);
}

// What the audit trail keeps of the request that a part came with.
static bool add_sender(struct flight *flight, const struct part *part)
{
    Tiejun__Server__FactPlan *plan = &flight->plan;
    Tiejun__Server__FactSender *sender = arena_alloc(flight->arena, sizeof *sender);
    if (!sender) {
        return false;
    }
    tiejun__server__fact_sender__init(sender);
    sender->has_actor_id = true;
    sender->actor_id = part->ticket->actor_id;
    sender->address = (char *)part->ticket->address;
    sender->device = (char *)part->ticket->device;
    sender->has_first_position = true;
    sender->first_position = (int32_t)plan->n_facts + 1;
    sender->has_facts = true;
    sender->facts = (int32_t)part->n_facts;
    plan->senders[plan->n_senders++] = sender;
    return true;
}

static bool add_part(struct flight *flight, const struct part *part)
{
    Tiejun__Server__FactPlan *plan = &flight->plan;
    if (!add_sender(flight, part)) {
        return false;
    }
    for (size_t k = 0; k < part->n_facts; k++) {
        Tiejun__Server__JudgedFact *judged = part->facts[k].judged;
        plan->facts[plan->n_facts++] = judged;
        plan->actors[plan->n_actors++] = part->ticket->actor_id;
        judged->has_position = true;
        judged->position = (int32_t)plan->n_facts;
    }
    return true;
}

// The oldest ground of those that were judged by memory; NULL: there are none.
static const char *ground_of(const struct flight *flight)
{
    struct intake_ground oldest = {0};
    for (size_t i = 0; i < flight->n_parts; i++) {
        struct intake_ground ground = flight->parts[i]->ground;
        if (ground.turn && (!oldest.turn || ground.turn < oldest.turn)) {
            oldest = ground;
        }
    }
    return oldest.snapshot;
}

static bool list_writing(struct flight *flight)
{
    Tiejun__Server__FactPlan *plan = &flight->plan;
    tiejun__server__fact_plan__init(plan);
    plan->facts = arena_alloc(flight->arena, flight->n_facts * sizeof *plan->facts);
    plan->actors = arena_alloc(flight->arena, flight->n_facts * sizeof *plan->actors);
    plan->senders = arena_alloc(flight->arena, flight->n_parts * sizeof *plan->senders);
    if (!plan->facts || !plan->actors || !plan->senders) {
        return false;
    }
    for (size_t i = 0; i < flight->n_parts; i++) {
        if (!add_part(flight, flight->parts[i])) {
            return false;
        }
    }
    plan->has_dry_run = true;
    plan->dry_run = flight->parts[0]->ticket->request->dry_run;
    plan->ground = (char *)ground_of(flight);
    return intake_totals_fill(flight->arena, plan);
}

void flight_start_writing(void *context, struct batch *batch)
{
    struct intake *intake = context;
    const struct intake_store *store = &intake->ports.store;
    struct flight *flight = flight_new(intake, &intake->writing, batch);
    if (!flight) {
        abandon_batch(&intake->writing, batch);
        return;
    }
    flight->errand.answer = &tiejun__v1__fact_service_log_response__descriptor;
    flight->errand.done = on_written;
    if (!list_writing(flight)) {
        fail_flight(flight, &part_fault);
    } else if (!store->write(store->context, &flight->errand, &flight->plan)) {
        fail_flight(flight, &no_room);
    }
}
