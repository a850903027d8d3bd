// The larger verbs of tiejun calendar, a file each; cmd_calendar.c has their table.
#pragma once

#include "common/options.h"
#include "tiejun/v1/calendar.pb-c.h"

struct context;

extern const struct option_spec calendar_import_options[];

int calendar_import(struct context *context, const struct options *options);

// Draws the days month by month, as many months in a row as the terminal has room for, with a
// legend and the days that have a name.
void calendar_draw(struct context *context,
                   const Tiejun__V1__CalendarServiceShowResponse *response);

// What a day is, in a word: "holiday", "make-up day", "half a day", "working day", "day off".
// usual_milli: what its weekday alone would give.
const char *calendar_day_word(int32_t factor_milli, int32_t usual_milli);
