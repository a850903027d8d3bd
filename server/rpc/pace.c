// Take results: where a period under way stands (domain.md 2.8), with what open deals should bring
// (4.7).
#include "server/method/pace.h"

#include "server/method/ratio.h"
#include "server/rpc/conversion.h"
#include "server/rpc/rates.h"
#include "server/rpc/request.h"
#include "tiejun/v1/pace.pb-c.h"

#include <stdlib.h>
#include <string.h>

static void measure(Tiejun__V1__PaceRow *row)
{
    const struct pace_input input = {
        .actual = row->actual,
        .has_target = row->has_target,
        .target = row->target,
        .working_millidays = row->working_millidays,
        .elapsed_millidays = row->elapsed_millidays,
        .planned_done = row->planned_done,
        .planned_weight = row->planned_weight,
        .planned_weight_past = row->planned_weight_past,
    };
    const struct pace_answer answer = pace_measure(&input);
    row->has_attainment_milli = answer.has_attainment;
    row->attainment_milli = answer.attainment_milli;
    row->has_expected = answer.has_expected;
    row->expected = answer.expected;
    row->has_pace_milli = answer.has_pace;
    row->pace_milli = answer.pace_milli;
    row->has_projection = answer.has_projection;
    row->projection = answer.projection;
    row->has_required_per_day = answer.has_required_per_day;
    row->required_per_day = answer.required_per_day;
    row->has_planned_done = row->has_planned_weight = row->has_planned_weight_past = false;
}

// The histories of one slot, which stand together, from itself up to the company.
static struct chain chain_of(const Tiejun__V1__PaceServiceShowResponse *answer, int32_t slot)
{
    struct chain chain = {.weight = answer->shrink_weight};
    for (size_t i = 0; i < answer->n_history; i++) {
        if (answer->history[i]->slot != slot)
            continue;
        if (chain.count == 0)
            chain.scopes = answer->history + i;
        chain.count++;
    }
    return chain;
}

static void add(int64_t *sum, int64_t value)
{
    *sum = ratio_saturate((wide_int)*sum + value);
}

static void expect(const Tiejun__V1__PaceServiceShowResponse *answer, const struct chain *chain,
                   const Tiejun__V1__OpenDeals *open, Tiejun__V1__PaceRow *row)
{
    enum grade grade;
    if (!conversion_grade(open->grade, &grade))
        return;
    const struct shrunk rate = conversion_win_rate(chain, grade);
    const struct shrunk lag = conversion_lag(chain, SOLVE_C + grade);
    bool undated = conversion_fits(&lag, answer->days_left);
    row->open_deals += open->deals + (undated ? open->undated_deals : 0);
    int64_t value = open->value_minor;
    if (undated)
        add(&value, open->undated_minor);
    add(&row->open_expected, forecast_value(&rate, value));
}

// Of other metrics than revenue there is no history.
static void look_ahead(const Tiejun__V1__PaceServiceShowResponse *answer, Tiejun__V1__PaceRow *row)
{
    const struct chain chain = chain_of(answer, row->slot);
    if (chain.count == 0)
        return;
    for (size_t i = 0; i < answer->n_open; i++) {
        if (answer->open[i]->slot == row->slot)
            expect(answer, &chain, answer->open[i], row);
    }
    row->has_open_deals = row->has_open_expected = row->has_outlook = true;
    row->outlook = row->actual;
    add(&row->outlook, row->open_expected);
}

// The rates of open deals stand with those of the whole scope, slot 0. The lists of
// rate_currencies, rates and rate_dates are equally long.
static bool take_rates(struct arena *arena, const Tiejun__V1__PaceServiceShowResponse *answer)
{
    Tiejun__V1__PaceRow *total = answer->rows[0];
    const struct rates rates = {
        .n_unrated = &total->n_unrated_currencies,
        .unrated = &total->unrated_currencies,
        .n_rates = &total->n_rates,
        .currencies = &total->rate_currencies,
        .rates = &total->rates,
        .dates = &total->rate_dates,
    };
    for (size_t i = 0; i < answer->n_open; i++) {
        if (answer->open[i]->slot == 0 && !rates_take(arena, &rates, answer->open[i]))
            return false;
    }
    total->n_rate_currencies = total->n_rate_dates = total->n_rates;
    return true;
}

// Worst first; without a pace behind those with one, and without a target last.
static int compare(const void *left, const void *right)
{
    const Tiejun__V1__PaceRow *a = *(const Tiejun__V1__PaceRow *const *)left;
    const Tiejun__V1__PaceRow *b = *(const Tiejun__V1__PaceRow *const *)right;
    if (a->has_pace_milli != b->has_pace_milli)
        return a->has_pace_milli ? -1 : 1;
    if (a->pace_milli != b->pace_milli)
        return a->pace_milli < b->pace_milli ? -1 : 1;
    if (a->has_target != b->has_target)
        return a->has_target ? -1 : 1;
    return a->slot < b->slot ? -1 : a->slot > b->slot;
}

static bool finish_pace(struct workshop *workshop, const ProtobufCMessage *request,
                        ProtobufCMessage *answer_message)
{
    (void)request;
    Tiejun__V1__PaceServiceShowResponse *answer = (void *)answer_message;
    for (size_t i = 0; i < answer->n_rows; i++) {
        measure(answer->rows[i]);
        look_ahead(answer, answer->rows[i]);
    }
    if (answer->n_rows > 0 && !take_rates(workshop->arena, answer))
        return workshop_refuse(workshop, "busy", NULL, NULL);
    answer->n_history = 0;
    answer->n_open = 0;
    if (answer->n_rows == 0)
        return true;
    // Slot 0 came first.
    answer->total = answer->rows[0];
    answer->rows++;
    answer->n_rows--;
    qsort(answer->rows, answer->n_rows, sizeof *answer->rows, compare);
    return true;
}

const struct request pace_requests[] = {
    {.method = "tiejun.v1.PaceService.Show",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"pace_scope", NULL},
               {"pace_rows", "rows"},
               {"pace_history", "history"},
               {"pace_open", "open"}},
     .finish = finish_pace},
    {0},
};
