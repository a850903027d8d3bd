// The office's day and minute, by which people are told things.
#pragma once

#include "common/date.h"

#include <stdint.h>
#include <time.h>

struct outbox;
struct copy;

struct office_time {
    char date[DATE_TEXT_SIZE];
    // Of the day.
    int minute;
    // Since 1970.
    int64_t seconds;
};

// zone: NULL: this machine's.
struct office_time office_time_at(const char *zone, time_t seconds);

// Now, by the daemon's clock as far as it is known, in the zone of the person whose copy it is.
struct office_time office_time_now(struct outbox *outbox, struct copy *copy);
