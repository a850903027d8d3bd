#include "common/instant.h"

#include "common/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS 86400
#define DATE_LENGTH (DATE_TEXT_SIZE - 1)
#define SECONDS_MIN ((int64_t)DATE_MIN * DAY_SECONDS)
#define SECONDS_MAX ((int64_t)DATE_MAX * DAY_SECONDS + DAY_SECONDS - 1)

// Reads two digits up to a limit and moves past them.
static bool two_digits(const char **text, int limit, int *value)
{
    const char *p = *text;
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *value = (p[0] - '0') * 10 + (p[1] - '0');
    *text = p + 2;
    return *value <= limit;
}

static bool skip(const char **text, char expected)
{
    if (**text != expected)
        return false;
    (*text)++;
    return true;
}

static bool parse_time(const char **text, int *seconds)
{
    int hour, minute, second;
    if (!two_digits(text, 23, &hour) || !skip(text, ':') || !two_digits(text, 59, &minute) ||
        !skip(text, ':') || !two_digits(text, 59, &second))
        return false;
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool parse_fraction(const char **text, int32_t *nanos)
{
    *nanos = 0;
    if (!skip(text, '.'))
        return true;
    int count = 0;
    for (; **text >= '0' && **text <= '9' && count < 9; (*text)++, count++)
        *nanos = *nanos * 10 + (**text - '0');
    if (count == 0)
        return false;
    for (; count < 9; count++)
        *nanos *= 10;
    return true;
}

// Offset from UTC, in seconds, as the last thing of the text.
static bool parse_offset(const char *text, int *offset)
{
    *offset = 0;
    if (!strcmp(text, "Z") || !strcmp(text, "z"))
        return true;
    int sign = *text == '-' ? -1 : 1;
    if (*text != '+' && *text != '-')
        return false;
    text++;
    int hours, minutes;
    if (!two_digits(&text, 23, &hours) || !skip(&text, ':') || !two_digits(&text, 59, &minutes))
        return false;
    *offset = sign * (hours * 3600 + minutes * 60);
    return *text == '\0';
}

bool instant_parse(const char *text, int64_t *seconds, int32_t *nanos)
{
    char date[DATE_TEXT_SIZE] = "";
    date_day day;
    int time_of_day, offset;
    int32_t fraction;
    if (!text || strlen(text) < DATE_TEXT_SIZE)
        return false;
    memcpy(date, text, DATE_LENGTH);
    text += DATE_LENGTH;
    if (!date_parse(date, &day) || !strchr("Tt ", *text++) || !parse_time(&text, &time_of_day) ||
        !parse_fraction(&text, &fraction) || !parse_offset(text, &offset))
        return false;
    int64_t instant = (int64_t)day * DAY_SECONDS + time_of_day - offset;
    if (instant < SECONDS_MIN || instant > SECONDS_MAX)
        return false;
    *seconds = instant;
    *nanos = fraction;
    return true;
}

static int fraction_digits(int32_t nanos)
{
    if (nanos == 0)
        return 0;
    if (nanos % 1000000 == 0)
        return 3;
    return nanos % 1000 == 0 ? 6 : 9;
}

bool instant_format(int64_t seconds, int32_t nanos, char text[INSTANT_TEXT_SIZE])
{
    text[0] = '\0';
    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos < 0 || nanos > 999999999)
        return false;
    int64_t since = seconds - SECONDS_MIN;
    unsigned of_day = (unsigned)(since % DAY_SECONDS);
    date_format((date_day)(since / DAY_SECONDS) + DATE_MIN, text);

    char fraction[10];
    int kept = fraction_digits(nanos);
    snprintf(fraction, sizeof fraction, "%09u", (unsigned)nanos % 1000000000U);
    snprintf(text + DATE_LENGTH, INSTANT_TEXT_SIZE - DATE_LENGTH, "T%02u:%02u:%02u%s%.*sZ",
             of_day / 3600 % 24, of_day / 60 % 60, of_day % 60, kept ? "." : "", kept, fraction);
    return true;
}

void instant_now(int64_t *seconds, int32_t *nanos)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *seconds = now.tv_sec;
    if (nanos)
        *nanos = (int32_t)now.tv_nsec;
}
