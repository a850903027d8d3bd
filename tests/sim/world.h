// The simulated world: a time that jumps from event to event, and chance by a seed. Everything that
// happens in a run follows from the seed alone.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct world;

typedef void (*world_event)(void *context, uint64_t a, uint64_t b);

struct world *world_new(uint64_t seed);
void world_free(struct world *world);

// Milliseconds since the run began.
int64_t world_now(const struct world *world);
// The true time, in nanoseconds since 1970: the centre's clocks are right.
int64_t world_clock_ns(const struct world *world);

uint64_t world_random(struct world *world);
// 0 to limit - 1; limit is not 0.
uint64_t world_below(struct world *world, uint64_t limit);
bool world_chance(struct world *world, unsigned percent);

// Runs the event after that time; of two at the same time the one that was asked for first.
void world_after(struct world *world, int64_t delay_ms, world_event event, void *context,
                 uint64_t a, uint64_t b);

// Runs the next event. False when there is none before the end.
bool world_step(struct world *world, int64_t end_ms);

// With --trace: a line about what happens.
void world_trace(const struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
extern bool world_tracing;
