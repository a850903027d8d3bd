#include "client/cli/rates_said.h"

#include "client/cli/say.h"
#include "client/lib/words.h"
#include "common/i18n.h"

#include <string.h>

// More rates of one currency than this are not written out.
#define RATES_WRITTEN 3

struct rates_used rates_room(struct context *context, size_t most)
{
    return (struct rates_used){
        .currencies = context_room(context, most, sizeof(char *)),
        .rates = context_room(context, most, sizeof(char *)),
        .dates = context_room(context, most, sizeof(char *)),
    };
}

void rates_add(struct rates_used *used, char *currency, char *rate, char *date)
{
    if (!*or_empty(currency) || !*or_empty(rate))
        return;
    for (size_t i = 0; i < used->count; i++) {
        if (strcmp(used->currencies[i], currency) == 0 && strcmp(used->dates[i], date) == 0)
            return;
    }
    used->currencies[used->count] = currency;
    used->rates[used->count] = rate;
    used->dates[used->count++] = date;
}

// How many from first on are of its currency.
static size_t of_currency(const struct rates_used *used, size_t first)
{
    size_t count = 1;
    while (first + count < used->count &&
           strcmp(used->currencies[first + count], used->currencies[first]) == 0)
        count++;
    return count;
}

// "7.1 CNY (2026-11-01)". A reverse rate has more digits than anyone reads.
static const char *rate_words(struct context *context, const struct rates_used *used, size_t i,
                              const char *into)
{
    return context_text(context, _("%.10s %s (%s)"), used->rates[i], into, used->dates[i]);
}

void say_rates(struct context *context, const struct rates_used *used, const char *into)
{
    for (size_t first = 0, count; first < used->count; first += count) {
        count = of_currency(used, first);
        const char *words = rate_words(context, used, first, into);
        const char *last = rate_words(context, used, first + count - 1, into);
        if (count > RATES_WRITTEN) {
            say_in(context, TABLE_DIM, _("%s is in it at %d rates, from %s to %s."),
                   used->currencies[first], (int)count, words, last);
            continue;
        }
        for (size_t i = first + 1; i < first + count; i++)
            words =
                context_text(context, "%s%s%s", words, _(", "), rate_words(context, used, i, into));
        say_in(context, TABLE_DIM, _("%s is in it at %s."), used->currencies[first], words);
    }
}

void say_unrated(struct context *context, char *const *currencies, size_t count, const char *into)
{
    for (size_t i = 0; i < count; i++)
        say_in(context, TABLE_WARN,
               _("%s is not in it: there is no rate into %s for all of its days. Bring rates with: "
                 "tiejun rate import FILE.csv"),
               currencies[i], into);
}
