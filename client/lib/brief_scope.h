// What a brief (brief.h) says of those below: how the month stands and how a day went, worst first.
#pragma once

#include "tiejun/v1/pace.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

struct arena;

// "North this month: revenue 30,000 of 80,000 CNY, pace 60.0%", and who is behind. Nothing when
// there is no target, or the period does not hold that date.
void brief_add_month(struct arena *arena, char **text,
                     const Tiejun__V1__PaceServiceShowResponse *pace, const char *date);

// What all below reached of that day's targets after label, and what each of them that is furthest
// behind lacks (domain.md 3.8: yesterday's gap). day may be NULL.
void brief_add_scope_day(struct arena *arena, char **text, const char *label,
                         const Tiejun__V1__ReportServiceRollupResponse *day);
