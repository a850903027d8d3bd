// Calendars of publishers: any bytes are days or a sentence, and what they come to is bounded and
// in order. client/lib/ical.h, holidays.h.

#include "client/lib/ical.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_settled(struct holidays *holidays)
{
    PROMISE(holidays->days <= HOLIDAYS_DAYS_MAX);
    PROMISE(holidays_settle(holidays));
    for (size_t i = 0; i < holidays->count; i++) {
        const struct holiday *each = &holidays->list[i];
        PROMISE(each->first >= DATE_MIN && each->first <= each->last && each->last <= DATE_MAX);
        PROMISE(i == 0 || holidays->list[i - 1].last < each->first);
        PROMISE(each->factor_milli >= 0 && each->factor_milli <= HOLIDAY_WORKED);
        PROMISE(!each->name || utf8_valid(each->name, strlen(each->name)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ical_window window = {.time_zone = "Asia/Shanghai"};
    struct holidays holidays = {0};
    char error[512] = "";
    PROMISE(date_parse("2024-01-01", &window.from) && date_parse("2030-12-31", &window.to));
    if (ical_read((const char *)data, size, &window, &holidays, error, sizeof error))
        check_settled(&holidays);
    else
        PROMISE(*error && !strchr(error, '\n'));
    holidays_free(&holidays);
    return 0;
}
