// The simulator: the real sync core and the real outbox (client/lib) of several devices, over a
// simulated network, disk and clock, in one process and by a seed.
//
//     sim [--from SEED] [--seeds N]     runs so many seeds; stops at the first that fails
//     sim --trace --from SEED           one run again, told step by step
//
// After every run these must hold, or it ends with exit code 1 and the seed:
// - every fact that was reported saved is in the centre exactly once, with its content, or among
// the
//   visible refusals if the centre is not to take it;
// - nothing is in the centre that nobody logged, and no outbox has anything left to send;
// - facts of a device came in the order recorded, and with the time when they were recorded by the
//   centre's clock, whatever the device's clock said;
// - a device rests for at most a minute, and for as long as a busy daemon asks.
#include "tests/sim/centre.h"
#include "tests/sim/device.h"
#include "tests/sim/disk.h"
#include "tests/sim/network.h"
#include "tests/sim/world.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES_MOST 3
#define CHAOS_MS 100000
#define CALM_MS 1200000
#define NANOSECONDS INT64_C(1000000000)
// Half of the longest way there and back.
#define CLOCK_TOLERANCE_NS (9 * NANOSECONDS)

struct run {
    struct world *world;
    struct centre *centre;
    struct network *network;
    struct device *devices[DEVICES_MOST];
    unsigned device_count;
    // Of this run's dice: how often things happen.
    unsigned trouble;
    char failure[512];
};

static void fail(struct run *run, const char *what, const char *id)
{
    if (!run->failure[0])
        snprintf(run->failure, sizeof run->failure, "%s%s%s", what, id ? ": " : "", id ? id : "");
}

// ---- what happens ----

static void happen(void *context, uint64_t a, uint64_t b);

static void next(struct run *run)
{
    if (world_now(run->world) < CHAOS_MS)
        world_after(run->world, (int64_t)world_below(run->world, 6000), happen, run, 0, 0);
}

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

static void daemon_dies(struct run *run)
{
    unsigned daemon = (unsigned)world_below(run->world, CENTRE_DAEMONS);
    world_trace(run->world, "daemon %u dies", daemon);
    centre_stop(run->centre, daemon);
    world_after(run->world, (int64_t)world_below(run->world, 60000), daemon_later, run, daemon, 0);
}

static void make_trouble(struct run *run, struct device *device)
{
    bool power_cut = world_chance(run->world, 50);
    switch (world_below(run->world, 7)) {
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
    default:
        daemon_dies(run);
    }
}

static void happen(void *context, uint64_t a, uint64_t b)
{
    struct run *run = context;
    (void)a;
    (void)b;
    if (world_now(run->world) > CHAOS_MS)
        return;
    struct device *device = run->devices[world_below(run->world, run->device_count)];
    if (!device_is_running(device))
        world_after(run->world, (int64_t)world_below(run->world, 5000), start_later, device, 0, 0);
    else if (world_chance(run->world, run->trouble))
        make_trouble(run, device);
    else if (world_chance(run->world, 20))
        device_retry(device);
    else
        device_log(device);
    next(run);
}

// ---- what must hold ----

static bool equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

// All but the times, which are corrected on the way.
static bool same_content(const Tiejun__V1__Fact *a, const Tiejun__V1__Fact *b)
{
    return a && b && equal(a->id, b->id) && a->kind == b->kind && equal(a->voids, b->voids) &&
           equal(a->customer, b->customer) && equal(a->note, b->note) && a->minutes == b->minutes;
}

static size_t times_in_centre(const struct run *run, const char *id, const struct centre_row **row)
{
    const struct centre_row *rows;
    size_t count = centre_rows(run->centre, &rows);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].id, id) == 0) {
            *row = &rows[i];
            found++;
        }
    }
    return found;
}

static void check_clock(struct run *run, const struct device *device,
                        const struct known_fact *known, const Tiejun__V1__Fact *kept)
{
    if (!device_knew_clock(device, known->boot))
        return;
    int64_t said = kept->recorded_at->seconds * NANOSECONDS + kept->recorded_at->nanos;
    int64_t wrong = said - known->recorded_ns;
    if (wrong > CLOCK_TOLERANCE_NS || wrong < -CLOCK_TOLERANCE_NS)
        fail(run, "a fact has a wrong time", known->fact->id);
    if (!kept->occurred_at || kept->occurred_at->seconds != kept->recorded_at->seconds)
        fail(run, "a fact happened at another time than it was recorded", known->fact->id);
}

static void check_fact(struct run *run, struct device *device, const struct known_fact *known)
{
    const struct centre_row *row = NULL;
    size_t times = times_in_centre(run, known->fact->id, &row);
    bool shown = device_shows_refused(device, known->fact->id);
    if (times > 1)
        fail(run, "a fact is in the centre more than once", known->fact->id);
    if (times == 1 && shown)
        fail(run, "a fact that the centre has is shown as refused", known->fact->id);
    if (known->reported && times == 0 && !shown)
        fail(run, "a fact that was reported saved is lost", known->fact->id);
    if (shown && !known->refusable && !known->other)
        fail(run, "a good fact was refused", known->fact->id);
    if (times == 0)
        return;
    if (!same_content(row->fact, known->fact) && !same_content(row->fact, known->other))
        fail(run, "a fact has another content", known->fact->id);
    check_clock(run, device, known, row->fact);
}

// Ids are in the order recorded; a mended fact goes to the end of the line.
static void check_order(struct run *run, unsigned number, struct device *device)
{
    size_t known_count;
    const struct centre_row *rows;
    const struct known_fact *known = device_facts(device, &known_count);
    size_t count = centre_rows(run->centre, &rows);
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].device != number)
            continue;
        size_t place = 0;
        while (place < known_count && strcmp(known[place].fact->id, rows[i].id) != 0)
            place++;
        if (place == known_count)
            fail(run, "the centre has what nobody logged", rows[i].id);
        else if (known[place].mended)
            continue;
        else if (place < last)
            fail(run, "a fact came before an earlier one", rows[i].id);
        last = place > last ? place : last;
    }
}

static void check_device(struct run *run, unsigned number, struct device *device)
{
    size_t count;
    const struct known_fact *facts = device_facts(device, &count);
    if (device_complaint(device))
        fail(run, device_complaint(device), NULL);
    if (!device_is_done(device)) {
        fail(run, "an outbox has something left to send", NULL);
        return;
    }
    for (size_t i = 0; i < count; i++)
        check_fact(run, device, &facts[i]);
    check_order(run, number, device);
}

// ---- a run ----

static void calm_down(struct run *run)
{
    centre_calm(run->centre);
    network_calm(run->network);
    for (unsigned i = 0; i < CENTRE_DAEMONS; i++)
        centre_start(run->centre, i);
    for (unsigned i = 0; i < run->device_count; i++) {
        device_set_disk_full(run->devices[i], false);
        device_spare(run->devices[i]);
        device_start(run->devices[i]);
    }
}

static bool all_done(const struct run *run)
{
    for (unsigned i = 0; i < run->device_count; i++) {
        if (!device_is_done(run->devices[i]))
            return false;
    }
    return true;
}

static bool run_seed(uint64_t seed, const char *folder, size_t *facts)
{
    struct run run = {.world = world_new(seed)};
    run.centre = centre_new(run.world);
    run.network = network_new(run.world, run.centre, &device_events);
    run.device_count = 1 + (unsigned)world_below(run.world, DEVICES_MOST);
    run.trouble = (unsigned)world_below(run.world, 60);
    for (unsigned i = 0; i < run.device_count; i++)
        run.devices[i] = device_new(run.world, run.centre, run.network, i, folder);
    next(&run);
    while (world_step(run.world, CHAOS_MS))
        continue;
    world_trace(run.world, "all is calm");
    calm_down(&run);
    while (!all_done(&run) && world_step(run.world, CHAOS_MS + CALM_MS))
        continue;
    for (unsigned i = 0; i < run.device_count; i++)
        check_device(&run, i, run.devices[i]);
    const struct centre_row *rows;
    *facts += centre_rows(run.centre, &rows);
    for (unsigned i = 0; i < run.device_count; i++)
        device_free(run.devices[i]);
    network_free(run.network);
    centre_free(run.centre);
    world_free(run.world);
    if (run.failure[0])
        printf("seed %" PRIu64 ": %s\nAgain, step by step: sim --trace --from %" PRIu64 "\n", seed,
               run.failure, seed);
    return !run.failure[0];
}

static bool run_seeds(uint64_t from, uint64_t count, const char *folder)
{
    size_t facts = 0;
    for (uint64_t seed = from; seed < from + count; seed++) {
        if (!run_seed(seed, folder, &facts))
            return false;
    }
    printf("%" PRIu64 " seeds from %" PRIu64 ": %zu facts in the centre, each exactly once\n",
           count, from, facts);
    return true;
}

static uint64_t number(const char *text)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (*end || end == text) {
        fprintf(stderr, "sim: %s is no number\n", text);
        exit(2);
    }
    return value;
}

// SQLite's files are simulated; their locks and empty names are real ones.
static void remove_folder(const char *folder)
{
    static const char *const names[] = {"outbox.sqlite", "outbox.lock", ""};
    char path[PATH_MAX];
    for (unsigned i = 0; i < DEVICES_MOST; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            snprintf(path, sizeof path, "%s/%u/%s", folder, i, names[k]);
            remove(path);
        }
    }
    rmdir(folder);
}

int main(int argc, char **argv)
{
    uint64_t from = 1;
    uint64_t seeds = 0;
    char folder[] = "/tmp/tj.sim.XXXXXX";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0)
            world_tracing = true;
        else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
            from = number(argv[++i]);
        else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc)
            seeds = number(argv[++i]);
        else
            return fprintf(stderr, "sim [--trace] [--from SEED] [--seeds N]\n"), 2;
    }
    if (!mkdtemp(folder))
        return perror(folder), 2;
    disk_register();
    bool good = run_seeds(from, seeds ? seeds : 1, folder);
    remove_folder(folder);
    return good ? 0 : 1;
}
