#include "server/rpc/intake_part.h"

#include "common/arena.h"
#include "common/message.h"
#include "server/rpc/judge.h"

#include <stdlib.h>
#include <string.h>

enum {
    // Times that a request goes again when others changed what it had read, or its connection
    // broke.
    AGAIN_MOST = 3,
};

const struct job_error part_fault = {.sqlstate = "XX000", .message = (char *)"the intake failed"};
const struct job_error part_stopping = {.sqlstate = "57P01",
                                        .message = (char *)"the daemon is stopping"};

// ---- the request ----

static void answer_ticket(struct intake_ticket *ticket)
{
    struct intake *intake = ticket->intake;
    intake->facts -= ticket->request->n_facts;
    intake->bytes -= ticket->memory;
    ticket->answered(ticket, ticket->error);
}

// The first error is the one that is told.
static void set_error(struct intake_ticket *ticket, const struct job_error *error)
{
    static struct job_error unsayable = {.sqlstate = "53200", .message = (char *)"out of memory"};
    if (ticket->error) {
        return;
    }
    struct job_error *copy = arena_copy(ticket->arena, error, sizeof *error);
    if (copy) {
        copy->message = arena_strdup(ticket->arena, error->message);
        copy->column = error->column ? arena_strdup(ticket->arena, error->column) : NULL;
        copy->detail = error->detail ? arena_strdup(ticket->arena, error->detail) : NULL;
    }
    ticket->error = copy && copy->message ? copy : &unsayable;
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

// Facts that have no outcome, while there is no error, go again.
static void end_part(struct intake_ticket *ticket)
{
    if (--ticket->parts_under_way > 0) {
        return;
    }
    if (!ticket->error && !is_complete(ticket)) {
        if (part_queue(ticket)) {
            return;
        }
        set_error(ticket, &part_fault);
    }
    answer_ticket(ticket);
}

// ---- to be read ----

static unsigned *requests_read(struct intake_ticket *ticket)
{
    return &ticket->intake->being_read[(uint64_t)ticket->actor_id % ACTOR_SLOTS];
}

static void leave_reading(struct part *part)
{
    if (part->reading) {
        part->reading = false;
        --*requests_read(part->ticket);
    }
}

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
    part->reading = true;
    ++*requests_read(ticket);
    ticket->parts_under_way++;
    batcher_add(&ticket->intake->reading, &part->item);
    return true;
}

// ---- to be kept ----

// Queues the facts of one office, or all of them when nothing is to be kept.
static bool queue_office(struct intake_ticket *ticket, struct placed *facts, size_t n,
                         struct intake_ground ground)
{
    struct part *part = arena_alloc(ticket->arena, sizeof *part);
    if (!part) {
        return false;
    }
    part->ticket = ticket;
    part->ground = ground;
    part->facts = facts;
    part->n_facts = n;
    part->item.weight = n;
    part->item.alone = ticket->alone || ticket->request->dry_run;
    part->item.key = ticket->request->dry_run ? 0 : (uint64_t)facts[0].office_id;
    ticket->parts_under_way++;
    batcher_add(&ticket->intake->writing, &part->item);
    return true;
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

static bool queue_offices(struct intake_ticket *ticket, struct placed *facts, size_t n,
                          struct intake_ground ground)
{
    if (ticket->request->dry_run) {
        return n == 0 || queue_office(ticket, facts, n, ground);
    }
    qsort(facts, n, sizeof *facts, compare_placed);
    size_t start = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i == n || facts[i].office_id != facts[start].office_id) {
            if (!queue_office(ticket, &facts[start], i - start, ground)) {
                return false;
            }
            start = i;
        }
    }
    return true;
}

// ---- what is known of it ----

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

static bool judge(struct part *part, Tiejun__Server__FactKnown *const *known)
{
    static const struct intake_ground just_read = {0};
    struct intake_ticket *ticket = part->ticket;
    size_t n = 0;
    for (size_t i = 0; i < part->n_facts; i++) {
        size_t index = part->facts[i].index;
        const Tiejun__Server__FactKnown *mine = message_copy(ticket->arena, &known[i]->base);
        memory_learn(ticket->intake->memory, ticket->actor_id, ticket->request->facts[index],
                     known[i]);
        Tiejun__Server__JudgedFact *judged =
            mine ? judge_fact(ticket->arena, ticket->request->facts[index], mine) : NULL;
        if (!judged) {
            return false;
        }
        if (!judged->code || mine->pending) {
            part->facts[n++] = (struct placed){index, judged->office_id, judged};
        } else if (!(ticket->outcomes[index] = refused(ticket, judged))) {
            return false;
        }
    }
    return n == 0 || queue_offices(ticket, part->facts, n, just_read);
}

void part_judge(struct part *part, Tiejun__Server__FactKnown *const *known)
{
    leave_reading(part);
    if (!judge(part, known)) {
        set_error(part->ticket, &part_fault);
    }
    end_part(part->ticket);
}

// ---- without a reading ----

// The first time, and behind nothing of the same actor that is still to be read.
static bool may_remember(struct intake_ticket *ticket)
{
    return ticket->times_again == 0 && !ticket->alone && !ticket->request->dry_run &&
           ticket->request->n_facts > 0 && *requests_read(ticket) == 0;
}

// All of them or none: facts of one request are kept in their order.
static bool queue_remembered(struct intake_ticket *ticket)
{
    size_t n = ticket->request->n_facts;
    struct placed *placed =
        may_remember(ticket) ? arena_alloc(ticket->arena, n * sizeof *placed) : NULL;
    for (size_t i = 0; placed && i < n; i++) {
        const Tiejun__V1__Fact *fact = ticket->request->facts[i];
        const Tiejun__Server__FactKnown *known = memory_recall(
            ticket->intake->memory, ticket->arena, ticket->actor_id, fact, &ticket->came_at);
        Tiejun__Server__JudgedFact *judged = known ? judge_fact(ticket->arena, fact, known) : NULL;
        if (!judged) {
            return false;
        }
        placed[i] = (struct placed){i, judged->office_id, judged};
    }
    // The memory's own text goes when it forgets.
    struct intake_ground ground = memory_ground(ticket->intake->memory);
    ground.snapshot = placed ? arena_strdup(ticket->arena, ground.snapshot) : NULL;
    // What could not be queued has no outcome in the end, and is read then.
    return ground.snapshot &&
           (queue_offices(ticket, placed, n, ground) || ticket->parts_under_way > 0);
}

bool part_queue(struct intake_ticket *ticket)
{
    const struct intake_bell *bell = &ticket->intake->ports.bell;
    if (!queue_remembered(ticket) && !queue_reading(ticket)) {
        return false;
    }
    bell->ring(bell->context);
    return true;
}

// ---- what became of it ----

static bool take_outcomes(struct part *part, Tiejun__V1__FactOutcome *const *outcomes)
{
    struct intake_ticket *ticket = part->ticket;
    for (size_t i = 0; i < part->n_facts; i++) {
        Tiejun__V1__FactOutcome *mine = message_copy(ticket->arena, &outcomes[i]->base);
        if (!mine) {
            return false;
        }
        ticket->outcomes[part->facts[i].index] = mine;
    }
    return true;
}

void part_kept(struct part *part, Tiejun__V1__FactOutcome *const *outcomes)
{
    if (!take_outcomes(part, outcomes)) {
        set_error(part->ticket, &part_fault);
    }
    end_part(part->ticket);
}

static bool is_state(const struct job_error *error, const char *start)
{
    return strncmp(error->sqlstate, start, strlen(start)) == 0;
}

// Whether the same again may go well: others had changed what was read, a right that was remembered
// has gone ("42501": a reading refuses such a fact by itself), or the connection was lost.
// "08001" is a database that has been waited for in vain.
static bool is_worth_another_try(const struct intake *intake, const struct job_error *error)
{
    return !intake->closing && !is_state(error, "08001") &&
           (is_state(error, "40") || is_state(error, "08") || is_state(error, "57P") ||
            is_state(error, "42501"));
}

// Whether it was judged by something that is not so any more, or a right that has gone.
static bool is_out_of_date(const struct part *part, const struct job_error *error)
{
    return part->ground.turn && (is_state(error, "40") || is_state(error, "42501"));
}

void part_failed(struct part *part, bool shared, const struct job_error *error)
{
    struct intake_ticket *ticket = part->ticket;
    if (is_worth_another_try(ticket->intake, error) && ticket->times_again < AGAIN_MOST) {
        ticket->times_again++;
    } else if (!shared || ticket->alone || is_state(error, "08")) {
        set_error(ticket, error);
    } else if (ticket->intake->closing) {
        // Whose fault it was is not to be found out any more: the request is not to take it for
        // its own.
        set_error(ticket, &part_stopping);
    } else {
        ticket->alone = true;
    }
    if (is_out_of_date(part, error)) {
        memory_forget(ticket->intake->memory, part->ground.turn);
    }
    leave_reading(part);
    end_part(ticket);
}

void part_abandon(struct part *part, const struct job_error *error)
{
    leave_reading(part);
    set_error(part->ticket, error);
    end_part(part->ticket);
}
