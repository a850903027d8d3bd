#include "client/cli/rollup_table.h"

#include "client/cli/words.h"
#include "client/lib/render.h"
#include "common/i18n.h"
#include "common/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_CELLS 8
#define TREND_CELLS 8
#define DRAWING_SIZE 64

enum {
    COLUMN_METRIC,
    COLUMN_CURRENCY,
    COLUMN_GROUP,
    COLUMN_NAME,
    COLUMN_EFFECTIVE,
    COLUMN_DONE,
    COLUMN_TARGET,
    COLUMN_ATTAINMENT,
    COLUMN_BAR,
    COLUMN_PACE,
    COLUMN_TREND,
    COLUMN_SOURCE,
    COLUMN_EXPECTED,
    COLUMN_PROJECTION,
    COLUMN_REQUIRED,
    COLUMN_WORKING,
    COLUMN_ELAPSED,
};

static const struct table_column columns[] = {
    [COLUMN_METRIC] = {"metric", "", TABLE_CSV_ONLY},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_CSV_ONLY},
    [COLUMN_GROUP] = {"group", "", TABLE_CSV_ONLY},
    [COLUMN_NAME] = {"name", "", TABLE_TRUNCATE},
    [COLUMN_EFFECTIVE] = {"effective", N_("effective"), TABLE_RIGHT},
    [COLUMN_DONE] = {"actual", N_("done"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_TARGET] = {"target", N_("target"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_ATTAINMENT] = {"attainment", N_("reached"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_IF_ANY},
    [COLUMN_PACE] = {"pace", N_("pace"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_TREND] = {"trend", N_("trend"), TABLE_SCREEN_ONLY | TABLE_IF_ANY},
    [COLUMN_SOURCE] = {"target_source", "", TABLE_CSV_ONLY},
    [COLUMN_EXPECTED] = {"expected", "", TABLE_CSV_ONLY},
    [COLUMN_PROJECTION] = {"projection", "", TABLE_CSV_ONLY},
    [COLUMN_REQUIRED] = {"required_per_day", "", TABLE_CSV_ONLY},
    [COLUMN_WORKING] = {"working_days", "", TABLE_CSV_ONLY},
    [COLUMN_ELAPSED] = {"elapsed_days", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// What all rows of a table have in common.
struct style {
    // No amount has a fraction, so decimals would be nothing but noise.
    bool whole;
    bool show_done;
    bool name_by_metric;
};

static int64_t fraction(int64_t minor, const char *currency)
{
    int64_t unit = 1;
    for (int digits = currency && *currency ? currency_digits(currency) : 0; digits > 0; digits--)
        unit *= 10;
    return minor % unit;
}

static bool is_whole(const Tiejun__V1__RollupRow *row)
{
    return fraction(row->effective, row->currency) == 0 &&
           fraction(row->actual, row->currency) == 0 && fraction(row->target, row->currency) == 0;
}

static void set_amount(struct table *table, size_t row, size_t column, int64_t minor,
                       const char *currency, struct style style)
{
    char text[MONEY_TEXT_SIZE];
    char raw[MONEY_TEXT_SIZE];
    money_format(minor, currency && *currency ? currency : "JPY", text, sizeof text);
    render_money_plain(minor, currency, raw, sizeof raw);
    char *point = strchr(text, '.');
    if (style.whole && point)
        *point = '\0';
    table_set_raw(table, row, column, text, raw);
}

static void fill_pace(struct table *table, size_t row, int64_t pace_milli)
{
    char percent[32];
    char text[48];
    char raw[32];
    bool ahead = pace_milli >= 1000;
    render_percent(pace_milli, percent, sizeof percent);
    snprintf(text, sizeof text, "%s%s", ahead ? "▲" : "▼", percent);
    snprintf(raw, sizeof raw, "%.3f", (double)pace_milli / 1000);
    table_set_raw(table, row, COLUMN_PACE, text, raw);
    table_set_colour(table, row, COLUMN_PACE, ahead ? TABLE_GOOD : TABLE_BAD);
}

static void fill_target(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                        struct style style)
{
    char bar[DRAWING_SIZE];
    if (!line->has_target)
        return;
    set_amount(table, row, COLUMN_TARGET, line->target, line->currency, style);
    table_set(table, row, COLUMN_BAR,
              render_bar(line->effective, line->target, BAR_CELLS, bar, sizeof bar));
    if (line->effective >= line->target)
        table_set_colour(table, row, COLUMN_BAR, TABLE_GOOD);
    if (line->has_attainment_milli)
        table_set_percent(table, row, COLUMN_ATTAINMENT, line->attainment_milli);
}

// As many steps as there is room for: neighbours are added up.
static void fill_trend(struct table *table, size_t row, const Tiejun__V1__RollupRow *line)
{
    int64_t cells[TREND_CELLS] = {0};
    char drawing[DRAWING_SIZE];
    size_t count = line->n_trend < TREND_CELLS ? line->n_trend : TREND_CELLS;
    for (size_t i = 0; i < line->n_trend; i++)
        cells[i * count / line->n_trend] += line->trend[i];
    if (count > 1)
        table_set(table, row, COLUMN_TREND,
                  render_sparkline(cells, count, drawing, sizeof drawing));
}

static void fill_details(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                         struct style style)
{
    char days[32];
    table_set(table, row, COLUMN_SOURCE, line->target_source);
    if (line->has_expected)
        set_amount(table, row, COLUMN_EXPECTED, line->expected, line->currency, style);
    if (line->has_projection)
        set_amount(table, row, COLUMN_PROJECTION, line->projection, line->currency, style);
    if (line->has_required_per_day)
        set_amount(table, row, COLUMN_REQUIRED, line->required_per_day, line->currency, style);
    if (line->has_working_millidays)
        table_set(table, row, COLUMN_WORKING,
                  render_milli(line->working_millidays, days, sizeof days));
    if (line->has_elapsed_millidays)
        table_set(table, row, COLUMN_ELAPSED,
                  render_milli(line->elapsed_millidays, days, sizeof days));
}

static void fill_name(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                      struct style style)
{
    char metric[WORD_SIZE];
    char name[WORD_SIZE + 8];
    table_set(table, row, COLUMN_METRIC, line->metric);
    table_set(table, row, COLUMN_CURRENCY, line->currency);
    table_set(table, row, COLUMN_GROUP, line->group);
    if (!style.name_by_metric) {
        table_set(table, row, COLUMN_NAME, line->name && *line->name ? line->name : line->group);
        return;
    }
    bool money = line->currency && *line->currency;
    snprintf(name, sizeof name, "%s%s%s", word(line->metric, metric), money ? ", " : "",
             money ? line->currency : "");
    table_set(table, row, COLUMN_NAME, name);
}

static void fill_figures(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                         struct style style)
{
    set_amount(table, row, COLUMN_EFFECTIVE, line->effective, line->currency, style);
    char raw[MONEY_TEXT_SIZE];
    render_money_plain(line->actual, line->currency, raw, sizeof raw);
    if (style.show_done)
        set_amount(table, row, COLUMN_DONE, line->actual, line->currency, style);
    else
        table_set_raw(table, row, COLUMN_DONE, NULL, raw);
    fill_target(table, row, line, style);
    if (line->has_pace_milli)
        fill_pace(table, row, line->pace_milli);
    fill_trend(table, row, line);
    fill_details(table, row, line, style);
}

struct rollup_table rollup_table_new(void)
{
    return (struct rollup_table){0};
}

void rollup_table_take(struct rollup_table *rollup, const Tiejun__V1__RollupRow *row)
{
    rollup->rows = reallocarray(rollup->rows, rollup->count + 1, sizeof *rollup->rows);
    if (!rollup->rows)
        abort();
    rollup->rows[rollup->count++] = row;
}

static struct style style_of(const struct rollup_table *rollup, const Tiejun__V1__RollupRow *total)
{
    struct style style = {.whole = !total || is_whole(total),
                          .show_done = total && total->actual != total->effective,
                          .name_by_metric = rollup->name_by_metric};
    for (size_t i = 0; i < rollup->count; i++) {
        style.whole = style.whole && is_whole(rollup->rows[i]);
        style.show_done = style.show_done || rollup->rows[i]->actual != rollup->rows[i]->effective;
    }
    return style;
}

struct table *rollup_table_finish(struct rollup_table *rollup, const Tiejun__V1__RollupRow *total)
{
    struct table *table = table_new(columns);
    struct style style = style_of(rollup, total);
    for (size_t i = 0; i < rollup->count; i++) {
        size_t row = table_add(table);
        fill_name(table, row, rollup->rows[i], style);
        fill_figures(table, row, rollup->rows[i], style);
    }
    if (total)
        fill_figures(table, table_add_total(table, COLUMN_NAME), total, style);
    free(rollup->rows);
    return table;
}
