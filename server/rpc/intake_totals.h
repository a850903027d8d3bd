// What a batch of facts adds to the totals if all of it is new, worked out beforehand: the database
// then adds up nothing.
#pragma once

#include "common/arena.h"
#include "server/rpc/steps.pb-c.h"

#include <stdbool.h>

// Fills totals of a plan that has its facts; leaves it empty where the database has to look for
// itself: some are not to be kept, or take others back. False when memory is out.
__attribute__((warn_unused_result)) bool intake_totals_fill(struct arena *arena,
                                                            Tiejun__Server__FactPlan *plan);
