// Who asks, as a piece of work needs to know it when its session may be gone.
#pragma once

#include "common/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct caller {
    uint64_t session_id;
    // Id of the person, as text for the database; empty before a login.
    const char *actor;
    // Id of the device, likewise.
    const char *device;
    const char *language;
    // For the log.
    const char *address;
    const char *handle;
};

enum { CALLER_VALUES = 4 };

// A copy whose texts are in the arena. False past its budget.
bool caller_copy(struct caller *copy, struct arena *arena, const struct caller *caller);

// What STATEMENT_ACTOR takes. method: its short name. The texts stay where they are.
void caller_values(const struct caller *caller, const char *method,
                   const char *values[CALLER_VALUES]);
