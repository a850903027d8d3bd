#include "client/agent/office_time.h"

#include "client/lib/outbox.h"
#include "client/lib/refresh.h"
#include "client/lib/zone.h"
#include "common/arena.h"

#include <stdlib.h>

#define NANOSECONDS INT64_C(1000000000)
#define BUDGET ((size_t)1 << 20)

struct office_time office_time_at(const char *zone, time_t seconds)
{
    struct office_time now = {0};
    struct tm clock = {0};
    char *before = zone_enter(zone);
    localtime_r(&seconds, &clock);
    zone_leave(before);
    strftime(now.date, sizeof now.date, "%Y-%m-%d", &clock);
    now.minute = clock.tm_hour * 60 + clock.tm_min;
    now.seconds = seconds;
    return now;
}

struct office_time office_time_now(struct outbox *outbox, struct copy *copy)
{
    int64_t came;
    struct arena *arena = arena_new(BUDGET);
    if (!arena)
        abort();
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(copy, arena, &came);
    struct office_time now =
        office_time_at(self ? self->time_zone : NULL, outbox_clock(outbox) / NANOSECONDS);
    arena_free(arena);
    return now;
}
