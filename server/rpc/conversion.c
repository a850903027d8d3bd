#include "server/rpc/conversion.h"

#include <string.h>

static size_t depth_of(const struct chain *chain)
{
    return chain->count < FORECAST_CHAIN_MAX ? chain->count : FORECAST_CHAIN_MAX;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct sample conversion_sample(const Tiejun__V1__ConversionHistory *scope, enum solve_stage stage)
{
    switch (stage) {
    case SOLVE_VISIT:
        // Deals may come from elsewhere: no visit opens more than one.
        return (struct sample){least(scope->opened, scope->visits), scope->visits};
    case SOLVE_C:
        return (struct sample){scope->c_won, scope->c_won + scope->c_lost};
    case SOLVE_B:
        return (struct sample){scope->b_won, scope->b_won + scope->b_lost};
    case SOLVE_A:
        return (struct sample){scope->a_won, scope->a_won + scope->a_lost};
    default:
        return (struct sample){0};
    }
}

struct shrunk conversion_rate(const struct chain *chain, enum solve_stage stage)
{
    struct sample samples[FORECAST_CHAIN_MAX];
    for (size_t i = 0; i < depth_of(chain); i++)
        samples[i] = conversion_sample(chain->scopes[i], stage);
    return shrink_rate(samples, depth_of(chain), chain->weight);
}

struct grade_ends conversion_ends(const Tiejun__V1__ConversionHistory *scope)
{
    return (struct grade_ends){
        .won = scope->a_won,
        .lost = {[GRADE_C] = scope->c_lost, [GRADE_B] = scope->b_lost, [GRADE_A] = scope->a_lost}};
}

struct shrunk conversion_win_rate(const struct chain *chain, enum grade grade)
{
    struct grade_ends ends[FORECAST_CHAIN_MAX];
    for (size_t i = 0; i < depth_of(chain); i++)
        ends[i] = conversion_ends(chain->scopes[i]);
    return forecast_rate(ends, depth_of(chain), grade, chain->weight);
}

struct shrunk conversion_order(const struct chain *chain)
{
    struct sample samples[FORECAST_CHAIN_MAX];
    for (size_t i = 0; i < depth_of(chain); i++)
        samples[i] = (struct sample){chain->scopes[i]->orders_minor, chain->scopes[i]->orders};
    return shrink_mean(samples, depth_of(chain), chain->weight);
}

static int64_t median_days(const Tiejun__V1__ConversionHistory *scope, enum solve_stage stage)
{
    switch (stage) {
    case SOLVE_VISIT:
    case SOLVE_C:
        return scope->c_days;
    case SOLVE_B:
        return scope->b_days;
    case SOLVE_A:
        return scope->a_days;
    default:
        return 0;
    }
}

struct shrunk conversion_lag(const struct chain *chain, enum solve_stage stage)
{
    struct shrunk lag = {0};
    for (size_t i = 0; i < depth_of(chain); i++) {
        const Tiejun__V1__ConversionHistory *scope = chain->scopes[i];
        if (scope->a_won <= 0)
            continue;
        lag = (struct shrunk){true, median_days(scope, stage), i};
        if (scope->a_won >= chain->weight)
            break;
    }
    return lag;
}

bool conversion_fits(const struct shrunk *lag, int64_t days_left)
{
    return lag->known && lag->value <= days_left;
}

bool conversion_grade(const char *letter, enum grade *grade)
{
    static const char letters[GRADES + 1] = {
        [GRADE_C] = 'c', [GRADE_B] = 'b', [GRADE_A] = 'a', [GRADES] = '\0'};
    const char *at = letter && *letter && !letter[1] ? strchr(letters, *letter) : NULL;
    if (at)
        *grade = (enum grade)(at - letters);
    return at != NULL;
}
