#include "server/rpc/caller.h"

#include <stddef.h>

bool caller_copy(struct caller *copy, struct arena *arena, const struct caller *caller)
{
    *copy = *caller;
    copy->actor = arena_strdup(arena, caller->actor);
    copy->device = arena_strdup(arena, caller->device);
    copy->address = arena_strdup(arena, caller->address);
    copy->handle = arena_strdup(arena, caller->handle);
    return copy->actor && copy->device && copy->address && copy->handle;
}

void caller_values(const struct caller *caller, const char *method,
                   const char *values[CALLER_VALUES])
{
    values[0] = *caller->actor ? caller->actor : NULL;
    values[1] = caller->address;
    values[2] = *caller->device ? caller->device : NULL;
    values[3] = method;
}
