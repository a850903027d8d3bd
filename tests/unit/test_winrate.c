#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/winrate.h"

static void rule_3_5_win_rate_is_of_closed_deals_and_of_all(void **state)
{
    (void)state;
    struct winrate rate = winrate_of(3, 1, 4);
    assert_true(rate.has_closed && rate.has_all);
    assert_int_equal(rate.closed_milli, 750);
    assert_int_equal(rate.all_milli, 375);
}

static void rule_3_5_win_rate_rounds_halves_up(void **state)
{
    (void)state;
    assert_int_equal(winrate_of(1, 15, 0).closed_milli, 63); // 62.5
    assert_int_equal(winrate_of(1, 2, 0).closed_milli, 333);
    assert_int_equal(winrate_of(2, 1, 0).closed_milli, 667);
    assert_int_equal(winrate_of(1, 0, 15).all_milli, 63);
}

static void rule_3_5_no_deal_no_rate(void **state)
{
    (void)state;
    struct winrate rate = winrate_of(0, 0, 7);
    assert_false(rate.has_closed);
    assert_true(rate.has_all);
    assert_int_equal(rate.all_milli, 0);
    rate = winrate_of(0, 0, 0);
    assert_false(rate.has_closed || rate.has_all);
    rate = winrate_of(0, 4, 0);
    assert_true(rate.has_closed && rate.has_all);
    assert_int_equal(rate.closed_milli, 0);
}

static void rule_3_5_a_negative_count_has_no_rate(void **state)
{
    (void)state;
    struct winrate rates[] = {winrate_of(-1, 5, 5), winrate_of(5, -1, 5), winrate_of(5, 5, -1)};
    for (size_t i = 0; i < 3; i++)
        assert_false(rates[i].has_closed || rates[i].has_all);
}

static void rule_3_5_the_largest_counts_do_not_overflow(void **state)
{
    (void)state;
    struct winrate rate = winrate_of(INT64_MAX, INT64_MAX, INT64_MAX);
    assert_int_equal(rate.closed_milli, 500);
    assert_int_equal(rate.all_milli, 333);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_3_5_win_rate_is_of_closed_deals_and_of_all),
        cmocka_unit_test(rule_3_5_win_rate_rounds_halves_up),
        cmocka_unit_test(rule_3_5_no_deal_no_rate),
        cmocka_unit_test(rule_3_5_a_negative_count_has_no_rate),
        cmocka_unit_test(rule_3_5_the_largest_counts_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
