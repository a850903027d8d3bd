// Where a period stands, as a table and as a drawing (domain.md 2.8).
#pragma once

#include "client/lib/table.h"
#include "tiejun/v1/pace.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

struct context;

// A line for each row, and for the whole below them where there are any.
struct table *pace_table(const Tiejun__V1__PaceServiceShowResponse *response);

// What was done, day by day, against the straight way to the target, over the whole period. Nothing
// while there is nothing to draw.
void pace_draw(struct context *context, const Tiejun__V1__PaceRow *row);
