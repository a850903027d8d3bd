#include "tests/sim/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// When every run begins.
#define NOON_NS (INT64_C(1790000000) * 1000000000)

struct event {
    int64_t at;
    uint64_t order;
    world_event run;
    void *context;
    uint64_t a;
    uint64_t b;
};

struct world {
    int64_t now;
    uint64_t random;
    uint64_t order;
    // A heap, the next event first.
    struct event *events;
    size_t count;
    size_t capacity;
};

bool world_tracing;

struct world *world_new(uint64_t seed)
{
    struct world *world = calloc(1, sizeof *world);
    if (!world)
        abort();
    world->random = seed;
    return world;
}

void world_free(struct world *world)
{
    free(world->events);
    free(world);
}

int64_t world_now(const struct world *world)
{
    return world->now;
}

int64_t world_clock_ns(const struct world *world)
{
    return NOON_NS + world->now * 1000000;
}

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
uint64_t world_random(struct world *world)
{
    uint64_t bits = world->random += 0x9E3779B97F4A7C15U;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EBU;
    return bits ^ bits >> 31;
}

uint64_t world_below(struct world *world, uint64_t limit)
{
    return world_random(world) % limit;
}

bool world_chance(struct world *world, unsigned percent)
{
    return world_below(world, 100) < percent;
}

static bool before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct event *a, struct event *b)
{
    struct event kept = *a;
    *a = *b;
    *b = kept;
}

void world_after(struct world *world, int64_t delay_ms, world_event event, void *context,
                 uint64_t a, uint64_t b)
{
    if (world->count == world->capacity) {
        world->capacity = world->capacity ? world->capacity * 2 : 256;
        world->events = reallocarray(world->events, world->capacity, sizeof *world->events);
        if (!world->events)
            abort();
    }
    size_t place = world->count++;
    world->events[place] =
        (struct event){world->now + delay_ms, world->order++, event, context, a, b};
    while (place > 0 && before(&world->events[place], &world->events[(place - 1) / 2])) {
        swap(&world->events[place], &world->events[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
}

static struct event take_first(struct world *world)
{
    struct event first = world->events[0];
    world->events[0] = world->events[--world->count];
    size_t place = 0;
    for (;;) {
        size_t least = place;
        for (size_t child = place * 2 + 1; child <= place * 2 + 2 && child < world->count;
             child++) {
            if (before(&world->events[child], &world->events[least]))
                least = child;
        }
        if (least == place)
            return first;
        swap(&world->events[place], &world->events[least]);
        place = least;
    }
}

bool world_step(struct world *world, int64_t end_ms)
{
    if (world->count == 0 || world->events[0].at > end_ms)
        return false;
    struct event event = take_first(world);
    world->now = event.at;
    event.run(event.context, event.a, event.b);
    return true;
}

void world_trace(const struct world *world, const char *format, ...)
{
    va_list arguments;
    if (!world_tracing)
        return;
    printf("%10.3f ", (double)world->now / 1000);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}
