#include "common/date.h"
#include "common/instant.h"
#include "common/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_every_day_goes_there_and_back(void **state)
{
    (void)state;
    // The next day is worked out by counting, independently of the formula.
    int year = 1, month = 1, day = 1;
    for (date_day date = DATE_MIN; date <= DATE_MAX; date++) {
        int y, m, d;
        date_to_civil(date, &y, &m, &d);
        date_day back;
        if (y != year || m != month || d != day || !date_from_civil(y, m, d, &back) || back != date)
            fail_msg("day %d is %d-%d-%d, not %d-%d-%d", date, y, m, d, year, month, day);
        if (++day > date_month_length(year, month)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    assert_int_equal(year, 10000);
}

static void test_known_days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        date_day day;
        int weekday;
    } known[] = {
        {"0001-01-01", DATE_MIN, 1}, {"1969-12-31", -1, 3},    {"1970-01-01", 0, 4},
        {"2000-02-29", 11016, 2},    {"2026-07-15", 20649, 3}, {"9999-12-31", DATE_MAX, 5},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        date_day day;
        char text[DATE_TEXT_SIZE];
        assert_true(date_parse(known[i].text, &day));
        assert_int_equal(day, known[i].day);
        assert_int_equal(date_weekday(day), known[i].weekday);
        date_format(day, text);
        assert_string_equal(text, known[i].text);
    }
}

static void test_what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2026-7-15",  "2026-07-15 ", "2026-02-29",
                                        "1900-02-29", "2026-00-01", "2026-13-01",  "2026-01-00",
                                        "2026-01-32", "0000-01-01", "2026/07/15",  "20260715",
                                        "-026-01-01", "2026-07-1\n"};
    date_day day = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(date_parse(wrong[i], &day));
    assert_false(date_parse(NULL, &day));
    assert_int_equal(day, 7);
}

static void check_period(const char *text, const char *expected)
{
    date_day today, from, to;
    char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE], both[32] = "refused";
    assert_true(date_parse("2026-07-15", &today));
    if (period_parse(text, today, &from, &to)) {
        date_format(from, first);
        date_format(to, last);
        snprintf(both, sizeof both, "%s %s", first, last);
    }
    if (strcmp(both, expected))
        fail_msg("%s gives %s, not %s", text, both, expected);
}

static void test_dated_periods(void **state)
{
    (void)state;
    check_period("2026", "2026-01-01 2026-12-31");
    check_period("2026-Q1", "2026-01-01 2026-03-31");
    check_period("2026-q4", "2026-10-01 2026-12-31");
    check_period("2024-02", "2024-02-01 2024-02-29");
    check_period("2026-W30", "2026-07-20 2026-07-26");
    check_period("2026-07-15", "2026-07-15 2026-07-15");
    check_period("2026-01-05..2026-02-01", "2026-01-05 2026-02-01");
    check_period("2026-01..2026-Q2", "2026-01-01 2026-06-30");
    check_period("2026-07-01..today", "2026-07-01 2026-07-15");
}

static void test_iso_weeks_at_the_turn_of_the_year(void **state)
{
    (void)state;
    check_period("2020-W53", "2020-12-28 2021-01-03");
    check_period("2021-W01", "2021-01-04 2021-01-10");
    check_period("2021-W53", "refused");
    check_period("2025-W01", "2024-12-30 2025-01-05");
    check_period("2026-W53", "2026-12-28 2027-01-03");
    check_period("2026-W00", "refused");
}

static void test_relative_periods(void **state)
{
    (void)state;
    check_period("today", "2026-07-15 2026-07-15");
    check_period("Yesterday", "2026-07-14 2026-07-14");
    check_period("tomorrow", "2026-07-16 2026-07-16");
    check_period("this-week", "2026-07-13 2026-07-19");
    check_period("last-week", "2026-07-06 2026-07-12");
    check_period("this-month", "2026-07-01 2026-07-31");
    check_period("last-month", "2026-06-01 2026-06-30");
    check_period("next-month", "2026-08-01 2026-08-31");
    check_period("this-quarter", "2026-07-01 2026-09-30");
    check_period("last-quarter", "2026-04-01 2026-06-30");
    check_period("last-year", "2025-01-01 2025-12-31");
    check_period("next-year", "2027-01-01 2027-12-31");
}

static void check_words(const char *from, const char *to, const char *expected)
{
    date_day first = 0, last = 0, again_first, again_last;
    char text[PERIOD_TEXT_SIZE];
    assert_true(date_parse(from, &first) && date_parse(to, &last));
    period_format(first, last, text);
    assert_string_equal(text, expected);
    assert_true(period_parse(text, 0, &again_first, &again_last));
    assert_true(again_first == first && again_last == last);
}

static void test_days_are_told_as_the_period_that_they_are(void **state)
{
    (void)state;
    check_words("2026-01-01", "2026-12-31", "2026");
    check_words("2026-10-01", "2026-12-31", "2026-Q4");
    check_words("2026-01-01", "2026-03-31", "2026-Q1");
    check_words("2024-02-01", "2024-02-29", "2024-02");
    check_words("2023-02-01", "2023-02-28", "2023-02");
    check_words("2026-07-15", "2026-07-15", "2026-07-15");
    check_words("2026-07-20", "2026-07-26", "2026-07-20..2026-07-26");
    check_words("2026-01-01", "2026-06-30", "2026-01-01..2026-06-30");
    check_words("0001-01-01", "9999-12-31", "0001-01-01..9999-12-31");
}

static void test_what_is_no_period_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2026-Q0",
                                        "2026-Q5",    "2026-13",
                                        "2026-00",    "2026-W54",
                                        "26",         "2026-",
                                        "last-",      "this",
                                        "..",         "2026..",
                                        "..2026",     "2026..2025",
                                        "2026...",    "0000",
                                        "last-day",   "2026-07-15T00:00:00Z",
                                        "99999999",   "2026-02-30",
                                        "9999-W52..", "2026-01-05..2026-02-01..2026-03-01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check_period(wrong[i], "refused");
    date_day from, to;
    assert_false(period_parse(NULL, 0, &from, &to));
}

static void check_instant(const char *text, int64_t seconds, int32_t nanos, const char *canonical)
{
    int64_t parsed;
    int32_t fraction;
    char out[INSTANT_TEXT_SIZE];
    assert_true(instant_parse(text, &parsed, &fraction));
    assert_int_equal(parsed, seconds);
    assert_int_equal(fraction, nanos);
    assert_true(instant_format(parsed, fraction, out));
    assert_string_equal(out, canonical);
}

static void test_instants_there_and_back(void **state)
{
    (void)state;
    check_instant("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z");
    check_instant("2026-07-15T09:30:00+08:00", 1784079000, 0, "2026-07-15T01:30:00Z");
    check_instant("2026-07-14 20:00:00.5-05:30", 1784079000, 500000000, "2026-07-15T01:30:00.500Z");
    check_instant("1969-12-31t23:59:59.000001z", -1, 1000, "1969-12-31T23:59:59.000001Z");
    check_instant("9999-12-31T23:59:59.123456789Z", 253402300799, 123456789,
                  "9999-12-31T23:59:59.123456789Z");
    check_instant("0001-01-01T00:00:00Z", -62135596800, 0, "0001-01-01T00:00:00Z");
}

static void test_what_is_no_instant_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-07-15",
        "2026-07-15T09:30:00",
        "2026-07-15T09:30Z",
        "2026-07-15T24:00:00Z",
        "2026-07-15T09:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-07-15T09:30:00.Z",
        "2026-07-15T09:30:00.1234567890Z",
        "2026-07-15T09:30:00+0800",
        "2026-07-15T09:30:00+08:00 ",
        "2026-02-30T09:30:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    };
    int64_t seconds;
    int32_t nanos;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(instant_parse(wrong[i], &seconds, &nanos));
    char out[INSTANT_TEXT_SIZE];
    assert_false(instant_format(253402300800, 0, out));
    assert_false(instant_format(INT64_MIN, 0, out));
    assert_false(instant_format(0, -1, out));
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_goes_there_and_back),
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_what_is_no_day_is_refused),
        cmocka_unit_test(test_dated_periods),
        cmocka_unit_test(test_iso_weeks_at_the_turn_of_the_year),
        cmocka_unit_test(test_relative_periods),
        cmocka_unit_test(test_days_are_told_as_the_period_that_they_are),
        cmocka_unit_test(test_what_is_no_period_is_refused),
        cmocka_unit_test(test_instants_there_and_back),
        cmocka_unit_test(test_what_is_no_instant_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
