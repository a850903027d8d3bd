#include "client/cli/rates_said.h"

#include "client/cli/say.h"
#include "client/lib/words.h"
#include "common/i18n.h"

#include <string.h>

// More rates of one currency than this are not written out.
#define RATES_WRITTEN 3

// How many from first on are of its currency.
static size_t of_currency(const struct rates_used *used, size_t first)
{
    size_t count = 1;
    while (first + count < used->count &&
           strcmp(used->currencies[first + count], used->currencies[first]) == 0)
        count++;
    return count;
}

// "7.1 (2026-11-01)". A reverse rate has more digits than anyone reads.
static const char *rate_words(struct context *context, const struct rates_used *used, size_t i)
{
    return context_text(context, _("%.10s (%s)"), used->rates[i], used->dates[i]);
}

void say_rates(struct context *context, const struct rates_used *used, const char *into)
{
    for (size_t first = 0, count; first < used->count; first += count) {
        count = of_currency(used, first);
        const char *words = rate_words(context, used, first);
        const char *last = rate_words(context, used, first + count - 1);
        if (count > RATES_WRITTEN) {
            say_in(context, TABLE_DIM, _("%s is in it at %d rates, from %s to %s %s."),
                   used->currencies[first], (int)count, words, last, into);
            continue;
        }
        for (size_t i = first + 1; i < first + count; i++)
            words = context_text(context, "%s%s%s", words, _(", "), rate_words(context, used, i));
        say_in(context, TABLE_DIM, _("%s is in it at %s %s."), used->currencies[first], words,
               into);
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
