#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "server/method/ratio.h"
#include "server/method/solve.h"

#define RANDOM_CASES 200000
#define RANDOM_SEED UINT64_C(20230270)

static uint64_t random_state;

// xorshift64*: the same cases on every machine.
static uint64_t random_bits(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static int64_t random_between(int64_t least, int64_t most)
{
    return least + (int64_t)(random_bits() % (uint64_t)(most - least + 1));
}

// 20 days left, one rep, 10 %, 50 %, 40 %, 50 %; an order of 1,000.00.
static struct solve_input plain(int64_t target)
{
    return (struct solve_input){
        .target = target,
        .order_value = 100000,
        .rate = {RATE_ONE / 10, RATE_ONE / 2, RATE_ONE / 10 * 4, RATE_ONE / 2},
        .left_millidays = {10000, 10000, 12000, 15000, 20000},
        .reps = 1,
        .has_standard = true,
        .standard = 8,
        .has_capacity = true,
        .capacity = 12,
    };
}

static struct solve_input random_input(void)
{
    struct solve_input input = {
        .target = random_between(0, random_between(0, 1) ? 100000 : 1000000000000),
        .booked = random_between(0, 100000),
        .expected_open = random_between(0, 100000),
        .order_value = random_between(1, random_between(0, 1) ? 1000 : 100000000),
        .reps = random_between(1, random_between(0, 1) ? 8 : 100000),
        .has_standard = random_between(0, 1),
        .standard = random_between(0, 20),
        .has_capacity = random_between(0, 3) > 0,
        .capacity = random_between(0, 30),
    };
    for (int i = 0; i < SOLVE_SIGNING; i++)
        input.rate[i] = random_between(RATE_ONE / 1000, RATE_ONE);
    for (int i = 0; i < SOLVE_STAGES; i++)
        input.left_millidays[i] = random_between(0, 4) ? random_between(1, 260000) : 0;
    return input;
}

static void rule_2_7_the_chain(void **state)
{
    (void)state;
    struct solve_input input = plain(600000);
    input.booked = 80000;
    input.expected_open = 20000;
    struct solve_answer answer = solve(&input);
    assert_int_equal(answer.gap, 500000);
    const int64_t needed[SOLVE_STAGES] = {500, 50, 25, 10, 5};
    const int64_t per_day[SOLVE_STAGES] = {50, 5, 3, 1, 1};
    for (int i = 0; i < SOLVE_STAGES; i++) {
        assert_true(answer.known[i] && answer.has_per_day[i]);
        assert_int_equal(answer.needed_micro[i], needed[i] * SOLVE_MILLION);
        assert_int_equal(answer.per_day[i], per_day[i]);
    }
    assert_int_equal(answer.rep_day, 50);
    assert_int_equal(answer.day_goal, 50);
    assert_int_equal(answer.verdict, SOLVE_INFEASIBLE);
    // 12 visits on each of 10 days make 1.2 orders.
    assert_int_equal(answer.reachable, 100000 + 120000);
}

static void rule_2_7_the_goal_is_at_least_the_standard(void **state)
{
    (void)state;
    struct solve_input input = plain(50000);
    struct solve_answer answer = solve(&input);
    assert_int_equal(answer.rep_day, 5);
    assert_int_equal(answer.day_goal, 8);
    assert_int_equal(answer.verdict, SOLVE_FEASIBLE);
    assert_int_equal(answer.reachable, input.target);
}

static void rule_2_7_a_target_that_is_covered_asks_for_nothing_more(void **state)
{
    (void)state;
    struct solve_input input = plain(100);
    input.booked = 60;
    input.expected_open = 40;
    // Not even numbers that are missing matter then.
    input.order_value = 0;
    input.rate[SOLVE_B] = 0;
    struct solve_answer answer = solve(&input);
    assert_int_equal(answer.gap, 0);
    assert_int_equal(answer.verdict, SOLVE_COVERED);
    assert_true(answer.has_rep_day);
    assert_int_equal(answer.rep_day, 0);
    assert_int_equal(answer.day_goal, 8);
    assert_int_equal(answer.reachable, 100);
}

static void rule_2_7_reps_share_the_visits(void **state)
{
    (void)state;
    struct solve_input input = plain(500000);
    input.reps = 6;
    struct solve_answer answer = solve(&input);
    assert_int_equal(answer.per_day[SOLVE_VISIT], 50);
    assert_int_equal(answer.rep_day, 9); // 8.33
    assert_int_equal(answer.verdict, SOLVE_FEASIBLE);
}

static void rule_2_7_a_missing_number_ends_the_chain_there(void **state)
{
    (void)state;
    struct solve_input input = plain(500000);
    input.rate[SOLVE_B] = 0;
    input.booked = 70;
    struct solve_answer answer = solve(&input);
    assert_true(answer.known[SOLVE_SIGNING] && answer.known[SOLVE_A]);
    assert_false(answer.known[SOLVE_B] || answer.known[SOLVE_C] || answer.known[SOLVE_VISIT]);
    assert_false(answer.has_rep_day);
    assert_int_equal(answer.verdict, SOLVE_UNKNOWN);
    // The standard stands.
    assert_true(answer.has_day_goal);
    assert_int_equal(answer.day_goal, 8);
    assert_int_equal(answer.reachable, 70);
}

static void rule_2_7_without_any_order_nothing_is_divided(void **state)
{
    (void)state;
    struct solve_input input = {.target = INT64_MAX};
    struct solve_answer answer = solve(&input);
    for (int i = 0; i < SOLVE_STAGES; i++)
        assert_false(answer.known[i] || answer.has_per_day[i]);
    assert_int_equal(answer.gap, INT64_MAX);
    assert_int_equal(answer.verdict, SOLVE_UNKNOWN);
    assert_int_equal(answer.reachable, 0);
    assert_false(answer.has_day_goal);
}

static void rule_2_7_too_late_for_a_visit_is_infeasible(void **state)
{
    (void)state;
    struct solve_input input = plain(500000);
    input.booked = 100;
    input.left_millidays[SOLVE_VISIT] = 0;
    struct solve_answer answer = solve(&input);
    assert_true(answer.known[SOLVE_VISIT]);
    assert_false(answer.has_per_day[SOLVE_VISIT] || answer.has_rep_day);
    assert_int_equal(answer.verdict, SOLVE_INFEASIBLE);
    assert_int_equal(answer.reachable, 100);
}

static void rule_2_7_no_days_to_judge_by(void **state)
{
    (void)state;
    struct solve_input input = plain(500000);
    input.has_capacity = false;
    assert_int_equal(solve(&input).verdict, SOLVE_UNJUDGED);
}

static void rule_2_7_a_target_of_less_than_is_booked(void **state)
{
    (void)state;
    struct solve_input input = plain(10);
    input.booked = INT64_MAX;
    input.expected_open = INT64_MAX;
    assert_int_equal(solve(&input).gap, 0);
    input.booked = INT64_MIN;
    input.expected_open = 0;
    assert_int_equal(solve(&input).gap, INT64_MAX);
}

static void rule_2_7_extremes_overflow_nothing(void **state)
{
    (void)state;
    struct solve_input input = plain(INT64_MAX);
    input.order_value = 1;
    for (int i = 0; i < SOLVE_SIGNING; i++)
        input.rate[i] = 1;
    struct solve_answer answer = solve(&input);
    assert_false(answer.known[SOLVE_VISIT]);
    assert_int_equal(answer.verdict, SOLVE_UNKNOWN);
    input = plain(INT64_MAX);
    input.order_value = INT64_MAX;
    input.reps = INT64_MAX;
    input.capacity = INT64_MAX;
    for (int i = 0; i < SOLVE_STAGES; i++)
        input.left_millidays[i] = INT64_MAX;
    answer = solve(&input);
    assert_true(answer.known[SOLVE_VISIT]);
    assert_int_equal(answer.rep_day, 1);
}

// Proof: at the same rates what was solved brings the gap, and not more than rounding explains.
static void rule_2_7_solve_inverts_itself(void **state)
{
    (void)state;
    random_state = RANDOM_SEED;
    printf("%d random cases, seed %llu\n", RANDOM_CASES, (unsigned long long)RANDOM_SEED);
    size_t seen = 0;
    for (int i = 0; i < RANDOM_CASES; i++) {
        struct solve_input input = random_input();
        struct solve_answer answer = solve(&input);
        for (int k = SOLVE_VISIT; k < SOLVE_STAGES && answer.gap > 0; k++) {
            if (!answer.known[k])
                continue;
            int64_t worth = solve_worth(&input, (enum solve_stage)k, answer.needed_micro[k]);
            // Rounded down at each of at most 5 steps, each up to a millionth of an order.
            int64_t slack = 5 * (input.order_value / SOLVE_MILLION + 1);
            assert_true(worth >= answer.gap - slack);
            // Rounded up at each of them, by as much at most.
            assert_true(worth <= answer.gap + slack);
            seen++;
        }
    }
    assert_true(seen > RANDOM_CASES);
}

// The day's whole visits bring at least the gap.
static void rule_2_7_doing_the_days_visits_closes_the_gap(void **state)
{
    (void)state;
    random_state = RANDOM_SEED;
    for (int i = 0; i < RANDOM_CASES; i++) {
        struct solve_input input = random_input();
        struct solve_answer answer = solve(&input);
        if (!answer.has_rep_day || answer.gap == 0)
            continue;
        wide_int micro = (wide_int)answer.rep_day * input.reps * input.left_millidays[SOLVE_VISIT] *
                         (SOLVE_MILLION / 1000);
        assert_true(micro >= answer.needed_micro[SOLVE_VISIT]);
    }
}

static void rule_2_7_more_gap_never_asks_for_less(void **state)
{
    (void)state;
    random_state = RANDOM_SEED;
    for (int i = 0; i < RANDOM_CASES; i++) {
        struct solve_input input = random_input();
        struct solve_answer less = solve(&input);
        input.target += random_between(0, 1000000);
        struct solve_answer more = solve(&input);
        assert_true(more.gap >= less.gap);
        for (int k = SOLVE_VISIT; k < SOLVE_STAGES; k++) {
            if (!more.known[k])
                continue;
            assert_true(less.known[k]);
            assert_true(more.needed_micro[k] >= less.needed_micro[k]);
            if (more.has_per_day[k])
                assert_true(less.has_per_day[k] && more.per_day[k] >= less.per_day[k]);
        }
        if (more.has_rep_day)
            assert_true(more.day_goal >= less.day_goal);
        assert_true(more.verdict != SOLVE_FEASIBLE || less.verdict == SOLVE_FEASIBLE ||
                    less.verdict == SOLVE_COVERED);
    }
}

// Asked for what was said to be within reach, it is.
static void rule_2_7_the_reachable_target_can_be_reached(void **state)
{
    (void)state;
    random_state = RANDOM_SEED;
    size_t seen = 0;
    for (int i = 0; i < RANDOM_CASES; i++) {
        struct solve_input input = random_input();
        struct solve_answer answer = solve(&input);
        assert_true(answer.reachable <= input.target);
        if (answer.verdict != SOLVE_INFEASIBLE)
            continue;
        assert_true(answer.reachable < input.target);
        input.target = answer.reachable;
        answer = solve(&input);
        assert_true(answer.verdict == SOLVE_FEASIBLE || answer.verdict == SOLVE_COVERED ||
                    input.left_millidays[SOLVE_VISIT] == 0 || !input.has_capacity);
        seen++;
    }
    assert_true(seen > RANDOM_CASES / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_7_the_chain),
        cmocka_unit_test(rule_2_7_the_goal_is_at_least_the_standard),
        cmocka_unit_test(rule_2_7_a_target_that_is_covered_asks_for_nothing_more),
        cmocka_unit_test(rule_2_7_reps_share_the_visits),
        cmocka_unit_test(rule_2_7_a_missing_number_ends_the_chain_there),
        cmocka_unit_test(rule_2_7_without_any_order_nothing_is_divided),
        cmocka_unit_test(rule_2_7_too_late_for_a_visit_is_infeasible),
        cmocka_unit_test(rule_2_7_no_days_to_judge_by),
        cmocka_unit_test(rule_2_7_a_target_of_less_than_is_booked),
        cmocka_unit_test(rule_2_7_extremes_overflow_nothing),
        cmocka_unit_test(rule_2_7_solve_inverts_itself),
        cmocka_unit_test(rule_2_7_doing_the_days_visits_closes_the_gap),
        cmocka_unit_test(rule_2_7_more_gap_never_asks_for_less),
        cmocka_unit_test(rule_2_7_the_reachable_target_can_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
