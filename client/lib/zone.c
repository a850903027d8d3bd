#include "client/lib/zone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

char *zone_enter(const char *zone)
{
    const char *own = getenv("TZ");
    char *before = own ? strdup(own) : NULL;
    if (zone)
        setenv("TZ", zone, 1);
    tzset();
    return before;
}

void zone_leave(char *before)
{
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
}
