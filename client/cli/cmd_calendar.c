// tiejun calendar: working days (domain.md 2.5).

#include "client/cli/calendar.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/weekdays.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/date.h"
#include "common/period.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_MAX 3660

// ---- show ----

enum { DAY_DATE, DAY_FACTOR, DAY_NAME };

static const struct table_column day_columns[] = {
    [DAY_DATE] = {"date", "", 0},
    [DAY_FACTOR] = {"factor", "", 0},
    [DAY_NAME] = {"name", "", 0},
    {NULL, NULL, 0},
};

static struct table *table_of_days(const Tiejun__V1__CalendarServiceShowResponse *response)
{
    struct table *table = table_new(day_columns);
    for (size_t i = 0; i < response->n_days; i++) {
        char factor[32];
        size_t row = table_add(table);
        table_set(table, row, DAY_DATE, response->days[i]->date);
        table_set(table, row, DAY_FACTOR,
                  render_milli(response->days[i]->factor_milli, factor, sizeof factor));
        table_set(table, row, DAY_NAME, response->days[i]->name);
    }
    return table;
}

static const struct option_spec show_options[] = {UNIT_OPTION, RANGE_OPTIONS, OPTIONS_END};

// "2025-13" is a slip in a period; no unit is called so.
static bool looks_like_period(const char *text)
{
    return strspn(text, "0123456789") >= 4 && text[strspn(text, "0123456789-.QW")] == '\0';
}

// The argument is a year or another period, or as elsewhere the unit.
static void read_show(struct context *context, const struct options *options,
                      Tiejun__V1__CalendarServiceShowRequest *request)
{
    const char *text = argument_text(options, 0);
    date_day first;
    date_day last;
    bool is_period =
        text && (looks_like_period(text) || period_parse(text, date_today_local(), &first, &last));
    request->unit = is_period ? option_text(options, "unit") : unit_text(options);
    if (!is_period && context_range(context, options, &request->from_date, &request->to_date))
        return;
    context_period(context, is_period ? text : "this-year", &first, &last);
    request->from_date = context_day(context, first);
    request->to_date = context_day(context, last);
}

static int calendar_show(struct context *context, const struct options *options)
{
    Tiejun__V1__CalendarServiceShowRequest request =
        TIEJUN__V1__CALENDAR_SERVICE_SHOW_REQUEST__INIT;
    read_show(context, options, &request);
    const Tiejun__V1__CalendarServiceShowResponse *response =
        context_call(context, "tiejun.v1.CalendarService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        context_print_table(context, table_of_days(response));
    else
        calendar_draw(context, response);
    return COMMAND_DONE;
}

// ---- set ----

static const struct option_spec set_options[] = {
    UNIT_OPTION,
    {"holiday", 0, OPTION_FLAG, NULL, N_("Nobody works")},
    {"working", 0, OPTION_FLAG, NULL, N_("A working day, such as a make-up weekend")},
    {"half", 0, OPTION_FLAG, NULL, N_("Half a working day")},
    {"name", 0, OPTION_STRING, N_("TEXT"), N_("What the day is called")},
    OPTIONS_END,
};

static int32_t read_factor(const struct options *options)
{
    bool holiday = options_flag(options, "holiday");
    bool working = options_flag(options, "working");
    bool half = options_flag(options, "half");
    if (holiday + working + half != 1)
        refuse_usage(_("Say which: --holiday, --working or --half."));
    return holiday ? 0 : half ? 500 : 1000;
}

static void add_days(struct context *context, const struct options *options, date_day first,
                     date_day last, Tiejun__V1__CalendarServiceSetRequest *request)
{
    size_t count = (size_t)last - (size_t)first + 1;
    Tiejun__V1__CalendarDay *days = arena_alloc(context_arena(context), count * sizeof *days);
    request->days = arena_alloc(context_arena(context), count * sizeof *request->days);
    if (!days || !request->days)
        abort();
    request->n_days = count;
    for (size_t i = 0; i < count; i++) {
        char date[DATE_TEXT_SIZE];
        date_format(first + (date_day)i, date);
        tiejun__v1__calendar_day__init(&days[i]);
        days[i].date = context_text(context, "%s", date);
        days[i].has_factor_milli = true;
        days[i].factor_milli = read_factor(options);
        days[i].name = option_text(options, "name");
        request->days[i] = &days[i];
    }
}

static int calendar_set(struct context *context, const struct options *options)
{
    const char *text = argument_text(options, 0);
    date_day first;
    date_day last;
    context_period(context, text, &first, &last);
    if (last - first >= DAYS_MAX)
        refuse_usage(_("%s are too many days at once."), text);
    Tiejun__V1__CalendarServiceSetRequest request = TIEJUN__V1__CALENDAR_SERVICE_SET_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    add_days(context, options, first, last, &request);
    const Tiejun__V1__CalendarServiceSetResponse *response =
        context_call(context, "tiejun.v1.CalendarService.Set", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, ngettext("%d day set.", "%d days set.", (unsigned long)response->days_set),
            response->days_set);
    return COMMAND_DONE;
}

// ---- week ----

static const struct option_spec week_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("In force from this day on; today if not given")},
    OPTIONS_END,
};

static int calendar_week(struct context *context, const struct options *options)
{
    Tiejun__V1__CalendarServiceSetWeekRequest request =
        TIEJUN__V1__CALENDAR_SERVICE_SET_WEEK_REQUEST__INIT;
    const char *text = argument_text(options, 1);
    uint8_t mask = 0;
    request.unit = argument_text(options, 0);
    request.has_weekday_mask = strcmp(text, "inherit") != 0;
    if (request.has_weekday_mask && !weekdays_parse(text, &mask))
        refuse_usage(_("\"%s\" is no working week; write it like mon-fri, mon-sat or mon,wed,fri, "
                       "or inherit."),
                     text);
    request.weekday_mask = mask;
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__CalendarServiceSetWeekResponse *response =
        context_call(context, "tiejun.v1.CalendarService.SetWeek", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->has_weekday_mask)
        say(context, _("%s works %s from %s on."), or_empty(response->unit), text,
            or_empty(response->from_date));
    else
        say(context, _("%s works as the unit above from %s on."), or_empty(response->unit),
            or_empty(response->from_date));
    return COMMAND_DONE;
}

const struct command calendar_commands[] = {
    {"calendar", "show", N_("A unit's working days, month by month; this year if not given"),
     N_("[YEAR|PERIOD] [--unit UNIT]"),
     N_("tiejun calendar show 2026\n"
        "tiejun calendar show 2026-Q4 --unit /West"),
     show_options, 0, 1, calendar_show},
    {"calendar", "import", N_("Read holidays and make-up days from an iCalendar file"),
     N_("FILE.ics|FILE.json [--unit UNIT] [--period PERIOD] [--yes|--dry-run]"),
     "tiejun calendar import holidays-2026.ics --unit /", calendar_import_options, 1, 1,
     calendar_import},
    {"calendar", "set", N_("Make days holidays, working days or half days"),
     N_("DATE[..DATE] --holiday|--working|--half [--name TEXT] [--unit UNIT]"),
     N_("tiejun calendar set 2026-10-01..2026-10-07 --holiday --name \"National Day\""),
     set_options, 1, 1, calendar_set},
    {"calendar", "week", N_("Set the weekdays that a unit works"),
     N_("UNIT mon-fri|mon-sat|mon,wed,fri|inherit [--from DATE]"),
     N_("tiejun calendar week /West mon-sat --from 2026-07-01"), week_options, 2, 2, calendar_week},
    {0},
};
