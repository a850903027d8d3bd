#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/report.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_CELLS 6
#define METRIC_COUNT 3
#define FULL_MILLI 1000

// The 3-5-8, in its order.
static char *const metrics[METRIC_COUNT] = {"appointments", "new_customers", "visits"};

const struct option_spec report_board_options[] = {
    UNIT_OPTION,
    {"date", 0, OPTION_STRING, N_("DATE"), N_("The day; today if not given")},
    OPTIONS_END,
};

enum {
    COLUMN_NAME,
    COLUMN_PERSON,
    COLUMN_FIRST_METRIC,
    COLUMN_ATTAINMENT = COLUMN_FIRST_METRIC + METRIC_COUNT,
    COLUMN_FIRST_STANDARD,
    COLUMN_FIRST_DONE = COLUMN_FIRST_STANDARD + METRIC_COUNT,
};

static const struct table_column columns[] = {
    {"name", "", TABLE_TRUNCATE},
    {"person", "", TABLE_CSV_ONLY},
    {"appointments", N_("appointments"), 0},
    {"new_customers", N_("new customers"), 0},
    {"visits", N_("visits"), 0},
    {"attainment", N_("reached"), TABLE_RIGHT},
    {"appointments_standard", "", TABLE_CSV_ONLY},
    {"new_customers_standard", "", TABLE_CSV_ONLY},
    {"visits_standard", "", TABLE_CSV_ONLY},
    {"appointments_done", "", TABLE_CSV_ONLY},
    {"new_customers_done", "", TABLE_CSV_ONLY},
    {"visits_done", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// One rep's day.
struct line {
    const char *group;
    const char *name;
    const Tiejun__V1__RollupRow *figures[METRIC_COUNT];
    // Mean over the metrics that have a standard, each counted to the full at most.
    int64_t attainment_milli;
    bool has_attainment;
    int64_t effective;
};

static struct line *line_of(struct line *lines, size_t *count, const Tiejun__V1__RollupRow *row)
{
    const char *group = row->group ? row->group : "";
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(lines[i].group, group) == 0)
            return &lines[i];
    }
    lines[*count] = (struct line){.group = group, .name = row->name ? row->name : group};
    return &lines[(*count)++];
}

static void take_figure(struct line *line, const Tiejun__V1__RollupRow *row)
{
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        if (strcmp(or_empty(row->metric), metrics[i]) == 0)
            line->figures[i] = row;
    }
}

static void measure(struct line *line)
{
    int64_t sum = 0;
    int64_t count = 0;
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        const Tiejun__V1__RollupRow *figure = line->figures[i];
        if (!figure)
            continue;
        line->effective += figure->effective;
        if (!figure->has_target || figure->target <= 0)
            continue;
        bool full = figure->effective >= figure->target;
        sum += full ? FULL_MILLI : figure->effective * FULL_MILLI / figure->target;
        count++;
    }
    line->has_attainment = count > 0;
    line->attainment_milli = count > 0 ? sum / count : 0;
}

// Best first; equal ones by what they did, then by name.
static int compare(const void *left, const void *right)
{
    const struct line *one = left;
    const struct line *other = right;
    if (one->attainment_milli != other->attainment_milli)
        return one->attainment_milli < other->attainment_milli ? 1 : -1;
    if (one->effective != other->effective)
        return one->effective < other->effective ? 1 : -1;
    return strcmp(one->name, other->name);
}

static void set_number(struct table *table, size_t row, size_t column, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    table_set(table, row, column, text);
}

// "██░░░░ 3/8 (5)": three effective ones of a standard of eight, and five in all.
static void fill_figure(struct table *table, size_t row, size_t metric,
                        const Tiejun__V1__RollupRow *figure)
{
    char text[192];
    char bar[64] = "";
    char standard[32] = "";
    char done[32] = "";
    char raw[32];
    int64_t effective = figure ? figure->effective : 0;
    bool judged = figure && figure->has_target && figure->target > 0;
    if (judged) {
        render_bar(effective, figure->target, BAR_CELLS, bar, sizeof bar);
        snprintf(standard, sizeof standard, "/%" PRId64, figure->target);
        set_number(table, row, COLUMN_FIRST_STANDARD + metric, figure->target);
    }
    if (figure && figure->actual != effective)
        snprintf(done, sizeof done, " (%" PRId64 ")", figure->actual);
    snprintf(raw, sizeof raw, "%" PRId64, effective);
    snprintf(text, sizeof text, "%s%s%s%s%s", bar, judged ? " " : "", raw, standard, done);
    table_set_raw(table, row, COLUMN_FIRST_METRIC + metric, text, raw);
    if (judged && effective >= figure->target)
        table_set_colour(table, row, COLUMN_FIRST_METRIC + metric, TABLE_GOOD);
    set_number(table, row, COLUMN_FIRST_DONE + metric, figure ? figure->actual : 0);
}

static void fill_line(struct table *table, size_t row, const struct line *line)
{
    table_set(table, row, COLUMN_PERSON, line->group);
    for (size_t i = 0; i < METRIC_COUNT; i++)
        fill_figure(table, row, i, line->figures[i]);
    if (line->has_attainment)
        table_set_percent(table, row, COLUMN_ATTAINMENT, line->attainment_milli);
}

static struct table *table_of(const Tiejun__V1__ReportServiceRollupResponse *response)
{
    struct table *table = table_new(columns);
    struct line *lines = calloc(response->n_rows + 1, sizeof *lines);
    struct line total = {.group = ""};
    size_t count = 0;
    if (!lines)
        abort();
    for (size_t i = 0; i < response->n_rows; i++)
        take_figure(line_of(lines, &count, response->rows[i]), response->rows[i]);
    for (size_t i = 0; i < count; i++)
        measure(&lines[i]);
    qsort(lines, count, sizeof *lines, compare);
    for (size_t i = 0; i < count; i++) {
        size_t row = table_add(table);
        table_set(table, row, COLUMN_NAME, lines[i].name);
        fill_line(table, row, &lines[i]);
    }
    free(lines);
    for (size_t i = 0; i < response->n_totals; i++)
        take_figure(&total, response->totals[i]);
    measure(&total);
    fill_line(table, table_add_total(table, COLUMN_NAME), &total);
    return table;
}

int report_board(struct context *context, const struct options *options)
{
    Tiejun__V1__ReportServiceRollupRequest request =
        TIEJUN__V1__REPORT_SERVICE_ROLLUP_REQUEST__INIT;
    request.unit = unit_text(options);
    request.from_date = option_date(context, options, "date");
    if (!request.from_date)
        request.from_date = context_whoami(context)->today;
    request.to_date = request.from_date;
    request.n_metrics = METRIC_COUNT;
    request.metrics = (char **)metrics;
    request.has_group_by = true;
    request.group_by = TIEJUN__V1__GROUP_BY__GROUP_BY_REP;
    const Tiejun__V1__ReportServiceRollupResponse *response =
        context_call(context, "tiejun.v1.ReportService.Rollup", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    char day[64];
    say_in(context, TABLE_BOLD, _("%s, %s"),
           report_scope(context, response->scope, response->scope_name),
           render_date(response->from_date, day, sizeof day));
    if (response->has_working_millidays && response->working_millidays == 0)
        say(context, "%s", _("A day off: there is no standard."));
    say(context, "%s", "");
    context_print_table(context, table_of(response));
    say_in(context, TABLE_DIM, "%s",
           _("Effective ones against the daily standard, best first; in brackets all that were "
             "done."));
    return COMMAND_DONE;
}
