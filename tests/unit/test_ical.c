// client/lib/ical.h: what publishers' calendars say, and what is refused in words with its line.

#include "client/lib/holiday_habits.h"
#include "client/lib/ical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_OF(events) "BEGIN:VCALENDAR\nVERSION:2.0\n" events "END:VCALENDAR\n"
#define EVENT(lines) "BEGIN:VEVENT\n" lines "END:VEVENT\n"

static date_day day(const char *text)
{
    date_day value = 0;
    assert_true(date_parse(text, &value));
    return value;
}

static bool read(const char *text, struct holidays *holidays, char error[512])
{
    const struct ical_window window = {day("2024-01-01"), day("2030-12-31"), "Asia/Shanghai",
                                       false};
    *holidays = (struct holidays){0};
    bool good = ical_read(text, strlen(text), &window, holidays, error, 512);
    return good && holidays_settle(holidays);
}

// "2024-01-01..2024-01-03 0 name; ..." of what is read.
static void assert_reads(const char *text, const char *expected)
{
    struct holidays holidays;
    char error[512] = "";
    char got[4096] = "";
    size_t length = 0;
    if (!read(text, &holidays, error))
        fail_msg("refused: %s", error);
    for (size_t i = 0; i < holidays.count; i++) {
        char from[DATE_TEXT_SIZE];
        char to[DATE_TEXT_SIZE];
        date_format(holidays.list[i].first, from);
        date_format(holidays.list[i].last, to);
        length += (size_t)snprintf(got + length, sizeof got - length, "%s..%s %d %s; ", from, to,
                                   holidays.list[i].factor_milli, holidays.list[i].name);
        assert_true(length < sizeof got);
    }
    assert_string_equal(got, expected);
    holidays_free(&holidays);
}

static void assert_refused(const char *text, const char *part)
{
    struct holidays holidays;
    char error[512] = "";
    assert_false(read(text, &holidays, error));
    if (!strstr(error, part))
        fail_msg("\"%s\" does not say \"%s\"", error, part);
    assert_null(strchr(error, '\n'));
    holidays_free(&holidays);
}

static void an_end_is_exclusive(void **state)
{
    (void)state;
    assert_reads(FILE_OF(EVENT("SUMMARY:Rest\nDTSTART;VALUE=DATE:20240210\n"
                               "DTEND;VALUE=DATE:20240218\n")),
                 "2024-02-10..2024-02-17 0 Rest; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:One\nDTSTART;VALUE=DATE:20240210\n")),
                 "2024-02-10..2024-02-10 0 One; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:One\nDTSTART;VALUE=DATE:20240210\n"
                               "DTEND;VALUE=DATE:20240210\n")),
                 "2024-02-10..2024-02-10 0 One; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Two\nDTSTART;VALUE=DATE:20240210\nDURATION:P2D\n")),
                 "2024-02-10..2024-02-11 0 Two; ");
}

static void a_time_is_its_local_day(void **state)
{
    (void)state;
    assert_reads(FILE_OF(EVENT("SUMMARY:春节 补班\nDTSTART;TZID=Asia/Shanghai:20240204T090000\n"
                               "DTEND;TZID=Asia/Shanghai:20240204T180000\n")),
                 "2024-02-04..2024-02-04 1000 春节 补班; ");
    // 23:00 UTC is the next morning in Shanghai.
    assert_reads(FILE_OF(EVENT("SUMMARY:补班\nDTSTART:20240203T230000Z\n"
                               "DTEND:20240204T090000Z\n")),
                 "2024-02-04..2024-02-04 1000 补班; ");
    // The file's own zone goes before ours.
    assert_reads(FILE_OF("X-WR-TIMEZONE:America/New_York\n" EVENT(
                     "SUMMARY:Closed\nDTSTART:20240204T020000Z\nDTEND:20240204T230000Z\n")),
                 "2024-02-03..2024-02-04 0 Closed; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Closed\nDTSTART:20240205T130000\nDTEND:20240205T180000\n")),
                 "2024-02-05..2024-02-05 500 Closed; ");
    // Midnight is the end of the day before.
    assert_reads(FILE_OF(EVENT("SUMMARY:All\nDTSTART:20240205T000000\nDTEND:20240206T000000\n")),
                 "2024-02-05..2024-02-05 0 All; ");
}

static void a_rule_is_followed(void **state)
{
    (void)state;
    assert_reads(FILE_OF(EVENT("SUMMARY:New Year\nDTSTART;VALUE=DATE:20200101\n"
                               "RRULE:FREQ=YEARLY;UNTIL=20260101\n")),
                 "2024-01-01..2024-01-01 0 New Year; 2025-01-01..2025-01-01 0 New Year; "
                 "2026-01-01..2026-01-01 0 New Year; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Thanks\nDTSTART;VALUE=DATE:20231123\n"
                               "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=4\n"
                               "EXDATE;VALUE=DATE:20251127\n")),
                 "2024-11-28..2024-11-28 0 Thanks; 2026-11-26..2026-11-26 0 Thanks; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Fast\nDTSTART;VALUE=DATE:20240301\n"
                               "DTEND;VALUE=DATE:20240303\nRRULE:FREQ=MONTHLY;COUNT=2\n")),
                 "2024-03-01..2024-03-02 0 Fast; 2024-04-01..2024-04-02 0 Fast; ");
}

static void an_occurrence_is_moved(void **state)
{
    (void)state;
    assert_reads(FILE_OF(EVENT("UID:a\nSUMMARY:Day\nDTSTART;VALUE=DATE:20240510\n"
                               "RRULE:FREQ=YEARLY;COUNT=2\n")
                             EVENT("UID:a\nSUMMARY:Day\nDTSTART;VALUE=DATE:20250512\n"
                                   "RECURRENCE-ID;VALUE=DATE:20250510\n")),
                 "2024-05-10..2024-05-10 0 Day; 2025-05-12..2025-05-12 0 Day; ");
}

static void publishers_have_habits(void **state)
{
    (void)state;
    assert_int_equal(holiday_mark_of("上班(补春节假期)", NULL, NULL), HOLIDAY_MARK_WORKED);
    assert_int_equal(holiday_mark_of("国庆节假期", NULL, NULL), HOLIDAY_MARK_OFF);
    assert_int_equal(holiday_mark_of("春节（班）", NULL, NULL), HOLIDAY_MARK_WORKED);
    assert_int_equal(holiday_mark_of("春节（休）", NULL, NULL), HOLIDAY_MARK_OFF);
    assert_int_equal(holiday_mark_of("春节 班", NULL, NULL), HOLIDAY_MARK_WORKED);
    assert_int_equal(holiday_mark_of("劳动节", NULL, "ALTERNATE-WORKDAY"), HOLIDAY_MARK_WORKED);
    assert_int_equal(holiday_mark_of("劳动节", NULL, "WORK-HOLIDAY"), HOLIDAY_MARK_OFF);
    assert_int_equal(holiday_mark_of("Labor Day", "Public holiday", NULL), HOLIDAY_MARK_OFF);
    assert_int_equal(holiday_mark_of("Halloween", "Observance\nTo hide...", NULL),
                     HOLIDAY_MARK_OBSERVANCE);
    assert_int_equal(holiday_mark_of("International Workers' Day", NULL, NULL), HOLIDAY_MARK_NONE);
    assert_int_equal(holiday_mark_of(NULL, NULL, NULL), HOLIDAY_MARK_NONE);
    // Where days off are marked, the others are days of remembrance.
    assert_reads(FILE_OF(EVENT("SUMMARY:元旦假期\nDTSTART;VALUE=DATE:20240101\n")
                             EVENT("SUMMARY:立春\nDTSTART;VALUE=DATE:20240204\n")),
                 "2024-01-01..2024-01-01 0 元旦假期; ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Christmas Eve (half day)\nDTSTART;VALUE=DATE:20241224\n")),
                 "2024-12-24..2024-12-24 500 Christmas Eve (half day); ");
    assert_reads(FILE_OF(EVENT("SUMMARY:Gone\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20240101\n")
                             EVENT("SUMMARY:Kept\nDTSTART;VALUE=DATE:20240102\n")),
                 "2024-01-02..2024-01-02 0 Kept; ");
}

static void a_worked_day_goes_before_a_day_off(void **state)
{
    (void)state;
    assert_reads(FILE_OF(EVENT("SUMMARY:假期\nDTSTART;VALUE=DATE:20240101\n"
                               "DTEND;VALUE=DATE:20240104\n")
                             EVENT("SUMMARY:上班\nDTSTART;VALUE=DATE:20240102\n")),
                 "2024-01-01..2024-01-01 0 假期; 2024-01-02..2024-01-02 1000 上班; "
                 "2024-01-03..2024-01-03 0 假期; ");
}

static void lines_are_folded_and_ended_in_any_way(void **state)
{
    (void)state;
    assert_reads("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Nati\r\n onal\r\n  Day\r\n"
                 "DTSTART;VALUE=DATE:2024\r\n 1001\r\nEND:VEVENT\r\nEND:VCALENDAR",
                 "2024-10-01..2024-10-01 0 National Day; ");
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    // What takes no room on a screen does not bring the next lines into the sentence.
    assert_refused(FILE_OF(EVENT("DTSTART;\x01\n\n")), "\"DTSTART; \" has no colon");
    assert_refused("", "empty");
    assert_refused("\r\n \n", "empty");
    assert_refused("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "not one event");
    assert_refused("<html>\n", "line 1");
    assert_refused("name,date\n", "line 1");
    assert_refused("BEGIN:VEVENT\nEND:VEVENT\n", "line 1");
    assert_refused("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", "line 2");
    assert_refused("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3");
    assert_refused("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", "line 3");
    assert_refused(FILE_OF("what is this\n"), "line 3");
    assert_refused(FILE_OF(EVENT("SUMMARY:x\n")), "line 3");
    assert_refused(FILE_OF(EVENT("DTSTART;VALUE=DATE:20241341\n")), "line 3");
    assert_refused(FILE_OF(EVENT("DTSTART;VALUE=DATE:02410101\n")), "line 3");
    assert_refused(FILE_OF(EVENT("DTSTART;VALUE=DATE:20240105\nDTEND;VALUE=DATE:20240101\n")),
                   "before it begins");
    assert_refused(FILE_OF(EVENT("DTSTART;VALUE=DATE:20240105\nDTEND;VALUE=DATE:20260101\n")),
                   "no holiday");
    assert_refused(FILE_OF(EVENT("DTSTART:20240105T000000\nRRULE:FREQ=SECONDLY\n")), "line 3");
    assert_refused(FILE_OF(EVENT("SUMMARY:\xff\xfe\nDTSTART;VALUE=DATE:20240105\n")), "line 4");
}

static void much_is_bounded(void **state)
{
    struct holidays holidays = {0};
    char error[512] = "";
    const struct ical_window window = {day("1900-01-01"), day("2199-12-31"), NULL, false};
    char *large = calloc(1, ICAL_SIZE_MAX + 2);
    (void)state;
    assert_non_null(large);
    memset(large, '\n', ICAL_SIZE_MAX + 1);
    assert_false(ical_read(large, ICAL_SIZE_MAX + 1, &window, &holidays, error, sizeof error));
    free(large);
    const char *daily =
        FILE_OF(EVENT("SUMMARY:x\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY\n"));
    assert_false(ical_read(daily, strlen(daily), &window, &holidays, error, sizeof error));
    assert_non_null(strstr(error, "20000"));
    holidays_free(&holidays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_exclusive),
        cmocka_unit_test(a_time_is_its_local_day),
        cmocka_unit_test(a_rule_is_followed),
        cmocka_unit_test(an_occurrence_is_moved),
        cmocka_unit_test(publishers_have_habits),
        cmocka_unit_test(a_worked_day_goes_before_a_day_off),
        cmocka_unit_test(lines_are_folded_and_ended_in_any_way),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(much_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
