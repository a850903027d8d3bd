// The outline of an iCalendar file (RFC 5545): where its events are. libical mends what it does not
// understand without a word; this says first what is wrong, and on which line.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ICAL_EVENTS_MAX 10000
// Longest event, in bytes.
#define ICAL_EVENT_MAX ((size_t)64 << 10)

struct ical_event_text {
    // "BEGIN:VEVENT" to "END:VEVENT" within the file.
    const char *text;
    size_t size;
    // Of its BEGIN, from 1.
    int line;
};

struct ical_outline {
    struct ical_event_text *events;
    size_t count;
    // X-WR-TIMEZONE, "" when the file has none.
    char time_zone[64];
};

// text needs no NUL behind it and stays with the caller; lines end by LF, CRLF or CR LF mixed.
// False with one sentence in the user's language when it is empty, no iCalendar file, cut off,
// badly nested, too large, or not UTF-8. Free with ical_outline_free in either case.
bool ical_outline_read(struct ical_outline *outline, const char *text, size_t size, char *error,
                       size_t error_size);
void ical_outline_free(struct ical_outline *outline);
