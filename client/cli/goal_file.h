// Goals as CSV, which comes in as it went out: the columns of tiejun goal export and import.
#pragma once

#include "client/lib/table.h"

enum goal_field {
    GOAL_UNIT,
    GOAL_PERSON,
    GOAL_METRIC,
    GOAL_FROM,
    GOAL_TO,
    GOAL_CURRENCY,
    GOAL_TARGET,
    GOAL_STRETCH,
    GOAL_STRETCHED,
    GOAL_LOCKED,
    GOAL_METHOD,
    GOAL_REBALANCED,
    GOAL_DONE,
    GOAL_SEASONS,
    GOAL_REASON,
    // With the history alone.
    GOAL_VERSION,
    GOAL_ACTOR,
    GOAL_MADE_AT,
    GOAL_FIELDS,
};

// By field, and an end.
extern const struct table_column goal_file_columns[GOAL_FIELDS + 1];
