#include "client/lib/sync_session.h"

#include "tiejun/v1/frame.pb-c.h"

#include <sys/random.h>
#include <time.h>

// Goes on while the machine sleeps: a rest is over when it wakes up.
static int64_t steady_ms(void *context)
{
    (void)context;
    struct timespec time = {0};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
}

static uint64_t random_bits(void *context)
{
    (void)context;
    uint64_t bits = 0;
    while (getrandom(&bits, sizeof bits, 0) != sizeof bits)
        continue;
    return bits;
}

struct sync_clock sync_machine_clock(void)
{
    return (struct sync_clock){NULL, steady_ms, random_bits};
}

struct sync_answer sync_session_answer(enum session_result result, const ProtobufCMessage *response,
                                       const struct session_error *error)
{
    return (struct sync_answer){
        .status = result == SESSION_OK ? TIEJUN__V1__STATUS__STATUS_OK : error->status,
        .response = (const Tiejun__V1__FactServiceLogResponse *)response,
        .code = error->code,
        .field = error->field,
        .message = error->message,
        .hint = error->hint,
        .retry_after_ms = error->retry_after_ms,
    };
}
