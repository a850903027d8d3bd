// fill_outbox TOKEN_FILE COUNT DAYS AHEAD_S EARLIER: what a rep logged while offline, put into the
// outbox of a token by the code that `tiejun log` uses.
//
// COUNT visits, evenly over the last DAYS, on a device whose wall clock is AHEAD_S seconds ahead of
// the truth, which is what the clock shows less AHEAD_S. The first EARLIER of them were recorded
// before the device was booted anew; within the present boot somebody kept setting the wall clock,
// by which nothing may go. Each has its number as its note. Prints the true time of the first and
// from one to the next, in nanoseconds.

#include "client/lib/device_clock.h"
#include "client/lib/outbox.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "client/lib/token_file.h"
#include "common/uuid.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define NANOSECONDS INT64_C(1000000000)
#define DAY_NS (86400 * NANOSECONDS)
#define CUSTOMERS 50

static const char another_boot[] = "0197f3a2-5c11-4d10-8a44-3f6c1d2e9b70";

static bool add_visit(struct outbox *outbox, int64_t number, const struct device_instant *recorded)
{
    char id[UUID_TEXT_SIZE];
    char note[32];
    char customer[64];
    Google__Protobuf__Timestamp when = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__V1__Fact fact = TIEJUN__V1__FACT__INIT;
    uuid_v7(id);
    snprintf(note, sizeof note, "%" PRId64, number);
    snprintf(customer, sizeof customer, "Customer of the backlog %" PRId64, number % CUSTOMERS);
    when.seconds = recorded->wall_ns / NANOSECONDS;
    when.nanos = (int32_t)(recorded->wall_ns % NANOSECONDS);
    fact.id = id;
    fact.has_kind = true;
    fact.kind = TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT;
    fact.customer = customer;
    fact.note = note;
    fact.occurred_at = &when;
    return outbox_add(outbox, &fact, recorded, true);
}

// The device's clocks as they were ago_ns before now.
static struct device_instant instant_before(const struct device_instant *now, int64_t ago_ns,
                                            bool earlier_boot, int64_t number)
{
    struct device_instant then = *now;
    then.wall_ns -= ago_ns;
    then.boot_ns -= ago_ns;
    if (earlier_boot)
        snprintf(then.boot, sizeof then.boot, "%s", another_boot);
    else
        then.wall_ns += number % 30 * DAY_NS;
    return then;
}

static int fill(struct outbox *outbox, int64_t count, int64_t days, int64_t ahead_s,
                int64_t earlier)
{
    struct device_instant now;
    device_clock_now(&now);
    int64_t step_ns = days * DAY_NS / (count + 1);
    for (int64_t i = 0; i < count; i++) {
        struct device_instant then = instant_before(&now, (count - i) * step_ns, i < earlier, i);
        if (!add_visit(outbox, i, &then)) {
            fprintf(stderr, "fill_outbox: %s\n", outbox_reason(outbox));
            return EXIT_FAILURE;
        }
    }
    printf("%" PRId64 " %" PRId64 "\n", now.wall_ns - ahead_s * NANOSECONDS - count * step_ns,
           step_ns);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    char reason[256] = "the token cannot be read";
    uint8_t token[SESSION_TOKEN_SIZE];
    if (argc != 6) {
        fputs("Usage: fill_outbox TOKEN_FILE COUNT DAYS AHEAD_S EARLIER\n", stderr);
        return 2;
    }
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    bool read = token_file_read(argv[1], token) == TOKEN_IS_GOOD;
    char *folder = read ? state_folder_of(token) : NULL;
    struct outbox *outbox = folder ? outbox_open(folder, reason, sizeof reason) : NULL;
    if (!outbox)
        fprintf(stderr, "fill_outbox: %s\n", reason);
    int code = outbox ? fill(outbox, strtoll(argv[2], NULL, 10), strtoll(argv[3], NULL, 10),
                             strtoll(argv[4], NULL, 10), strtoll(argv[5], NULL, 10))
                      : EXIT_FAILURE;
    outbox_close(outbox);
    free(folder);
    return code;
}
