#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/phase.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t sum_of(const struct phase_day *days, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += days[i].share;
    return sum;
}

// Factors of days without a season.
static void set_factors(struct phase_day *days, const int32_t *factors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        days[i] = (struct phase_day){.factor_milli = factors[i], .season_milli = PHASE_SEASON_NONE};
}

static void assert_shares(const struct phase_day *days, const int64_t *shares, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(days[i].share, shares[i]);
}

static void rule_2_6_a_day_off_gets_nothing(void **state)
{
    (void)state;
    struct phase_day days[7];
    set_factors(days, (const int32_t[]){1000, 1000, 1000, 1000, 1000, 0, 0}, 7);
    assert_int_equal(phase_target(52, days, 7, NULL), SPLIT_OK);
    assert_shares(days, (const int64_t[]){11, 11, 10, 10, 10, 0, 0}, 7);
}

static void rule_2_6_a_half_day_gets_half(void **state)
{
    (void)state;
    struct phase_day days[3];
    set_factors(days, (const int32_t[]){1000, 500, 1000}, 3);
    assert_int_equal(phase_target(50, days, 3, NULL), SPLIT_OK);
    assert_shares(days, (const int64_t[]){20, 10, 20}, 3);
}

static void rule_2_6_a_make_up_saturday_counts_as_a_working_day(void **state)
{
    (void)state;
    struct phase_day days[4];
    set_factors(days, (const int32_t[]){0, 1000, 1000, 0}, 4);
    assert_int_equal(phase_target(16, days, 4, NULL), SPLIT_OK);
    assert_shares(days, (const int64_t[]){0, 8, 8, 0}, 4);
}

static void rule_2_6_season_multiplies_the_factor(void **state)
{
    (void)state;
    struct phase_day days[] = {
        {.factor_milli = 1000, .season_milli = 2000},
        {.factor_milli = 500, .season_milli = 2000},
        {.factor_milli = 1000, .season_milli = PHASE_SEASON_NONE},
        {.factor_milli = 0, .season_milli = 5000},
        {.factor_milli = 1000, .season_milli = 0},
    };
    assert_int_equal(phase_target(100, days, COUNT(days), NULL), SPLIT_OK);
    assert_shares(days, (const int64_t[]){50, 25, 25, 0, 0}, COUNT(days));
}

static void rule_2_6_days_sum_to_the_target_exactly(void **state)
{
    (void)state;
    struct phase_day days[366];
    for (int64_t target = 0; target < 3000; target += 7) {
        for (size_t i = 0; i < COUNT(days); i++) {
            int32_t factor = i % 7 >= 5 ? 0 : i % 31 == 0 ? 500 : 1000;
            days[i] = (struct phase_day){.factor_milli = factor,
                                         .season_milli = 700 + (int32_t)(i * 13 % 900)};
        }
        assert_int_equal(phase_target(target, days, COUNT(days), NULL), SPLIT_OK);
        assert_int_equal(sum_of(days, COUNT(days)), target);
    }
}

static void rule_2_6_without_a_working_day_it_is_refused(void **state)
{
    (void)state;
    struct phase_day days[2];
    int64_t amount = -1;
    set_factors(days, (const int32_t[]){0, 0}, 2);
    days[0].share = 9;
    assert_int_equal(phase_target(10, days, 2, &amount), SPLIT_NO_WEIGHT);
    assert_int_equal(amount, 10);
    assert_int_equal(days[0].share, 9);
    assert_int_equal(phase_target(10, NULL, 0, &amount), SPLIT_NO_WEIGHT);
    assert_int_equal(phase_target(0, days, 2, &amount), SPLIT_OK);
    assert_int_equal(amount, 0);
    assert_int_equal(days[0].share, 0);
}

static void rule_2_6_negative_figures_are_refused(void **state)
{
    (void)state;
    struct phase_day days[] = {{.factor_milli = -2, .season_milli = -3}};
    int64_t amount = 0;
    assert_int_equal(phase_target(10, days, 1, &amount), SPLIT_NEGATIVE);
    assert_int_equal(amount, -2);
    days[0].factor_milli = 1000;
    assert_int_equal(phase_target(10, days, 1, &amount), SPLIT_NEGATIVE);
    assert_int_equal(amount, -3);
    days[0].season_milli = PHASE_SEASON_NONE;
    assert_int_equal(phase_target(-1, days, 1, &amount), SPLIT_NEGATIVE);
    assert_int_equal(amount, -1);
}

static void rule_2_6_the_largest_figures_do_not_overflow(void **state)
{
    (void)state;
    struct phase_day days[] = {{.factor_milli = INT32_MAX, .season_milli = INT32_MAX},
                               {.factor_milli = INT32_MAX, .season_milli = INT32_MAX}};
    assert_int_equal(phase_target(INT64_MAX, days, 2, NULL), SPLIT_OK);
    assert_true(days[0].share == INT64_MAX / 2 + 1);
    assert_true(days[1].share == INT64_MAX / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_6_a_day_off_gets_nothing),
        cmocka_unit_test(rule_2_6_a_half_day_gets_half),
        cmocka_unit_test(rule_2_6_a_make_up_saturday_counts_as_a_working_day),
        cmocka_unit_test(rule_2_6_season_multiplies_the_factor),
        cmocka_unit_test(rule_2_6_days_sum_to_the_target_exactly),
        cmocka_unit_test(rule_2_6_without_a_working_day_it_is_refused),
        cmocka_unit_test(rule_2_6_negative_figures_are_refused),
        cmocka_unit_test(rule_2_6_the_largest_figures_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
