#include "client/lib/brief_ground.h"

#include "client/lib/outbox.h"
#include "client/lib/own_sets.h"
#include "client/lib/refresh.h"
#include "common/arena.h"

#include <stdlib.h>

bool brief_ground_kept(struct copy *copy, struct outbox *outbox, struct arena *arena,
                       const char *today, struct brief_ground *ground, int64_t *came_ns)
{
    int64_t came;
    const char *yesterday = day_before(arena, today);
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(copy, arena, &came);
    Tiejun__Client__OutboxStatus *status = arena_alloc(arena, sizeof *status);
    if (!status)
        abort();
    *ground = (struct brief_ground){
        .date = arena_strdup(arena, today),
        .name = self ? self->name : NULL,
        .today = kept_day(copy, arena, today, came_ns),
        .yesterday = yesterday ? kept_day(copy, arena, yesterday, &came) : NULL,
        .customers = kept_customers(copy, arena, &came),
        .pace = kept_pace(copy, arena, &came),
        .scope_today = kept_scope_day(copy, arena, today, &came),
        .scope_yesterday = yesterday ? kept_scope_day(copy, arena, yesterday, &came) : NULL,
    };
    if (outbox_status(outbox, arena, status))
        ground->outbox = status;
    if (ground->today)
        return true;
    // The day began without the daemon: the standards of the last one that is known.
    return kept_day(copy, arena, NULL, came_ns) != NULL;
}
