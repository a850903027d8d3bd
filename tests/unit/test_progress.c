#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/progress.h"

static void rule_2_10_from_one_number_to_another(void **state)
{
    (void)state;
    assert_int_equal(progress_milli(0, 8, 0), 0);
    assert_int_equal(progress_milli(0, 8, 3), 375);
    assert_int_equal(progress_milli(0, 8, 8), 1000);
    assert_int_equal(progress_milli(10, 30, 25), 750);
}

static void rule_2_10_a_number_may_go_down(void **state)
{
    (void)state;
    assert_int_equal(progress_milli(12, 2, 12), 0);
    assert_int_equal(progress_milli(12, 2, 7), 500);
    assert_int_equal(progress_milli(12, 2, 2), 1000);
    assert_int_equal(progress_milli(12, 2, 15), 0);
}

static void rule_2_10_nothing_beyond_the_ends(void **state)
{
    (void)state;
    assert_int_equal(progress_milli(0, 8, -3), 0);
    assert_int_equal(progress_milli(0, 8, 100), 1000);
    assert_int_equal(progress_milli(5, 5, 5), 0);
}

static void rule_2_10_whole_is_said_of_what_is_reached_alone(void **state)
{
    (void)state;
    assert_int_equal(progress_milli(0, 100000, 99999), 999);
}

static void rule_2_10_extremes_overflow_nothing(void **state)
{
    (void)state;
    assert_int_equal(progress_milli(INT64_MIN, INT64_MAX, 0), 500);
    assert_int_equal(progress_milli(INT64_MAX, INT64_MIN, INT64_MIN), 1000);
}

static void rule_2_10_an_objective_is_the_mean(void **state)
{
    (void)state;
    const int64_t figures[] = {1000, 0, 500};
    assert_int_equal(progress_mean(figures, 3), 500);
    assert_int_equal(progress_mean(figures, 1), 1000);
    assert_int_equal(progress_mean(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_10_from_one_number_to_another),
        cmocka_unit_test(rule_2_10_a_number_may_go_down),
        cmocka_unit_test(rule_2_10_nothing_beyond_the_ends),
        cmocka_unit_test(rule_2_10_whole_is_said_of_what_is_reached_alone),
        cmocka_unit_test(rule_2_10_extremes_overflow_nothing),
        cmocka_unit_test(rule_2_10_an_objective_is_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
