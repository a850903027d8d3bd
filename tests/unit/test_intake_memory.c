// What is remembered of people, and what not (server/rpc/intake_memory.h).
#include "server/rpc/intake_memory.h"

#include "common/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 86400, MIDNIGHT = 1767225600, ACTOR = 7 };

static struct arena *arena;
static struct intake_memory *memory;

static int make_memory(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    memory = memory_new();
    return !arena || !memory;
}

static int drop_memory(void **state)
{
    (void)state;
    memory_free(memory);
    arena_free(arena);
    return 0;
}

static Google__Protobuf__Timestamp instant(int64_t seconds)
{
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    at.seconds = seconds;
    return at;
}

static Tiejun__V1__Fact visit(void)
{
    Tiejun__V1__Fact fact = TIEJUN__V1__FACT__INIT;
    fact.id = (char *)"0198c0de-0000-7000-8000-000000000001";
    fact.has_kind = true;
    fact.kind = TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT;
    fact.customer = (char *)"Acme";
    fact.next_step_date = (char *)"2026-02-01";
    return fact;
}

// person NULL: the actor.
static void learn_of(int64_t actor, const char *person, int64_t starts)
{
    Tiejun__V1__Fact fact = visit();
    fact.person = (char *)person;
    Google__Protobuf__Timestamp from = instant(starts);
    Google__Protobuf__Timestamp to = instant(starts + DAY);
    Tiejun__Server__FactKnown known = TIEJUN__SERVER__FACT_KNOWN__INIT;
    known.person_id = person ? ACTOR + 1 : actor;
    known.office_id = 3;
    known.unit_id = 4;
    known.local_date = (char *)"2026-01-01";
    known.currency = (char *)"CNY";
    known.minimum_visit_minutes = 20;
    known.day_starts = &from;
    known.day_ends = &to;
    memory_learn(memory, actor, &fact, &known);
}

static void learn(int64_t actor, int64_t starts)
{
    learn_of(actor, NULL, starts);
}

static const Tiejun__Server__FactKnown *recall(int64_t actor, const Tiejun__V1__Fact *fact,
                                               int64_t seconds)
{
    static Google__Protobuf__Timestamp at;
    at = instant(seconds);
    return memory_recall(memory, arena, actor, fact, &at);
}

static void test_the_rest_of_the_day_is_known(void **state)
{
    (void)state;
    const Tiejun__V1__Fact fact = visit();
    memory_read(memory, "1:1:");
    learn(ACTOR, MIDNIGHT);
    const Tiejun__Server__FactKnown *known = recall(ACTOR, &fact, MIDNIGHT + DAY - 1);
    assert_non_null(known);
    assert_int_equal(known->person_id, ACTOR);
    assert_int_equal(known->office_id, 3);
    assert_int_equal(known->unit_id, 4);
    assert_int_equal(known->minimum_visit_minutes, 20);
    assert_int_equal(known->occurred_at->seconds, MIDNIGHT + DAY - 1);
    assert_string_equal(known->local_date, "2026-01-01");
    assert_string_equal(known->currency, "CNY");

    assert_null(recall(ACTOR, &fact, MIDNIGHT + DAY));
    assert_null(recall(ACTOR, &fact, MIDNIGHT - 1));
    assert_null(recall(ACTOR + 1, &fact, MIDNIGHT));
}

static void test_whom_a_leader_means_is_known_to_that_one_alone(void **state)
{
    (void)state;
    Tiejun__V1__Fact fact = visit();
    fact.person = (char *)"rep";
    memory_read(memory, "1:1:");
    learn_of(ACTOR, "rep", MIDNIGHT);
    const Tiejun__Server__FactKnown *known = recall(ACTOR, &fact, MIDNIGHT);
    assert_non_null(known);
    assert_int_equal(known->person_id, ACTOR + 1);
    assert_null(recall(ACTOR + 1, &fact, MIDNIGHT));
    fact.person = (char *)"REP";
    assert_null(recall(ACTOR, &fact, MIDNIGHT));
    fact.person = NULL;
    assert_null(recall(ACTOR, &fact, MIDNIGHT));
}

static void test_a_fact_has_its_own_instant_and_currency(void **state)
{
    (void)state;
    Google__Protobuf__Timestamp at = instant(MIDNIGHT + 60);
    Tiejun__V1__Fact fact = visit();
    fact.occurred_at = &at;
    fact.currency = (char *)"EUR";
    memory_read(memory, "1:1:");
    learn(ACTOR, MIDNIGHT);
    const Tiejun__Server__FactKnown *known = recall(ACTOR, &fact, MIDNIGHT + DAY - 1);
    assert_non_null(known);
    assert_int_equal(known->occurred_at->seconds, MIDNIGHT + 60);
    assert_string_equal(known->currency, "EUR");
    // More than half a day before it happens.
    assert_null(recall(ACTOR, &fact, MIDNIGHT - DAY));
}

static void test_3_4_what_may_be_recorded_too_late_is_read(void **state)
{
    (void)state;
    Google__Protobuf__Timestamp at = instant(MIDNIGHT + 60);
    Google__Protobuf__Timestamp recorded = instant(MIDNIGHT + 120);
    Tiejun__V1__Fact fact = visit();
    fact.occurred_at = &at;
    memory_read(memory, "1:1:");
    learn(ACTOR, MIDNIGHT);
    assert_non_null(recall(ACTOR, &fact, MIDNIGHT + DAY - 1));
    assert_null(recall(ACTOR, &fact, MIDNIGHT + DAY));
    // Sent late, and recorded in time.
    fact.recorded_at = &recorded;
    assert_non_null(recall(ACTOR, &fact, MIDNIGHT + 30 * DAY));
    recorded.seconds = MIDNIGHT + DAY;
    assert_null(recall(ACTOR, &fact, MIDNIGHT + 30 * DAY));
    // Nothing is recorded after it came in.
    recorded.seconds = MIDNIGHT + 40 * DAY;
    assert_null(recall(ACTOR, &fact, MIDNIGHT + 30 * DAY));
}

static void test_what_the_database_may_have_to_say_something_of_is_read(void **state)
{
    (void)state;
    const Tiejun__V1__Fact plain = visit();
    Tiejun__V1__Fact others[] = {plain, plain, plain, plain, plain, plain, plain, plain, plain};
    others[0].person = (char *)"somebody else";
    others[1].deal = (char *)"0198c0de-0000-7000-8000-000000000002";
    others[2].voids = (char *)"0198c0de-0000-7000-8000-000000000002";
    others[3].date = (char *)"2026-01-01";
    others[4].kind = TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER;
    others[5].id = (char *)"no id";
    others[6].next_step_date = (char *)"2026-02-30";
    others[7].customer = (char *)"  ";
    others[8].currency = (char *)"euro";
    memory_read(memory, "1:1:");
    learn(ACTOR, MIDNIGHT);
    assert_non_null(recall(ACTOR, &plain, MIDNIGHT));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(recall(ACTOR, &others[i], MIDNIGHT));
    }
}

static void test_what_has_changed_is_forgotten(void **state)
{
    (void)state;
    const Tiejun__V1__Fact fact = visit();
    learn(ACTOR, MIDNIGHT);
    assert_null(recall(ACTOR, &fact, MIDNIGHT));
    memory_read(memory, "1:1:");
    learn(ACTOR, MIDNIGHT);
    struct intake_ground first = memory_ground(memory);
    assert_string_equal(first.snapshot, "1:1:");

    // What is read later holds as of the earlier snapshot as well.
    memory_read(memory, "2:2:");
    assert_string_equal(memory_ground(memory).snapshot, "1:1:");

    memory_forget(memory, first.turn);
    assert_null(recall(ACTOR, &fact, MIDNIGHT));
    assert_int_equal(memory_ground(memory).turn, 0);

    memory_read(memory, "3:3:");
    assert_null(recall(ACTOR, &fact, MIDNIGHT));
    assert_true(memory_ground(memory).turn > first.turn);
    learn(ACTOR, MIDNIGHT);
    // Whoever was judged before is late with it.
    memory_forget(memory, first.turn);
    assert_non_null(recall(ACTOR, &fact, MIDNIGHT));
}

static void test_the_latest_days_of_many_are_kept(void **state)
{
    (void)state;
    const Tiejun__V1__Fact fact = visit();
    memory_read(memory, "1:1:");
    for (int64_t day = 0; day < 30; day++) {
        for (int64_t actor = 1; actor <= 1000; actor++) {
            learn(actor, MIDNIGHT + day * DAY);
        }
    }
    unsigned known = 0;
    for (int64_t actor = 1; actor <= 1000; actor++) {
        known += recall(actor, &fact, MIDNIGHT + 29 * DAY) != NULL;
    }
    assert_int_equal(known, 1000);
}

#define WITH_MEMORY(test) cmocka_unit_test_setup_teardown(test, make_memory, drop_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_MEMORY(test_the_rest_of_the_day_is_known),
        WITH_MEMORY(test_whom_a_leader_means_is_known_to_that_one_alone),
        WITH_MEMORY(test_a_fact_has_its_own_instant_and_currency),
        WITH_MEMORY(test_3_4_what_may_be_recorded_too_late_is_read),
        WITH_MEMORY(test_what_the_database_may_have_to_say_something_of_is_read),
        WITH_MEMORY(test_what_has_changed_is_forgotten),
        WITH_MEMORY(test_the_latest_days_of_many_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
