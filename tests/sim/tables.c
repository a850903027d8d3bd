#include "tests/sim/tables.h"

#include "common/arena.h"
#include "common/message.h"
#include "tests/sim/world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
#define NANOSECONDS INT64_C(1000000000)
// Where somebody was while so many seconds passed; the first and the last for ever.
#define STAYS 12
#define STAY_NS (10 * NANOSECONDS)

struct tables {
    struct world *world;
    struct arena *arena;
    struct row *rows;
    size_t row_count;
    size_t row_capacity;
    int64_t began_ns;
    // Some people move about, some never do.
    bool restless[TABLES_PEOPLE];
    int64_t offices[TABLES_PEOPLE][STAYS];
    struct total totals[TABLES_PEOPLE];
    // Moves by now: what a reading holds as of.
    uint64_t moves;
    const char *complaint;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static int64_t any_office(struct world *world)
{
    return 1 + (int64_t)world_below(world, TABLES_OFFICES);
}

struct tables *tables_new(struct world *world)
{
    struct tables *tables = must(calloc(1, sizeof *tables));
    tables->world = world;
    tables->arena = must(arena_new(BUDGET));
    tables->began_ns = world_clock_ns(world);
    for (size_t i = 0; i < TABLES_PEOPLE; i++) {
        tables->restless[i] = world_chance(world, 50);
        for (size_t k = 0; k < STAYS; k++)
            tables->offices[i][k] =
                k == 0 || tables->restless[i] ? any_office(world) : tables->offices[i][0];
    }
    return tables;
}

void tables_free(struct tables *tables)
{
    arena_free(tables->arena);
    free(tables->rows);
    free(tables);
}

void tables_move(struct tables *tables)
{
    size_t person = (size_t)world_below(tables->world, TABLES_PEOPLE);
    int64_t *office = &tables->offices[person][world_below(tables->world, STAYS)];
    if (!tables->restless[person])
        return;
    *office = any_office(tables->world);
    bool ever = world_chance(tables->world, 30);
    for (size_t k = 0; ever && k < STAYS; k++)
        tables->offices[person][k] = *office;
    tables->moves++;
    world_trace(tables->world, "tables: person %zu moves", person + 1);
}

bool tables_stays(const struct tables *tables, int64_t person_id)
{
    return !tables->restless[person_id - 1];
}

// In one office ever, by what is known now.
static bool is_settled(const struct tables *tables, int64_t person_id)
{
    const int64_t *offices = tables->offices[person_id - 1];
    for (size_t k = 1; k < STAYS; k++) {
        if (offices[k] != offices[0])
            return false;
    }
    return true;
}

int32_t tables_minimum_minutes(int64_t office_id)
{
    static const int32_t minutes[TABLES_OFFICES] = {15, 60, 120};
    return minutes[office_id - 1];
}

static int64_t office_then(const struct tables *tables, int64_t person_id,
                           const Google__Protobuf__Timestamp *instant)
{
    int64_t since = instant->seconds * NANOSECONDS + instant->nanos - tables->began_ns;
    int64_t stay = since < 0 ? 0 : since / STAY_NS;
    return tables->offices[person_id - 1][stay < STAYS ? stay : STAYS - 1];
}

// ---- rows ----

const struct row *tables_find(const struct tables *tables, const char *id)
{
    for (size_t i = 0; i < tables->row_count; i++) {
        if (strcmp(tables->rows[i].fact->id, id) == 0)
            return &tables->rows[i];
    }
    return NULL;
}

static const struct row *find_in(const struct tables *tables, int64_t office_id, const char *id)
{
    for (size_t i = 0; i < tables->row_count; i++) {
        const Tiejun__Server__JudgedFact *fact = tables->rows[i].fact;
        if (fact->office_id == office_id && strcmp(fact->id, id) == 0)
            return &tables->rows[i];
    }
    return NULL;
}

static bool is_voided(const struct tables *tables, const char *id)
{
    for (size_t i = 0; i < tables->row_count; i++) {
        const char *voids = tables->rows[i].fact->voids;
        if (voids && strcmp(voids, id) == 0)
            return true;
    }
    return false;
}

static void insert(struct tables *tables, const Tiejun__Server__JudgedFact *fact, int64_t actor_id)
{
    size_t size = tiejun__server__judged_fact__get_packed_size(fact);
    uint8_t *packed = must(arena_alloc(tables->arena, size + 1));
    if (tables->row_count == tables->row_capacity) {
        tables->row_capacity = tables->row_capacity ? tables->row_capacity * 2 : 64;
        tables->rows = must(reallocarray(tables->rows, tables->row_capacity, sizeof *tables->rows));
    }
    tiejun__server__judged_fact__pack(fact, packed);
    struct row *row = &tables->rows[tables->row_count++];
    row->fact = must(message_unpack(&tiejun__server__judged_fact__descriptor, tables->arena, packed,
                                    size, NULL, NULL));
    row->actor_id = actor_id;
    tables->totals[fact->person_id - 1].facts++;
    tables->totals[fact->person_id - 1].minutes += fact->minutes;
}

size_t tables_rows(const struct tables *tables, const struct row **rows)
{
    *rows = tables->rows;
    return tables->row_count;
}

struct total tables_total(const struct tables *tables, int64_t person_id)
{
    return tables->totals[person_id - 1];
}

const char *tables_complaint(const struct tables *tables)
{
    return tables->complaint;
}

// ---- reading ----

static bool note_begins(const char *note, const char *word)
{
    return note && strncmp(note, word, strlen(word)) == 0;
}

// The office of the fact that is taken back: one that is kept, or an earlier one of the batch. 0
// when there is none.
static int64_t office_of_voided(const struct tables *tables, const Tiejun__Server__FactRead *read,
                                size_t place)
{
    const char *id = read->facts[place]->voids;
    const struct row *row = tables_find(tables, id);
    if (row)
        return row->fact->person_id == read->actors[place] ? row->fact->office_id : 0;
    for (size_t i = 0; i < place; i++) {
        if (read->actors[i] == read->actors[place] && strcmp(read->facts[i]->id, id) == 0)
            return office_then(tables, read->actors[i], read->facts[i]->occurred_at);
    }
    return 0;
}

static void refuse(Tiejun__Server__FactKnown *known, const char *code, const char *field)
{
    known->code = (char *)code;
    known->field = (char *)field;
    known->arguments = (char *)"";
}

static void place_new(const struct tables *tables, const Tiejun__Server__FactRead *read, size_t i,
                      Tiejun__Server__FactKnown *known)
{
    const Tiejun__V1__Fact *fact = read->facts[i];
    known->occurred_at = fact->occurred_at;
    known->office_id = office_then(tables, read->actors[i], fact->occurred_at);
    if (note_begins(fact->note, NOTE_REFUSED))
        refuse(known, "no_customer", "customer");
    if (!fact->voids)
        return;
    known->office_id = office_of_voided(tables, read, i);
    if (known->office_id == 0)
        refuse(known, "nothing_to_void", "voids");
    else if (is_voided(tables, fact->voids))
        refuse(known, "voided_already", "voids");
}

// From when to when the place of a new fact may be remembered.
static void place_day(const struct tables *tables, Tiejun__Server__FactKnown *known)
{
    static Google__Protobuf__Timestamp starts = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    static Google__Protobuf__Timestamp ends = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    ends.seconds = INT64_MAX;
    if (is_settled(tables, known->person_id)) {
        known->day_starts = &starts;
        known->day_ends = &ends;
    }
}

static void place(const struct tables *tables, const Tiejun__Server__FactRead *read, size_t i,
                  Tiejun__Server__FactKnown *known)
{
    const struct row *row = tables_find(tables, read->facts[i]->id);
    known->has_position = known->has_person_id = known->has_office_id = true;
    known->position = (int32_t)i + 1;
    known->person_id = read->actors[i];
    known->local_date = (char *)"2026-09-21";
    known->currency = (char *)"CNY";
    if (row && row->fact->person_id == known->person_id) {
        known->office_id = row->fact->office_id;
        known->occurred_at = row->fact->occurred_at;
    } else {
        place_new(tables, read, i, known);
        if (!read->facts[i]->voids)
            place_day(tables, known);
    }
    known->has_unit_id = true;
    known->unit_id = known->office_id;
    known->has_minimum_visit_minutes = known->office_id > 0;
    if (known->office_id > 0)
        known->minimum_visit_minutes = tables_minimum_minutes(known->office_id);
}

const char *tables_read(struct tables *tables, const Tiejun__Server__FactRead *read,
                        struct arena *arena, Tiejun__Server__FactGround **answer)
{
    *answer = must(arena_alloc(arena, sizeof **answer));
    tiejun__server__fact_ground__init(*answer);
    (*answer)->facts = must(arena_alloc(arena, (read->n_facts + 1) * sizeof(void *)));
    for (size_t i = 0; i < read->n_facts; i++) {
        if (note_begins(read->facts[i]->note, NOTE_UNREADABLE))
            return "22P02";
        Tiejun__Server__FactKnown *known = must(arena_alloc(arena, sizeof *known));
        tiejun__server__fact_known__init(known);
        place(tables, read, i, known);
        (*answer)->facts[(*answer)->n_facts++] = known;
    }
    (*answer)->ground = must(arena_printf(arena, "%" PRIu64, tables->moves));
    return NULL;
}

// ---- keeping ----

// The senders are the requests of the batch, whose facts follow each other.
static bool is_in_order(const Tiejun__Server__FactPlan *plan)
{
    int32_t next = 1;
    for (size_t i = 0; i < plan->n_senders; i++) {
        const Tiejun__Server__FactSender *sender = plan->senders[i];
        if (sender->first_position != next)
            return false;
        for (; next < sender->first_position + sender->facts; next++) {
            if (next > (int32_t)plan->n_facts || plan->facts[next - 1]->position != next ||
                plan->actors[next - 1] != sender->actor_id)
                return false;
        }
    }
    return next == (int32_t)plan->n_facts + 1 && plan->n_actors == plan->n_facts;
}

// Still of that office, and not kept in another meanwhile: it may have come twice, around a move.
static bool is_well_placed(const struct tables *tables, const Tiejun__Server__JudgedFact *fact)
{
    return !tables_find(tables, fact->id) &&
           (fact->voids ||
            office_then(tables, fact->person_id, fact->occurred_at) == fact->office_id);
}

static const char *why_not(struct tables *tables, const Tiejun__Server__FactPlan *plan)
{
    if (plan->ground && strtoull(plan->ground, NULL, 10) != tables->moves)
        return "40001";
    for (size_t i = 0; i < plan->n_facts; i++) {
        const Tiejun__Server__JudgedFact *fact = plan->facts[i];
        if (note_begins(fact->note, NOTE_UNKEEPABLE))
            return "22003";
        if (!find_in(tables, fact->office_id, fact->id) && !is_well_placed(tables, fact))
            return "40001";
    }
    return NULL;
}

static Tiejun__V1__Intake keep(struct tables *tables, const Tiejun__Server__JudgedFact *fact,
                               int64_t actor_id)
{
    // In another office only when it comes twice in one batch: the first one counts.
    if (tables_find(tables, fact->id))
        return TIEJUN__V1__INTAKE__INTAKE_KNOWN;
    if (fact->voids && is_voided(tables, fact->voids))
        return TIEJUN__V1__INTAKE__INTAKE_REFUSED;
    insert(tables, fact, actor_id);
    return TIEJUN__V1__INTAKE__INTAKE_ACCEPTED;
}

static Tiejun__V1__FactOutcome *outcome_of(const Tiejun__Server__JudgedFact *fact,
                                           Tiejun__V1__Intake intake, struct arena *arena)
{
    Tiejun__V1__FactOutcome *outcome = must(arena_alloc(arena, sizeof *outcome));
    tiejun__v1__fact_outcome__init(outcome);
    outcome->id = fact->id;
    outcome->has_intake = true;
    outcome->intake = intake;
    if (intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED) {
        outcome->field = (char *)"voids";
        outcome->code = (char *)"voided_already";
        outcome->message = fact->voids;
    }
    return outcome;
}

const char *tables_write(struct tables *tables, const Tiejun__Server__FactPlan *plan,
                         struct arena *arena, Tiejun__V1__FactServiceLogResponse **answer)
{
    static const char *const words[] = {
        [TIEJUN__V1__INTAKE__INTAKE_ACCEPTED] = "new",
        [TIEJUN__V1__INTAKE__INTAKE_KNOWN] = "known",
        [TIEJUN__V1__INTAKE__INTAKE_REFUSED] = "refused",
    };
    if (!is_in_order(plan))
        tables->complaint = "the facts of a batch are not where their senders say";
    const char *state = why_not(tables, plan);
    if (state)
        return state;
    *answer = must(arena_alloc(arena, sizeof **answer));
    tiejun__v1__fact_service_log_response__init(*answer);
    (*answer)->outcomes = must(arena_alloc(arena, (plan->n_facts + 1) * sizeof(void *)));
    for (size_t i = 0; i < plan->n_facts; i++) {
        const Tiejun__Server__JudgedFact *fact = plan->facts[i];
        Tiejun__V1__Intake intake = keep(tables, fact, plan->actors[i]);
        (*answer)->outcomes[(*answer)->n_outcomes++] = outcome_of(fact, intake, arena);
        world_trace(tables->world, "tables: %s is %s, office %d", fact->id, words[intake],
                    (int)fact->office_id);
    }
    return NULL;
}
