#include "server/method/forecast.h"

#include "server/method/ratio.h"

struct sample forecast_sample(const struct grade_ends *ends, enum grade grade)
{
    struct sample sample = {.sum = ends->won, .count = ends->won};
    for (enum grade best = grade; best < GRADES; best++)
        sample.count += ends->lost[best];
    return sample;
}

struct shrunk forecast_rate(const struct grade_ends *chain, size_t count, enum grade grade,
                            int64_t weight)
{
    struct sample samples[FORECAST_CHAIN_MAX];
    size_t depth = count < FORECAST_CHAIN_MAX ? count : FORECAST_CHAIN_MAX;
    for (size_t i = 0; i < depth; i++)
        samples[i] = forecast_sample(&chain[i], grade);
    return shrink_rate(samples, depth, weight);
}

int64_t forecast_value(const struct shrunk *rate, int64_t value_minor)
{
    int64_t value;
    if (!rate->known)
        return 0;
    wide_int product = (wide_int)rate->value * value_minor;
    return ratio_half_up(product, RATE_ONE, &value) ? value : ratio_saturate(product);
}
