#include "client/lib/holiday_json.h"

#include "common/i18n.h"

#include <jansson.h>
#include <stdio.h>

static bool add_day(struct holidays *holidays, const json_t *day)
{
    const char *date = json_string_value(json_object_get(day, "date"));
    const json_t *off = json_object_get(day, "isOffDay");
    struct holiday holiday = {.name = (char *)json_string_value(json_object_get(day, "name"))};
    if (!date || !json_is_boolean(off) || !date_parse(date, &holiday.first))
        return false;
    holiday.last = holiday.first;
    holiday.factor_milli = json_is_true(off) ? HOLIDAY_OFF : HOLIDAY_WORKED;
    return holidays_add(holidays, &holiday);
}

bool holiday_json_read(const char *text, size_t size, struct holidays *holidays, char *error,
                       size_t error_size)
{
    json_error_t problem;
    json_t *file = json_loadb(text, size, 0, &problem);
    if (!file) {
        snprintf(error, error_size, _("line %d: %s"), problem.line, problem.text);
        return false;
    }
    const json_t *days = json_object_get(file, "days");
    size_t count = json_array_size(days);
    bool good = count > 0;
    if (!good)
        snprintf(error, error_size, "%s", _("there is not one day in the calendar"));
    for (size_t i = 0; good && i < count; i++) {
        good = add_day(holidays, json_array_get(days, i));
        if (!good)
            snprintf(error, error_size, _("day %zu of the list is wrong, or one too many"), i + 1);
    }
    json_decref(file);
    return good;
}
