#include "client/lib/holidays.h"

#include <stdlib.h>
#include <string.h>

bool holidays_add(struct holidays *holidays, const struct holiday *holiday)
{
    size_t days = (size_t)(holiday->last - holiday->first) + 1;
    if (days > HOLIDAYS_DAYS_MAX - holidays->days)
        return false;
    if (holidays->count == holidays->capacity) {
        size_t capacity = holidays->capacity ? holidays->capacity * 2 : 64;
        struct holiday *list = reallocarray(holidays->list, capacity, sizeof *list);
        if (!list)
            return false;
        holidays->list = list;
        holidays->capacity = capacity;
    }
    struct holiday copy = *holiday;
    copy.name = strdup(holiday->name ? holiday->name : "");
    if (!copy.name)
        return false;
    holidays->list[holidays->count++] = copy;
    holidays->days += days;
    return true;
}

void holidays_free(struct holidays *holidays)
{
    for (size_t i = 0; i < holidays->count; i++)
        free(holidays->list[i].name);
    free(holidays->list);
    *holidays = (struct holidays){0};
}

// One day of one holiday, for sorting.
struct claim {
    date_day day;
    int rank;
    size_t index;
};

static int rank(int32_t factor_milli)
{
    return factor_milli == HOLIDAY_WORKED ? 0 : factor_milli == HOLIDAY_OFF ? 1 : 2;
}

static int compare_claims(const void *left, const void *right)
{
    const struct claim *a = left;
    const struct claim *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static struct claim *claims_of(const struct holidays *holidays)
{
    struct claim *claims = calloc(holidays->days + 1, sizeof *claims);
    size_t n = 0;
    for (size_t i = 0; claims && i < holidays->count; i++) {
        const struct holiday *holiday = &holidays->list[i];
        for (date_day day = holiday->first; day <= holiday->last; day++)
            claims[n++] = (struct claim){day, rank(holiday->factor_milli), i};
    }
    if (claims)
        qsort(claims, n, sizeof *claims, compare_claims);
    return claims;
}

static bool continues(const struct holidays *settled, const struct holiday *next)
{
    const struct holiday *last = settled->count ? &settled->list[settled->count - 1] : NULL;
    return last && last->last + 1 == next->first && last->factor_milli == next->factor_milli &&
           strcmp(last->name, next->name) == 0;
}

static bool settle_into(struct holidays *settled, const struct holidays *holidays,
                        const struct claim *claims)
{
    for (size_t i = 0; i < holidays->days; i++) {
        struct holiday one = holidays->list[claims[i].index];
        if (i > 0 && claims[i].day == claims[i - 1].day)
            continue;
        one.first = one.last = claims[i].day;
        if (continues(settled, &one)) {
            settled->list[settled->count - 1].last = one.last;
            settled->days++;
        } else if (!holidays_add(settled, &one)) {
            return false;
        }
    }
    return true;
}

bool holidays_settle(struct holidays *holidays)
{
    struct holidays settled = {.observances = holidays->observances};
    struct claim *claims = claims_of(holidays);
    bool good = claims && settle_into(&settled, holidays, claims);
    free(claims);
    if (!good) {
        holidays_free(&settled);
        return false;
    }
    holidays_free(holidays);
    *holidays = settled;
    return true;
}
