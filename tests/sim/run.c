#include "tests/sim/run.h"

#include "tests/sim/centre.h"
#include "tests/sim/device.h"
#include "tests/sim/network.h"
#include "tests/sim/promises.h"
#include "tests/sim/world.h"

#define TROUBLE_MS 100000
#define CALM_MS 1200000
#define DEVICES_MOST 4

struct run {
    struct world *world;
    struct centre *centre;
    struct network *network;
    struct device *devices[DEVICES_MOST];
    unsigned device_count;
    // Of this run's dice: how often things happen.
    unsigned trouble;
};

// ---- what happens ----

static void start_later(void *context, uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
    device_start(context);
}

static void daemon_later(void *context, uint64_t daemon, uint64_t b)
{
    (void)b;
    centre_start(((struct run *)context)->centre, (unsigned)daemon);
}

static void daemon_stops(struct run *run)
{
    unsigned daemon = (unsigned)world_below(run->world, CENTRE_DAEMONS);
    centre_stop(run->centre, daemon, world_chance(run->world, 60));
    world_after(run->world, (int64_t)world_below(run->world, 60000), daemon_later, run, daemon, 0);
}

static void make_trouble(struct run *run, struct device *device)
{
    bool power_cut = world_chance(run->world, 50);
    switch (world_below(run->world, 9)) {
    case 0:
        device_stop(device, power_cut);
        break;
    case 1:
        device_doom(device, power_cut);
        break;
    case 2:
        device_step_clock(device);
        break;
    case 3:
        device_set_disk_full(device, world_chance(run->world, 40));
        break;
    case 4:
        device_hurry(device);
        break;
    case 5:
        database_fail_over(centre_database(run->centre));
        break;
    case 6:
        tables_change(centre_tables(run->centre));
        break;
    default:
        daemon_stops(run);
    }
}

static void happen(void *context, uint64_t a, uint64_t b)
{
    struct run *run = context;
    struct world *world = run->world;
    (void)a;
    (void)b;
    if (world_now(world) > TROUBLE_MS)
        return;
    struct device *device = run->devices[world_below(world, run->device_count)];
    if (!device_is_running(device))
        world_after(world, (int64_t)world_below(world, 5000), start_later, device, 0, 0);
    else if (world_chance(world, run->trouble))
        make_trouble(run, device);
    else if (world_chance(world, 20))
        device_retry(device);
    else
        device_log(device, world_chance(world, 80) ? 1 : 1 + (unsigned)world_below(world, 9));
    world_after(world, (int64_t)world_below(world, 6000), happen, run, 0, 0);
}

// ---- its parts ----

static void begin(struct run *run, uint64_t seed)
{
    run->world = world_new(seed);
    run->centre = centre_new(run->world);
    run->network = network_new(run->world, run->centre, &device_events);
    run->device_count = 1 + (unsigned)world_below(run->world, DEVICES_MOST);
    run->trouble = (unsigned)world_below(run->world, 60);
    for (unsigned i = 0; i < run->device_count; i++)
        run->devices[i] = device_new(run->world, run->network, i);
    happen(run, 0, 0);
}

static void calm_down(struct run *run)
{
    world_trace(run->world, "all is calm");
    centre_calm(run->centre);
    network_calm(run->network);
    for (unsigned i = 0; i < run->device_count; i++) {
        device_set_disk_full(run->devices[i], false);
        device_spare(run->devices[i]);
        device_start(run->devices[i]);
    }
}

static void end(struct run *run)
{
    for (unsigned i = 0; i < run->device_count; i++)
        device_free(run->devices[i]);
    network_free(run->network);
    centre_free(run->centre);
    world_free(run->world);
}

struct run_result run_seed(uint64_t seed)
{
    struct run run = {0};
    struct run_result result;
    const struct row *rows;
    begin(&run, seed);
    while (world_step(run.world, TROUBLE_MS))
        continue;
    calm_down(&run);
    // Who has nothing left to do asks for nothing: the run ends by itself, or too late.
    while (world_step(run.world, TROUBLE_MS + CALM_MS))
        continue;
    promises_check(run.centre, run.devices, run.device_count, result.broken, sizeof result.broken);
    result.facts = tables_rows(centre_tables(run.centre), &rows);
    result.database = database_counts(centre_database(run.centre));
    end(&run);
    return result;
}
