// Instants: seconds and nanoseconds since 1970-01-01T00:00:00Z, as google.protobuf.Timestamp has
// them (nanos 0 to 999999999, counting forward also before 1970), and RFC 3339 text.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// "2026-07-15T01:30:00.123456789Z" and its terminating NUL.
#define INSTANT_TEXT_SIZE 31

// RFC 3339 with any offset: "2026-07-15T09:30:00+08:00". T may be a space, fractions have 1 to 9
// digits. False for text without an offset, a day that does not exist, a leap second, and instants
// outside the years 1 to 9999.
bool instant_parse(const char *text, int64_t *seconds, int32_t *nanos);

// UTC with 0, 3, 6 or 9 digits of a second, as protobuf's JSON mapping has it. False and an empty
// text outside the years 1 to 9999 or with nanos out of range.
bool instant_format(int64_t seconds, int32_t nanos, char text[INSTANT_TEXT_SIZE]);

// The clock. nanos may be NULL.
void instant_now(int64_t *seconds, int32_t *nanos);
