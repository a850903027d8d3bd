#include "client/cli/rollup_table.h"

#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/i18n.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_CELLS 8
#define TREND_CELLS 8
#define DRAWING_SIZE 64
#define DAY_MILLI 1000

enum {
    COLUMN_METRIC,
    COLUMN_CURRENCY,
    COLUMN_GROUP,
    COLUMN_NAME,
    COLUMN_EFFECTIVE,
    COLUMN_DONE,
    COLUMN_TARGET,
    COLUMN_STRETCH,
    COLUMN_ATTAINMENT,
    COLUMN_BAR,
    COLUMN_PACE,
    COLUMN_TREND,
    COLUMN_WORKING,
    COLUMN_ELAPSED,
    COLUMN_SOURCE,
    COLUMN_EXPECTED,
    COLUMN_PROJECTION,
    COLUMN_REQUIRED,
};

static const struct table_column columns[] = {
    [COLUMN_METRIC] = {"metric", "", TABLE_CSV_ONLY},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_CSV_ONLY},
    [COLUMN_GROUP] = {"group", "", TABLE_CSV_ONLY},
    [COLUMN_NAME] = {"name", "", TABLE_TRUNCATE},
    [COLUMN_EFFECTIVE] = {"effective", N_("effective"), TABLE_RIGHT},
    [COLUMN_DONE] = {"actual", N_("done"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_TARGET] = {"target", N_("target"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_STRETCH] = {"stretch", N_("stretch"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_ATTAINMENT] = {"attainment", N_("reached"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_IF_ANY | TABLE_DROP},
    [COLUMN_PACE] = {"pace", N_("pace"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_TREND] = {"trend", N_("trend"), TABLE_SCREEN_ONLY | TABLE_IF_ANY | TABLE_DROP},
    [COLUMN_WORKING] = {"working_days", N_("days"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_ELAPSED] = {"elapsed_days", "", TABLE_CSV_ONLY},
    [COLUMN_SOURCE] = {"target_source", "", TABLE_CSV_ONLY},
    [COLUMN_EXPECTED] = {"expected", "", TABLE_CSV_ONLY},
    [COLUMN_PROJECTION] = {"projection", "", TABLE_CSV_ONLY},
    [COLUMN_REQUIRED] = {"required_per_day", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// What all rows of a table have in common.
struct style {
    bool show_done;
    bool name_by_metric;
    bool show_days;
};

bool rollup_under_way(const Tiejun__V1__RollupRow *row)
{
    return row->elapsed_millidays < row->working_millidays;
}

static void fill_pace(struct table *table, size_t row, const Tiejun__V1__RollupRow *line)
{
    int64_t pace_milli = line->pace_milli;
    char percent[32];
    char raw[32];
    bool ahead = pace_milli >= 1000;
    render_percent(pace_milli, percent, sizeof percent);
    snprintf(raw, sizeof raw, "%.3f", (double)pace_milli / 1000);
    // At the end of a range its pace is what was reached, which stands beside it.
    table_set_raw(table, row, COLUMN_PACE, rollup_under_way(line) ? percent : NULL, raw);
    table_set_colour(table, row, COLUMN_PACE, ahead ? TABLE_GOOD : TABLE_BAD);
}

static void fill_target(struct table *table, size_t row, const Tiejun__V1__RollupRow *line)
{
    char bar[DRAWING_SIZE];
    if (!line->has_target)
        return;
    table_set_money(table, row, COLUMN_TARGET, line->target, line->currency);
    if (line->has_stretch_milli)
        table_set_percent(table, row, COLUMN_STRETCH, line->stretch_milli);
    table_set(table, row, COLUMN_BAR,
              render_bar(line->effective, line->target, BAR_CELLS, bar, sizeof bar));
    if (line->effective >= line->target)
        table_set_colour(table, row, COLUMN_BAR, TABLE_GOOD);
    if (line->has_attainment_milli)
        table_set_percent(table, row, COLUMN_ATTAINMENT, line->attainment_milli);
}

// How many of the steps have begun: those to come are no work that is missing.
static size_t steps_begun(const Tiejun__V1__RollupRow *line)
{
    if (!rollup_under_way(line))
        return line->n_trend;
    if (line->elapsed_millidays <= 0 || line->n_trend == 0)
        return 0;
    // The step of the last day so far: steps are of equal working time.
    int64_t before = line->elapsed_millidays > DAY_MILLI ? line->elapsed_millidays - DAY_MILLI : 0;
    return (size_t)((__int128)before * (__int128)line->n_trend / line->working_millidays) + 1;
}

// As many cells as there is room for. Neighbours are averaged, since not all cells have equally
// many.
static void fill_trend(struct table *table, size_t row, const Tiejun__V1__RollupRow *line)
{
    int64_t cells[TREND_CELLS] = {0};
    char drawing[DRAWING_SIZE];
    size_t steps = steps_begun(line);
    size_t count = steps < TREND_CELLS ? steps : TREND_CELLS;
    for (size_t i = 0, first = 0; i < count; i++) {
        size_t end = (i + 1) * steps / count;
        // There are no fewer steps than cells.
        assert(end > first);
        __int128 sum = 0;
        for (size_t step = first; step < end; step++)
            sum += line->trend[step];
        // In thousandths, lest small counts are rounded away.
        cells[i] = (int64_t)(sum * 1000 / (__int128)(end - first));
        first = end;
    }
    if (count > 1)
        table_set(table, row, COLUMN_TREND,
                  render_sparkline(cells, count, drawing, sizeof drawing));
}

static void fill_details(struct table *table, size_t row, const Tiejun__V1__RollupRow *line)
{
    table_set(table, row, COLUMN_SOURCE, line->target_source);
    if (line->has_expected)
        table_set_money(table, row, COLUMN_EXPECTED, line->expected, line->currency);
    if (line->has_projection)
        table_set_money(table, row, COLUMN_PROJECTION, line->projection, line->currency);
    if (line->has_required_per_day)
        table_set_money(table, row, COLUMN_REQUIRED, line->required_per_day, line->currency);
}

// "5", and "2/5" where three of them are still to come.
static void fill_days(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                      struct style style)
{
    char all[32];
    char past[32];
    char both[80];
    if (!line->has_working_millidays)
        return;
    render_milli(line->working_millidays, all, sizeof all);
    render_milli(line->elapsed_millidays, past, sizeof past);
    snprintf(both, sizeof both, "%s/%s", past, all);
    table_set_raw(table, row, COLUMN_WORKING, rollup_under_way(line) ? both : all, all);
    table_set(table, row, COLUMN_ELAPSED, line->has_elapsed_millidays ? past : NULL);
    if (!style.show_days)
        table_hide(table, row, COLUMN_WORKING);
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
    snprintf(name, sizeof name, "%s%s%s", word(line->metric, metric), money ? _(", ") : "",
             money ? line->currency : "");
    table_set(table, row, COLUMN_NAME, name);
}

static void fill_figures(struct table *table, size_t row, const Tiejun__V1__RollupRow *line,
                         struct style style)
{
    table_set_money(table, row, COLUMN_EFFECTIVE, line->effective, line->currency);
    table_set_money(table, row, COLUMN_DONE, line->actual, line->currency);
    if (!style.show_done)
        table_hide(table, row, COLUMN_DONE);
    fill_target(table, row, line);
    if (line->has_pace_milli)
        fill_pace(table, row, line);
    fill_trend(table, row, line);
    fill_days(table, row, line, style);
    fill_details(table, row, line);
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
    struct style style = {.show_done = total && total->actual != total->effective,
                          .name_by_metric = rollup->name_by_metric,
                          .show_days = rollup->show_days};
    for (size_t i = 0; i < rollup->count; i++)
        style.show_done = style.show_done || rollup->rows[i]->actual != rollup->rows[i]->effective;
    return style;
}

static int64_t rank(const Tiejun__V1__RollupRow *row)
{
    return row->has_attainment_milli ? row->attainment_milli : -1;
}

static int compare(const void *left, const void *right)
{
    const Tiejun__V1__RollupRow *one = *(const Tiejun__V1__RollupRow *const *)left;
    const Tiejun__V1__RollupRow *other = *(const Tiejun__V1__RollupRow *const *)right;
    if (rank(one) != rank(other))
        return rank(one) < rank(other) ? 1 : -1;
    if (one->effective != other->effective)
        return one->effective < other->effective ? 1 : -1;
    return strcmp(or_empty(one->group), or_empty(other->group));
}

void rollup_sort(Tiejun__V1__RollupRow **rows, size_t count)
{
    if (count > 0)
        qsort(rows, count, sizeof(Tiejun__V1__RollupRow *), compare);
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
