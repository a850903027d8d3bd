// Holidays and make-up workdays out of the JSON of NateScarlet/holiday-cn:
// {"year": 2024, "days": [{"name": "元旦", "date": "2024-01-01", "isOffDay": true}, ...]}.
#pragma once

#include "client/lib/holidays.h"

// Adds to holidays, unsettled; bounded as holidays.h is. False with one sentence in the user's
// language.
bool holiday_json_read(const char *text, size_t size, struct holidays *holidays, char *error,
                       size_t error_size);
