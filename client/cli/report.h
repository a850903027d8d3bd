// The verbs of tiejun report, a file each; cmd_report.c has their table.
#pragma once

#include "common/options.h"
#include "tiejun/v1/report.pb-c.h"

struct context;

extern const struct option_spec report_rollup_options[];
extern const struct option_spec report_funnel_options[];
extern const struct option_spec report_board_options[];

int report_rollup(struct context *context, const struct options *options);
int report_funnel(struct context *context, const struct options *options);
int report_board(struct context *context, const struct options *options);

// "/West, Western Region", or the one of the two that there is.
const char *report_scope(struct context *context, const char *scope, const char *name);
