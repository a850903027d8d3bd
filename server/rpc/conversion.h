// Conversion histories of the contract as the arithmetic takes them (domain.md 2.7, 4.7): a chain
// from a scope itself up to the company.
#pragma once

#include "server/method/forecast.h"
#include "server/method/solve.h"
#include "tiejun/v1/solve.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

struct chain {
    Tiejun__V1__ConversionHistory *const *scopes;
    size_t count;
    // a of p = (x + a p_parent) / (n + a).
    int64_t weight;
};

// More scopes than FORECAST_CHAIN_MAX are not looked at.

// From a stage to the next one: x of n cases in one scope of the chain.
struct sample conversion_sample(const Tiejun__V1__ConversionHistory *scope, enum solve_stage stage);
struct shrunk conversion_rate(const struct chain *chain, enum solve_stage stage);

// How deals that are decided ended.
struct grade_ends conversion_ends(const Tiejun__V1__ConversionHistory *scope);
// p(grade).
struct shrunk conversion_win_rate(const struct chain *chain, enum grade grade);

// Average value of an order in minor units.
struct shrunk conversion_order(const struct chain *chain);

// Median days from a stage to the signing, of the nearest scope that has as many signings as the
// weight says, else of the highest that has any. A median cannot be drawn toward another one. A
// visit's are those of C, since the deal is opened by it. borrowed_from is the scope's index.
struct shrunk conversion_lag(const struct chain *chain, enum solve_stage stage);

// Whether an undated open deal of the grade counts in a period that has so many days left.
bool conversion_fits(const struct shrunk *lag, int64_t days_left);

// The grade that a deal's letter names.
bool conversion_grade(const char *letter, enum grade *grade);
