// The numbers of the chain from a gap to visits a day (domain.md 2.7): what a scope's history
// gives, and what the caller puts in their place.
#pragma once

#include "server/rpc/conversion.h"
#include "server/rpc/request.h"
#include "tiejun/v1/solve.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

// The numbers of the chain, in the order of the answer: rates, win rates and lags each in the order
// of their stages.
enum chain_number {
    CHAIN_TARGET,
    CHAIN_BOOKED,
    CHAIN_OPEN,
    CHAIN_ORDER,
    CHAIN_RATE_VISIT,
    CHAIN_RATE_C,
    CHAIN_RATE_B,
    CHAIN_RATE_A,
    CHAIN_WIN_C,
    CHAIN_WIN_B,
    CHAIN_WIN_A,
    CHAIN_LAG_VISIT,
    CHAIN_LAG_C,
    CHAIN_LAG_B,
    CHAIN_LAG_A,
    CHAIN_CAPACITY,
    CHAIN_STANDARD,
    CHAIN_REPS,
    CHAIN_DAYS,
    CHAIN_NUMBERS,
};

// One solve under way. Everything lies in the workshop's arena.
struct solving {
    struct workshop *workshop;
    Tiejun__V1__SolveServiceSolveResponse *answer;
    // From the scope itself up to the company.
    struct chain chain;
    Tiejun__V1__ChainNumber *numbers[CHAIN_NUMBERS];
};

// Makes them in the answer, from its books and its history, of one scope at least. False when there
// is no room.
bool chain_numbers_make(struct solving *solving);

// Puts what the caller gave in the place of one. False after a refusal.
bool chain_number_replace(struct solving *solving, const Tiejun__V1__Replacement *given);

// As it is written in an answer and on a command line: "rate.visit".
const char *chain_number_name(enum chain_number which);

void chain_number_set(struct solving *solving, enum chain_number which, int64_t value);
// 0 for one that is not known.
int64_t chain_number(const struct solving *solving, enum chain_number which);
