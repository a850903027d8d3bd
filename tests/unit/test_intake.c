// The intake's core (server/rpc/intake.h) over a store that says what the test tells it to. What
// follows from many such steps is tests/sim's to find out.
#include "common/arena.h"
#include "server/rpc/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ERRANDS_MOST = 8, NOON = 1767268800 };

struct store {
    struct intake *intake;
    struct intake_errand *errands[ERRANDS_MOST];
    size_t facts[ERRANDS_MOST];
    bool reads[ERRANDS_MOST];
    size_t n_errands;
};

// A request with one fact.
struct caller {
    struct intake_ticket ticket;
    Tiejun__V1__FactServiceLogRequest request;
    Tiejun__V1__Fact fact;
    Tiejun__V1__Fact *facts[1];
    unsigned answers;
    char state[6];
};

static bool ask(struct store *store, struct intake_errand *errand, size_t n, bool reads)
{
    assert_true(store->n_errands < ERRANDS_MOST);
    store->errands[store->n_errands] = errand;
    store->reads[store->n_errands] = reads;
    store->facts[store->n_errands++] = n;
    return true;
}

static bool read_facts(void *context, struct intake_errand *errand,
                       const Tiejun__Server__FactRead *facts)
{
    return ask(context, errand, facts->n_facts, true);
}

static bool write_facts(void *context, struct intake_errand *errand,
                        const Tiejun__Server__FactPlan *plan)
{
    return ask(context, errand, plan->n_facts, false);
}

static void ring(void *context)
{
    (void)context;
}

static void start(struct store *store)
{
    const struct intake_ports ports = {{store, read_facts, write_facts}, {store, ring}};
    *store = (struct store){.intake = intake_new(&ports)};
    assert_non_null(store->intake);
}

static void on_answered(struct intake_ticket *ticket, const struct job_error *error)
{
    struct caller *caller = (struct caller *)ticket;
    caller->answers++;
    memcpy(caller->state, error ? error->sqlstate : "", error ? sizeof error->sqlstate : 1);
}

static void send_kind(struct store *store, struct caller *caller, Tiejun__V1__FactKind kind)
{
    *caller = (struct caller){.ticket = {.actor_id = 1, .answered = on_answered}};
    caller->ticket.came_at.seconds = NOON;
    tiejun__v1__fact_service_log_request__init(&caller->request);
    tiejun__v1__fact__init(&caller->fact);
    caller->fact.id = (char *)"0190a1b2-0000-7000-8000-000000000001";
    caller->fact.has_kind = true;
    caller->fact.kind = kind;
    caller->facts[0] = &caller->fact;
    caller->request.facts = caller->facts;
    caller->request.n_facts = 1;
    caller->ticket.request = &caller->request;
    caller->ticket.arena = arena_new(65536);
    assert_true(intake_take(store->intake, &caller->ticket));
}

static void send_fact(struct store *store, struct caller *caller)
{
    send_kind(store, caller, TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL);
}

// What the store was asked to do there, which is answered now.
static void answer(const struct store *store, size_t place, const ProtobufCMessage *message,
                   const struct job_error *error)
{
    struct intake_errand *errand = store->errands[place];
    assert_non_null(errand);
    // The analyser does not know that the assertion ends it.
    if (errand) {
        errand->done(errand, message, error);
    }
}

// Of each fact that was asked about: it cannot be taken, but that is what its day would be.
static void tell_day(struct store *store, size_t place)
{
    Google__Protobuf__Timestamp starts = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Google__Protobuf__Timestamp ends = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__Server__FactKnown known = TIEJUN__SERVER__FACT_KNOWN__INIT;
    Tiejun__Server__FactKnown *facts[ERRANDS_MOST];
    Tiejun__Server__FactGround ground = TIEJUN__SERVER__FACT_GROUND__INIT;
    starts.seconds = NOON - 43200;
    ends.seconds = NOON + 43200;
    known.day_starts = &starts;
    known.day_ends = &ends;
    known.local_date = (char *)"2026-01-01";
    known.currency = (char *)"CNY";
    for (size_t i = 0; i < store->facts[place]; i++) {
        facts[i] = &known;
    }
    ground.facts = facts;
    ground.n_facts = store->facts[place];
    ground.ground = (char *)"1:1:";
    answer(store, place, &ground.base, NULL);
}

static void fail_errand(struct store *store, size_t place, const char *state)
{
    struct job_error error = {.message = (char *)"no"};
    memcpy(error.sqlstate, state, sizeof error.sqlstate);
    answer(store, place, NULL, &error);
}

static void end(struct store *store, struct caller *callers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(callers[i].answers, 1);
        arena_free(callers[i].ticket.arena);
    }
    intake_free(store->intake);
}

static void a_batch_that_fails_is_taken_apart(void **state)
{
    (void)state;
    struct store store;
    struct caller callers[2];
    start(&store);
    send_fact(&store, &callers[0]);
    send_fact(&store, &callers[1]);
    intake_go(store.intake);
    assert_int_equal(store.facts[0], 2);
    fail_errand(&store, 0, "22P02");
    intake_go(store.intake);
    assert_int_equal(store.facts[1], 1);
    fail_errand(&store, 1, "22P02");
    assert_string_equal(callers[0].state, "22P02");
    intake_go(store.intake);
    assert_int_equal(store.facts[2], 1);
    fail_errand(&store, 2, "57014");
    assert_string_equal(callers[1].state, "57014");
    end(&store, callers, 2);
}

static void a_stopping_daemon_blames_nobody_for_the_fault_of_another(void **state)
{
    (void)state;
    struct store store;
    struct caller callers[2];
    start(&store);
    send_fact(&store, &callers[0]);
    send_fact(&store, &callers[1]);
    intake_go(store.intake);
    intake_close(store.intake);
    fail_errand(&store, 0, "22P02");
    assert_string_equal(callers[0].state, "57P01");
    assert_string_equal(callers[1].state, "57P01");
    end(&store, callers, 2);
}

static void a_request_goes_again_a_few_times_when_its_connection_is_lost(void **state)
{
    (void)state;
    struct store store;
    struct caller caller;
    start(&store);
    send_fact(&store, &caller);
    size_t tries = 0;
    while (caller.answers == 0) {
        intake_go(store.intake);
        assert_int_equal(store.n_errands, tries + 1);
        fail_errand(&store, tries++, "08006");
    }
    assert_int_equal(tries, 4);
    assert_string_equal(caller.state, "08006");
    end(&store, &caller, 1);
}

static void a_request_that_waits_when_the_daemon_stops_is_told_so(void **state)
{
    (void)state;
    struct store store;
    struct caller caller;
    start(&store);
    send_fact(&store, &caller);
    intake_close(store.intake);
    assert_string_equal(caller.state, "57P01");
    end(&store, &caller, 1);
}

// Of the same caller; what was remembered would be kept first.
static void a_request_does_not_overtake_one_that_is_still_to_be_read(void **state)
{
    (void)state;
    struct store store;
    struct caller callers[4];
    start(&store);
    send_fact(&store, &callers[0]);
    intake_go(store.intake);
    tell_day(&store, 0);
    intake_go(store.intake);
    // Its day is known, of the next one as well: that needs no reading.
    send_fact(&store, &callers[1]);
    intake_go(store.intake);
    assert_int_equal(store.n_errands, 3);
    assert_true(!store.reads[1] && !store.reads[2]);
    fail_errand(&store, 1, "22P02");
    fail_errand(&store, 2, "22P02");
    // A signing is always read.
    send_kind(&store, &callers[2], TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING);
    send_fact(&store, &callers[3]);
    intake_go(store.intake);
    assert_int_equal(store.n_errands, 4);
    assert_true(store.reads[3]);
    assert_int_equal(store.facts[3], 2);
    fail_errand(&store, 3, "08001");
    end(&store, callers, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_that_fails_is_taken_apart),
        cmocka_unit_test(a_stopping_daemon_blames_nobody_for_the_fault_of_another),
        cmocka_unit_test(a_request_goes_again_a_few_times_when_its_connection_is_lost),
        cmocka_unit_test(a_request_that_waits_when_the_daemon_stops_is_told_so),
        cmocka_unit_test(a_request_does_not_overtake_one_that_is_still_to_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
