// Days that differ from the usual week, as a publisher's file has them: what ical.h and
// holiday_json.h read, and what `tiejun calendar import` shows and takes.
#pragma once

#include "common/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// f(d) of domain.md 2.5 in thousandths.
enum { HOLIDAY_OFF = 0, HOLIDAY_HALF = 500, HOLIDAY_WORKED = 1000 };

// Most days that one file may come to.
#define HOLIDAYS_DAYS_MAX 20000

struct holiday {
    date_day first;
    date_day last;
    int32_t factor_milli;
    char *name;
    // Of the file, from 1; 0 where it has no lines.
    int line;
};

struct holidays {
    struct holiday *list;
    size_t count;
    size_t capacity;
    // Days in all, those of overlapping holidays counted twice.
    size_t days;
    // Events that are days of remembrance only: nobody is off.
    size_t observances;
};

// Copies name. False when memory is short or the file comes to more than HOLIDAYS_DAYS_MAX days.
bool holidays_add(struct holidays *holidays, const struct holiday *holiday);
void holidays_free(struct holidays *holidays);

// One day each in the order of dates, neighbours of one kind and name joined: where several fall on
// one day, a day that is worked goes before a day off, and that before half a day; the earlier of
// the list gives the name. False when memory is short; holidays is then as it was.
bool holidays_settle(struct holidays *holidays);
