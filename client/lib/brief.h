// What a day's numbers say in words: the morning's and the evening's brief, and what is worth a
// reminder. Made of what is at hand, the copy and the outbox; pure, without the daemon.
#pragma once

#include "client/lib/outbox.pb-c.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/pace.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

// Any of them may be NULL: it is not known.
struct brief_ground {
    // The office's day, YYYY-MM-DD, and whose brief it is.
    const char *date;
    const char *name;
    const Tiejun__V1__FactServiceShowDayResponse *today;
    const Tiejun__V1__FactServiceShowDayResponse *yesterday;
    const Tiejun__V1__CustomerServiceListResponse *customers;
    const Tiejun__Client__OutboxStatus *outbox;
    // This month, and for who leads, both days of those below.
    const Tiejun__V1__PaceServiceShowResponse *pace;
    const Tiejun__V1__ReportServiceRollupResponse *scope_today;
    const Tiejun__V1__ReportServiceRollupResponse *scope_yesterday;
};

// Several lines, the first one a title, in the arena: the month, yesterday's gap, one's own and of
// those below worst first, today's standard, the A customers, what waits (domain.md 3.8).
char *brief_morning(struct arena *arena, const struct brief_ground *ground);
// What was reached, what is missing, what waits (domain.md 3.10).
char *brief_evening(struct arena *arena, const struct brief_ground *ground);

// One sentence when a day is behind pace (domain.md 2.8) with that share of it gone by, in
// thousandths: some standard's expected part is not reached. NULL when it is not, on a day off too.
char *brief_behind_pace(struct arena *arena, const Tiejun__V1__FactServiceShowDayResponse *today,
                        int32_t elapsed_milli);
