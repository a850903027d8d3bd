#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/lib/near_name.h"

static void pairs_of_letters_are_what_counts(void **state)
{
    (void)state;
    assert_int_equal(name_likeness_milli("night", "nacht"), 250);
    assert_int_equal(name_likeness_milli("Acme Ltd", "acmeltd"), 1000);
    assert_int_equal(name_likeness_milli("aaaa", "aa"), 500);
    assert_int_equal(name_likeness_milli("Acme", "Globex"), 0);
}

static void chinese_names_count_by_their_characters(void **state)
{
    (void)state;
    // A character that is another one takes two pairs along, of ten.
    assert_int_equal(name_likeness_milli("深圳金润辉机电有限公司", "深圳金闰辉机电有限公司"), 800);
    assert_true(name_likeness_milli("深圳金润辉机电有限公司", "深圳嘉科峰纺织有限公司") < 500);
    // Another company of the same town and trade.
    assert_int_equal(name_likeness_milli("深圳隆成科电力有限公司", "深圳华润科电力有限公司"), 700);
}

static void nothing_is_like_nothing(void **state)
{
    (void)state;
    assert_int_equal(name_likeness_milli("", ""), 0);
    assert_int_equal(name_likeness_milli("A", "A"), 0);
    assert_int_equal(name_likeness_milli("\xff\xff", "Acme"), 0);
}

static void it_is_the_same_both_ways_and_bounded(void **state)
{
    (void)state;
    char one[400];
    char other[400];
    for (size_t i = 0; i < sizeof one; i++) {
        one[i] = (char)('a' + i % 7);
        other[i] = (char)('a' + i % 5);
    }
    one[sizeof one - 1] = other[sizeof other - 1] = '\0';
    int likeness = name_likeness_milli(one, other);
    assert_true(likeness >= 0 && likeness <= 1000);
    assert_int_equal(likeness, name_likeness_milli(other, one));
    assert_int_equal(name_likeness_milli(one, one), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_letters_are_what_counts),
        cmocka_unit_test(chinese_names_count_by_their_characters),
        cmocka_unit_test(nothing_is_like_nothing),
        cmocka_unit_test(it_is_the_same_both_ways_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
