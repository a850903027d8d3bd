#include "client/cli/pace_table.h"

#include "client/cli/say.h"
#include "client/lib/plot.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <stdio.h>
#include <string.h>

#define BAR_CELLS 10
#define PLOT_COLUMNS 56
#define PLOT_ROWS 6
#define DOTTED 3
#define TEXT_SIZE 256

// ---- the table ----

enum {
    COLUMN_GROUP,
    COLUMN_NAME,
    COLUMN_CURRENCY,
    COLUMN_ACTUAL,
    COLUMN_TARGET,
    COLUMN_STRETCH,
    COLUMN_SOURCE,
    COLUMN_ATTAINMENT,
    COLUMN_EXPECTED,
    COLUMN_PACE,
    COLUMN_BAR,
    COLUMN_REQUIRED,
    COLUMN_PROJECTION,
    COLUMN_OPEN,
    COLUMN_OUTLOOK,
    COLUMN_WORKING,
    COLUMN_ELAPSED,
};

static const struct table_column columns[] = {
    [COLUMN_GROUP] = {"group", "", TABLE_CSV_ONLY},
    [COLUMN_NAME] = {"name", "", TABLE_TRUNCATE},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_CSV_ONLY},
    [COLUMN_ACTUAL] = {"actual", N_("so far"), TABLE_RIGHT},
    [COLUMN_TARGET] = {"target", N_("target"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_STRETCH] = {"stretch", N_("stretch"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_SOURCE] = {"target_source", "", TABLE_CSV_ONLY},
    [COLUMN_ATTAINMENT] = {"attainment", "", TABLE_CSV_ONLY},
    [COLUMN_EXPECTED] = {"expected", "", TABLE_CSV_ONLY},
    [COLUMN_PACE] = {"pace", N_("pace"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_IF_ANY | TABLE_DROP},
    [COLUMN_REQUIRED] = {"required_per_day", N_("a day"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_PROJECTION] = {"projection", N_("so it ends"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_OPEN] = {"open_expected", "", TABLE_CSV_ONLY},
    [COLUMN_OUTLOOK] = {"outlook", N_("with open"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_WORKING] = {"working_days", "", TABLE_CSV_ONLY},
    [COLUMN_ELAPSED] = {"elapsed_days", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// On the screen without decimals, in a file exact.
static void set_estimate(struct table *table, size_t row, size_t column, int64_t minor,
                         const char *currency)
{
    char text[TEXT_SIZE];
    char raw[TEXT_SIZE];
    render_estimate(minor, currency, text, sizeof text);
    // The currency stands in the heading.
    text[minor == 0 ? 1 : strcspn(text, " ")] = '\0';
    table_set_raw(table, row, column, text, render_money_plain(minor, currency, raw, sizeof raw));
}

static void fill_pace(struct table *table, size_t row, const Tiejun__V1__PaceRow *line)
{
    char text[TEXT_SIZE];
    if (line->has_pace_milli)
        table_set_percent(table, row, COLUMN_PACE, line->pace_milli);
    enum table_colour colour = line->pace_milli >= 1000 ? TABLE_GOOD : TABLE_BAD;
    if (line->has_pace_milli)
        table_set_colour(table, row, COLUMN_PACE, colour);
    if (!line->has_target)
        return;
    render_bar_marked(line->actual, line->expected, line->target, BAR_CELLS, text, sizeof text);
    table_set(table, row, COLUMN_BAR, text);
    table_set_colour(table, row, COLUMN_BAR, line->has_pace_milli ? colour : TABLE_PLAIN);
}

static void fill_days(struct table *table, size_t row, const Tiejun__V1__PaceRow *line)
{
    char text[TEXT_SIZE];
    table_set(table, row, COLUMN_WORKING, render_milli(line->working_millidays, text, sizeof text));
    table_set(table, row, COLUMN_ELAPSED, render_milli(line->elapsed_millidays, text, sizeof text));
}

static void fill(struct table *table, size_t row, const Tiejun__V1__PaceRow *line)
{
    const char *currency = line->currency;
    table_set(table, row, COLUMN_GROUP, line->group);
    table_set(table, row, COLUMN_CURRENCY, currency);
    set_estimate(table, row, COLUMN_ACTUAL, line->actual, currency);
    if (line->has_target)
        set_estimate(table, row, COLUMN_TARGET, line->target, currency);
    if (line->has_stretch_milli)
        table_set_percent(table, row, COLUMN_STRETCH, line->stretch_milli);
    table_set(table, row, COLUMN_SOURCE, line->target_source);
    if (line->has_attainment_milli)
        table_set_percent(table, row, COLUMN_ATTAINMENT, line->attainment_milli);
    if (line->has_expected)
        set_estimate(table, row, COLUMN_EXPECTED, line->expected, currency);
    fill_pace(table, row, line);
    if (line->has_required_per_day)
        set_estimate(table, row, COLUMN_REQUIRED, line->required_per_day, currency);
    if (line->has_projection)
        set_estimate(table, row, COLUMN_PROJECTION, line->projection, currency);
    if (line->has_open_expected)
        set_estimate(table, row, COLUMN_OPEN, line->open_expected, currency);
    if (line->has_outlook)
        set_estimate(table, row, COLUMN_OUTLOOK, line->outlook, currency);
    fill_days(table, row, line);
}

struct table *pace_table(const Tiejun__V1__PaceServiceShowResponse *response)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_rows; i++) {
        const Tiejun__V1__PaceRow *line = response->rows[i];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_NAME, line->name ? line->name : line->group);
        fill(table, row, line);
    }
    if (!response->total)
        return table;
    if (response->n_rows > 0) {
        fill(table, table_add_total(table, COLUMN_NAME), response->total);
        return table;
    }
    size_t row = table_add(table);
    table_set(table, row, COLUMN_NAME, response->total->name);
    fill(table, row, response->total);
    return table;
}

// ---- the drawing ----

static int64_t share(int64_t part, int64_t whole)
{
    return whole > 0 ? (int64_t)((__int128)part * PLOT_SIDE / whole) : 0;
}

static void draw_done(struct plot *plot, const Tiejun__V1__PaceRow *row, int64_t most)
{
    int64_t passed = share(row->elapsed_millidays, row->working_millidays);
    int64_t sum = 0;
    int64_t x = 0;
    int64_t y = 0;
    for (size_t i = 0; i < row->n_trend; i++) {
        sum += row->trend[i];
        int64_t x_next = passed * (int64_t)(i + 1) / (int64_t)row->n_trend;
        int64_t y_next = share(sum, most);
        plot_line(plot, x, y, x_next, y_next, 1);
        x = x_next;
        y = y_next;
    }
}

void pace_draw(struct context *context, const Tiejun__V1__PaceRow *row)
{
    int64_t most = row->actual > row->target ? row->actual : row->target;
    if (!row->has_target || most <= 0 || row->n_trend < 2 || row->working_millidays <= 0)
        return;
    struct plot *plot = plot_new(PLOT_COLUMNS, PLOT_ROWS);
    plot_line(plot, 0, 0, PLOT_SIDE, share(row->target, most), DOTTED);
    draw_done(plot, row, most);
    for (int i = 0; i < PLOT_ROWS; i++) {
        char text[TEXT_SIZE];
        char amount[TEXT_SIZE];
        plot_row(plot, i, text, sizeof text);
        // The top of the drawing is its scale.
        if (i == 0)
            say(context, "  %s %s", text,
                render_estimate(most, row->currency, amount, sizeof amount));
        else
            say(context, "  %s", text);
    }
    plot_free(plot);
    say_in(context, TABLE_DIM, "  %s", _("solid: done; dotted: the straight way to the target"));
}
