#include "tests/sim/tables.h"

#include "common/arena.h"
#include "common/message.h"
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
#define NANOSECONDS INT64_C(1000000000)
// Where somebody was while so many seconds passed; the first and the last for ever.
#define STAYS 12
#define STAY_SECONDS 10
// Far before and behind all of them, in seconds since 1970.
#define EVER_SINCE 0
#define FOR_EVER INT64_C(4102444800)
#define CHANGES_MOST 64

// A fact was read when there had been so many changes.
struct reading {
    char *id;
    unsigned changes;
};

struct tables {
    struct world *world;
    struct arena *arena;
    struct row *rows;
    size_t row_count;
    size_t row_capacity;
    // Seconds since 1970.
    int64_t began;
    // Some people move about, some never do.
    bool restless[TABLES_PEOPLE];
    int64_t offices[TABLES_PEOPLE][STAYS];
    struct total totals[TABLES_PEOPLE];
    // How often something was changed that facts are placed and judged by; and from how many
    // minutes on a visit was effective after each change.
    unsigned changes;
    int32_t minutes[CHANGES_MOST][TABLES_OFFICES];
    struct reading *readings;
    size_t reading_count;
    size_t reading_capacity;
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

static int32_t any_minutes(struct world *world)
{
    return (int32_t)world_below(world, 150);
}

struct tables *tables_new(struct world *world)
{
    struct tables *tables = must(calloc(1, sizeof *tables));
    tables->world = world;
    tables->arena = must(arena_new(BUDGET));
    tables->began = world_clock_ns(world) / NANOSECONDS;
    for (size_t i = 0; i < TABLES_PEOPLE; i++) {
        tables->restless[i] = world_chance(world, 50);
        for (size_t k = 0; k < STAYS; k++)
            tables->offices[i][k] =
                k == 0 || tables->restless[i] ? any_office(world) : tables->offices[i][0];
    }
    for (size_t i = 0; i < TABLES_OFFICES; i++)
        tables->minutes[0][i] = any_minutes(world);
    return tables;
}

void tables_free(struct tables *tables)
{
    arena_free(tables->arena);
    free(tables->rows);
    free(tables->readings);
    free(tables);
}

void tables_change(struct tables *tables)
{
    struct world *world = tables->world;
    size_t person = (size_t)world_below(world, TABLES_PEOPLE);
    size_t office = (size_t)world_below(world, TABLES_OFFICES);
    if (tables->changes + 1 == CHANGES_MOST)
        return;
    int32_t *minutes = tables->minutes[++tables->changes];
    memcpy(minutes, tables->minutes[tables->changes - 1], sizeof tables->minutes[0]);
    if (tables->restless[person] && world_chance(world, 50)) {
        tables->offices[person][world_below(world, STAYS)] = any_office(world);
        world_trace(world, "tables: person %zu moves", person + 1);
    } else {
        minutes[office] = any_minutes(world);
        world_trace(world, "tables: office %zu asks for other visits", office + 1);
    }
}

bool tables_stays(const struct tables *tables, int64_t person_id)
{
    return !tables->restless[person_id - 1];
}

static int64_t stay_of(const struct tables *tables, const Google__Protobuf__Timestamp *instant)
{
    int64_t since = instant->seconds - tables->began;
    int64_t stay = since < 0 ? 0 : since / STAY_SECONDS;
    return stay < STAYS ? stay : STAYS - 1;
}

static int64_t office_then(const struct tables *tables, int64_t person_id,
                           const Google__Protobuf__Timestamp *instant)
{
    return tables->offices[person_id - 1][stay_of(tables, instant)];
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
    if (tables->row_count == tables->row_capacity) {
        tables->row_capacity = tables->row_capacity ? tables->row_capacity * 2 : 64;
        tables->rows = must(reallocarray(tables->rows, tables->row_capacity, sizeof *tables->rows));
    }
    struct row *row = &tables->rows[tables->row_count++];
    row->fact = must(message_copy(tables->arena, &fact->base));
    row->actor_id = actor_id;
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

// ---- settings ----

static const struct reading *find_reading(const struct tables *tables, const char *id)
{
    for (size_t i = 0; i < tables->reading_count; i++) {
        if (strcmp(tables->readings[i].id, id) == 0)
            return &tables->readings[i];
    }
    return NULL;
}

// The first one counts.
static void note_reading(struct tables *tables, const char *id)
{
    if (find_reading(tables, id))
        return;
    if (tables->reading_count == tables->reading_capacity) {
        tables->reading_capacity = tables->reading_capacity ? tables->reading_capacity * 2 : 64;
        tables->readings = must(
            reallocarray(tables->readings, tables->reading_capacity, sizeof *tables->readings));
    }
    tables->readings[tables->reading_count++] =
        (struct reading){must(arena_strdup(tables->arena, id)), tables->changes};
}

// By a setting that was in force since the fact was read. What was never read was judged by memory,
// which is right or refused.
static bool is_well_judged(const struct tables *tables, const Tiejun__Server__JudgedFact *fact)
{
    const struct reading *reading = find_reading(tables, fact->id);
    if (fact->voids)
        return fact->effective;
    for (unsigned i = reading ? reading->changes : tables->changes; i <= tables->changes; i++) {
        if (fact->effective == (fact->minutes >= tables->minutes[i][fact->office_id - 1]))
            return true;
    }
    return false;
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

static Google__Protobuf__Timestamp *instant_at(int64_t seconds, struct arena *arena)
{
    Google__Protobuf__Timestamp *instant = must(arena_alloc(arena, sizeof *instant));
    google__protobuf__timestamp__init(instant);
    instant->seconds = seconds;
    return instant;
}

// What holds for the whole of the stay.
static void place_day(const struct tables *tables, Tiejun__Server__FactKnown *known,
                      struct arena *arena)
{
    int64_t stay = stay_of(tables, known->occurred_at);
    int64_t starts = tables->began + stay * STAY_SECONDS;
    known->day_starts = instant_at(stay == 0 ? EVER_SINCE : starts, arena);
    known->day_ends = instant_at(stay == STAYS - 1 ? FOR_EVER : starts + STAY_SECONDS, arena);
}

static void place_new(const struct tables *tables, const Tiejun__Server__FactRead *read, size_t i,
                      Tiejun__Server__FactKnown *known, struct arena *arena)
{
    const Tiejun__V1__Fact *fact = read->facts[i];
    known->occurred_at = fact->occurred_at;
    known->office_id = office_then(tables, read->actors[i], fact->occurred_at);
    if (!fact->voids && fact->customer[0] == '\0')
        refuse(known, "no_customer", "customer");
    if (!fact->voids) {
        place_day(tables, known, arena);
        return;
    }
    known->office_id = office_of_voided(tables, read, i);
    if (known->office_id == 0)
        refuse(known, "nothing_to_void", "voids");
    else if (is_voided(tables, fact->voids))
        refuse(known, "voided_already", "voids");
}

static void place(const struct tables *tables, const Tiejun__Server__FactRead *read, size_t i,
                  Tiejun__Server__FactKnown *known, struct arena *arena)
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
        place_new(tables, read, i, known, arena);
    }
    known->has_unit_id = true;
    known->unit_id = known->office_id;
    known->has_minimum_visit_minutes = known->office_id > 0;
    if (known->office_id > 0)
        known->minimum_visit_minutes = tables->minutes[tables->changes][known->office_id - 1];
}

const char *tables_read(struct tables *tables, const Tiejun__Server__FactRead *read,
                        struct arena *arena, Tiejun__Server__FactGround **answer)
{
    *answer = must(arena_alloc(arena, sizeof **answer));
    tiejun__server__fact_ground__init(*answer);
    (*answer)->ground = must(arena_printf(arena, "%u", tables->changes));
    (*answer)->facts = must(arena_alloc(arena, (read->n_facts + 1) * sizeof(void *)));
    for (size_t i = 0; i < read->n_facts; i++) {
        if (note_begins(read->facts[i]->note, NOTE_UNREADABLE))
            return "22P02";
        Tiejun__Server__FactKnown *known = must(arena_alloc(arena, sizeof *known));
        tiejun__server__fact_known__init(known);
        place(tables, read, i, known, arena);
        note_reading(tables, read->facts[i]->id);
        (*answer)->facts[(*answer)->n_facts++] = known;
    }
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
    if (plan->ground && strtoul(plan->ground, NULL, 10) != tables->changes)
        return "40001";
    for (size_t i = 0; i < plan->n_facts; i++) {
        const Tiejun__Server__JudgedFact *fact = plan->facts[i];
        if (note_begins(fact->note, NOTE_UNREADABLE) || note_begins(fact->note, NOTE_UNKEEPABLE))
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
    if (!is_well_judged(tables, fact))
        tables->complaint = "a fact was judged by a setting that was not in force";
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

// By what the daemon worked out for the case that every fact is new; a person, a unit and an office
// have it, on the day and in the month.
static void add_totals(struct tables *tables, const Tiejun__Server__FactPlan *plan)
{
    int64_t sum = 0;
    for (size_t i = 0; i < plan->n_totals; i++) {
        const Tiejun__Server__TotalMove *move = plan->totals[i];
        sum += move->done;
        if (*move->scope == 'p' && *move->grain == 'd')
            tables->totals[move->scope_id - 1].facts += (size_t)move->done;
    }
    if (sum != 6 * (int64_t)plan->n_facts)
        tables->complaint = "what a batch adds to the totals is not what its facts are worth";
}

static void move_totals(struct tables *tables, const Tiejun__Server__FactPlan *plan,
                        const Tiejun__V1__FactServiceLogResponse *answer)
{
    size_t kept = 0;
    for (size_t i = 0; i < answer->n_outcomes; i++)
        kept += answer->outcomes[i]->intake == TIEJUN__V1__INTAKE__INTAKE_ACCEPTED;
    if (plan->n_totals > 0 && kept == plan->n_facts) {
        add_totals(tables, plan);
        return;
    }
    for (size_t i = 0; i < plan->n_facts; i++) {
        if (answer->outcomes[i]->intake == TIEJUN__V1__INTAKE__INTAKE_ACCEPTED)
            tables->totals[plan->facts[i]->person_id - 1].facts++;
    }
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
    move_totals(tables, plan, *answer);
    return NULL;
}
