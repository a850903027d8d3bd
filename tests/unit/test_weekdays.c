// Working weeks as people write them.
#include "client/lib/weekdays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_is_a_week(void **state)
{
    static const struct {
        const char *text;
        uint8_t mask;
    } cases[] = {
        {"mon-fri", 31},     {"mon-sat", 63},     {"mon,wed,fri", 21}, {"sat-tue", 99},
        {"Mon-Fri,sat", 63}, {"sun", 64},         {"none", 0},         {"tue-tue", 2},
        {"mon-sun", 127},    {"sun-mon", 64 | 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t mask = 255;
        assert_true(weekdays_parse(cases[i].text, &mask));
        assert_int_equal(mask, cases[i].mask);
    }
}

static void what_is_none(void **state)
{
    static const char *const texts[] = {"",         "mon-",     "mon,", ",mon",    "monday",
                                        "mon fri",  "mon-fri-", "31",   "-fri",    "mon-x",
                                        "none,mon", "m",        "mo",   "mon--fri"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t mask = 255;
        assert_false(weekdays_parse(texts[i], &mask));
        assert_int_equal(mask, 255);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_week),
        cmocka_unit_test(what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
