// The larger verbs of tiejun goal, a file for each kind; cmd_goal.c has their table.
#pragma once

#include "common/money.h"
#include "common/options.h"
#include "tiejun/v1/goal.pb-c.h"

struct context;

#define GOAL_AMOUNT_SIZE (MONEY_TEXT_SIZE + 8)

// goal_change.c
extern const struct option_spec goal_set_options[];
extern const struct option_spec goal_change_options[];
int goal_set(struct context *context, const struct options *options);
int goal_lock(struct context *context, const struct options *options);
int goal_unlock(struct context *context, const struct options *options);
int goal_stretch(struct context *context, const struct options *options);

// goal_split.c
extern const struct option_spec goal_split_options[];
int goal_split(struct context *context, const struct options *options);

// goal_rebalance.c
extern const struct option_spec goal_rebalance_options[];
int goal_rebalance(struct context *context, const struct options *options);

// goal_tree.c
extern const struct option_spec goal_tree_options[];
int goal_tree(struct context *context, const struct options *options);

// goal_days.c
extern const struct option_spec goal_days_options[];
int goal_days(struct context *context, const struct options *options);

// goal_versions.c
extern const struct option_spec goal_history_options[];
extern const struct option_spec goal_diff_options[];
int goal_history(struct context *context, const struct options *options);
int goal_diff(struct context *context, const struct options *options);

// goal_export.c
extern const struct option_spec goal_export_options[];
int goal_export(struct context *context, const struct options *options);

// goal_import.c
extern const struct option_spec goal_import_options[];
int goal_import(struct context *context, const struct options *options);
