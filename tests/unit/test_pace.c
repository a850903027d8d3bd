#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/pace.h"
#include "server/method/ratio.h"

static struct pace_answer measure(int64_t actual, int64_t target, int64_t working, int64_t elapsed)
{
    return pace_measure(&(struct pace_input){.actual = actual,
                                             .has_target = true,
                                             .target = target,
                                             .working_millidays = working,
                                             .elapsed_millidays = elapsed});
}

static void rule_2_8_half_way_through_a_month(void **state)
{
    (void)state;
    struct pace_answer answer = measure(80, 220, 22000, 11000);
    assert_true(answer.has_expected && answer.has_pace && answer.has_projection &&
                answer.has_required_per_day && answer.has_attainment);
    assert_int_equal(answer.expected, 110);
    assert_int_equal(answer.pace_milli, 727); // 727.27
    assert_int_equal(answer.projection, 160);
    assert_int_equal(answer.required_per_day, 13);  // 12.73
    assert_int_equal(answer.attainment_milli, 364); // 363.64
}

static void rule_2_8_halves_round_up(void **state)
{
    (void)state;
    // expected 5 x 1/2 = 2.5; projection 1 x 5/2 = 2.5
    assert_int_equal(measure(0, 5, 2000, 1000).expected, 3);
    assert_int_equal(measure(1, 9, 5000, 2000).projection, 3);
    // attainment 1/16 = 62.5
    assert_int_equal(measure(1, 16, 1000, 1000).attainment_milli, 63);
    // Toward +infinity below 0 as well: -62.5 and -2.5.
    assert_int_equal(measure(-1, 16, 1000, 1000).attainment_milli, -62);
    assert_int_equal(measure(-1, 16, 5000, 2000).projection, -2);
}

static void rule_2_8_pace_is_not_made_of_the_rounded_expected(void **state)
{
    (void)state;
    // Expected is 1/3, shown as 0; the pace is 1 / (1/3) all the same.
    struct pace_answer answer = measure(1, 1, 3000, 1000);
    assert_int_equal(answer.expected, 0);
    assert_true(answer.has_pace);
    assert_int_equal(answer.pace_milli, 3000);
}

static void rule_2_8_half_days_count(void **state)
{
    (void)state;
    struct pace_answer answer = measure(10, 40, 4500, 2500);
    assert_int_equal(answer.expected, 22); // 22.2
    assert_int_equal(answer.projection, 18);
    assert_int_equal(answer.required_per_day, 15); // 30 over 2 days
    // A rate for a whole day: with half a day left, twice the gap.
    assert_int_equal(measure(37, 40, 4500, 4000).required_per_day, 6);
}

static void rule_2_8_required_per_day_reaches_the_target(void **state)
{
    (void)state;
    assert_int_equal(measure(0, 10, 3000, 0).required_per_day, 4);
    assert_int_equal(measure(1, 10, 3000, 0).required_per_day, 3);
    for (int64_t actual = 0; actual < 100; actual++) {
        int64_t required = measure(actual, 100, 9000, 2000).required_per_day;
        assert_true(actual + required * 7 >= 100);
        assert_true(required == 0 || actual + (required - 1) * 7 < 100);
    }
}

static void rule_2_8_a_reached_target_requires_nothing(void **state)
{
    (void)state;
    struct pace_answer answer = measure(130, 100, 10000, 5000);
    assert_true(answer.has_required_per_day);
    assert_int_equal(answer.required_per_day, 0);
    assert_int_equal(answer.pace_milli, 2600);
    assert_int_equal(answer.attainment_milli, 1300);
}

static void rule_2_8_before_the_first_working_day(void **state)
{
    (void)state;
    struct pace_answer answer = measure(0, 100, 20000, 0);
    assert_true(answer.has_expected);
    assert_int_equal(answer.expected, 0);
    assert_false(answer.has_pace);
    assert_false(answer.has_projection);
    assert_int_equal(answer.required_per_day, 5);
}

static void rule_2_8_after_the_last_working_day(void **state)
{
    (void)state;
    struct pace_answer answer = measure(90, 100, 20000, 20000);
    assert_int_equal(answer.expected, 100);
    assert_int_equal(answer.pace_milli, 900);
    assert_int_equal(answer.projection, 90);
    assert_false(answer.has_required_per_day);
}

static void rule_2_8_without_a_working_day_only_attainment_is_left(void **state)
{
    (void)state;
    struct pace_answer answer = measure(50, 100, 0, 0);
    assert_true(answer.has_attainment);
    assert_int_equal(answer.attainment_milli, 500);
    assert_false(answer.has_expected || answer.has_pace || answer.has_projection ||
                 answer.has_required_per_day);
}

static void rule_2_8_without_a_target_only_the_projection_is_left(void **state)
{
    (void)state;
    struct pace_answer answer = pace_measure(
        &(struct pace_input){.actual = 50, .working_millidays = 20000, .elapsed_millidays = 5000});
    assert_true(answer.has_projection);
    assert_int_equal(answer.projection, 200);
    assert_false(answer.has_attainment || answer.has_expected || answer.has_pace ||
                 answer.has_required_per_day);
    answer = measure(50, -1, 20000, 5000);
    assert_true(answer.has_projection);
    assert_false(answer.has_attainment || answer.has_expected || answer.has_pace ||
                 answer.has_required_per_day);
}

static void rule_2_8_a_target_of_zero_has_no_ratio(void **state)
{
    (void)state;
    struct pace_answer answer = measure(5, 0, 20000, 5000);
    assert_false(answer.has_attainment || answer.has_pace);
    assert_true(answer.has_expected && answer.has_required_per_day);
    assert_int_equal(answer.expected, 0);
    assert_int_equal(answer.required_per_day, 0);
}

static void rule_2_8_elapsed_time_stays_within_the_period(void **state)
{
    (void)state;
    assert_int_equal(measure(90, 100, 20000, 25000).expected, 100);
    assert_int_equal(measure(90, 100, 20000, -5).expected, 0);
    assert_false(measure(90, 100, -20000, 5).has_expected);
}

static void rule_2_8_the_largest_figures_do_not_overflow(void **state)
{
    (void)state;
    // A century of working days.
    const int64_t century = INT64_C(36525000);
    struct pace_answer answer = measure(INT64_MAX, INT64_MAX, century, century - 1000);
    assert_int_equal(answer.attainment_milli, 1000);
    assert_true(answer.has_expected && answer.has_pace);
    assert_int_equal(answer.pace_milli, 1000);
    assert_false(answer.has_projection);
    assert_int_equal(answer.required_per_day, 0);
    assert_true(measure(0, INT64_MAX, century, century - 1000).required_per_day == INT64_MAX);
    assert_false(measure(INT64_MIN, INT64_MAX, century, century - 1000).has_required_per_day);
    answer = measure(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX - 1);
    assert_false(answer.has_pace);
    assert_true(answer.expected == INT64_MAX - 1);
}

static void rule_2_9_a_plan_goes_before_working_time(void **state)
{
    (void)state;
    struct pace_input input = {.actual = 60,
                               .has_target = true,
                               .target = 200,
                               .working_millidays = 20000,
                               .elapsed_millidays = 11000,
                               .planned_done = 50,
                               .planned_weight = 15000,
                               .planned_weight_past = 1000};
    struct pace_answer answer = pace_measure(&input);
    assert_int_equal(answer.expected, 60); // 50 + 150 / 15
    assert_int_equal(answer.pace_milli, 1000);
    assert_int_equal(answer.projection, 109);      // 109.09, by working time
    assert_int_equal(answer.required_per_day, 16); // 15.56
    input.planned_done = 300;
    assert_int_equal(pace_measure(&input).expected, 300);
    input.planned_weight = 0;
    assert_int_equal(pace_measure(&input).expected, 110);
}

static void ratio_rounds_by_its_rule(void **state)
{
    (void)state;
    static const struct {
        int64_t numerator;
        int64_t denominator;
        int64_t half_up;
        int64_t up;
    } cases[] = {
        {0, 3, 0, 0},    {4, 3, 1, 2},    {5, 3, 2, 2},    {6, 3, 2, 2},    {5, 2, 3, 3},
        {-4, 3, -1, -1}, {-5, 3, -2, -1}, {-6, 3, -2, -2}, {-5, 2, -2, -2}, {-1, 2, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t result = 99;
        assert_true(ratio_half_up(cases[i].numerator, cases[i].denominator, &result));
        assert_int_equal(result, cases[i].half_up);
        assert_true(ratio_up(cases[i].numerator, cases[i].denominator, &result));
        assert_int_equal(result, cases[i].up);
    }
}

static void ratio_refuses_what_is_undefined_or_does_not_fit(void **state)
{
    (void)state;
    int64_t result = 99;
    assert_false(ratio_half_up(1, 0, &result));
    assert_false(ratio_half_up(1, -1, &result));
    assert_false(ratio_up(1, 0, &result));
    assert_false(ratio_half_up((wide_int)INT64_MAX + 1, 1, &result));
    assert_false(ratio_half_up((wide_int)INT64_MIN - 1, 1, &result));
    assert_false(ratio_milli(INT64_MAX, 1, &result));
    assert_int_equal(result, 99);
    assert_true(ratio_milli(INT64_MAX, INT64_MAX, &result));
    assert_int_equal(result, 1000);
    assert_true(ratio_saturate((wide_int)INT64_MAX + 1) == INT64_MAX);
    assert_true(ratio_saturate((wide_int)INT64_MIN - 1) == INT64_MIN);
    assert_int_equal(ratio_saturate(-7), -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_8_half_way_through_a_month),
        cmocka_unit_test(rule_2_8_halves_round_up),
        cmocka_unit_test(rule_2_8_pace_is_not_made_of_the_rounded_expected),
        cmocka_unit_test(rule_2_8_half_days_count),
        cmocka_unit_test(rule_2_8_required_per_day_reaches_the_target),
        cmocka_unit_test(rule_2_8_a_reached_target_requires_nothing),
        cmocka_unit_test(rule_2_8_before_the_first_working_day),
        cmocka_unit_test(rule_2_8_after_the_last_working_day),
        cmocka_unit_test(rule_2_8_without_a_working_day_only_attainment_is_left),
        cmocka_unit_test(rule_2_8_without_a_target_only_the_projection_is_left),
        cmocka_unit_test(rule_2_8_a_target_of_zero_has_no_ratio),
        cmocka_unit_test(rule_2_8_elapsed_time_stays_within_the_period),
        cmocka_unit_test(rule_2_8_the_largest_figures_do_not_overflow),
        cmocka_unit_test(rule_2_9_a_plan_goes_before_working_time),
        cmocka_unit_test(ratio_rounds_by_its_rule),
        cmocka_unit_test(ratio_refuses_what_is_undefined_or_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
