// What time it was, by a device whose clock may be wrong (domain.md 3.4 judges by the time when a
// fact was recorded).
//
// Instants here are nanoseconds since 1970-01-01T00:00:00Z. A device has two clocks: the wall
// clock, which may be off and may be set in between, and the time since it was booted, which
// nothing sets and which goes on while it sleeps (CLOCK_BOOTTIME). The second one bridges the way
// from a fact to the daemon's clock as long as the device is not booted again.
#pragma once

#include "common/uuid.h"

#include <stdbool.h>
#include <stdint.h>

struct device_instant {
    int64_t wall_ns;
    // Since the boot named below.
    int64_t boot_ns;
    // Which boot it is: a UUID, or empty where the system does not say.
    char boot[UUID_TEXT_SIZE];
};

// One moment by the device and by the daemon: what Hello and Welcome measure.
struct clock_fix {
    struct device_instant device;
    int64_t daemon_ns;
};

// The clocks of this machine.
void device_clock_now(struct device_instant *now);

// The moment halfway between two, where the daemon most likely read its clock. Both are of one
// boot.
struct device_instant device_clock_between(const struct device_instant *before,
                                           const struct device_instant *after);

// When it was by the daemon's clock. own: a fix of the boot in which it was recorded, or NULL; now:
// the latest fix. Within a boot the wall clock does not matter; else it counts as being as far off
// then as it is now.
int64_t device_clock_corrected(const struct device_instant *recorded, const struct clock_fix *own,
                               const struct clock_fix *now);
