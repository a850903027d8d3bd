// tiejun calendar: working days (domain.md 2.5).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/words.h"
#include "client/lib/render.h"
#include "client/lib/weekdays.h"
#include "common/arena.h"
#include "common/date.h"
#include "tiejun/v1/calendar.pb-c.h"

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

// A week a row; column 0 is its Monday, 1 to 7 its days.
enum { WEEK_MONDAY, WEEK_FIRST_DAY, WEEK_WORKING = WEEK_FIRST_DAY + 7 };

static const struct table_column week_columns[] = {
    {"week", N_("week from"), 0},
    {"monday", N_("Mon"), TABLE_RIGHT},
    {"tuesday", N_("Tue"), TABLE_RIGHT},
    {"wednesday", N_("Wed"), TABLE_RIGHT},
    {"thursday", N_("Thu"), TABLE_RIGHT},
    {"friday", N_("Fri"), TABLE_RIGHT},
    {"saturday", N_("Sat"), TABLE_RIGHT},
    {"sunday", N_("Sun"), TABLE_RIGHT},
    {"working", N_("working days"), TABLE_RIGHT},
    {NULL, NULL, 0},
};

// "15" for a working day, "15½" for half of one, "·" for a day off, "+18" for a weekend day that is
// worked.
static void fill_day(struct context *context, struct table *table, size_t row,
                     const Tiejun__V1__CalendarDay *day, date_day date)
{
    int year;
    int month;
    int number;
    int weekday = date_weekday(date);
    size_t column = (size_t)(WEEK_FIRST_DAY + weekday - 1);
    date_to_civil(date, &year, &month, &number);
    bool made_up = weekday >= 6 && day->factor_milli > 0;
    bool half = day->factor_milli > 0 && day->factor_milli < 1000;
    if (day->factor_milli <= 0) {
        table_set(table, row, column, weekday >= 6 ? "·" : context_text(context, "(%d)", number));
        table_set_colour(table, row, column, weekday >= 6 ? TABLE_DIM : TABLE_WARN);
        return;
    }
    table_set(table, row, column,
              context_text(context, "%s%d%s", made_up ? "+" : "", number, half ? "½" : ""));
    if (made_up)
        table_set_colour(table, row, column, TABLE_GOOD);
}

static struct table *table_of_weeks(struct context *context,
                                    const Tiejun__V1__CalendarServiceShowResponse *response)
{
    struct table *table = table_new(week_columns);
    date_day monday = DATE_MIN;
    int64_t working = 0;
    for (size_t i = 0; i < response->n_days; i++) {
        date_day date;
        if (!date_parse(response->days[i]->date, &date))
            continue;
        if (date - date_weekday(date) + 1 != monday) {
            char text[DATE_TEXT_SIZE];
            monday = date - date_weekday(date) + 1;
            working = 0;
            date_format(monday, text);
            table_set(table, table_add(table), WEEK_MONDAY, text);
        }
        size_t row = table_rows(table) - 1;
        char sum[32];
        working += response->days[i]->factor_milli;
        fill_day(context, table, row, response->days[i], date);
        table_set(table, row, WEEK_WORKING, render_milli(working, sum, sizeof sum));
    }
    return table;
}

static void print_calendar(struct context *context,
                           const Tiejun__V1__CalendarServiceShowResponse *response)
{
    char total[32];
    char day[64];
    context_print_table(context, table_of_weeks(context, response));
    say(context, _("%s working days in all"),
        render_milli(response->working_millidays, total, sizeof total));
    for (size_t i = 0; i < response->n_days; i++) {
        const Tiejun__V1__CalendarDay *named = response->days[i];
        if (named->name && *named->name)
            say(context, "%s  %s", render_date(named->date, day, sizeof day), named->name);
    }
}

static const struct option_spec show_options[] = {UNIT_OPTION, RANGE_OPTIONS, OPTIONS_END};

static int calendar_show(struct context *context, const struct options *options)
{
    Tiejun__V1__CalendarServiceShowRequest request =
        TIEJUN__V1__CALENDAR_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    context_range_or_month(context, options, &request.from_date, &request.to_date);
    const Tiejun__V1__CalendarServiceShowResponse *response =
        context_call(context, "tiejun.v1.CalendarService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        context_print_table(context, table_of_days(response));
    else
        print_calendar(context, response);
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
    {"calendar", "show", N_("Working days of a unit, week by week"), N_("[UNIT] [--period PERIOD]"),
     "tiejun calendar show --period 2026-10", show_options, 0, 1, calendar_show},
    {"calendar", "set", N_("Make days holidays, working days or half days"),
     N_("DATE[..DATE] --holiday|--working|--half [--name TEXT] [--unit UNIT]"),
     N_("tiejun calendar set 2026-10-01..2026-10-07 --holiday --name \"National Day\""),
     set_options, 1, 1, calendar_set},
    {"calendar", "week", N_("Set the weekdays that a unit works"),
     N_("UNIT mon-fri|mon-sat|mon,wed,fri|inherit [--from DATE]"),
     "tiejun calendar week /West mon-sat --from 2026-07-01", week_options, 2, 2, calendar_week},
    {0},
};
