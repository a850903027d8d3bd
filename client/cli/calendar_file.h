// Days out of a publisher's file, for the commands that import them (domain.md 2.5).
#pragma once

#include "client/lib/holidays.h"

struct context;
struct options;
struct table;

// Reads the file that is the command's first argument, an iCalendar file or a JSON of holidays, and
// settles what it says of a day twice; only days of the period, if one is given. Ends the program
// in words where the file cannot be taken. personal: of a person's own, as in ical_window. To be
// freed with holidays_free().
void calendar_file_read(struct context *context, const struct options *options, bool personal,
                        struct holidays *holidays);

size_t calendar_file_days(const struct holidays *holidays);

// How it was read, to be shown before it is taken.
struct table *calendar_file_table(const struct holidays *holidays);
