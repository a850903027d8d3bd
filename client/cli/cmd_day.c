// tiejun day: one day of one rep against the standard (domain.md 2.1, 3.2).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/fact_table.h"
#include "client/cli/words.h"
#include "client/lib/render.h"
#include "common/money.h"

#include <stdio.h>
#include <string.h>

#define BAR_CELLS 16
#define BAR_SIZE 128

enum {
    COLUMN_METRIC,
    COLUMN_BAR,
    COLUMN_EFFECTIVE,
    COLUMN_STANDARD,
    COLUMN_DONE,
    COLUMN_CURRENCY,
};

static const struct table_column columns[] = {
    [COLUMN_METRIC] = {"metric", "", 0},
    [COLUMN_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_DROP},
    [COLUMN_EFFECTIVE] = {"effective", N_("effective"), TABLE_RIGHT},
    [COLUMN_STANDARD] = {"standard", N_("standard"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_DONE] = {"done", N_("done"), TABLE_RIGHT},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_metric(struct table *table, const Tiejun__V1__DayMetric *metric)
{
    char name[WORD_SIZE];
    char bar[BAR_SIZE];
    size_t row = table_add(table);
    table_set_raw(table, row, COLUMN_METRIC, word(metric->metric, name), metric->metric);
    table_set_money(table, row, COLUMN_EFFECTIVE, metric->effective, metric->currency);
    table_set_money(table, row, COLUMN_DONE, metric->done, metric->currency);
    table_set(table, row, COLUMN_CURRENCY, metric->currency);
    // A day off asks for nothing.
    if (!metric->has_standard || metric->standard <= 0)
        return;
    bool reached = metric->effective >= metric->standard;
    table_set_money(table, row, COLUMN_STANDARD, metric->standard, metric->currency);
    table_set(table, row, COLUMN_BAR,
              render_bar(metric->effective, metric->standard, BAR_CELLS, bar, sizeof bar));
    table_set_colour(table, row, COLUMN_BAR, reached ? TABLE_GOOD : TABLE_WARN);
}

static const char *day_kind(int32_t factor_milli, int32_t away_milli)
{
    if (factor_milli <= 0)
        return away_milli > 0 ? _("day of leave") : _("day off");
    return factor_milli < 1000 ? _("half a working day") : _("working day");
}

static void print_heading(struct context *context,
                          const Tiejun__V1__FactServiceShowDayResponse *response)
{
    char day[64];
    bool named = response->day_name && *response->day_name;
    say_in(context, TABLE_BOLD, _("%s (%s), %s"), or_empty(response->person_name),
           or_empty(response->person), or_empty(response->unit));
    const char *kind = day_kind(response->factor_milli, response->away_milli);
    say(context, _("%s, %s"), render_date(response->date, day, sizeof day),
        named ? context_text(context, _("%s: %s"), kind, response->day_name) : kind);
    say(context, "%s", "");
}

static void print_day(struct context *context,
                      const Tiejun__V1__FactServiceShowDayResponse *response)
{
    print_heading(context, response);
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_metrics; i++)
        fill_metric(table, response->metrics[i]);
    context_print_table(context, table);
    if (context_mode(context) == OUTPUT_CSV)
        return;
    if (response->n_metrics > 0)
        say(context, "%s", "");
    if (response->n_facts == 0)
        say(context, "%s", _("Nothing was logged on this day."));
    struct fact_table_style style = {.hide_date = true, .hide_person = true};
    context_print_table(context, fact_table(response->facts, response->n_facts, style));
}

static const struct option_spec day_options[] = {PERSON_OPTION, OPTIONS_END};

static int day(struct context *context, const struct options *options)
{
    Tiejun__V1__FactServiceShowDayRequest request = TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
    request.person = option_text(options, "person");
    request.date = context_date(context, argument_text(options, 0));
    const Tiejun__V1__FactServiceShowDayResponse *response =
        context_call(context, "tiejun.v1.FactService.ShowDay", &request.base);
    if (!context_print_json(context, &response->base))
        print_day(context, response);
    return COMMAND_DONE;
}

const struct command day_commands[] = {
    {"day", NULL, N_("A rep's day against the standard, and what was done"),
     N_("[DATE] [--person HANDLE]"), "tiejun day\ntiejun day yesterday --person li.wei",
     day_options, 0, 1, day},
    {0},
};
