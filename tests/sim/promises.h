// What must hold when a run is over, whatever happened in it:
// - every fact that was reported saved is in the centre exactly once, with its content and its
//   person, or among the visible refusals if the centre is not to take it;
// - nothing is in the centre that nobody logged, and no outbox has anything left to send;
// - facts of a device came in the order recorded (in one office: others wait for nobody), and with
//   the time when they were recorded by the centre's clock, whatever the device's clock said;
// - totals equal facts;
// - a device rests for at most a minute, and for as long as a busy daemon asks;
// - every request to a daemon was answered once, each fact by its own outcome, none before its
//   commit; and no daemon writes an office's facts twice at a time, or judges one by a setting that
//   is not in force any more.
#pragma once

#include <stddef.h>

struct centre;
struct device;

// Leaves one sentence of the first that does not hold in broken, or an empty one.
void promises_check(struct centre *centre, struct device *const *devices, size_t device_count,
                    char *broken, size_t size);
