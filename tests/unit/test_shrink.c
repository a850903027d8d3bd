#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/forecast.h"
#include "server/method/shrink.h"

#define CASES 100000

static uint64_t random_state = UINT64_C(20230271);

static uint64_t random_bits(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static void rule_2_7_a_rate_is_drawn_toward_the_one_above(void **state)
{
    (void)state;
    const struct sample chain[] = {{3, 12}, {40, 160}, {100, 500}};
    // The company 0.2; the unit (40 + 20 x 0.2) / 180 = 0.2444..; the rep (3 + 20 x that) / 32.
    struct shrunk rate = shrink_rate(chain, 3, 20);
    assert_true(rate.known);
    assert_int_equal(rate.value, 246527778);
    assert_int_equal(rate.borrowed_from, 1);
    assert_int_equal(shrink_rate(chain + 1, 2, 20).value, 244444444);
    assert_int_equal(shrink_rate(chain + 2, 1, 20).value, 200000000);
}

static void rule_2_7_zero_history_borrows_the_parents_rate_exactly(void **state)
{
    (void)state;
    const struct sample chain[] = {{0, 0}, {0, 0}, {40, 160}, {100, 500}};
    struct shrunk rate = shrink_rate(chain, 4, 20);
    assert_true(rate.known);
    assert_int_equal(rate.value, shrink_rate(chain + 2, 2, 20).value);
    assert_int_equal(rate.borrowed_from, 2);
}

static void rule_2_7_nobody_has_seen_a_case(void **state)
{
    (void)state;
    const struct sample chain[] = {{0, 0}, {0, 0}};
    assert_false(shrink_rate(chain, 2, 20).known);
    assert_false(shrink_rate(NULL, 0, 20).known);
}

static void rule_2_7_never_once_is_a_rate_of_0(void **state)
{
    (void)state;
    const struct sample chain[] = {{0, 4}, {0, 100}};
    struct shrunk rate = shrink_rate(chain, 2, 20);
    assert_true(rate.known);
    assert_int_equal(rate.value, 0);
}

static void rule_2_7_the_weight_is_a_setting(void **state)
{
    (void)state;
    const struct sample chain[] = {{1, 1}, {0, 10}};
    assert_int_equal(shrink_rate(chain, 2, 0).value, RATE_ONE);
    assert_int_equal(shrink_rate(chain, 2, -5).value, RATE_ONE);
    assert_int_equal(shrink_rate(chain, 2, 1).value, RATE_ONE / 2);
    assert_int_equal(shrink_rate(chain, 2, 3).value, RATE_ONE / 4);
}

static void rule_2_7_a_mean_is_drawn_the_same_way(void **state)
{
    (void)state;
    // 2 orders of 100.00 in all; above, 4 of 60.00 each.
    const struct sample chain[] = {{20000, 2}, {24000, 4}};
    struct shrunk mean = shrink_mean(chain, 2, 2);
    assert_true(mean.known);
    assert_int_equal(mean.value, 8000);
}

static void rule_2_7_extremes_overflow_nothing(void **state)
{
    (void)state;
    const struct sample chain[] = {{INT64_MAX, 1}, {INT64_MAX, INT64_MAX}};
    assert_false(shrink_rate(chain, 1, 20).known);
    assert_true(shrink_mean(chain, 1, 20).known);
    assert_int_equal(shrink_rate(chain + 1, 1, INT64_MAX).value, RATE_ONE);
}

// Between its own rate and that above, and the nearer to its own the more cases it has.
static void rule_2_7_more_cases_count_for_more(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        int64_t above_count = 1 + (int64_t)(random_bits() % 10000);
        int64_t above_hits = (int64_t)(random_bits() % (uint64_t)(above_count + 1));
        int64_t count = 1 + (int64_t)(random_bits() % 100);
        int64_t hits = (int64_t)(random_bits() % (uint64_t)(count + 1));
        const struct sample few[] = {{hits, count}, {above_hits, above_count}};
        const struct sample many[] = {{hits * 10, count * 10}, {above_hits, above_count}};
        int64_t own = shrink_rate(few, 1, 20).value;
        int64_t above = shrink_rate(few + 1, 1, 20).value;
        int64_t drawn = shrink_rate(few, 2, 20).value;
        int64_t nearer = shrink_rate(many, 2, 20).value;
        assert_in_range(drawn, own < above ? own : above, own < above ? above : own);
        // Roundings apart.
        assert_true(own <= above ? nearer <= drawn + 1 : nearer >= drawn - 1);
    }
}

static void rule_4_7_the_chance_of_a_grade(void **state)
{
    (void)state;
    const struct grade_ends ends = {.won = 10,
                                    .lost = {[GRADE_C] = 40, [GRADE_B] = 10, [GRADE_A] = 5}};
    assert_int_equal(forecast_sample(&ends, GRADE_A).count, 15);
    assert_int_equal(forecast_sample(&ends, GRADE_B).count, 25);
    assert_int_equal(forecast_sample(&ends, GRADE_C).count, 65);
    assert_int_equal(forecast_sample(&ends, GRADE_C).sum, 10);
    struct shrunk rate = forecast_rate(&ends, 1, GRADE_B, 20);
    assert_true(rate.known);
    assert_int_equal(rate.value, RATE_ONE / 10 * 4);
    assert_int_equal(forecast_value(&rate, 12345), 4938);
    rate.known = false;
    assert_int_equal(forecast_value(&rate, 12345), 0);
}

static void rule_4_7_a_better_grade_is_never_worth_less(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct grade_ends chain[3];
        for (size_t k = 0; k < 3; k++) {
            chain[k].won = (int64_t)(random_bits() % 50);
            for (int grade = GRADE_C; grade < GRADES; grade++)
                chain[k].lost[grade] = (int64_t)(random_bits() % 50);
        }
        for (enum grade grade = GRADE_C; grade < GRADE_A; grade++) {
            struct shrunk worse = forecast_rate(chain, 3, grade, 20);
            struct shrunk better = forecast_rate(chain, 3, grade + 1, 20);
            assert_true(!worse.known || !better.known || better.value >= worse.value - 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_7_a_rate_is_drawn_toward_the_one_above),
        cmocka_unit_test(rule_2_7_zero_history_borrows_the_parents_rate_exactly),
        cmocka_unit_test(rule_2_7_nobody_has_seen_a_case),
        cmocka_unit_test(rule_2_7_never_once_is_a_rate_of_0),
        cmocka_unit_test(rule_2_7_the_weight_is_a_setting),
        cmocka_unit_test(rule_2_7_a_mean_is_drawn_the_same_way),
        cmocka_unit_test(rule_2_7_extremes_overflow_nothing),
        cmocka_unit_test(rule_2_7_more_cases_count_for_more),
        cmocka_unit_test(rule_4_7_the_chance_of_a_grade),
        cmocka_unit_test(rule_4_7_a_better_grade_is_never_worth_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
