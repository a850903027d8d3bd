#include "client/lib/ical_lines.h"

#include "common/i18n.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// VCALENDAR > VEVENT > VALARM, and what may come.
enum { DEPTH_MAX = 8, NAME_SIZE = 32, SHOWN = 40 };

struct open_component {
    char name[NAME_SIZE];
    int line;
};

struct scan {
    struct ical_outline *outline;
    size_t capacity;
    struct open_component open[DEPTH_MAX];
    size_t depth;
    size_t calendars;
    const char *event;
    char *error;
    size_t error_size;
};

static bool starts_with(const char *line, size_t size, const char *start)
{
    return size >= strlen(start) && strncasecmp(line, start, strlen(start)) == 0;
}

static bool is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (line[i] != ' ' && line[i] != '\t')
            return false;
    }
    return true;
}

static bool begin(struct scan *scan, const char *line, size_t size, int number)
{
    size_t length = size - strlen("BEGIN:");
    if (scan->depth == DEPTH_MAX || length == 0 || length >= NAME_SIZE) {
        snprintf(scan->error, scan->error_size, _("line %d: too deep, or no name after BEGIN"),
                 number);
        return false;
    }
    struct open_component *open = &scan->open[scan->depth++];
    memcpy(open->name, line + strlen("BEGIN:"), length);
    open->name[length] = '\0';
    open->line = number;
    if (scan->depth == 1 && strcasecmp(open->name, "VCALENDAR") != 0) {
        snprintf(scan->error, scan->error_size, _("line %d: an iCalendar file begins with %s"),
                 number, "BEGIN:VCALENDAR");
        return false;
    }
    if (scan->depth == 2 && strcasecmp(open->name, "VEVENT") == 0)
        scan->event = line;
    scan->calendars += scan->depth == 1;
    return true;
}

static bool keep_event(struct scan *scan, const char *end, int line)
{
    struct ical_outline *outline = scan->outline;
    size_t size = (size_t)(end - scan->event);
    if (outline->count == ICAL_EVENTS_MAX || size > ICAL_EVENT_MAX) {
        snprintf(scan->error, scan->error_size,
                 _("line %d: more than %d events, or one that is too long"), line, ICAL_EVENTS_MAX);
        return false;
    }
    if (outline->count == scan->capacity) {
        size_t capacity = scan->capacity ? scan->capacity * 2 : 64;
        struct ical_event_text *events = reallocarray(outline->events, capacity, sizeof *events);
        if (!events) {
            snprintf(scan->error, scan->error_size, "%s", _("memory is short"));
            return false;
        }
        outline->events = events;
        scan->capacity = capacity;
    }
    outline->events[outline->count++] = (struct ical_event_text){scan->event, size, line};
    scan->event = NULL;
    return true;
}

// The beginning of a line, fit for a sentence; a character takes up to 4 bytes.
static void show_line(char shown[4 * SHOWN + 1], const char *line, size_t size)
{
    const size_t most = (size_t)4 * SHOWN;
    size_t room = size < most ? size : most;
    memcpy(shown, line, room);
    shown[room] = '\0';
    text_flatten(shown);
    shown[text_fit(shown, SHOWN)] = '\0';
}

static bool end(struct scan *scan, const char *line, size_t size, int number)
{
    const char *name = line + strlen("END:");
    size_t length = size - strlen("END:");
    if (scan->depth == 0) {
        snprintf(scan->error, scan->error_size, _("line %d: an END without its BEGIN"), number);
        return false;
    }
    const struct open_component *open = &scan->open[scan->depth - 1];
    if (strlen(open->name) != length || strncasecmp(open->name, name, length) != 0) {
        char shown[4 * SHOWN + 1];
        show_line(shown, name, length);
        snprintf(scan->error, scan->error_size, _("line %d: %s ends here, but line %d began a %s"),
                 number, shown, open->line, open->name);
        return false;
    }
    scan->depth--;
    return scan->depth != 1 || !scan->event || keep_event(scan, line + size, open->line);
}

static void take_time_zone(struct scan *scan, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    size_t length = colon ? size - (size_t)(colon + 1 - line) : 0;
    if (length > 0 && length < sizeof scan->outline->time_zone) {
        memcpy(scan->outline->time_zone, colon + 1, length);
        scan->outline->time_zone[length] = '\0';
    }
}

// One line of the file, its end taken off.
static bool take_line(struct scan *scan, const char *line, size_t size, int number)
{
    if (memchr(line, '\0', size) || !utf8_valid(line, size)) {
        snprintf(scan->error, scan->error_size, _("line %d: this is not text"), number);
        return false;
    }
    bool folded = size > 0 && (*line == ' ' || *line == '\t');
    if (is_blank(line, size) || (folded && scan->depth > 0))
        return true;
    if (starts_with(line, size, "BEGIN:"))
        return begin(scan, line, size, number);
    if (starts_with(line, size, "END:"))
        return end(scan, line, size, number);
    if (scan->depth == 0) {
        snprintf(scan->error, scan->error_size, _("line %d: an iCalendar file begins with %s"),
                 number, "BEGIN:VCALENDAR");
        return false;
    }
    if (!memchr(line, ':', size)) {
        char shown[4 * SHOWN + 1];
        show_line(shown, line, size);
        snprintf(scan->error, scan->error_size, _("line %d: \"%s\" has no colon"), number, shown);
        return false;
    }
    if (scan->depth == 1 && starts_with(line, size, "X-WR-TIMEZONE"))
        take_time_zone(scan, line, size);
    return true;
}

static bool check_whole(const struct scan *scan, int lines)
{
    if (scan->depth > 0) {
        const struct open_component *open = &scan->open[scan->depth - 1];
        snprintf(scan->error, scan->error_size,
                 _("the file is cut off after line %d: the %s of line %d has no end"), lines,
                 open->name, open->line);
        return false;
    }
    if (scan->calendars == 0 || scan->outline->count == 0) {
        snprintf(scan->error, scan->error_size, "%s",
                 scan->calendars == 0 ? _("the file is empty")
                                      : _("there is not one event in the calendar"));
        return false;
    }
    return true;
}

bool ical_outline_read(struct ical_outline *outline, const char *text, size_t size, char *error,
                       size_t error_size)
{
    struct scan scan = {.outline = outline, .error = error, .error_size = error_size};
    const char *last = text + size;
    int number = 0;
    *outline = (struct ical_outline){0};
    for (const char *line = text; line < last;) {
        const char *newline = memchr(line, '\n', (size_t)(last - line));
        size_t length = (size_t)((newline ? newline : last) - line);
        const char *next = newline ? newline + 1 : last;
        length -= length > 0 && line[length - 1] == '\r';
        if (!take_line(&scan, line, length, ++number))
            return false;
        line = next;
    }
    return check_whole(&scan, number);
}

void ical_outline_free(struct ical_outline *outline)
{
    free(outline->events);
    *outline = (struct ical_outline){0};
}
