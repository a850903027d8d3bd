// tiejun calendar import: holidays and make-up workdays from a publisher's file, shown before they
// are taken (domain.md 2.5).

#include "client/cli/calendar.h"
#include "client/cli/calendar_file.h"
#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"

const struct option_spec calendar_import_options[] = {
    UNIT_OPTION,
    RANGE_OPTIONS,
    CONFIRM_OPTIONS,
    OPTIONS_END,
};

static void add_days(struct context *context, const struct holidays *holidays,
                     Tiejun__V1__CalendarServiceSetRequest *request)
{
    size_t count = calendar_file_days(holidays);
    Tiejun__V1__CalendarDay *days = context_room(context, count, sizeof *days);
    request->days = context_room(context, count, sizeof *request->days);
    for (size_t i = 0; i < holidays->count; i++) {
        const struct holiday *one = &holidays->list[i];
        for (date_day day = one->first; day <= one->last; day++) {
            Tiejun__V1__CalendarDay *next = &days[request->n_days];
            tiejun__v1__calendar_day__init(next);
            next->date = context_day(context, day);
            next->has_factor_milli = true;
            next->factor_milli = one->factor_milli;
            next->name = context_text(context, "%s", one->name);
            request->days[request->n_days++] = next;
        }
    }
}

static void take(struct context *context, const struct options *options,
                 const struct holidays *holidays)
{
    Tiejun__V1__CalendarServiceSetRequest request = TIEJUN__V1__CALENDAR_SERVICE_SET_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    add_days(context, holidays, &request);
    const Tiejun__V1__CalendarServiceSetResponse *response =
        context_call(context, "tiejun.v1.CalendarService.Set", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, ngettext("%d day set.", "%d days set.", (unsigned long)response->days_set),
            response->days_set);
}

int calendar_import(struct context *context, const struct options *options)
{
    struct holidays holidays = {0};
    calendar_file_read(context, options, false, &holidays);
    size_t days = calendar_file_days(&holidays);
    context_print_table(context, calendar_file_table(&holidays));
    if (holidays.observances > 0)
        say(context,
            ngettext("%zu event is a day of remembrance only, and left out.",
                     "%zu events are days of remembrance only, and left out.",
                     holidays.observances),
            holidays.observances);
    if (days == 0)
        say(context, "%s", _("Not one day of it is in that period."));
    else if (confirm(context, options,
                     context_text(context, _("Take these %zu days into the calendar of %s?"), days,
                                  option_text(options, "unit") ? option_text(options, "unit")
                                                               : _("your unit"))))
        take(context, options, &holidays);
    holidays_free(&holidays);
    return COMMAND_DONE;
}
