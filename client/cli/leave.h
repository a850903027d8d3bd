// The larger verbs of tiejun leave; cmd_leave.c has their table.
#pragma once

#include "common/options.h"

struct context;

extern const struct option_spec leave_import_options[];

int leave_import(struct context *context, const struct options *options);
