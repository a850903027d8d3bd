#include "client/lib/ical.h"

#include "client/lib/holiday_habits.h"
#include "client/lib/ical_lines.h"
#include "common/i18n.h"
#include "common/text.h"

#include <libical/ical.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };

static const int64_t half_day_seconds = INT64_C(3600) * ICAL_HALF_DAY_HOURS;

// An occurrence that another event of the file moves or takes out.
struct exception {
    char *uid;
    date_day day;
};

struct reading {
    const struct ical_window *window;
    // Of times in UTC; NULL leaves them there.
    icaltimezone *zone;
    struct holidays *holidays;
    // Whether a publisher marks what is off: what has no mark then is a day of remembrance.
    bool marked;
    size_t repeats;
    struct exception exceptions[ICAL_EXCEPTIONS_MAX];
    size_t n_exceptions;
    char *error;
    size_t error_size;
};

// One event while it is read.
struct event {
    icalcomponent *component;
    int line;
    enum holiday_mark mark;
    const char *uid;
    // Stands for one occurrence of another event, with the same uid.
    icalproperty *moved;
    struct holiday holiday;
};

static bool fail(struct reading *reading, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct reading *reading, int line, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(reading->error, reading->error_size, _("line %d: %s"), line, what);
    // With words of the file in it.
    text_flatten(reading->error);
    return false;
}

// ---- times ----

static bool day_of(const struct reading *reading, struct icaltimetype time, date_day *day)
{
    if (icaltime_is_null_time(time))
        return false;
    if (!time.is_date && icaltime_is_utc(time) && reading->zone)
        time = icaltime_convert_to_zone(time, reading->zone);
    return time.year >= YEAR_MIN && time.year <= YEAR_MAX &&
           date_from_civil(time.year, time.month, time.day, day);
}

static bool read_days(struct reading *reading, struct event *event)
{
    struct icaltimetype start = icalcomponent_get_dtstart(event->component);
    struct icaltimetype end = icalcomponent_get_dtend(event->component);
    struct holiday *holiday = &event->holiday;
    if (!day_of(reading, start, &holiday->first))
        return fail(reading, event->line, _("the event has no day between %d and %d to begin on"),
                    YEAR_MIN, YEAR_MAX);
    holiday->last = holiday->first;
    if (icaltime_is_null_time(end) || icaltime_compare(end, start) == 0)
        return true;
    int64_t seconds = (int64_t)icaltime_as_timet_with_zone(end, icaltime_get_timezone(end)) -
                      (int64_t)icaltime_as_timet_with_zone(start, icaltime_get_timezone(start));
    // The end is the first moment that does not belong to the event.
    icaltime_adjust(&end, end.is_date ? -1 : 0, 0, 0, end.is_date ? 0 : -1);
    if (!day_of(reading, end, &holiday->last) || holiday->last < holiday->first)
        return fail(reading, event->line, "%s", _("the event ends before it begins"));
    if (holiday->last - holiday->first >= ICAL_SPAN_MAX)
        return fail(reading, event->line, _("an event of %d days is no holiday"),
                    holiday->last - holiday->first + 1);
    if (!start.is_date && seconds <= half_day_seconds)
        holiday->factor_milli = HOLIDAY_HALF;
    return true;
}

// ---- what an event is ----

static const char *special_day(icalcomponent *component)
{
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_X_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_X_PROPERTY)) {
        const char *name = icalproperty_get_x_name(property);
        if (name && strcasecmp(name, "X-APPLE-SPECIAL-DAY") == 0)
            return icalproperty_get_x(property);
    }
    return NULL;
}

static bool read_event(struct reading *reading, const struct ical_event_text *source,
                       struct event *event)
{
    // The text has no NUL of its own, where strndup() may look for one.
    char *text = malloc(source->size + 1);
    *event = (struct event){.line = source->line};
    if (text) {
        memcpy(text, source->text, source->size);
        text[source->size] = '\0';
    }
    event->component = text ? icalparser_parse_string(text) : NULL;
    free(text);
    if (!event->component || icalcomponent_isa(event->component) != ICAL_VEVENT_COMPONENT)
        return fail(reading, source->line, "%s", _("the event cannot be read"));
    event->uid = icalcomponent_get_uid(event->component);
    event->moved = icalcomponent_get_first_property(event->component, ICAL_RECURRENCEID_PROPERTY);
    event->holiday.name = (char *)icalcomponent_get_summary(event->component);
    event->holiday.line = source->line;
    event->mark =
        holiday_mark_of(event->holiday.name, icalcomponent_get_description(event->component),
                        special_day(event->component));
    return true;
}

static void settle_kind(struct event *event)
{
    bool half = event->holiday.factor_milli == HOLIDAY_HALF ||
                (event->holiday.name && holiday_is_half(event->holiday.name));
    event->holiday.factor_milli = half                                 ? HOLIDAY_HALF
                                  : event->mark == HOLIDAY_MARK_WORKED ? HOLIDAY_WORKED
                                                                       : HOLIDAY_OFF;
}

// ---- events that repeat ----

static bool add_exception(struct reading *reading, int line, const char *uid,
                          struct icaltimetype time)
{
    struct exception *exception = &reading->exceptions[reading->n_exceptions];
    if (reading->n_exceptions == ICAL_EXCEPTIONS_MAX)
        return fail(reading, line, _("more than %d days are taken out of events that repeat"),
                    ICAL_EXCEPTIONS_MAX);
    if (!day_of(reading, time, &exception->day))
        return fail(reading, line, "%s", _("a day is taken out that there is not"));
    exception->uid = strdup(uid ? uid : "");
    reading->n_exceptions += exception->uid != NULL;
    return exception->uid || fail(reading, line, "%s", _("memory is short"));
}

static bool is_exception(const struct reading *reading, const struct event *event, date_day day)
{
    for (size_t i = 0; !event->moved && i < reading->n_exceptions; i++) {
        const struct exception *exception = &reading->exceptions[i];
        if (exception->day == day && strcmp(exception->uid, event->uid ? event->uid : "") == 0)
            return true;
    }
    return false;
}

static bool add_on(struct reading *reading, const struct event *event, date_day first)
{
    struct holiday holiday = event->holiday;
    holiday.last += first - holiday.first;
    holiday.first = first;
    if (is_exception(reading, event, first))
        return true;
    return holidays_add(reading->holidays, &holiday) ||
           fail(reading, event->line, _("the file comes to more than %d days"), HOLIDAYS_DAYS_MAX);
}

static bool follow_rule(struct reading *reading, const struct event *event,
                        struct icalrecurrencetype rule)
{
    struct icaltimetype start = icaltime_null_time();
    date_to_civil(event->holiday.first, &start.year, &start.month, &start.day);
    start.is_date = 1;
    rule.until.is_date = 1;
    if (rule.freq == ICAL_NO_RECURRENCE || rule.freq < ICAL_DAILY_RECURRENCE)
        return fail(reading, event->line, "%s",
                    _("the event repeats within a day, or by a rule that cannot be read"));
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
    bool good = iterator != NULL ||
                fail(reading, event->line, "%s", _("the rule by which it repeats is wrong"));
    for (int step = 0; good && step < ICAL_STEPS_MAX; step++) {
        date_day day;
        if (!day_of(reading, icalrecur_iterator_next(iterator), &day) || day > reading->window->to)
            break;
        if (day >= reading->window->from)
            good = add_on(reading, event, day);
    }
    if (iterator)
        icalrecur_iterator_free(iterator);
    return good;
}

static bool add_dates(struct reading *reading, const struct event *event)
{
    icalcomponent *component = event->component;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_RDATE_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_RDATE_PROPERTY)) {
        date_day day;
        if (!day_of(reading, icalproperty_get_rdate(property).time, &day))
            return fail(reading, event->line, "%s", _("a day of it is no day"));
        if (!add_on(reading, event, day))
            return false;
    }
    return true;
}

static bool add_repeated(struct reading *reading, const struct event *event)
{
    icalcomponent *component = event->component;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_EXDATE_PROPERTY);
    if (++reading->repeats > ICAL_REPEATS_MAX)
        return fail(reading, event->line, _("more than %d events repeat"), ICAL_REPEATS_MAX);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_EXDATE_PROPERTY)) {
        if (!add_exception(reading, event->line, event->uid, icalproperty_get_exdate(property)))
            return false;
    }
    property = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_RRULE_PROPERTY)) {
        if (!follow_rule(reading, event, icalproperty_get_rrule(property)))
            return false;
    }
    return true;
}

// ---- the file ----

static bool has_property(icalcomponent *component, icalproperty_kind kind)
{
    return icalcomponent_get_first_property(component, kind) != NULL;
}

static bool add_event(struct reading *reading, struct event *event)
{
    bool remembered =
        !reading->window->personal && (event->mark == HOLIDAY_MARK_OBSERVANCE ||
                                       (event->mark == HOLIDAY_MARK_NONE && reading->marked));
    if (icalcomponent_get_status(event->component) == ICAL_STATUS_CANCELLED)
        return true;
    if (!read_days(reading, event))
        return false;
    if (remembered) {
        reading->holidays->observances++;
        return true;
    }
    settle_kind(event);
    bool repeats = has_property(event->component, ICAL_RRULE_PROPERTY);
    if (repeats ? !add_repeated(reading, event) : !add_on(reading, event, event->holiday.first))
        return false;
    return add_dates(reading, event);
}

// Of the first of two passes: marks, and the occurrences that events of their own stand for.
static bool note_event(struct reading *reading, struct event *event)
{
    reading->marked =
        reading->marked || event->mark == HOLIDAY_MARK_OFF || event->mark == HOLIDAY_MARK_WORKED;
    return !event->moved || add_exception(reading, event->line, event->uid,
                                          icalproperty_get_recurrenceid(event->moved));
}

static bool each_event(struct reading *reading, const struct ical_outline *outline,
                       bool (*take)(struct reading *, struct event *))
{
    bool good = true;
    for (size_t i = 0; good && i < outline->count; i++) {
        struct event event;
        good = read_event(reading, &outline->events[i], &event);
        good = good && take(reading, &event);
        if (event.component)
            icalcomponent_free(event.component);
    }
    return good;
}

static struct reading *new_reading(const struct ical_window *window, struct holidays *holidays,
                                   char *error, size_t error_size)
{
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading) {
        snprintf(error, error_size, "%s", _("memory is short"));
        return NULL;
    }
    reading->window = window;
    reading->holidays = holidays;
    reading->error = error;
    reading->error_size = error_size;
    icalerror_set_errors_are_fatal(0);
    return reading;
}

static void free_reading(struct reading *reading)
{
    for (size_t i = 0; i < reading->n_exceptions; i++)
        free(reading->exceptions[i].uid);
    free(reading);
}

bool ical_read(const char *text, size_t size, const struct ical_window *window,
               struct holidays *holidays, char *error, size_t error_size)
{
    struct ical_outline outline = {0};
    if (size > ICAL_SIZE_MAX) {
        snprintf(error, error_size, _("more than %zu bytes are no calendar of holidays"),
                 ICAL_SIZE_MAX);
        return false;
    }
    struct reading *reading = new_reading(window, holidays, error, error_size);
    bool good = reading && ical_outline_read(&outline, text, size, error, error_size);
    if (good) {
        const char *zone = *outline.time_zone ? outline.time_zone : window->time_zone;
        reading->zone = zone ? icaltimezone_get_builtin_timezone(zone) : NULL;
        good =
            each_event(reading, &outline, note_event) && each_event(reading, &outline, add_event);
    }
    ical_outline_free(&outline);
    if (reading)
        free_reading(reading);
    return good;
}
