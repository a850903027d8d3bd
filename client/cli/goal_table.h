// Goals and their coverage as tables (domain.md 2.3, 2.4).
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/goal.pb-c.h"

#include <stddef.h>

// is_whole: what is right below adds up to a goal, which the table ends with; otherwise they are
// parts of several periods, each named.
struct table *goal_table_of_shares(const Tiejun__V1__GoalServiceSplitResponse *response,
                                   bool is_whole);

// Goals of one metric and period; for CSV, of any.
// A whole tree, which its parents' places make.
struct table *goal_table_of_tree(const Tiejun__V1__GoalServiceTreeResponse *response);

// Two versions beside each other.
struct table *goal_table_of_differences(const Tiejun__V1__GoalServiceDiffResponse *response);

struct table *goal_table_of_coverage(Tiejun__V1__GoalCoverage *const *goals, size_t count);
