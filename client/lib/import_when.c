#include "client/lib/import_when.h"

#include "client/lib/import_memory.h"
#include "common/instant.h"
#include "common/text.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FORMAT_SIZE 128
#define DAY_SECONDS 86400

// Month names are English whatever the user's language is: the file decides.
static locale_t c_locale(void)
{
    static locale_t locale;
    if (locale == (locale_t)0)
        locale = import_must(newlocale(LC_ALL_MASK, "C", (locale_t)0));
    return locale;
}

// Takes the first format off a list "A | B". Returns the rest, NULL behind the last one.
static const char *next_format(const char *formats, char format[FORMAT_SIZE])
{
    size_t length = strcspn(formats, "|");
    snprintf(format, FORMAT_SIZE, "%.*s", (int)length, formats);
    char *trimmed = text_trim(format);
    memmove(format, trimmed, strlen(trimmed) + 1);
    return formats[length] == '|' ? formats + length + 1 : NULL;
}

static bool parse_fields(const char *text, const char *formats, struct tm *fields, date_day *day,
                         bool *has_offset)
{
    char format[FORMAT_SIZE];
    while (formats != NULL) {
        formats = next_format(formats, format);
        *fields = (struct tm){.tm_mday = 1};
        const char *end = strptime_l(text, format, fields, c_locale());
        *has_offset = strstr(format, "%z") != NULL;
        if (end != NULL && *end == '\0' &&
            date_from_civil(fields->tm_year + 1900, fields->tm_mon + 1, fields->tm_mday, day))
            return true;
    }
    return false;
}

bool when_parse_day(const char *text, const char *formats, date_day *day)
{
    struct tm fields;
    bool has_offset;
    return parse_fields(text, formats, &fields, day, &has_offset);
}

// An instant has one zone only by the environment in C; it is put back as it was.
static int64_t seconds_by_environment(struct tm fields, const char *zone)
{
    const char *present = getenv("TZ");
    char *kept = present != NULL ? import_must(strdup(present)) : NULL;
    setenv("TZ", zone, 1);
    fields.tm_isdst = -1;
    int64_t seconds = mktime(&fields);
    if (kept != NULL)
        setenv("TZ", kept, 1);
    else
        unsetenv("TZ");
    tzset();
    free(kept);
    return seconds;
}

// What a zone is ahead of UTC throughout one of its days; a day on which its clocks are turned has
// no such number.
struct zone_day {
    bool known;
    bool is_steady;
    date_day day;
    int64_t ahead;
};

static int64_t ahead_at_midnight(date_day day, const char *zone)
{
    int year, month, day_of_month;
    date_to_civil(day, &year, &month, &day_of_month);
    const struct tm fields = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day_of_month};
    return (int64_t)day * DAY_SECONDS - seconds_by_environment(fields, zone);
}

// The days asked for lately of the zone asked for last: changing the environment reads the zone's
// file twice, too dear for every row.
static const struct zone_day *zone_day(date_day day, const char *zone)
{
    static char kept_zone[64];
    static struct zone_day days[1024];
    if (strcmp(zone, kept_zone) != 0) {
        memset(days, 0, sizeof days);
        snprintf(kept_zone, sizeof kept_zone, "%s", zone);
    }
    struct zone_day *kept = &days[(uint32_t)day % 1024];
    if (!kept->known || kept->day != day) {
        int64_t ahead = ahead_at_midnight(day, zone);
        *kept = (struct zone_day){.known = true,
                                  .is_steady = ahead == ahead_at_midnight(day + 1, zone),
                                  .day = day,
                                  .ahead = ahead};
    }
    return kept;
}

static int64_t seconds_in_zone(const struct tm *fields, date_day day, const char *zone)
{
    const struct zone_day *known = zone_day(day, zone);
    if (!known->is_steady)
        return seconds_by_environment(*fields, zone);
    int64_t in_day = fields->tm_hour * 3600 + fields->tm_min * 60 + fields->tm_sec;
    return (int64_t)day * DAY_SECONDS + in_day - known->ahead;
}

bool when_parse_instant(const char *text, const char *formats, const char *zone, int64_t *seconds,
                        int32_t *nanos)
{
    if (formats == NULL)
        return instant_parse(text, seconds, nanos);
    struct tm fields;
    date_day day;
    bool has_offset;
    if (!parse_fields(text, formats, &fields, &day, &has_offset))
        return false;
    *nanos = 0;
    if (has_offset) {
        int64_t in_day = fields.tm_hour * 3600 + fields.tm_min * 60 + fields.tm_sec;
        *seconds = (int64_t)day * DAY_SECONDS + in_day - fields.tm_gmtoff;
        return true;
    }
    if (zone == NULL)
        return false;
    *seconds = seconds_in_zone(&fields, day, zone);
    return true;
}

bool when_zone_known(const char *zone)
{
    if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL)
        return false;
    char path[256];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    return access(path, R_OK) == 0;
}
