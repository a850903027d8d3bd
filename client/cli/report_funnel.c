#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/report.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"

#include <string.h>

#define BAR_CELLS 24
#define BAR_SIZE 128

const struct option_spec report_funnel_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    {"by", 'b', OPTION_STRING, N_("GROUP"), N_("unit, team, rep, month, quarter (of the close)")},
    OPTIONS_END,
};

// ---- groups ----

enum {
    COLUMN_GROUP,
    COLUMN_NAME,
    COLUMN_C,
    COLUMN_B,
    COLUMN_A,
    COLUMN_SIGNED,
    COLUMN_LOST,
    COLUMN_OF_CLOSED,
    COLUMN_OF_ALL,
    COLUMN_WON,
    COLUMN_CURRENCY,
    COLUMN_OPEN_VALUE,
    COLUMN_DAYS,
};

static const struct table_column columns[] = {
    [COLUMN_GROUP] = {"group", "", TABLE_CSV_ONLY},
    [COLUMN_NAME] = {"name", "", TABLE_TRUNCATE},
    [COLUMN_C] = {"open_c", "C", TABLE_RIGHT},
    [COLUMN_B] = {"open_b", "B", TABLE_RIGHT},
    [COLUMN_A] = {"open_a", "A", TABLE_RIGHT},
    [COLUMN_SIGNED] = {"signed", N_("signed"), TABLE_RIGHT},
    [COLUMN_LOST] = {"lost", N_("lost"), TABLE_RIGHT},
    [COLUMN_OF_CLOSED] = {"win_rate_closed", N_("/closed"), TABLE_RIGHT},
    [COLUMN_OF_ALL] = {"win_rate_all", N_("/all"), TABLE_RIGHT},
    [COLUMN_WON] = {"signed_value", N_("signed value"), TABLE_RIGHT},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    [COLUMN_OPEN_VALUE] = {"open_value", "", TABLE_CSV_ONLY},
    [COLUMN_DAYS] = {"median_days_to_sign", N_("days"), TABLE_RIGHT | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_figures(struct table *table, size_t row, const Tiejun__V1__FunnelRow *line)
{
    // Open deals are in no month.
    if (line->has_open_c) {
        table_set_count(table, row, COLUMN_C, line->open_c);
        table_set_count(table, row, COLUMN_B, line->open_b);
        table_set_count(table, row, COLUMN_A, line->open_a);
    }
    table_set_count(table, row, COLUMN_SIGNED, line->won);
    table_set_count(table, row, COLUMN_LOST, line->lost);
    if (line->has_win_rate_closed_milli)
        table_set_percent(table, row, COLUMN_OF_CLOSED, line->win_rate_closed_milli);
    if (line->has_win_rate_all_milli)
        table_set_percent(table, row, COLUMN_OF_ALL, line->win_rate_all_milli);
    table_set_money(table, row, COLUMN_WON, line->won_value_minor, line->currency);
    table_set(table, row, COLUMN_CURRENCY, line->currency);
    if (line->has_open_value_minor)
        table_set_money(table, row, COLUMN_OPEN_VALUE, line->open_value_minor, line->currency);
    if (line->has_median_days_to_sign)
        table_set_count(table, row, COLUMN_DAYS, line->median_days_to_sign);
}

static void print_groups(struct context *context,
                         const Tiejun__V1__ReportServiceFunnelResponse *response)
{
    bool grouped = response->n_rows > 0;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < (grouped ? response->n_rows : response->n_totals); i++) {
        const Tiejun__V1__FunnelRow *line = grouped ? response->rows[i] : response->totals[i];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_GROUP, line->group);
        table_set(table, row, COLUMN_NAME, line->name ? line->name : line->group);
        fill_figures(table, row, line);
    }
    for (size_t i = 0; grouped && i < response->n_totals; i++)
        fill_figures(table, table_add_total(table, COLUMN_NAME), response->totals[i]);
    context_print_table(context, table);
    say_in(context, TABLE_DIM, "%s",
           _("C, B, A: open deals by grade. /closed: win rate (signed/closed). /all: win rate "
             "(signed/all). days: median from opened to signed."));
}

// ---- one scope as a whole ----

enum { STEP_NAME, STEP_COUNT, STEP_BAR };

static const struct table_column step_columns[] = {
    [STEP_NAME] = {"step", "", 0},
    [STEP_COUNT] = {"deals", N_("deals"), TABLE_RIGHT},
    [STEP_BAR] = {"bar", "", TABLE_SCREEN_ONLY},
    {NULL, NULL, 0},
};

static int64_t all_deals(const Tiejun__V1__FunnelRow *line)
{
    return line->open_c + line->open_b + line->open_a + line->won + line->lost;
}

static void add_step(struct table *table, const char *name, int64_t count, int64_t all,
                     enum table_colour colour)
{
    char bar[BAR_SIZE];
    size_t row = table_add(table);
    table_set(table, row, STEP_NAME, name);
    table_set_count(table, row, STEP_COUNT, count);
    table_set(table, row, STEP_BAR,
              render_bar(count, all > 0 ? all : 1, BAR_CELLS, bar, sizeof bar));
    table_set_colour(table, row, STEP_BAR, colour);
}

static void say_rate(const struct context *context, const char *name, bool has, int64_t milli)
{
    char percent[32];
    say(context, _("%s: %s"), name, has ? render_percent(milli, percent, sizeof percent) : "–");
}

static void print_whole(struct context *context, const Tiejun__V1__FunnelRow *line)
{
    char amount[64];
    int64_t all = all_deals(line);
    struct table *table = table_new(step_columns);
    add_step(table, _("open, grade C"), line->open_c, all, TABLE_PLAIN);
    add_step(table, _("open, grade B"), line->open_b, all, TABLE_PLAIN);
    add_step(table, _("open, grade A"), line->open_a, all, TABLE_PLAIN);
    add_step(table, _("signed"), line->won, all, TABLE_GOOD);
    add_step(table, _("lost"), line->lost, all, TABLE_BAD);
    context_print_table(context, table);
    say(context, "%s", "");
    say_rate(context, _("win rate (signed/closed)"), line->has_win_rate_closed_milli,
             line->win_rate_closed_milli);
    say_rate(context, _("win rate (signed/all)"), line->has_win_rate_all_milli,
             line->win_rate_all_milli);
    say(context, _("signed value: %s"),
        render_money(line->won_value_minor, line->currency, amount, sizeof amount));
    say(context, _("value of the open deals: %s"),
        render_money(line->open_value_minor, line->currency, amount, sizeof amount));
    if (line->has_median_days_to_sign)
        say(context, _("median days from opened to signed: %d"), (int)line->median_days_to_sign);
}

static void print_funnel(struct context *context,
                         const Tiejun__V1__ReportServiceFunnelResponse *response)
{
    const char *scope = report_scope(context, response->scope, response->scope_name);
    if (response->from_date && response->to_date)
        say_in(context, TABLE_BOLD, _("%s: deals closed %s to %s, and open ones as of now"), scope,
               response->from_date, response->to_date);
    else
        say_in(context, TABLE_BOLD, _("%s: all deals there are"), scope);
    if (response->n_totals == 0)
        say(context, "%s", _("No deals."));
    if (response->n_rows > 0) {
        print_groups(context, response);
        return;
    }
    for (size_t i = 0; i < response->n_totals; i++) {
        say(context, "%s", "");
        print_whole(context, response->totals[i]);
    }
}

int report_funnel(struct context *context, const struct options *options)
{
    Tiejun__V1__ReportServiceFunnelRequest request =
        TIEJUN__V1__REPORT_SERVICE_FUNNEL_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    context_range(context, options, &request.from_date, &request.to_date);
    request.group_by = option_enum(options, "by", &tiejun__v1__group_by__descriptor);
    request.has_group_by = request.group_by != 0;
    const Tiejun__V1__ReportServiceFunnelResponse *response =
        context_call(context, "tiejun.v1.ReportService.Funnel", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        print_groups(context, response);
    else
        print_funnel(context, response);
    return COMMAND_DONE;
}
