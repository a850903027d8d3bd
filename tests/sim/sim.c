// The simulator: the real sync core and the real outbox (client/lib) of several devices, and the
// real intake (server/rpc) of two daemons, over a simulated network, database, disk and clock, in
// one process and by a seed.
//
//     sim [--from SEED] [--seeds N] [--jobs N]    runs so many seeds, by so many processes
//     sim --trace --seed SEED                     one run again, told step by step
//
// Exit code 1 when a run breaks a promise (promises.h) or breaks down: its seed is printed.
#include "common/log.h"
#include "tests/sim/run.h"
#include "tests/sim/vfs.h"
#include "tests/sim/world.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MOST = 64 };

struct settings {
    uint64_t from;
    uint64_t seeds;
    uint64_t jobs;
};

// What one process found, in memory that it shares with the first.
struct report {
    // The latest, and how many have come to their end.
    uint64_t seed;
    uint64_t seeds;
    bool finished;
    struct run_result sum;
};

static void add(struct report *report, const struct run_result *result)
{
    report->seeds++;
    report->sum.facts += result->facts;
    report->sum.database.transactions += result->database.transactions;
    report->sum.database.shared += result->database.shared;
    report->sum.database.failed += result->database.failed;
}

// Every so manieth seed.
static void run_job(const struct settings *settings, uint64_t job, struct report *report)
{
    for (uint64_t i = job; i < settings->seeds && !report->sum.broken[0]; i += settings->jobs) {
        report->seed = settings->from + i;
        struct run_result result = run_seed(report->seed);
        add(report, &result);
        memcpy(report->sum.broken, result.broken, sizeof result.broken);
    }
    report->finished = true;
}

// One job alone is run here, where a debugger looks.
static void start_job(const struct settings *settings, uint64_t job, struct report *report)
{
    pid_t child = settings->jobs > 1 ? fork() : 0;
    if (child < 0) {
        perror("fork");
        exit(2);
    }
    if (child == 0)
        run_job(settings, job, report);
    // Not _exit(): a sanitizer says then what was never freed.
    if (child == 0 && settings->jobs > 1)
        exit(0);
}

// Whether each process ended well.
static bool run_jobs(const struct settings *settings, struct report *reports)
{
    for (uint64_t job = 0; job < settings->jobs; job++)
        start_job(settings, job, &reports[job]);
    int status;
    bool good = true;
    while (wait(&status) > 0)
        good = good && status == 0;
    return good;
}

static void print_again(uint64_t seed)
{
    printf("Again, step by step: sim --trace --seed %" PRIu64 "\n", seed);
}

static bool print(const struct settings *settings, const struct report *reports)
{
    struct report all = {0};
    for (uint64_t job = 0; job < settings->jobs; job++) {
        const struct report *report = &reports[job];
        if (report->sum.broken[0]) {
            printf("seed %" PRIu64 ": %s\n", report->seed, report->sum.broken);
            print_again(report->seed);
            return false;
        }
        if (!report->finished) {
            printf("the simulator broke down in seed %" PRIu64 "\n", report->seed);
            print_again(report->seed);
            return false;
        }
        add(&all, &report->sum);
        all.seeds += report->seeds - 1;
    }
    printf("%" PRIu64 " seeds from %" PRIu64
           ": %zu facts in the centre, each exactly once; %" PRIu64 " transactions, %" PRIu64
           " of several requests, %" PRIu64 " failed\n",
           all.seeds, settings->from, all.sum.facts, all.sum.database.transactions,
           all.sum.database.shared, all.sum.database.failed);
    return true;
}

static int usage(void)
{
    fprintf(stderr, "sim [--from SEED] [--seeds N] [--jobs N]\nsim [--trace] --seed SEED\n");
    return 2;
}

static bool number(const char *text, uint64_t *value)
{
    char *end;
    *value = text ? strtoull(text, &end, 10) : 0;
    return text && *text && !*end;
}

static bool read_options(struct settings *settings, char **arguments)
{
    for (; *arguments; arguments++) {
        if (strcmp(*arguments, "--trace") == 0) {
            world_tracing = true;
            continue;
        }
        uint64_t *value = strcmp(*arguments, "--from") == 0 || strcmp(*arguments, "--seed") == 0
                              ? &settings->from
                          : strcmp(*arguments, "--seeds") == 0 ? &settings->seeds
                          : strcmp(*arguments, "--jobs") == 0  ? &settings->jobs
                                                               : NULL;
        if (!value || !number(*++arguments, value))
            return false;
    }
    return settings->seeds > 0 && settings->jobs > 0 && settings->jobs <= JOBS_MOST;
}

int main(int argc, char **argv)
{
    struct settings settings = {.from = 1, .seeds = 1, .jobs = 1};
    (void)argc;
    if (!read_options(&settings, argv + 1))
        return usage();
    struct report *reports = mmap(NULL, JOBS_MOST * sizeof *reports, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (reports == MAP_FAILED)
        return perror("mmap"), 2;
    // What the intake says of faults is not to be seen: they are made here by the thousand.
    log_set_level((enum log_level)0);
    vfs_register();
    // Memory that one run gives back is the next one's.
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    bool good = run_jobs(&settings, reports);
    return print(&settings, reports) && good ? 0 : 1;
}
