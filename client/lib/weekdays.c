#include "client/lib/weekdays.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { NAME_LENGTH = 3, WEEK = 7 };

// The weekday that text begins with, 0 is Monday; -1 for none.
static int weekday_at(const char *text)
{
    static const char *const names[WEEK] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < WEEK; i++) {
        if (strncasecmp(text, names[i], NAME_LENGTH) == 0)
            return i;
    }
    return -1;
}

// Adds one day or range; the place behind it, NULL when there is none.
static const char *read_part(const char *text, unsigned *days)
{
    int first = weekday_at(text);
    int last = first;
    if (first < 0)
        return NULL;
    text += NAME_LENGTH;
    if (*text == '-') {
        last = weekday_at(text + 1);
        if (last < 0)
            return NULL;
        text += 1 + NAME_LENGTH;
    }
    for (int day = first;; day = (day + 1) % WEEK) {
        *days |= 1U << day;
        if (day == last)
            return text;
    }
}

bool weekdays_parse(const char *text, uint8_t *mask)
{
    unsigned days = 0;
    for (bool more = strcasecmp(text, "none") != 0; more;) {
        text = read_part(text, &days);
        if (!text || (*text && *text != ','))
            return false;
        more = *text == ',';
        text += more;
    }
    *mask = (uint8_t)days;
    return true;
}
