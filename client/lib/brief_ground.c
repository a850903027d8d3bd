#include "client/lib/brief_ground.h"

#include "client/lib/outbox.h"
#include "client/lib/own_sets.h"
#include "client/lib/refresh.h"
#include "common/arena.h"
#include "common/date.h"

#include <stdlib.h>

static const Tiejun__V1__FactServiceShowDayResponse *
day_before(struct copy *copy, struct arena *arena, const char *today)
{
    date_day day;
    int64_t came;
    char yesterday[DATE_TEXT_SIZE];
    if (!date_parse(today, &day) || day == DATE_MIN)
        return NULL;
    date_format(day - 1, yesterday);
    return kept_day(copy, arena, yesterday, &came);
}

bool brief_ground_kept(struct copy *copy, struct outbox *outbox, struct arena *arena,
                       const char *today, struct brief_ground *ground, int64_t *came_ns)
{
    int64_t came;
    Tiejun__Client__OutboxStatus *status = arena_alloc(arena, sizeof *status);
    if (!status)
        abort();
    *ground = (struct brief_ground){
        .today = kept_day(copy, arena, today, came_ns),
        .yesterday = day_before(copy, arena, today),
        .customers = kept_customers(copy, arena, &came),
    };
    if (outbox_status(outbox, arena, status))
        ground->outbox = status;
    if (ground->today)
        return true;
    // The day began without the daemon: the standards of the last one that is known.
    return kept_day(copy, arena, NULL, came_ns) != NULL;
}
