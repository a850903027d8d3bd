#include "client/lib/device_clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NANOSECONDS INT64_C(1000000000)

static int64_t read_clock(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

// Of one boot as long as the program runs.
static const char *boot_of_machine(void)
{
    static char boot[UUID_TEXT_SIZE];
    if (boot[0])
        return boot;
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return boot;
    if (!fgets(boot, sizeof boot, file) || !uuid_valid(boot))
        boot[0] = '\0';
    fclose(file);
    return boot;
}

void device_clock_now(struct device_instant *now)
{
    now->wall_ns = read_clock(CLOCK_REALTIME);
    now->boot_ns = read_clock(CLOCK_BOOTTIME);
    memcpy(now->boot, boot_of_machine(), sizeof now->boot);
}

struct device_instant device_clock_between(const struct device_instant *before,
                                           const struct device_instant *after)
{
    struct device_instant middle = *after;
    int64_t half = (after->boot_ns - before->boot_ns) / 2;
    middle.boot_ns -= half;
    middle.wall_ns -= half;
    return middle;
}

static bool same_boot(const struct device_instant *a, const struct device_instant *b)
{
    return a->boot[0] && strcmp(a->boot, b->boot) == 0;
}

int64_t device_clock_corrected(const struct device_instant *recorded, const struct clock_fix *own,
                               const struct clock_fix *now)
{
    if (same_boot(recorded, &now->device))
        return now->daemon_ns - (now->device.boot_ns - recorded->boot_ns);
    if (own && same_boot(recorded, &own->device))
        return own->daemon_ns - (own->device.boot_ns - recorded->boot_ns);
    int64_t ahead_ns = now->device.wall_ns - now->daemon_ns;
    return recorded->wall_ns - ahead_ns;
}
