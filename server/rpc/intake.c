#include "server/rpc/intake.h"

#include "common/arena.h"
#include "common/log.h"
#include "common/message.h"
#include "server/rpc/bind.h"
#include "server/rpc/encode.h"
#include "server/rpc/judge.h"
#include "server/rpc/service.h"
#include "server/rpc/steps.pb-c.h"

#include <stdlib.h>
#include <string.h>

enum {
    // Placing takes no lock and waits for no disk: one lane for it, and two whose commits overlap.
    READING_LANES = 1,
    WRITING_LANES = 2,
    // Facts of a batch: beyond this, what a transaction costs is spread thin enough.
    FACTS_MOST = 500,
    // With so many facts a batch takes no further office.
    MIXED_MOST = 64,
    // What may wait, all callers together.
    WAITING_FACTS_MOST = 32768,
    WAITING_BYTES_MOST = 256 << 20,
    BATCH_BUDGET = 128 << 20,
    ROWS_MOST = 64 << 20,
    // Times that a request goes again when others changed what it had read, or its connection
    // broke.
    AGAIN_MOST = 3,
};

struct intake {
    struct service *service;
    // Starts batches once everything that came in together has been taken.
    struct event *wake;
    struct batcher reading;
    struct batcher writing;
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

// Facts of one ticket that go together: all of them to be read, those of one office to be kept.
struct part {
    struct batch_item item;
    struct intake_ticket *ticket;
    struct placed *facts;
    size_t n_facts;
};

// A batch in the hands of the database.
struct flight {
    struct work work;
    struct intake *intake;
    struct batcher *batcher;
    struct batch *batch;
    struct arena *arena;
    // Its parts, whose facts follow each other in the statement.
    struct part **parts;
    size_t n_parts;
    size_t n_facts;
    const ProtobufCMessageDescriptor *answer;
    struct buffer rows;
    bool failed;
};

static const struct job_error fault = {.sqlstate = "XX000", .message = (char *)"the intake failed"};
static const struct job_error no_room = {.sqlstate = "40001", .message = (char *)"no room"};

static void answer_ticket(struct intake_ticket *ticket)
{
    struct intake *intake = ticket->intake;
    intake->facts -= ticket->request->n_facts;
    intake->bytes -= ticket->memory;
    ticket->answered(ticket, ticket->error);
}

static void set_error(struct intake_ticket *ticket, const struct job_error *error)
{
    static struct job_error unsayable = {.sqlstate = "53200", .message = (char *)"out of memory"};
    struct job_error *copy = arena_copy(ticket->arena, error, sizeof *error);
    if (copy) {
        copy->message = arena_strdup(ticket->arena, error->message);
        copy->column = error->column ? arena_strdup(ticket->arena, error->column) : NULL;
        copy->detail = error->detail ? arena_strdup(ticket->arena, error->detail) : NULL;
    }
    ticket->error = copy && copy->message ? copy : &unsayable;
}

// Sends every fact that has no outcome yet to be read.
static bool queue_reading(struct intake_ticket *ticket)
{
    struct part *part = arena_alloc(ticket->arena, sizeof *part);
    size_t n = ticket->request->n_facts;
    if (!part || !(part->facts = arena_alloc(ticket->arena, (n + 1) * sizeof *part->facts))) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!ticket->outcomes[i]) {
            part->facts[part->n_facts++].index = i;
        }
    }
    part->ticket = ticket;
    part->item.weight = part->n_facts;
    part->item.alone = ticket->alone;
    ticket->parts_under_way++;
    batcher_add(&ticket->intake->reading, &part->item);
    event_active(ticket->intake->wake, EV_TIMEOUT, 0);
    return true;
}

static bool is_complete(const struct intake_ticket *ticket)
{
    for (size_t i = 0; i < ticket->request->n_facts; i++) {
        if (!ticket->outcomes[i]) {
            return false;
        }
    }
    return true;
}

static void end_part(struct intake_ticket *ticket)
{
    if (--ticket->parts_under_way > 0) {
        return;
    }
    if (!ticket->error && !is_complete(ticket)) {
        if (queue_reading(ticket)) {
            return;
        }
        set_error(ticket, &fault);
    }
    answer_ticket(ticket);
}

static bool is_state(const struct job_error *error, const char *start)
{
    return strncmp(error->sqlstate, start, strlen(start)) == 0;
}

// Whether the same again may go well: others had changed what was read, or the connection was lost.
// "08001" is a database that has been waited for in vain.
static bool is_worth_another_try(const struct intake *intake, const struct job_error *error)
{
    return !intake->closing && !is_state(error, "08001") &&
           (is_state(error, "40") || is_state(error, "08") || is_state(error, "57P"));
}

// A part without error goes again, since its facts have no outcome.
static void fail_part(struct flight *flight, struct part *part, const struct job_error *error)
{
    struct intake_ticket *ticket = part->ticket;
    if (is_worth_another_try(flight->intake, error) && ticket->times_again < AGAIN_MOST) {
        ticket->times_again++;
    } else if (!flight->intake->closing && !is_state(error, "08") && flight->n_parts > 1 &&
               !ticket->alone) {
        ticket->alone = true;
    } else if (!ticket->error) {
        set_error(ticket, error);
    }
    end_part(ticket);
}

static void end_flight(struct flight *flight)
{
    batcher_done(flight->batcher, flight->batch);
    event_active(flight->intake->wake, EV_TIMEOUT, 0);
    buffer_release(&flight->rows);
    arena_free(flight->arena);
}

static void fail_flight(struct flight *flight, const struct job_error *error)
{
    for (size_t i = 0; i < flight->n_parts; i++) {
        fail_part(flight, flight->parts[i], error);
    }
    end_flight(flight);
}

static void on_result(struct work *work, size_t call, const PGresult *result)
{
    (void)call;
    struct flight *flight = (struct flight *)work;
    const char *wrong = encode_rows(&flight->rows, flight->answer, NULL, result);
    if (wrong) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "intake: column %s does not fit %s", wrong,
                  flight->answer->name);
    }
    flight->failed = flight->failed || wrong || flight->rows.failed;
}

// Into another arena, strings and all.
static void *copy_message(struct arena *arena, const ProtobufCMessage *message,
                          struct arena *scratch)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_alloc(scratch, size + 1);
    if (!packed) {
        return NULL;
    }
    protobuf_c_message_pack(message, packed);
    return message_unpack(message->descriptor, arena, packed, size, NULL, NULL);
}

static ProtobufCMessage *unpack_rows(struct flight *flight)
{
    return flight->failed ? NULL
                          : message_unpack(flight->answer, flight->arena, flight->rows.data,
                                           flight->rows.length, NULL, NULL);
}

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
    flight->arena = arena;
    flight->parts = parts;
    flight->rows.limit = ROWS_MOST;
    flight->work.result = on_result;
    struct batch_item *item;
    while ((item = batch_take(batch))) {
        parts[flight->n_parts++] = (struct part *)item;
        flight->n_facts += ((struct part *)item)->n_facts;
    }
    return flight;
}

static void submit(struct flight *flight, enum common_statement which,
                   const ProtobufCMessage *parameters)
{
    struct job *job = &flight->work.job;
    job->calls[0].statement = registry_statement(flight->intake->service->registry, which);
    job->calls[0].values = bind_values(flight->arena, parameters);
    job->n_calls = 1;
    if (!job->calls[0].values || !service_submit(flight->intake->service, &flight->work)) {
        fail_flight(flight, &no_room);
    }
}

// No memory for the batch as a whole.
static void fail_batch(struct batcher *batcher, struct batch *batch)
{
    struct batch_item *item;
    while ((item = batch_take(batch))) {
        struct intake_ticket *ticket = ((struct part *)item)->ticket;
        set_error(ticket, &fault);
        end_part(ticket);
    }
    batcher_done(batcher, batch);
}

static Tiejun__V1__FactOutcome *refused(struct intake_ticket *ticket,
                                        const Tiejun__Server__JudgedFact *judged)
{
    Tiejun__V1__FactOutcome *outcome = arena_alloc(ticket->arena, sizeof *outcome);
    if (outcome) {
        tiejun__v1__fact_outcome__init(outcome);
        outcome->id = judged->id;
        outcome->has_intake = true;
        outcome->intake = TIEJUN__V1__INTAKE__INTAKE_REFUSED;
        outcome->field = judged->field;
        outcome->code = judged->code;
        outcome->message = judged->arguments;
    }
    return outcome;
}

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->office_id != b->office_id) {
        return a->office_id < b->office_id ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

// Queues the facts of one office, or all of them when nothing is to be kept.
static bool queue_writing(struct intake_ticket *ticket, struct placed *facts, size_t n)
{
    struct part *part = arena_alloc(ticket->arena, sizeof *part);
    if (!part) {
        return false;
    }
    part->ticket = ticket;
    part->facts = facts;
    part->n_facts = n;
    part->item.weight = n;
    part->item.alone = ticket->alone || ticket->request->dry_run;
    part->item.key = ticket->request->dry_run ? 0 : (uint64_t)facts[0].office_id;
    ticket->parts_under_way++;
    batcher_add(&ticket->intake->writing, &part->item);
    return true;
}

static bool queue_offices(struct intake_ticket *ticket, struct placed *facts, size_t n)
{
    if (ticket->request->dry_run) {
        return n == 0 || queue_writing(ticket, facts, n);
    }
    qsort(facts, n, sizeof *facts, compare_placed);
    size_t start = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i == n || facts[i].office_id != facts[start].office_id) {
            if (!queue_writing(ticket, &facts[start], i - start)) {
                return false;
            }
            start = i;
        }
    }
    return true;
}

// Judges the facts of a part by what is known of them: those refused are done, the others go on.
static bool judge_part(struct flight *flight, struct part *part,
                       Tiejun__Server__FactKnown *const *known)
{
    struct intake_ticket *ticket = part->ticket;
    size_t n = 0;
    for (size_t i = 0; i < part->n_facts; i++) {
        size_t index = part->facts[i].index;
        const Tiejun__Server__FactKnown *mine =
            copy_message(ticket->arena, &known[i]->base, flight->arena);
        Tiejun__Server__JudgedFact *judged =
            mine ? judge_fact(ticket->arena, ticket->request->facts[index], mine) : NULL;
        if (!judged) {
            return false;
        }
        if (!judged->code) {
            part->facts[n++] = (struct placed){index, judged->office_id, judged};
        } else if (!(ticket->outcomes[index] = refused(ticket, judged))) {
            return false;
        }
    }
    return n == 0 || queue_offices(ticket, part->facts, n);
}

static void on_read(struct work *work, const struct job_error *error)
{
    struct flight *flight = (struct flight *)work;
    const Tiejun__Server__FactGround *ground = error ? NULL : (const void *)unpack_rows(flight);
    // The database answers for every fact in the order sent, or it is at fault.
    if (!ground || ground->n_facts != flight->n_facts) {
        fail_flight(flight, error ? error : &fault);
        return;
    }
    size_t at = 0;
    for (size_t i = 0; i < flight->n_parts; i++) {
        struct part *part = flight->parts[i];
        // Its facts may be cut down to those that go on.
        size_t n = part->n_facts;
        if (!judge_part(flight, part, &ground->facts[at])) {
            set_error(part->ticket, &fault);
        }
        at += n;
        end_part(part->ticket);
    }
    end_flight(flight);
}

static void start_reading(void *context, struct batch *batch)
{
    struct intake *intake = context;
    struct flight *flight = flight_new(intake, &intake->reading, batch);
    if (!flight) {
        fail_batch(&intake->reading, batch);
        return;
    }
    Tiejun__Server__FactRead read = TIEJUN__SERVER__FACT_READ__INIT;
    flight->work.done = on_read;
    flight->answer = &tiejun__server__fact_ground__descriptor;
    read.facts = arena_alloc(flight->arena, flight->n_facts * sizeof *read.facts);
    read.actors = arena_alloc(flight->arena, flight->n_facts * sizeof *read.actors);
    if (!read.facts || !read.actors) {
        fail_flight(flight, &fault);
        return;
    }
    for (size_t i = 0; i < flight->n_parts; i++) {
        const struct part *part = flight->parts[i];
        for (size_t k = 0; k < part->n_facts; k++) {
            read.facts[read.n_facts++] = part->ticket->request->facts[part->facts[k].index];
            read.actors[read.n_actors++] = part->ticket->actor_id;
        }
    }
    submit(flight, STATEMENT_FACTS_READ, &read.base);
}

static bool take_outcomes(struct flight *flight, struct part *part,
                          Tiejun__V1__FactOutcome *const *outcomes)
{
    struct intake_ticket *ticket = part->ticket;
    for (size_t i = 0; i < part->n_facts; i++) {
        Tiejun__V1__FactOutcome *mine =
            copy_message(ticket->arena, &outcomes[i]->base, flight->arena);
        if (!mine) {
            return false;
        }
        ticket->outcomes[part->facts[i].index] = mine;
    }
    return true;
}

static void on_written(struct work *work, const struct job_error *error)
{
    struct flight *flight = (struct flight *)work;
    const Tiejun__V1__FactServiceLogResponse *kept =
        error ? NULL : (const void *)unpack_rows(flight);
    if (!kept || kept->n_outcomes != flight->n_facts) {
        fail_flight(flight, error ? error : &fault);
        return;
    }
    size_t at = 0;
    for (size_t i = 0; i < flight->n_parts; i++) {
        struct part *part = flight->parts[i];
        if (!take_outcomes(flight, part, &kept->outcomes[at])) {
            set_error(part->ticket, &fault);
        }
        at += part->n_facts;
        end_part(part->ticket);
    }
    end_flight(flight);
}

// What the audit trail keeps of the request that a part came with.
static bool add_sender(struct flight *flight, const struct part *part,
                       Tiejun__Server__FactPlan *plan)
{
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

static void start_writing(void *context, struct batch *batch)
{
    struct intake *intake = context;
    struct flight *flight = flight_new(intake, &intake->writing, batch);
    if (!flight) {
        fail_batch(&intake->writing, batch);
        return;
    }
    Tiejun__Server__FactPlan plan = TIEJUN__SERVER__FACT_PLAN__INIT;
    flight->work.done = on_written;
    flight->answer = &tiejun__v1__fact_service_log_response__descriptor;
    plan.facts = arena_alloc(flight->arena, flight->n_facts * sizeof *plan.facts);
    plan.actors = arena_alloc(flight->arena, flight->n_facts * sizeof *plan.actors);
    plan.senders = arena_alloc(flight->arena, flight->n_parts * sizeof(struct part *));
    if (!plan.facts || !plan.actors || !plan.senders) {
        fail_flight(flight, &fault);
        return;
    }
    for (size_t i = 0; i < flight->n_parts; i++) {
        const struct part *part = flight->parts[i];
        if (!add_sender(flight, part, &plan)) {
            fail_flight(flight, &fault);
            return;
        }
        for (size_t k = 0; k < part->n_facts; k++) {
            Tiejun__Server__JudgedFact *judged = part->facts[k].judged;
            plan.facts[plan.n_facts++] = judged;
            plan.actors[plan.n_actors++] = part->ticket->actor_id;
            judged->has_position = true;
            judged->position = (int32_t)plan.n_facts;
        }
    }
    plan.has_dry_run = true;
    plan.dry_run = flight->parts[0]->ticket->request->dry_run;
    submit(flight, STATEMENT_FACTS_WRITE, &plan.base);
}

static void on_wake(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct intake *intake = context;
    batcher_go(&intake->writing);
    batcher_go(&intake->reading);
}

struct intake *intake_new(struct event_base *base, struct service *service)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake || !(intake->wake = event_new(base, -1, 0, on_wake, intake))) {
        free(intake);
        return NULL;
    }
    intake->service = service;
    batcher_init(&intake->reading, &(struct batcher_settings){READING_LANES, FACTS_MOST, FACTS_MOST,
                                                              start_reading, intake});
    batcher_init(&intake->writing, &(struct batcher_settings){WRITING_LANES, FACTS_MOST, MIXED_MOST,
                                                              start_writing, intake});
    return intake;
}

static void fail_waiting(struct batcher *batcher)
{
    static const struct job_error stopping = {.sqlstate = "57P01",
                                              .message = (char *)"the daemon is stopping"};
    struct batch_item *item;
    while ((item = batcher_take_waiting(batcher))) {
        struct intake_ticket *ticket = ((struct part *)item)->ticket;
        set_error(ticket, &stopping);
        end_part(ticket);
    }
}

void intake_close(struct intake *intake)
{
    if (intake) {
        intake->closing = true;
        fail_waiting(&intake->reading);
        fail_waiting(&intake->writing);
    }
}

void intake_free(struct intake *intake)
{
    if (intake) {
        intake_close(intake);
        event_free(intake->wake);
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
    if (!ticket->outcomes || !queue_reading(ticket)) {
        return false;
    }
    intake->facts += n;
    intake->bytes += memory;
    return true;
}
