// The sync core over the outbox in SQLite, with a daemon that fails on some facts.
#include "client/lib/sync.h"

#include "client/lib/outbox.h"
#include "common/arena.h"
#include "common/uuid.h"
#include "tiejun/v1/frame.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FACTS 20
#define REQUESTS_MOST 1000

// A machine with an outbox, and the daemon that it talks to.
struct bench {
    char folder[64];
    struct outbox *outbox;
    struct sync *sync;
    int64_t now_ms;
    char ids[FACTS][UUID_TEXT_SIZE];
    // Facts on which the daemon fails.
    const char *poison[FACTS];
    size_t poison_count;
    // Facts that the line carries before the core loses its patience; 0: any.
    size_t capacity;
    // Whether what it takes waits for an approval there.
    bool approves_later;
    // Ids in the order taken.
    char taken[FACTS][UUID_TEXT_SIZE];
    size_t taken_count;
    uint64_t connection;
    uint64_t request_id;
    bool opening;
    // Ids of the request in flight.
    char sent[FACTS][UUID_TEXT_SIZE];
    size_t sent_count;
    bool in_flight;
    size_t requests;
};

static int64_t steady_ms(void *context)
{
    return ((struct bench *)context)->now_ms;
}

static uint64_t no_random(void *context)
{
    (void)context;
    return 0;
}

static void transport_open(void *context, uint64_t connection)
{
    struct bench *bench = context;
    bench->connection = connection;
    bench->opening = true;
}

static void transport_send(void *context, uint64_t connection, uint64_t request_id,
                           const Tiejun__V1__FactServiceLogRequest *request)
{
    struct bench *bench = context;
    (void)connection;
    assert_true(++bench->requests < REQUESTS_MOST);
    bench->request_id = request_id;
    bench->in_flight = true;
    bench->sent_count = request->n_facts;
    for (size_t i = 0; i < request->n_facts; i++)
        memcpy(bench->sent[i], request->facts[i]->id, UUID_TEXT_SIZE);
}

static void transport_close(void *context, uint64_t connection)
{
    struct bench *bench = context;
    (void)connection;
    bench->opening = bench->in_flight = false;
}

static bool is_poison(const struct bench *bench, const char *id)
{
    for (size_t i = 0; i < bench->poison_count; i++) {
        if (strcmp(bench->poison[i], id) == 0)
            return true;
    }
    return false;
}

static void answer(struct bench *bench)
{
    Tiejun__V1__FactOutcome outcomes[FACTS];
    Tiejun__V1__FactOutcome *list[FACTS];
    Tiejun__V1__FactServiceLogResponse response = TIEJUN__V1__FACT_SERVICE_LOG_RESPONSE__INIT;
    struct sync_answer answer = {.status = TIEJUN__V1__STATUS__STATUS_OK, .response = &response};
    response.outcomes = list;
    response.n_outcomes = bench->sent_count;
    for (size_t i = 0; i < bench->sent_count; i++) {
        tiejun__v1__fact_outcome__init(&outcomes[i]);
        outcomes[i].id = bench->sent[i];
        outcomes[i].has_intake = true;
        outcomes[i].intake = bench->approves_later ? TIEJUN__V1__INTAKE__INTAKE_PENDING
                                                   : TIEJUN__V1__INTAKE__INTAKE_ACCEPTED;
        list[i] = &outcomes[i];
        if (is_poison(bench, bench->sent[i]))
            answer = (struct sync_answer){.status = TIEJUN__V1__STATUS__STATUS_INTERNAL,
                                          .message = "The daemon failed."};
    }
    for (size_t i = 0; answer.response && i < bench->sent_count; i++)
        memcpy(bench->taken[bench->taken_count++], bench->sent[i], UUID_TEXT_SIZE);
    bench->in_flight = false;
    sync_answered(bench->sync, bench->connection, bench->request_id, &answer);
}

// Until the core waits for something other than the daemon.
static void run(struct bench *bench)
{
    static const struct clock_fix fix = {.daemon_ns = 1};
    sync_wake(bench->sync);
    sync_tick(bench->sync);
    while (bench->opening || bench->in_flight) {
        if (bench->opening) {
            bench->opening = false;
            sync_opened(bench->sync, bench->connection, &fix);
        } else if (bench->capacity && bench->sent_count > bench->capacity) {
            bench->in_flight = false;
        } else {
            answer(bench);
        }
    }
}

static void run_at_due(struct bench *bench)
{
    assert_true(sync_due(bench->sync) != INT64_MAX);
    bench->now_ms = sync_due(bench->sync);
    run(bench);
}

static void record(struct bench *bench, size_t number, const char *voids)
{
    struct device_instant now;
    Tiejun__V1__Fact fact = TIEJUN__V1__FACT__INIT;
    device_clock_now(&now);
    uuid_v7(bench->ids[number]);
    fact.id = bench->ids[number];
    fact.has_kind = true;
    fact.kind =
        voids ? TIEJUN__V1__FACT_KIND__FACT_KIND_VOID : TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL;
    fact.voids = (char *)voids;
    assert_true(outbox_add(bench->outbox, &fact, &now, true));
}

static Tiejun__Client__OutboxStatus status_of(struct bench *bench)
{
    Tiejun__Client__OutboxStatus status;
    struct arena *arena = arena_new(1 << 20);
    assert_true(outbox_status(bench->outbox, arena, &status));
    arena_free(arena);
    return status;
}

static int begin(void **state)
{
    char reason[256];
    struct bench *bench = calloc(1, sizeof *bench);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/tiejun-sync-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->outbox = outbox_open(bench->folder, reason, sizeof reason);
    assert_non_null(bench->outbox);
    struct sync_ports ports = {
        .clock = {bench, steady_ms, no_random},
        .transport = {bench, transport_open, transport_send, transport_close},
        .store = outbox_store(bench->outbox)};
    bench->sync = sync_new(&ports);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    static const char *const files[] = {"outbox.sqlite", "outbox.sqlite-wal", "outbox.sqlite-shm",
                                        "outbox.lock"};
    char path[128];
    struct bench *bench = *state;
    sync_free(bench->sync);
    outbox_close(bench->outbox);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, files[i]);
        unlink(path);
    }
    int code = rmdir(bench->folder);
    free(bench);
    return code;
}

static void test_a_line_too_slow_for_a_batch_carries_parts_of_it(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < FACTS; i++)
        record(bench, i, NULL);
    bench->capacity = 3;
    run(bench);
    for (size_t i = 0; i < 40 && bench->taken_count < FACTS; i++)
        run_at_due(bench);
    assert_int_equal(bench->taken_count, FACTS);
    for (size_t i = 0; i < FACTS; i++)
        assert_string_equal(bench->taken[i], bench->ids[i]);
}

static void test_a_fact_on_which_the_daemon_fails_holds_up_no_other(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < FACTS - 1; i++)
        record(bench, i, NULL);
    bench->poison[bench->poison_count++] = bench->ids[7];
    run(bench);
    assert_int_equal(bench->taken_count, FACTS - 2);
    assert_int_equal(status_of(bench).waiting, 1);
    assert_int_equal(status_of(bench).failing, 1);
    // One that comes later goes at once.
    record(bench, FACTS - 1, NULL);
    run(bench);
    assert_int_equal(bench->taken_count, FACTS - 1);
    assert_string_equal(bench->taken[FACTS - 2], bench->ids[FACTS - 1]);
}

static void test_it_is_tried_again_later_and_never_dropped(void **state)
{
    struct bench *bench = *state;
    record(bench, 0, NULL);
    bench->poison[bench->poison_count++] = bench->ids[0];
    for (int i = 0; i < 5; i++) {
        size_t requests = bench->requests;
        run(bench);
        assert_in_range(bench->requests - requests, i == 0, 1);
        bench->now_ms = sync_due(bench->sync);
    }
    assert_int_equal(status_of(bench).refused, 0);
    bench->poison_count = 0;
    run_at_due(bench);
    assert_int_equal(bench->taken_count, 1);
    assert_int_equal(status_of(bench).waiting, 0);
    assert_int_equal(status_of(bench).failing, 0);
    assert_true(sync_due(bench->sync) == INT64_MAX);
}

static void test_what_voids_it_waits_for_it(void **state)
{
    struct bench *bench = *state;
    record(bench, 0, NULL);
    record(bench, 1, bench->ids[0]);
    record(bench, 2, NULL);
    bench->poison[bench->poison_count++] = bench->ids[0];
    run(bench);
    assert_int_equal(bench->taken_count, 1);
    assert_string_equal(bench->taken[0], bench->ids[2]);
    bench->poison_count = 0;
    run_at_due(bench);
    assert_int_equal(bench->taken_count, 3);
    assert_string_equal(bench->taken[1], bench->ids[0]);
    assert_string_equal(bench->taken[2], bench->ids[1]);
}

static void test_a_daemon_that_fails_on_everything_is_not_asked_for_each(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < FACTS; i++) {
        record(bench, i, NULL);
        bench->poison[bench->poison_count++] = bench->ids[i];
    }
    run(bench);
    assert_int_equal(sync_state(bench->sync), SYNC_RESTING);
    assert_in_range(bench->requests, 1, 10);
    bench->poison_count = 0;
    while (sync_due(bench->sync) != INT64_MAX)
        run_at_due(bench);
    assert_int_equal(bench->taken_count, FACTS);
}

static void test_what_the_daemon_is_asked_about_again_does_not_wait_to_be_sent(void **state)
{
    struct bench *bench = *state;
    record(bench, 0, NULL);
    bench->approves_later = true;
    run(bench);
    assert_true(outbox_ask_again(bench->outbox));
    assert_int_equal(status_of(bench).pending, 1);
    assert_int_equal(status_of(bench).waiting, 0);
    assert_null(status_of(bench).waiting_since);
    bench->approves_later = false;
    run(bench);
    assert_int_equal(bench->taken_count, 2);
    assert_int_equal(status_of(bench).pending, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_line_too_slow_for_a_batch_carries_parts_of_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_a_fact_on_which_the_daemon_fails_holds_up_no_other,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_it_is_tried_again_later_and_never_dropped, begin, end),
        cmocka_unit_test_setup_teardown(test_what_voids_it_waits_for_it, begin, end),
        cmocka_unit_test_setup_teardown(
            test_a_daemon_that_fails_on_everything_is_not_asked_for_each, begin, end),
        cmocka_unit_test_setup_teardown(
            test_what_the_daemon_is_asked_about_again_does_not_wait_to_be_sent, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
