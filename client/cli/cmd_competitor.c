// tiejun competitor: who else was seen at customers, and with what end (domain.md 2.10).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/log_competitor.h"
#include "client/cli/report.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "tiejun/v1/competitor.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 64

enum {
    COLUMN_GROUP,
    COLUMN_NAME,
    COLUMN_COMPETITOR,
    COLUMN_SIGHTINGS,
    COLUMN_DEALS,
    COLUMN_WON,
    COLUMN_LOST,
    COLUMN_OPEN,
    COLUMN_RATE,
    COLUMN_PRICE,
    COLUMN_PRICES,
    COLUMN_LAST,
};

static const struct table_column columns[] = {
    [COLUMN_GROUP] = {"group", "", TABLE_CSV_ONLY},
    [COLUMN_NAME] = {"name", "", TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_COMPETITOR] = {"competitor", N_("competitor"), TABLE_TRUNCATE},
    [COLUMN_SIGHTINGS] = {"sightings", N_("seen"), TABLE_RIGHT},
    [COLUMN_DEALS] = {"deals", N_("deals"), TABLE_RIGHT},
    [COLUMN_WON] = {"won", N_("won"), TABLE_RIGHT},
    [COLUMN_LOST] = {"lost", N_("lost"), TABLE_RIGHT},
    [COLUMN_OPEN] = {"open", N_("open"), TABLE_RIGHT},
    [COLUMN_RATE] = {"win_rate", N_("we win"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_PRICE] = {"price_against_ours", N_("their price"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_PRICES] = {"prices", "", TABLE_CSV_ONLY},
    [COLUMN_LAST] = {"last_date", N_("last"), TABLE_DROP},
    {NULL, NULL, 0},
};

static const struct option_spec report_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    {"competitor", 'c', OPTION_STRING, N_("NAME"), N_("One of them alone")},
    {"by", 'b', OPTION_STRING, N_("GROUP"), N_("unit, team, rep, day, week, month, quarter")},
    OPTIONS_END,
};

// "-10.0% (4)" for 900 thousandths of ours, of four prices.
static void fill_price(struct table *table, size_t row, const Tiejun__V1__CompetitorRow *line)
{
    char percent[TEXT_SIZE];
    char text[TEXT_SIZE * 2];
    char raw[TEXT_SIZE];
    int64_t difference = line->price_ratio_milli - 1000;
    if (!line->has_price_ratio_milli)
        return;
    render_percent(difference, percent, sizeof percent);
    snprintf(text, sizeof text, "%s%s (%d)", difference > 0 ? "+" : "", percent, (int)line->prices);
    snprintf(raw, sizeof raw, "%.3f", (double)line->price_ratio_milli / 1000);
    table_set_raw(table, row, COLUMN_PRICE, text, raw);
}

static void fill(struct table *table, const Tiejun__V1__CompetitorRow *line)
{
    size_t row = table_add(table);
    table_set(table, row, COLUMN_GROUP, line->group);
    table_set(table, row, COLUMN_NAME, line->name && *line->name ? line->name : line->group);
    table_set(table, row, COLUMN_COMPETITOR, line->competitor);
    table_set_count(table, row, COLUMN_SIGHTINGS, line->sightings);
    table_set_count(table, row, COLUMN_DEALS, line->deals);
    table_set_count(table, row, COLUMN_WON, line->won);
    table_set_count(table, row, COLUMN_LOST, line->lost);
    table_set_count(table, row, COLUMN_OPEN, line->open);
    if (line->has_win_rate_milli) {
        table_set_percent(table, row, COLUMN_RATE, line->win_rate_milli);
        table_set_colour(table, row, COLUMN_RATE,
                         line->win_rate_milli >= 500 ? TABLE_GOOD : TABLE_BAD);
    }
    fill_price(table, row, line);
    table_set_count(table, row, COLUMN_PRICES, line->prices);
    table_set(table, row, COLUMN_LAST, line->last_date);
}

static void print_report(struct context *context,
                         const Tiejun__V1__CompetitorServiceReportResponse *response)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_rows; i++)
        fill(table, response->rows[i]);
    if (context_mode(context) != OUTPUT_TABLE) {
        context_print_table(context, table);
        return;
    }
    say_in(context, TABLE_BOLD, _("%s, %s to %s"),
           report_scope(context, response->scope, response->scope_name),
           or_empty(response->from_date), or_empty(response->to_date));
    if (response->n_rows == 0) {
        table_free(table);
        say(context, "%s", _("No competitor was seen. Log one with: tiejun competitor log"));
        return;
    }
    context_print_table(context, table);
    say_in(
        context, TABLE_DIM, "%s",
        _("we win: won of won and lost. their price: the median against ours, and of how many."));
}

// The year so far, unless another time is named.
static void read_range(struct context *context, const struct options *options,
                       Tiejun__V1__CompetitorServiceReportRequest *request)
{
    date_day first;
    date_day last;
    if (context_range(context, options, &request->from_date, &request->to_date))
        return;
    context_period(context, "this-year", &first, &last);
    request->from_date = context_day(context, first);
    request->to_date = context_day(context, last);
}

static int competitor_report(struct context *context, const struct options *options)
{
    Tiejun__V1__CompetitorServiceReportRequest request =
        TIEJUN__V1__COMPETITOR_SERVICE_REPORT_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    read_range(context, options, &request);
    request.competitor_name = option_text(options, "competitor");
    request.group_by = option_enum(options, "by", &tiejun__v1__group_by__descriptor);
    request.has_group_by = request.group_by != 0;
    const Tiejun__V1__CompetitorServiceReportResponse *response =
        context_call(context, "tiejun.v1.CompetitorService.Report", &request.base);
    if (!context_print_json(context, &response->base))
        print_report(context, response);
    return COMMAND_DONE;
}

const struct command competitor_commands[] = {
    {"competitor", "log", N_("A competitor that was seen at a customer"),
     N_("CUSTOMER COMPETITOR [--price AMOUNT] [--outcome HOW] [OPTION...]"),
     N_("tiejun competitor log \"Acme Ltd\" Globex --price 11,000 --outcome lost"),
     log_competitor_options, 2, 2, log_competitor},
    {"competitor", "report", N_("How often each was seen, won and lost, at what price"),
     N_("[UNIT] [--competitor NAME] [--period PERIOD] [--by GROUP]"),
     "tiejun competitor report / --by unit", report_options, 0, 1, competitor_report},
    {0},
};
