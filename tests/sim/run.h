// One run of the simulator: devices and a centre, some minutes of trouble, then calm in which
// everything must come to its end, and the promises (promises.h). All of it follows from the seed.
#pragma once

#include "tests/sim/database.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_result {
    size_t facts;
    struct database_counts database;
    // A sentence about the promise that was broken; empty.
    char broken[256];
};

struct run_result run_seed(uint64_t seed);
