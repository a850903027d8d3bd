// The chain from a gap to a day's work as tables (domain.md 2.7).
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/solve.pb-c.h"

// A number of the answer by its name; never NULL.
const Tiejun__V1__ChainNumber *solve_number(const Tiejun__V1__SolveServiceSolveResponse *response,
                                            const char *name);

// From the target to the gap.
struct table *solve_table_of_gap(const Tiejun__V1__SolveServiceSolveResponse *response);

// From the signing back to the visit: how many, at which rate, whose rate it is, and by the day.
struct table *solve_table_of_stages(const Tiejun__V1__SolveServiceSolveResponse *response);

// For a file: every number, and what the chain comes to.
struct table *solve_table_of_numbers(const Tiejun__V1__SolveServiceSolveResponse *response);

// The last name of a path, and of a person's handle all of it.
const char *solve_short_scope(const char *scope);
