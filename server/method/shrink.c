#include "server/method/shrink.h"

#include "server/method/ratio.h"

// One level down: (sum x scale + weight x above) / (count + weight).
static bool shrink_once(const struct sample *own, int64_t scale, int64_t weight,
                        struct shrunk *figure)
{
    int64_t count = own->count > 0 ? own->count : 0;
    wide_int sum = count > 0 ? (wide_int)own->sum * scale : 0;
    if (count == 0)
        return true;
    // Nothing above has seen a case: the scope stands alone.
    wide_int borrowed = figure->known ? weight : 0;
    figure->known = true;
    return ratio_half_up(sum + figure->value * borrowed, count + borrowed, &figure->value);
}

static struct shrunk shrink(const struct sample *chain, size_t count, int64_t weight, int64_t scale)
{
    struct shrunk figure = {0};
    for (size_t i = count; i-- > 0;) {
        if (!shrink_once(&chain[i], scale, weight > 0 ? weight : 0, &figure))
            return (struct shrunk){0};
        if (i > 0 && chain[i].count > 0)
            figure.borrowed_from = i;
    }
    return figure;
}

struct shrunk shrink_rate(const struct sample *chain, size_t count, int64_t weight)
{
    return shrink(chain, count, weight, RATE_ONE);
}

struct shrunk shrink_mean(const struct sample *chain, size_t count, int64_t weight)
{
    return shrink(chain, count, weight, 1);
}
