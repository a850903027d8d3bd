// Days and instants as other programs write them.
#pragma once

#include "common/date.h"

#include <stdbool.h>
#include <stdint.h>

// formats: strptime's, in English, several separated by "|"; the first that fits the whole text
// counts. False when none does or there is no such day. A time of day in the format is ignored.
bool when_parse_day(const char *text, const char *formats, date_day *day);

// The same for an instant: by the offset in the text (%z), or else in the zone, an IANA name.
// formats NULL: RFC 3339 with an offset.
bool when_parse_instant(const char *text, const char *formats, const char *zone, int64_t *seconds,
                        int32_t *nanos);

// Whether this machine knows the zone.
bool when_zone_known(const char *zone);
