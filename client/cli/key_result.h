// Key results as a person types them.
#pragma once

#include "common/options.h"
#include "tiejun/v1/objective.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct context;

// --number "TEXT=A..B unit", --milestone TEXT, --count WHAT=N, into the request, in this order.
// Ends the program with COMMAND_USAGE when one cannot be read.
void key_results_read(struct context *context, const struct options *options,
                      Tiejun__V1__ObjectiveServiceAddRequest *request);

// "4.5" to 4500; false for anything else.
bool key_result_milli(const char *text, int64_t *milli);
