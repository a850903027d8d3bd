// Objectives, their key results and what was said of them, as tables (domain.md 2.10).
#pragma once

#include "client/lib/table.h"
#include "client/lib/words.h"
#include "tiejun/v1/objective.pb-c.h"

#include <stddef.h>

// In the reader's language: an objective is under way, where a deal would be open.
const char *objective_state(const Tiejun__V1__Objective *objective, char out[WORD_SIZE]);

struct table *objective_table(Tiejun__V1__Objective *const *objectives, size_t count);
struct table *objective_table_of_results(Tiejun__V1__KeyResult *const *results, size_t count);
struct table *objective_table_of_notes(Tiejun__V1__ObjectiveNote *const *notes, size_t count);
