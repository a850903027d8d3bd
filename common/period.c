#include "common/period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERIOD_TEXT_MAX 32

static bool civil_range(int year, int first_month, int last_month, date_day *from, date_day *to)
{
    return date_from_civil(year, first_month, 1, from) && last_month <= 12 &&
           date_from_civil(year, last_month, date_month_length(year, last_month), to);
}

void period_around(enum period_unit unit, date_day day, date_day *from, date_day *to)
{
    int year, month, of_month;
    date_to_civil(day, &year, &month, &of_month);
    int quarter_start = (month - 1) / 3 * 3 + 1;
    switch (unit) {
    case PERIOD_DAY:
        *from = *to = day;
        break;
    case PERIOD_WEEK:
        *from = day - date_weekday(day) + 1;
        *to = *from + 6;
        break;
    case PERIOD_MONTH:
        civil_range(year, month, month, from, to);
        break;
    case PERIOD_QUARTER:
        civil_range(year, quarter_start, quarter_start + 2, from, to);
        break;
    case PERIOD_YEAR:
        civil_range(year, 1, 12, from, to);
        break;
    }
}

static bool iso_week(int year, int week, date_day *from, date_day *to)
{
    // Week 1 is the one with 4 January in it, the last one that with 28 December (ISO 8601).
    date_day fourth, last;
    if (!date_from_civil(year, 1, 4, &fourth) || !date_from_civil(year, 12, 28, &last))
        return false;
    date_day monday = fourth - date_weekday(fourth) + 1 + 7 * (week - 1);
    if (week < 1 || monday > last)
        return false;
    *from = monday;
    *to = monday + 6;
    return true;
}

// Whether text looks like form, in which "0" stands for any digit.
static bool has_form(const char *text, const char *form)
{
    for (; *form; form++, text++)
        if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return *text == '\0';
}

// The digits at text as a number; their form was looked at before.
static int number_at(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

static bool parse_dated(const char *text, date_day *from, date_day *to)
{
    int year = number_at(text);
    if (has_form(text, "0000"))
        return civil_range(year, 1, 12, from, to);
    if (has_form(text, "0000-q0"))
        return text[6] >= '1' &&
               civil_range(year, 3 * (text[6] - '1') + 1, 3 * (text[6] - '0'), from, to);
    if (has_form(text, "0000-00"))
        return civil_range(year, number_at(text + 5), number_at(text + 5), from, to);
    if (has_form(text, "0000-w00"))
        return iso_week(year, number_at(text + 6), from, to);
    if (!date_parse(text, from))
        return false;
    *to = *from;
    return true;
}

// step: -1 for the one before, 1 for the one after.
static void parse_step(enum period_unit unit, int step, date_day *from, date_day *to)
{
    if (step < 0)
        period_around(unit, *from - 1, from, to);
    else if (step > 0)
        period_around(unit, *to + 1, from, to);
}

static bool parse_relative(const char *text, date_day today, date_day *from, date_day *to)
{
    static const struct {
        const char *name;
        int step;
    } days[] = {{"yesterday", -1}, {"today", 0}, {"tomorrow", 1}},
      steps[] = {{"last-", -1}, {"this-", 0}, {"next-", 1}};
    static const struct {
        const char *name;
        enum period_unit unit;
    } units[] = {{"week", PERIOD_WEEK},
                 {"month", PERIOD_MONTH},
                 {"quarter", PERIOD_QUARTER},
                 {"year", PERIOD_YEAR}};
    for (int i = 0; i < 3; i++) {
        if (!strcmp(text, days[i].name)) {
            *from = *to = today + days[i].step;
            return true;
        }
        if (strncmp(text, steps[i].name, 5))
            continue;
        for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++)
            if (!strcmp(text + 5, units[unit].name)) {
                *from = *to = today;
                period_around(units[unit].unit, today, from, to);
                parse_step(units[unit].unit, steps[i].step, from, to);
                return true;
            }
    }
    return false;
}

static bool parse_one(const char *text, date_day today, date_day *from, date_day *to)
{
    return parse_relative(text, today, from, to) || parse_dated(text, from, to);
}

bool period_parse(const char *text, date_day today, date_day *from, date_day *to)
{
    char lower[PERIOD_TEXT_MAX] = "";
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length >= sizeof lower)
        return false;
    for (size_t i = 0; i <= length; i++)
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);

    char *end = strstr(lower, "..");
    date_day first = 0, last = 0, ignored;
    if (end) {
        *end = '\0';
        if (!parse_one(lower, today, &first, &ignored) ||
            !parse_one(end + 2, today, &ignored, &last))
            return false;
    } else if (!parse_one(lower, today, &first, &last)) {
        return false;
    }
    if (first > last || first < DATE_MIN || last > DATE_MAX)
        return false;
    *from = first;
    *to = last;
    return true;
}

static bool is_whole(enum period_unit unit, date_day from, date_day to)
{
    date_day first = 0;
    date_day last = 0;
    period_around(unit, from, &first, &last);
    return first == from && last == to;
}

void period_format(date_day from, date_day to, char out[static PERIOD_TEXT_SIZE])
{
    int year;
    int month;
    int day;
    char first[DATE_TEXT_SIZE];
    char last[DATE_TEXT_SIZE];
    date_to_civil(from, &year, &month, &day);
    date_format(from, first);
    date_format(to, last);
    if (is_whole(PERIOD_YEAR, from, to))
        snprintf(out, PERIOD_TEXT_SIZE, "%.4s", first);
    else if (is_whole(PERIOD_QUARTER, from, to))
        snprintf(out, PERIOD_TEXT_SIZE, "%.4s-Q%d", first, (month + 2) / 3);
    else if (is_whole(PERIOD_MONTH, from, to))
        snprintf(out, PERIOD_TEXT_SIZE, "%.7s", first);
    else
        snprintf(out, PERIOD_TEXT_SIZE, from == to ? "%s" : "%s..%s", first, last);
}
