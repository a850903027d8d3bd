#include "server/rpc/intake_memory.h"

#include "common/arena.h"
#include "common/date.h"
#include "common/uuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    // Days that are remembered: sets of a few, of which an actor's are in one.
    SETS = 8192,
    WAYS = 4,
    CURRENCY_SIZE = 4,
    // Longer names of people are not remembered.
    PERSON_SIZE = 48,
    // An instant further ahead is for the database's clock to judge.
    AHEAD_SECONDS = 12 * 3600,
};

// A day of one person's work, sent by one actor. Of another turn than the memory's: forgotten.
struct day {
    uint64_t turn;
    int64_t actor_id;
    int64_t person_id;
    int64_t starts;
    int64_t ends;
    int64_t office_id;
    int64_t unit_id;
    int32_t rule_version;
    int32_t minimum_visit_minutes;
    char date[DATE_TEXT_SIZE];
    char currency[CURRENCY_SIZE];
    // As the actor called the person; empty for itself.
    char person[PERSON_SIZE];
};

struct intake_memory {
    uint64_t turn;
    // NULL: nothing is remembered.
    char *snapshot;
    // Far more than most daemons ever touch: mapped, so that only what is touched takes room.
    struct day *days;
};

#define DAYS_BYTES ((size_t)SETS * WAYS * sizeof(struct day))

struct intake_memory *memory_new(void)
{
    struct intake_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return NULL;
    memory->days =
        mmap(NULL, DAYS_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory->days == MAP_FAILED) {
        free(memory);
        return NULL;
    }
    return memory;
}

void memory_free(struct intake_memory *memory)
{
    if (memory) {
        free(memory->snapshot);
        munmap(memory->days, DAYS_BYTES);
        free(memory);
    }
}

struct intake_ground memory_ground(const struct intake_memory *memory)
{
    return (struct intake_ground){memory->snapshot ? memory->turn : 0, memory->snapshot};
}

// The first one stands for all that are read later, until it is forgotten.
void memory_read(struct intake_memory *memory, const char *snapshot)
{
    if (!memory->snapshot && snapshot && (memory->snapshot = strdup(snapshot))) {
        memory->turn++;
    }
}

void memory_forget(struct intake_memory *memory, uint64_t turn)
{
    if (turn == memory->turn) {
        free(memory->snapshot);
        memory->snapshot = NULL;
    }
}

static const char *person_of(const Tiejun__V1__Fact *fact)
{
    return fact->person ? fact->person : "";
}

// FNV-1a, spread by a multiplication.
static struct day *set_of(const struct intake_memory *memory, int64_t actor_id, const char *person)
{
    uint64_t hash = (uint64_t)actor_id ^ 0xCBF29CE484222325U;
    for (const char *at = person; *at; at++) {
        hash = (hash ^ (unsigned char)*at) * 0x100000001B3U;
    }
    hash *= 0x9E3779B97F4A7C15U;
    return &memory->days[(hash >> 32) % SETS * WAYS];
}

// Whether the day is remembered and of that person by that actor.
static bool is_of(const struct intake_memory *memory, const struct day *day, int64_t actor_id,
                  const char *person)
{
    return day->turn == memory->turn && day->actor_id == actor_id &&
           strcmp(day->person, person) == 0;
}

// ---- what may be remembered ----

static bool is_given(const char *text)
{
    return text && *text;
}

static bool is_currency(const char *text)
{
    size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return letters == CURRENCY_SIZE - 1 && text[letters] == '\0';
}

// The years that date_or_null() of the database takes.
static bool is_date(const char *text)
{
    date_day day;
    return (strncmp(text, "19", 2) == 0 || strncmp(text, "20", 2) == 0 ||
            strncmp(text, "21", 2) == 0) &&
           date_parse(text, &day);
}

// Kinds of which a reading tells no more than the place and the settings.
static bool is_plain_kind(const Tiejun__V1__Fact *fact)
{
    switch (fact->kind) {
    case TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT:
    case TIEJUN__V1__FACT_KIND__FACT_KIND_NEGOTIATION:
        return fact->customer && fact->customer[strspn(fact->customer, " ")] != '\0';
    case TIEJUN__V1__FACT_KIND__FACT_KIND_APPOINTMENT:
    case TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL:
        return true;
    default:
        return false;
    }
}

// Whether there is nothing in it that the database might refuse, or would have to look up.
static bool is_plain(const Tiejun__V1__Fact *fact)
{
    return is_plain_kind(fact) && uuid_valid(fact->id) && !is_given(fact->date) &&
           !is_given(fact->deal) && !is_given(fact->voids) &&
           (!is_given(fact->next_step_date) || is_date(fact->next_step_date)) &&
           (!is_given(fact->currency) || is_currency(fact->currency));
}

// The day itself; else one that is forgotten, or the oldest.
static struct day *place_for(struct intake_memory *memory, int64_t actor_id, const char *person,
                             int64_t starts)
{
    struct day *set = set_of(memory, actor_id, person);
    struct day *oldest = set;
    for (struct day *day = set; day < set + WAYS; day++) {
        bool current = day->turn == memory->turn;
        if (is_of(memory, day, actor_id, person) && day->starts == starts) {
            return day;
        }
        if (oldest->turn == memory->turn && (!current || day->starts < oldest->starts)) {
            oldest = day;
        }
    }
    return oldest;
}

void memory_learn(struct intake_memory *memory, int64_t actor_id, const Tiejun__V1__Fact *fact,
                  const Tiejun__Server__FactKnown *known)
{
    const char *person = person_of(fact);
    if (!memory->snapshot || known->code || is_given(fact->currency) || !known->day_starts ||
        !known->day_ends || !known->local_date || !known->currency ||
        strlen(known->local_date) >= DATE_TEXT_SIZE || !is_currency(known->currency) ||
        strlen(person) >= PERSON_SIZE) {
        return;
    }
    struct day *day = place_for(memory, actor_id, person, known->day_starts->seconds);
    *day = (struct day){
        .turn = memory->turn,
        .actor_id = actor_id,
        .person_id = known->person_id,
        .starts = known->day_starts->seconds,
        .ends = known->day_ends->seconds,
        .office_id = known->office_id,
        .unit_id = known->unit_id,
        .rule_version = known->rule_version,
        .minimum_visit_minutes = known->minimum_visit_minutes,
    };
    snprintf(day->date, sizeof day->date, "%s", known->local_date);
    snprintf(day->currency, sizeof day->currency, "%s", known->currency);
    snprintf(day->person, sizeof day->person, "%s", person);
}

// ---- what is remembered ----

static const struct day *find_day(const struct intake_memory *memory, int64_t actor_id,
                                  const char *person, int64_t seconds)
{
    const struct day *set = set_of(memory, actor_id, person);
    for (const struct day *day = set; memory->snapshot && day < set + WAYS; day++) {
        if (is_of(memory, day, actor_id, person) && seconds >= day->starts && seconds < day->ends) {
            return day;
        }
    }
    return NULL;
}

static Tiejun__Server__FactKnown *tell(struct arena *arena, const struct day *day,
                                       const char *currency)
{
    Tiejun__Server__FactKnown *known = arena_alloc(arena, sizeof *known);
    if (!known) {
        return NULL;
    }
    tiejun__server__fact_known__init(known);
    known->has_person_id = known->has_office_id = known->has_unit_id = true;
    known->person_id = day->person_id;
    known->office_id = day->office_id;
    known->unit_id = day->unit_id;
    known->has_duplicate = true;
    known->has_rule_version = known->has_minimum_visit_minutes = true;
    known->rule_version = day->rule_version;
    known->minimum_visit_minutes = day->minimum_visit_minutes;
    known->local_date = arena_strdup(arena, day->date);
    known->currency = arena_strdup(arena, currency);
    return known->local_date && known->currency ? known : NULL;
}

// What is recorded on its own day cannot be too late (domain.md 3.4). Nothing is recorded after it
// came in.
static bool is_in_time(const struct day *day, const Tiejun__V1__Fact *fact,
                       const Google__Protobuf__Timestamp *came_at)
{
    int64_t recorded = came_at->seconds;
    if (fact->recorded_at && fact->recorded_at->seconds < recorded) {
        recorded = fact->recorded_at->seconds;
    }
    return recorded < day->ends;
}

const Tiejun__Server__FactKnown *memory_recall(const struct intake_memory *memory,
                                               struct arena *arena, int64_t actor_id,
                                               const Tiejun__V1__Fact *fact,
                                               const Google__Protobuf__Timestamp *came_at)
{
    const Google__Protobuf__Timestamp *at = fact->occurred_at ? fact->occurred_at : came_at;
    if (!is_plain(fact) || at->seconds > came_at->seconds + AHEAD_SECONDS) {
        return NULL;
    }
    const struct day *day = find_day(memory, actor_id, person_of(fact), at->seconds);
    if (day && !is_in_time(day, fact, came_at)) {
        return NULL;
    }
    Tiejun__Server__FactKnown *known =
        day ? tell(arena, day, is_given(fact->currency) ? fact->currency : day->currency) : NULL;
    if (known) {
        known->occurred_at = (Google__Protobuf__Timestamp *)at;
    }
    return known;
}
