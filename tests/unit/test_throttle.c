// Guessers: never more tries than the limit in any window, and never a wait that others could make
// longer.
#include "server/auth/throttle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct throttle_limit address = {10, 60000};
static const struct throttle_limit account = {60, 3600000};

enum { TRIES_MOST = 4096 };

// What login_throttle keeps.
struct row {
    int32_t tries;
    int64_t last_ms;
};

static int64_t wait_at(struct throttle_limit limit, const struct row *row, int64_t now)
{
    return throttle_wait_ms(limit, row->tries, row->last_ms < 0 ? INT64_MAX : now - row->last_ms);
}

static void try_at(struct throttle_limit limit, struct row *row, int64_t now)
{
    int64_t idle = row->last_ms < 0 ? INT64_MAX : now - row->last_ms;
    assert_int_equal(throttle_wait_ms(limit, row->tries, idle), 0);
    row->tries = throttle_count(limit, row->tries, idle) + 1;
    row->last_ms = now;
}

// Instants of all tries of somebody who tries whenever it is allowed, and who pauses for a while
// before some of them.
static size_t guess(struct throttle_limit limit, int64_t until, int64_t pause_most,
                    int64_t *instants)
{
    struct row row = {0, -1};
    size_t count = 0;
    int64_t now = 0;
    while (count < TRIES_MOST) {
        now += wait_at(limit, &row, now);
        if (pause_most > 0 && rand() % 4 == 0) {
            now += rand() % pause_most;
        }
        if (now > until) {
            break;
        }
        try_at(limit, &row, now);
        instants[count++] = now;
    }
    return count;
}

static void assert_limit_holds(struct throttle_limit limit, const int64_t *instants, size_t count)
{
    for (size_t i = 0; i + (size_t)limit.tries < count; i++) {
        assert_true(instants[i + (size_t)limit.tries] - instants[i] >= limit.window_ms);
    }
}

static void no_window_has_more_tries_than_its_limit(void **state)
{
    (void)state;
    static int64_t instants[TRIES_MOST];
    const struct throttle_limit limits[] = {address, account, {6, 1000}, {7, 60000}, {100, 60000}};
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
        struct throttle_limit limit = limits[l];
        for (int round = 0; round < 200; round++) {
            int64_t pauses[] = {0, limit.window_ms / 20, limit.window_ms, 3 * limit.window_ms};
            srand((unsigned)round);
            size_t count = guess(limit, 20 * limit.window_ms, pauses[round % 4], instants);
            assert_true(count > 0);
            assert_limit_holds(limit, instants, count);
        }
    }
}

static void the_first_tries_cost_no_waiting(void **state)
{
    (void)state;
    for (int32_t tries = 0; tries < address.tries / 3; tries++) {
        assert_int_equal(throttle_wait_ms(address, tries, 0), 0);
    }
    assert_true(throttle_wait_ms(address, address.tries / 3, 0) > 0);
}

static void waits_grow_up_to_the_longest(void **state)
{
    (void)state;
    int64_t before = 0;
    for (int32_t tries = 0; tries < 1000; tries++) {
        int64_t wait = throttle_wait_ms(account, tries, 0);
        assert_true(wait >= before);
        before = wait;
    }
    // 3600 s / (60 - 20 - 2 + 7/8), and below 60 s / (10 - 3 - 2 + 7/8).
    assert_int_equal(before, 92605);
    assert_int_equal(throttle_wait_ms(address, INT32_MAX, 0), 10213);
}

// Whoever goes on while others guess is let in at once when the wait is over: there is no lock-out.
static void nobody_waits_longer_than_the_longest(void **state)
{
    (void)state;
    for (int64_t idle = 0; idle < 200000; idle += 7) {
        int64_t wait = throttle_wait_ms(account, 1000000, idle);
        assert_true(wait <= 92605);
        assert_int_equal(throttle_wait_ms(account, 1000000, idle + wait), 0);
    }
}

static void a_window_of_quiet_begins_anew(void **state)
{
    (void)state;
    assert_int_equal(throttle_count(account, 50, account.window_ms - 1), 50);
    assert_int_equal(throttle_count(account, 50, account.window_ms), 0);
    assert_int_equal(throttle_count(account, 50, INT64_MAX), 0);
}

static void the_largest_limit_holds_nobody_up(void **state)
{
    (void)state;
    const struct throttle_limit none = {THROTTLE_TRIES_MOST, 60000};
    for (int32_t tries = 0; tries < THROTTLE_TRIES_MOST / 3; tries += 997) {
        assert_int_equal(throttle_wait_ms(none, tries, 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_window_has_more_tries_than_its_limit),
        cmocka_unit_test(the_first_tries_cost_no_waiting),
        cmocka_unit_test(waits_grow_up_to_the_longest),
        cmocka_unit_test(nobody_waits_longer_than_the_longest),
        cmocka_unit_test(a_window_of_quiet_begins_anew),
        cmocka_unit_test(the_largest_limit_holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
