// tiejun leave import: a person's days away from the calendar that it keeps, shown before they are
// taken (domain.md 2.5).

#include "client/cli/calendar_file.h"
#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/leave.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "tiejun/v1/leave.pb-c.h"

const struct option_spec leave_import_options[] = {
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Whose leave it is; yours if not given")},
    RANGE_OPTIONS,
    CONFIRM_OPTIONS,
    OPTIONS_END,
};

// What is worked is no leave, and goes to the end, behind count. How many events that was.
static size_t drop_worked(struct holidays *holidays)
{
    size_t kept = 0;
    for (size_t i = 0; i < holidays->count; i++) {
        struct holiday one = holidays->list[i];
        if (one.factor_milli == HOLIDAY_WORKED)
            continue;
        holidays->list[i] = holidays->list[kept];
        holidays->list[kept++] = one;
    }
    size_t dropped = holidays->count - kept;
    holidays->count = kept;
    return dropped;
}

static void take(struct context *context, const char *person, const struct holidays *holidays)
{
    int64_t millidays = 0;
    char days[32];
    const Tiejun__V1__LeaveServiceAddResponse *response = NULL;
    for (size_t i = 0; i < holidays->count; i++) {
        const struct holiday *one = &holidays->list[i];
        Tiejun__V1__LeaveServiceAddRequest request = TIEJUN__V1__LEAVE_SERVICE_ADD_REQUEST__INIT;
        request.person = person ? context_text(context, "%s", person) : NULL;
        request.from_date = context_day(context, one->first);
        request.to_date = context_day(context, one->last);
        request.has_away_milli = true;
        request.away_milli = HOLIDAY_WORKED - one->factor_milli;
        request.reason = context_text(context, "%s", or_empty(one->name));
        response = context_call(context, "tiejun.v1.LeaveService.Add", &request.base);
        millidays += response->working_millidays;
        (void)context_print_json(context, &response->base);
    }
    say(context, _("%s is away on these days: %s working days less."),
        or_empty(response ? response->person : NULL), render_milli(millidays, days, sizeof days));
}

int leave_import(struct context *context, const struct options *options)
{
    struct holidays holidays = {0};
    const char *person = option_text(options, "person");
    calendar_file_read(context, options, true, &holidays);
    size_t all = holidays.count;
    size_t left_out = drop_worked(&holidays);
    size_t days = calendar_file_days(&holidays);
    context_print_table(context, calendar_file_table(&holidays));
    if (left_out > 0)
        say(context,
            ngettext("%zu event is work, and left out.", "%zu events are work, and left out.",
                     left_out),
            left_out);
    if (days == 0)
        say(context, "%s", _("Not one day of it is in that period."));
    else if (confirm(context, options,
                     context_text(context, _("Take these %zu days as leave for %s?"), days,
                                  person ? person : _("you"))))
        take(context, person, &holidays);
    holidays.count = all;
    holidays_free(&holidays);
    return COMMAND_DONE;
}
