#include "client/cli/solve_table.h"

#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MILLION INT64_C(1000000)
#define TEXT_SIZE 160

const Tiejun__V1__ChainNumber *solve_number(const Tiejun__V1__SolveServiceSolveResponse *response,
                                            const char *name)
{
    static const Tiejun__V1__ChainNumber none = TIEJUN__V1__CHAIN_NUMBER__INIT;
    for (size_t i = 0; i < response->n_numbers; i++) {
        if (strcmp(or_empty(response->numbers[i]->name), name) == 0)
            return response->numbers[i];
    }
    return &none;
}

const char *solve_short_scope(const char *scope)
{
    const char *last = strrchr(or_empty(scope), '/');
    if (!last)
        return or_empty(scope);
    return last[1] ? last + 1 : _("the company");
}

static int64_t round_up(int64_t value, int64_t unit)
{
    return value / unit + (value % unit > 0);
}

// "17.9" of 17,880,001 millionths: a tenth is rounded up, and so is the whole from a hundred on.
static char *render_needed(int64_t micro, char *out, size_t size)
{
    int64_t tenths = round_up(micro, MILLION / 10);
    if (micro >= 100 * MILLION || tenths % 10 == 0)
        return render_count(round_up(micro, MILLION), out, size);
    snprintf(out, size, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
    return out;
}

// ---- the gap ----

enum { GAP_WHAT, GAP_AMOUNT, GAP_FROM };

static const struct table_column gap_columns[] = {
    [GAP_WHAT] = {"what", "", 0},
    [GAP_AMOUNT] = {"amount", "", TABLE_RIGHT},
    [GAP_FROM] = {"from", "", TABLE_WRAP | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static size_t add_amount(struct table *table, const char *what, int64_t amount,
                         const Tiejun__V1__SolveServiceSolveResponse *response)
{
    size_t row = table_add(table);
    table_set(table, row, GAP_WHAT, what);
    table_set_money(table, row, GAP_AMOUNT, amount, response->currency);
    return row;
}

static void mark_given(struct table *table, size_t row, const Tiejun__V1__ChainNumber *number)
{
    if (number->replaced)
        table_set(table, row, GAP_FROM, _("as given"));
}

// "A 5 × 62.0%, B 9 × 31.4%".
static void describe_open(struct table *table, size_t row,
                          const Tiejun__V1__SolveServiceSolveResponse *response)
{
    char text[TEXT_SIZE] = "";
    for (size_t i = 0; i < response->n_open; i++) {
        const Tiejun__V1__OpenDeals *open = response->open[i];
        char name[16];
        char percent[32];
        if (open->counted_deals == 0)
            continue;
        snprintf(name, sizeof name, "win.%s", or_empty(open->grade));
        render_percent(solve_number(response, name)->value / MILLION, percent, sizeof percent);
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%c: %" PRId64 " × %s",
                 length > 0 ? _(", ") : "", or_empty(open->grade)[0] - 'a' + 'A',
                 open->counted_deals, percent);
    }
    table_set(table, row, GAP_FROM, text);
}

struct table *solve_table_of_gap(const Tiejun__V1__SolveServiceSolveResponse *response)
{
    struct table *table = table_new(gap_columns);
    const Tiejun__V1__ChainNumber *target = solve_number(response, "target");
    const Tiejun__V1__ChainNumber *booked = solve_number(response, "booked");
    const Tiejun__V1__ChainNumber *open = solve_number(response, "open");
    mark_given(table, add_amount(table, _("target"), target->value, response), target);
    mark_given(table, add_amount(table, _("less what is booked"), booked->value, response), booked);
    size_t row = add_amount(table, _("less what open deals should bring"), open->value, response);
    describe_open(table, row, response);
    mark_given(table, row, open);
    size_t gap = add_amount(table, _("the gap"), response->gap, response);
    table_set_colour(table, gap, GAP_WHAT, TABLE_BOLD);
    table_set_colour(table, gap, GAP_AMOUNT, TABLE_BOLD);
    return table;
}

// ---- the stages ----

enum { STAGE_NAME, STAGE_NEEDED, STAGE_RATE, STAGE_OWN, STAGE_FROM, STAGE_LEFT, STAGE_DAY };

static const struct table_column stage_columns[] = {
    [STAGE_NAME] = {"stage", "", 0},
    [STAGE_NEEDED] = {"needed", N_("needed"), TABLE_RIGHT},
    [STAGE_RATE] = {"rate", N_("go on"), TABLE_RIGHT},
    [STAGE_OWN] = {"own", N_("own cases"), TABLE_RIGHT},
    [STAGE_FROM] = {"borrowed", N_("weighed with those of"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [STAGE_LEFT] = {"days_left", N_("days left"), TABLE_RIGHT},
    [STAGE_DAY] = {"per_day", N_("a day"), TABLE_RIGHT},
    {NULL, NULL, 0},
};

static const char *stage_title(const char *stage)
{
    static const struct {
        const char *stage;
        const char *title;
    } titles[] = {
        {"visit", N_("visits")},  {"c", N_("C customers")},    {"b", N_("B customers")},
        {"a", N_("A customers")}, {"signing", N_("signings")},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(stage, titles[i].stage) == 0)
            return _(titles[i].title);
    }
    return stage;
}

static void fill_rate(struct table *table, size_t row, const Tiejun__V1__ChainNumber *rate)
{
    char text[TEXT_SIZE];
    if (rate->has_value)
        table_set_percent(table, row, STAGE_RATE, rate->value / MILLION);
    if (rate->replaced) {
        table_set(table, row, STAGE_OWN, _("as given"));
        return;
    }
    snprintf(text, sizeof text, "%" PRId64 "/%" PRId64, rate->hits, rate->cases);
    table_set(table, row, STAGE_OWN, text);
    if (!rate->borrowed_from)
        return;
    snprintf(text, sizeof text, "%s %" PRId64 "/%" PRId64, solve_short_scope(rate->borrowed_from),
             rate->borrowed_hits, rate->borrowed_cases);
    table_set(table, row, STAGE_FROM, text);
}

static void fill_stage(struct table *table, const Tiejun__V1__SolveServiceSolveResponse *response,
                       const Tiejun__V1__ChainStage *stage)
{
    char text[TEXT_SIZE];
    char name[32];
    size_t row = table_add(table);
    table_set(table, row, STAGE_NAME, stage_title(or_empty(stage->stage)));
    table_set(table, row, STAGE_NEEDED,
              stage->has_needed_micro ? render_needed(stage->needed_micro, text, sizeof text)
                                      : "–");
    snprintf(name, sizeof name, "rate.%s", or_empty(stage->stage));
    if (strcmp(or_empty(stage->stage), "signing") != 0)
        fill_rate(table, row, solve_number(response, name));
    table_set(table, row, STAGE_LEFT, render_milli(stage->left_millidays, text, sizeof text));
    if (stage->has_per_day)
        table_set_count(table, row, STAGE_DAY, stage->per_day);
    else
        table_set(table, row, STAGE_DAY, "–");
}

struct table *solve_table_of_stages(const Tiejun__V1__SolveServiceSolveResponse *response)
{
    struct table *table = table_new(stage_columns);
    for (size_t i = response->n_stages; i-- > 0;)
        fill_stage(table, response, response->stages[i]);
    return table;
}

// ---- a file ----

enum {
    NUMBER_NAME,
    NUMBER_VALUE,
    NUMBER_GIVEN,
    NUMBER_HITS,
    NUMBER_CASES,
    NUMBER_FROM,
    NUMBER_FROM_HITS,
    NUMBER_FROM_CASES,
};

static const struct table_column number_columns[] = {
    [NUMBER_NAME] = {"number", "", 0},
    [NUMBER_VALUE] = {"value", "", 0},
    [NUMBER_GIVEN] = {"given", "", 0},
    [NUMBER_HITS] = {"hits", "", 0},
    [NUMBER_CASES] = {"cases", "", 0},
    [NUMBER_FROM] = {"borrowed_from", "", 0},
    [NUMBER_FROM_HITS] = {"borrowed_hits", "", 0},
    [NUMBER_FROM_CASES] = {"borrowed_cases", "", 0},
    {NULL, NULL, 0},
};

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

// As people write it: money in major units, rates as a part of 1, days as days.
static void set_value(struct table *table, size_t row, const char *name, int64_t value,
                      const char *currency)
{
    static const char *const money[] = {"target", "booked", "open", "order", "gap", "reachable"};
    char text[TEXT_SIZE];
    for (size_t i = 0; i < sizeof money / sizeof *money; i++) {
        if (strcmp(name, money[i]) == 0) {
            table_set_money(table, row, NUMBER_VALUE, value, currency);
            return;
        }
    }
    if (begins(name, "rate.") || begins(name, "win."))
        snprintf(text, sizeof text, "%.9f", (double)value / 1e9);
    else if (begins(name, "needed."))
        snprintf(text, sizeof text, "%.6f", (double)value / 1e6);
    else if (strcmp(name, "days") == 0 || begins(name, "left."))
        render_milli(value, text, sizeof text);
    else
        snprintf(text, sizeof text, "%" PRId64, value);
    table_set(table, row, NUMBER_VALUE, text);
}

static void add_result(struct table *table, const char *kind, const char *stage, bool has,
                       int64_t value, const char *currency)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", kind, *stage ? "." : "", stage);
    size_t row = table_add(table);
    table_set(table, row, NUMBER_NAME, name);
    if (has)
        set_value(table, row, name, value, currency);
}

static void add_number(struct table *table, const Tiejun__V1__ChainNumber *number,
                       const char *currency)
{
    size_t row = table_add(table);
    table_set(table, row, NUMBER_NAME, number->name);
    if (number->has_value)
        set_value(table, row, or_empty(number->name), number->value, currency);
    table_set(table, row, NUMBER_GIVEN, number->replaced ? "true" : "false");
    table_set(table, row, NUMBER_FROM, number->borrowed_from);
    if (number->has_hits)
        table_set_count(table, row, NUMBER_HITS, number->hits);
    if (number->has_cases)
        table_set_count(table, row, NUMBER_CASES, number->cases);
    if (number->has_borrowed_hits)
        table_set_count(table, row, NUMBER_FROM_HITS, number->borrowed_hits);
    if (number->has_borrowed_cases)
        table_set_count(table, row, NUMBER_FROM_CASES, number->borrowed_cases);
}

struct table *solve_table_of_numbers(const Tiejun__V1__SolveServiceSolveResponse *response)
{
    struct table *table = table_new(number_columns);
    const char *currency = response->currency;
    for (size_t i = 0; i < response->n_numbers; i++)
        add_number(table, response->numbers[i], currency);
    add_result(table, "gap", "", response->has_gap, response->gap, currency);
    for (size_t i = 0; i < response->n_stages; i++) {
        const Tiejun__V1__ChainStage *stage = response->stages[i];
        const char *name = or_empty(stage->stage);
        add_result(table, "needed", name, stage->has_needed_micro, stage->needed_micro, currency);
        add_result(table, "left", name, stage->has_left_millidays, stage->left_millidays, currency);
        add_result(table, "per_day", name, stage->has_per_day, stage->per_day, currency);
    }
    add_result(table, "rep_day", "", response->has_rep_day, response->rep_day, currency);
    add_result(table, "day_goal", "", response->has_day_goal, response->day_goal, currency);
    add_result(table, "reachable", "", response->has_reachable, response->reachable, currency);
    return table;
}
