// Periods as people write them, as first and last day.
#pragma once

#include "common/date.h"

#include <stdbool.h>

enum period_unit { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

// A year "2026", quarter "2026-Q3", month "2026-07", ISO week "2026-W30", day "2026-07-15";
// "today", "yesterday", "tomorrow", "this-week", "last-month", "next-quarter" and so on (week,
// month, quarter, year), counted from the given today; or two of all these with ".." between: from
// the first day of the one to the last day of the other. Both ends belong to the period. Case is
// ignored. False for anything else, for an end before its start, and outside the years 1 to 9999.
bool period_parse(const char *text, date_day today, date_day *from, date_day *to);

#define PERIOD_TEXT_SIZE 24

// The other way: a year, quarter, month or day that has just these days, else both with ".."
// between.
void period_format(date_day from, date_day to, char out[static PERIOD_TEXT_SIZE]);

// The day, ISO week (Monday to Sunday), month, quarter or year that a day lies in.
void period_around(enum period_unit unit, date_day day, date_day *from, date_day *to);
