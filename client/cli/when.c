#include "client/cli/when.h"

#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/lib/zone.h"
#include "common/arena.h"
#include "common/instant.h"
#include "common/period.h"
#include "tiejun/v1/calendar.pb-c.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char *context_day(struct context *context, date_day day)
{
    char text[DATE_TEXT_SIZE];
    date_format(day, text);
    return context_text(context, "%s", text);
}

static date_day office_today(struct context *context)
{
    date_day today;
    const char *text = context_whoami(context)->today;
    return text && date_parse(text, &today) ? today : date_today_local();
}

// "2026-02-30" and "2026-13-01..2026-13-05" are days that there are not, rather than no periods.
static bool looks_like_days(const char *text)
{
    static const char form[] = "####-##-##";
    size_t length = sizeof form - 1;
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '#' ? !digit : text[i] != form[i])
            return false;
    }
    return text[length] == '\0' ||
           (strncmp(text + length, "..", 2) == 0 && looks_like_days(text + length + 2));
}

static void refuse_period(const char *text) __attribute__((noreturn));

static void refuse_period(const char *text)
{
    if (looks_like_days(text))
        refuse_usage(_("There is no such day, or the end is before the beginning: %s"), text);
    refuse_usage(_("\"%s\" is no period; write it like 2026-Q3, 2026-07-15 or A..B."), text);
}

void context_period(struct context *context, const char *text, date_day *from, date_day *to)
{
    date_day other_from;
    date_day other_to;
    // Some day or other: a text that means the same on another one needs no today.
    date_day someday = date_today_utc();
    if (!period_parse(text, someday, from, to))
        refuse_period(text);
    if (period_parse(text, someday - 1000, &other_from, &other_to) && other_from == *from &&
        other_to == *to)
        return;
    if (!period_parse(text, office_today(context), from, to))
        refuse_period(text);
}

char *context_date(struct context *context, const char *text)
{
    date_day first;
    date_day last;
    if (!text)
        return NULL;
    bool is_period = period_parse(text, date_today_utc(), &first, &last);
    if (is_period || looks_like_days(text))
        context_period(context, text, &first, &last);
    if (!is_period || first != last)
        refuse_usage(_("\"%s\" is no day; write it like 2026-07-15, or today."), text);
    return context_day(context, first);
}

char *option_date(struct context *context, const struct options *options, const char *name)
{
    return context_date(context, options_string(options, name));
}

bool context_range(struct context *context, const struct options *options, char **from, char **to)
{
    date_day first;
    date_day last;
    *from = option_date(context, options, "from");
    *to = option_date(context, options, "to");
    if (!options_given(options, "period"))
        return *from || *to;
    if (*from || *to)
        refuse_usage(_("--period says it all; leave --from and --to out."));
    context_period(context, options_string(options, "period"), &first, &last);
    *from = context_day(context, first);
    *to = context_day(context, last);
    return true;
}

void context_range_or_month(struct context *context, const struct options *options, char **from,
                            char **to)
{
    if (context_range(context, options, from, to))
        return;
    date_day first;
    date_day last;
    period_around(PERIOD_MONTH, office_today(context), &first, &last);
    *from = context_day(context, first);
    *to = context_day(context, last);
}

// Reads "YYYY-MM-DD HH:MM", "YYYY-MM-DDTHH:MM", each with or without ":SS", or "HH:MM" of today.
static bool read_clock(const char *text, const char *today, struct tm *clock)
{
    static const char *const forms[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%dT%H:%M"};
    char whole[64];
    bool hour_only = strlen(text) <= strlen("HH:MM");
    snprintf(whole, sizeof whole, "%s%s%s", hour_only ? today : "", hour_only ? " " : "", text);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        *clock = (struct tm){.tm_isdst = -1};
        const char *end = strptime(whole, forms[i], clock);
        if (end && !*end)
            return true;
    }
    return false;
}

// mktime in another zone. False when there is no such time there: the hour that summer time skips,
// or the 31st of June.
static bool clock_in_zone(struct tm *clock, const char *zone, int64_t *seconds)
{
    struct tm asked = *clock;
    char *before = zone_enter(zone);
    *seconds = mktime(clock);
    zone_leave(before);
    return clock->tm_mday == asked.tm_mday && clock->tm_hour == asked.tm_hour;
}

static struct tm local_clock(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    char *before = zone_enter(context_whoami(context)->time_zone);
    time_t seconds = (time_t)instant->seconds;
    struct tm clock = {0};
    localtime_r(&seconds, &clock);
    zone_leave(before);
    return clock;
}

char *context_day_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    struct tm clock = local_clock(context, instant);
    return context_text(context, "%04d-%02d-%02d", clock.tm_year + 1900, clock.tm_mon + 1,
                        clock.tm_mday);
}

char *context_clock_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    struct tm clock = local_clock(context, instant);
    return context_text(context, "%02d:%02d", clock.tm_hour, clock.tm_min);
}

char *context_time_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    return context_text(context, "%s %s", context_day_of(context, instant),
                        context_clock_of(context, instant));
}

// "tomorrow 14:30" with the date in place of its word; else the text as it is.
static const char *dated(struct context *context, const char *text)
{
    char word[16];
    date_day first;
    date_day last;
    size_t length = strcspn(text, " ");
    if (length >= sizeof word || !text[length] || !isalpha((unsigned char)*text))
        return text;
    snprintf(word, sizeof word, "%.*s", (int)length, text);
    if (!period_parse(word, office_today(context), &first, &last) || first != last)
        return text;
    return context_text(context, "%s%s", context_day(context, first), text + length);
}

Google__Protobuf__Timestamp *context_instant(struct context *context, const char *text)
{
    Google__Protobuf__Timestamp *instant = arena_alloc(context_arena(context), sizeof *instant);
    if (!instant)
        abort();
    google__protobuf__timestamp__init(instant);
    if (instant_parse(text, &instant->seconds, &instant->nanos))
        return instant;
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = context_whoami(context);
    struct tm clock;
    if (!read_clock(dated(context, text), self->today ? self->today : "", &clock) ||
        !clock_in_zone(&clock, self->time_zone, &instant->seconds))
        refuse_usage(_("\"%s\" is no time; write it like \"2026-07-01 14:30\", \"tomorrow "
                       "14:30\" or 14:30"),
                     text);
    return instant;
}
