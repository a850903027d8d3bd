// Holidays and make-up workdays out of an iCalendar file (RFC 5545), read with libical.
//
// A function of its bytes alone, for any bytes. It is bounded by ICAL_SIZE_MAX bytes,
// ICAL_EVENTS_MAX events of ICAL_EVENT_MAX bytes (ical_lines.h), ICAL_SPAN_MAX days an event,
// ICAL_REPEATS_MAX events that repeat, which are followed to the end of the window and no further
// than ICAL_STEPS_MAX times, ICAL_EXCEPTIONS_MAX dates of which one is taken out, and
// HOLIDAYS_DAYS_MAX days in all (holidays.h); years lie between 1900 and 2199.
#pragma once

#include "client/lib/holidays.h"

#define ICAL_SIZE_MAX ((size_t)4 << 20)
#define ICAL_SPAN_MAX 366
#define ICAL_REPEATS_MAX 500
#define ICAL_STEPS_MAX 40000
#define ICAL_EXCEPTIONS_MAX 1000

struct ical_window {
    // Events that repeat are taken on these days only; others wherever they are.
    date_day from;
    date_day to;
    // Whose days are meant where a time is given in UTC and the file names no zone; an IANA name.
    const char *time_zone;
    // A person's own calendar: whatever it has is time away, unless it is worked.
    bool personal;
};

// Adds to holidays, unsettled. What is worked, off, half a day or only remembered is told by
// holiday_habits.h; a time of at most ICAL_HALF_DAY_HOURS is half a day. Cancelled events are
// passed over. False with one sentence in the user's language that names the line.
bool ical_read(const char *text, size_t size, const struct ical_window *window,
               struct holidays *holidays, char *error, size_t error_size);

#define ICAL_HALF_DAY_HOURS 5
