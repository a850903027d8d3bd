// Times one split over 1,000,000 children (domain.md 2.3): every run, and the median of 5.
//
//   gcc -std=gnu17 -O2 -I. tests/bench/bench_split.c server/method/split.c server/method/ratio.c
//       -o /tmp/bench_split && /tmp/bench_split [CHILDREN]
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "server/method/split.h"

#define RUNS 5

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

// Weights of all sizes up to 2^40, a tenth of the children locked.
static void fill(struct split_child *children, size_t count)
{
    uint64_t state = UINT64_C(20230358);
    for (size_t i = 0; i < count; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        children[i] = (struct split_child){.weight = (int64_t)(state >> 24),
                                           .locked = i % 10 == 0,
                                           .locked_share = (int64_t)(state >> 44)};
    }
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    struct split_child *children = calloc(count + 1, sizeof *children);
    if (!children)
        return 1;
    fill(children, count);
    double times[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double start = seconds_now();
        enum split_result result =
            split_largest_remainder(INT64_C(9000000000000000000), children, count, NULL);
        times[run] = seconds_now() - start;
        if (result != SPLIT_OK) {
            fprintf(stderr, "split refused: %d\n", (int)result);
            free(children);
            return 1;
        }
        printf("run %d: %.3f s\n", run + 1, times[run]);
    }
    qsort(times, RUNS, sizeof *times, compare_doubles);
    printf("%zu children: median %.3f s\n", count, times[RUNS / 2]);
    free(children);
    return 0;
}
