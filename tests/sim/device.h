// A simulated device: its clocks, its disk with the real outbox on it, a person who logs facts, and
// two programs that run the real sync core: an agent, which is always there, and commands, which
// come and go.
#pragma once

#include "client/lib/device_clock.h"
#include "client/lib/outbox.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct device;
struct network;
struct network_events;
struct world;

// What the person knows of a fact.
struct known_fact {
    Tiejun__V1__Fact *fact;
    // What it may have become instead, when a mending was cut off in the middle.
    Tiejun__V1__Fact *other;
    // The program said that it is kept.
    bool reported;
    // It left its place in the line.
    bool mended;
    bool voided;
    // The daemon is not to take it.
    bool refusable;
    // By the centre's clock, and by which boot of the device's.
    int64_t recorded_ns;
    unsigned boot;
};

// What a network is to tell its clients.
extern const struct network_events device_events;

struct device *device_new(struct world *world, struct network *network, unsigned number);
void device_free(struct device *device);

// Things that happen to it.
// The person logs so many facts by one command.
void device_log(struct device *device, unsigned count);
void device_retry(struct device *device);
void device_step_clock(struct device *device);
void device_set_disk_full(struct device *device, bool full);
// Kills the programs, or the whole machine, at once or in the middle of what it does next.
void device_stop(struct device *device, bool power_cut);
void device_doom(struct device *device, bool power_cut);
// Takes that back.
void device_spare(struct device *device);
void device_start(struct device *device);
// The network says that it is back.
void device_hurry(struct device *device);

int64_t device_person(const struct device *device);
bool device_is_running(const struct device *device);
bool device_is_done(struct device *device);

const struct known_fact *device_facts(const struct device *device, size_t *count);
// Whether the daemon's clock was known in that boot.
bool device_knew_clock(const struct device *device, unsigned boot);
// The outbox's list of refusals. False when it cannot be read.
bool device_list_refused(struct device *device, struct arena *arena,
                         Tiejun__Client__OutboxFacts *refused);
// A promise that was seen broken on the way; NULL.
const char *device_complaint(const struct device *device);
