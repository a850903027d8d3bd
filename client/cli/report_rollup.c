#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/rates_said.h"
#include "client/cli/report.h"
#include "client/cli/rollup_table.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/arena.h"

#include <stdlib.h>
#include <string.h>

#define METRICS_MAX 64

const struct option_spec report_rollup_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    {"metric", 'm', OPTION_LIST, N_("LIST"), N_("Metrics with commas between; all if not given")},
    {"by", 'b', OPTION_STRING, N_("GROUP"), N_("unit, team, rep, day, week, month, quarter")},
    {"as-is", 0, OPTION_FLAG, NULL, N_("Today's tree over past work")},
    CURRENCY_OPTION,
    {"by-currency", 0, OPTION_FLAG, NULL, N_("Every currency for itself, nothing converted")},
    OPTIONS_END,
};

// "revenue,visits" to two metrics.
static void read_metrics(struct context *context, const struct options *options,
                         Tiejun__V1__ReportServiceRollupRequest *request)
{
    const char *lists[METRICS_MAX];
    size_t count = options_list(options, "metric", lists, METRICS_MAX);
    request->metrics = arena_alloc(context_arena(context), METRICS_MAX * sizeof(char *));
    if (!request->metrics)
        abort();
    for (size_t i = 0; i < count && i < METRICS_MAX; i++) {
        char *rest = context_text(context, "%s", lists[i]);
        for (char *metric = strtok_r(rest, ", ", &rest); metric;
             metric = strtok_r(NULL, ", ", &rest)) {
            if (request->n_metrics == METRICS_MAX)
                refuse_usage(_("These are too many metrics."));
            request->metrics[request->n_metrics++] = metric;
        }
    }
}

static bool same_metric(const Tiejun__V1__RollupRow *one, const Tiejun__V1__RollupRow *other)
{
    return strcmp(or_empty(one->metric), or_empty(other->metric)) == 0 &&
           strcmp(or_empty(one->currency), or_empty(other->currency)) == 0;
}

static void print_heading(struct context *context,
                          const Tiejun__V1__ReportServiceRollupResponse *response)
{
    char all[32];
    char past[32];
    say_in(context, TABLE_BOLD, _("%s, %s to %s"),
           report_scope(context, response->scope, response->scope_name),
           or_empty(response->from_date), or_empty(response->to_date));
    if (response->has_working_millidays)
        say(context, _("%s of %s working days have passed"),
            render_milli(response->elapsed_millidays, past, sizeof past),
            render_milli(response->working_millidays, all, sizeof all));
}

// What the pace of a period under way leads to.
static void print_outlook(struct context *context, const Tiejun__V1__RollupRow *total)
{
    char projection[64];
    char required[64];
    if (!total->has_target || !total->has_projection || !rollup_under_way(total))
        return;
    render_estimate(total->projection, total->currency, projection, sizeof projection);
    render_estimate(total->required_per_day, total->currency, required, sizeof required);
    if (total->effective >= total->target)
        say_in(context, TABLE_DIM, _("The target is reached. At this pace: %s."), projection);
    else if (total->has_required_per_day)
        say_in(context, TABLE_DIM, _("At this pace: %s. To reach the target: %s a working day."),
               projection, required);
}

// By which rates other currencies are part of a total.
static void print_rates(struct context *context, const Tiejun__V1__RollupRow *total)
{
    const struct rates_used used = {total->n_rates, total->rate_currencies, total->rates,
                                    total->rate_dates};
    say_rates(context, &used, or_empty(total->currency));
}

static bool same_rates(const Tiejun__V1__RollupRow *one, const Tiejun__V1__RollupRow *other)
{
    bool same = one->n_rates == other->n_rates;
    for (size_t i = 0; same && i < one->n_rates; i++)
        same = strcmp(one->rate_currencies[i], other->rate_currencies[i]) == 0 &&
               strcmp(one->rate_dates[i], other->rate_dates[i]) == 0;
    return same;
}

// What no rate converts has a line of its own; each currency is named once.
static void print_unrated(struct context *context,
                          const Tiejun__V1__ReportServiceRollupResponse *response)
{
    const char *into = response->currency;
    for (size_t i = 0; into && i < response->n_totals; i++) {
        char *currency = response->totals[i]->currency;
        bool said = !currency || strcmp(currency, into) == 0;
        for (size_t j = 0; !said && j < i; j++)
            said = strcmp(or_empty(response->totals[j]->currency), currency) == 0;
        if (!said)
            say_in(context, TABLE_WARN,
                   _("%s stands for itself: there is no rate into %s for all of its days. Bring "
                     "rates with: tiejun rate import FILE.csv"),
                   currency, into);
    }
}

// One metric, in the currency that one is: its groups, and the whole scope below them unless it has
// nothing of it.
static void print_metric(struct context *context, Tiejun__V1__GroupBy by,
                         const Tiejun__V1__ReportServiceRollupResponse *response,
                         const Tiejun__V1__RollupRow *one, const Tiejun__V1__RollupRow *total)
{
    struct rollup_table rollup = rollup_table_new();
    rollup.show_days = by >= TIEJUN__V1__GROUP_BY__GROUP_BY_DAY;
    char metric[WORD_SIZE];
    for (size_t i = 0; i < response->n_rows; i++) {
        if (same_metric(response->rows[i], one))
            rollup_table_take(&rollup, response->rows[i]);
    }
    bool money = one->currency && *one->currency;
    say(context, "%s", "");
    say_in(context, TABLE_BOLD, "%s%s%s", word(one->metric, metric), money ? _(", ") : "",
           money ? one->currency : "");
    context_print_table(context, rollup_table_finish(&rollup, total));
    if (!total)
        return;
    print_outlook(context, total);
    print_rates(context, total);
}

static bool is_among(Tiejun__V1__RollupRow *const *rows, size_t count,
                     const Tiejun__V1__RollupRow *one)
{
    for (size_t i = 0; i < count; i++) {
        if (same_metric(rows[i], one))
            return true;
    }
    return false;
}

static void print_metrics(struct context *context, Tiejun__V1__GroupBy by,
                          const Tiejun__V1__ReportServiceRollupResponse *response)
{
    for (size_t i = 0; i < response->n_totals; i++)
        print_metric(context, by, response, response->totals[i], response->totals[i]);
    // A currency that only goals below are in.
    for (size_t i = 0; i < response->n_rows; i++) {
        if (!is_among(response->totals, response->n_totals, response->rows[i]) &&
            !is_among(response->rows, i, response->rows[i]))
            print_metric(context, by, response, response->rows[i], NULL);
    }
}

// Without groups: the metrics themselves are the lines.
static void print_totals(struct context *context,
                         const Tiejun__V1__ReportServiceRollupResponse *response)
{
    struct rollup_table rollup = rollup_table_new();
    rollup.name_by_metric = true;
    for (size_t i = 0; i < response->n_totals; i++)
        rollup_table_take(&rollup, response->totals[i]);
    say(context, "%s", "");
    context_print_table(context, rollup_table_finish(&rollup, NULL));
    for (size_t i = 0; i < response->n_totals; i++) {
        // Metrics that go by the same rates say so once.
        if (i == 0 || !same_rates(response->totals[i], response->totals[i - 1]))
            print_rates(context, response->totals[i]);
    }
}

static void print_csv(struct context *context,
                      const Tiejun__V1__ReportServiceRollupResponse *response)
{
    struct rollup_table rollup = rollup_table_new();
    bool grouped = response->n_rows > 0;
    for (size_t i = 0; i < (grouped ? response->n_rows : response->n_totals); i++)
        rollup_table_take(&rollup, grouped ? response->rows[i] : response->totals[i]);
    context_print_table(context, rollup_table_finish(&rollup, NULL));
}

// The group that stands first on the screen.
static const char *first_group(const Tiejun__V1__ReportServiceRollupResponse *response)
{
    for (size_t i = 0; response->n_totals > 0 && i < response->n_rows; i++) {
        if (same_metric(response->rows[i], response->totals[0]))
            return response->rows[i]->group;
    }
    return NULL;
}

// How to look one level closer, at the first group.
static void print_next(struct context *context, Tiejun__V1__GroupBy by,
                       const Tiejun__V1__ReportServiceRollupResponse *response)
{
    const char *group = first_group(response);
    if (!group || !*group)
        return;
    // The command is on a line of its own, to be copied whole.
    char period[64];
    render_period(response->from_date, response->to_date, period, sizeof period);
    const char *command = NULL;
    if (by == TIEJUN__V1__GROUP_BY__GROUP_BY_UNIT)
        command = context_text(context, "  tiejun report rollup \"%s\" --period %s", group, period);
    else if (by == TIEJUN__V1__GROUP_BY__GROUP_BY_TEAM)
        command = context_text(context, "  tiejun report rollup \"%s\" --period %s --by rep", group,
                               period);
    else if (by == TIEJUN__V1__GROUP_BY__GROUP_BY_REP)
        command =
            context_text(context, "  tiejun fact list --person %s --period %s", group, period);
    if (!command)
        return;
    say(context, "%s", "");
    say_in(context, TABLE_DIM, "%s", _("Drill down:"));
    say_whole(context, TABLE_DIM, command);
}

static void print_rollup(struct context *context, Tiejun__V1__GroupBy by,
                         const Tiejun__V1__ReportServiceRollupResponse *response)
{
    print_heading(context, response);
    if (by == TIEJUN__V1__GROUP_BY__GROUP_BY_REP)
        rollup_sort(response->rows, response->n_rows);
    if (response->n_totals == 0 && response->n_rows == 0)
        say(context, "%s", _("There is no work and no goal in this time."));
    else if (response->n_rows == 0)
        print_totals(context, response);
    else
        print_metrics(context, by, response);
    print_unrated(context, response);
    print_next(context, by, response);
}

// Whether grouping by unit has told nothing: no unit is below the scope.
static bool is_lowest(const Tiejun__V1__ReportServiceRollupResponse *response)
{
    for (size_t i = 0; i < response->n_rows; i++) {
        const char *group = response->rows[i]->group;
        if (group && strcmp(group, or_empty(response->scope)) != 0)
            return false;
    }
    return true;
}

static Tiejun__V1__ReportServiceRollupResponse *ask(struct context *context,
                                                    Tiejun__V1__ReportServiceRollupRequest *request,
                                                    Tiejun__V1__GroupBy group_by)
{
    request->group_by = group_by;
    request->has_group_by = group_by != 0;
    return context_call(context, "tiejun.v1.ReportService.Rollup", &request->base);
}

int report_rollup(struct context *context, const struct options *options)
{
    Tiejun__V1__ReportServiceRollupRequest request =
        TIEJUN__V1__REPORT_SERVICE_ROLLUP_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    context_range_or_month(context, options, &request.from_date, &request.to_date);
    read_metrics(context, options, &request);
    request.in_currency = option_text(options, "currency");
    request.has_by_currency = request.by_currency = options_flag(options, "by-currency");
    request.has_as_is = request.as_is = options_flag(options, "as-is");
    Tiejun__V1__GroupBy by = option_enum(options, "by", &tiejun__v1__group_by__descriptor);
    bool chosen = by != 0 || request.person;
    const Tiejun__V1__ReportServiceRollupResponse *response =
        ask(context, &request, chosen ? by : TIEJUN__V1__GROUP_BY__GROUP_BY_UNIT);
    if (!chosen && is_lowest(response))
        response = ask(context, &request, TIEJUN__V1__GROUP_BY__GROUP_BY_REP);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        print_csv(context, response);
    else
        print_rollup(context, request.group_by, response);
    return COMMAND_DONE;
}
