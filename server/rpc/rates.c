#include "server/rpc/rates.h"

#include <string.h>

static bool has(char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], text) == 0)
            return true;
    }
    return false;
}

static bool has_rate(const struct rates *rates, const char *currency, const char *date)
{
    for (size_t i = 0; i < *rates->n_rates; i++) {
        if (strcmp((*rates->currencies)[i], currency) == 0 && strcmp((*rates->dates)[i], date) == 0)
            return true;
    }
    return false;
}

// The same list with room for more behind it.
static bool widen(struct arena *arena, char ***list, size_t count, size_t more)
{
    char **wider = arena_alloc(arena, (count + more) * sizeof *wider);
    if (!wider)
        return false;
    if (count > 0)
        memcpy(wider, *list, count * sizeof *wider);
    *list = wider;
    return true;
}

static bool take_unrated(struct arena *arena, const struct rates *rates,
                         const Tiejun__V1__OpenDeals *open)
{
    if (open->n_unrated_currencies == 0)
        return true;
    if (!widen(arena, rates->unrated, *rates->n_unrated, open->n_unrated_currencies))
        return false;
    for (size_t i = 0; i < open->n_unrated_currencies; i++) {
        char *currency = open->unrated_currencies[i];
        if (!has(*rates->unrated, *rates->n_unrated, currency))
            (*rates->unrated)[(*rates->n_unrated)++] = currency;
    }
    return true;
}

static bool take(struct arena *arena, const struct rates *rates, const Tiejun__V1__OpenDeals *open)
{
    size_t count = *rates->n_rates;
    size_t more = open->n_rates;
    if (!take_unrated(arena, rates, open))
        return false;
    if (more == 0)
        return true;
    if (!widen(arena, rates->currencies, count, more) || !widen(arena, rates->rates, count, more) ||
        !widen(arena, rates->dates, count, more))
        return false;
    for (size_t i = 0; i < more; i++) {
        if (has_rate(rates, open->rate_currencies[i], open->rate_dates[i]))
            continue;
        (*rates->currencies)[*rates->n_rates] = open->rate_currencies[i];
        (*rates->rates)[*rates->n_rates] = open->rates[i];
        (*rates->dates)[*rates->n_rates] = open->rate_dates[i];
        (*rates->n_rates)++;
    }
    return true;
}

bool rates_take(struct arena *arena, const struct rates *rates, Tiejun__V1__OpenDeals *const *open,
                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (open[i]->slot != 0)
            continue;
        if (!take(arena, rates, open[i]))
            return false;
        open[i]->n_unrated_currencies = 0;
        open[i]->n_rate_currencies = open[i]->n_rates = open[i]->n_rate_dates = 0;
    }
    *rates->n_currencies = *rates->n_dates = *rates->n_rates;
    return true;
}
