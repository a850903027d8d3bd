// Take results: where a period under way stands (domain.md 2.8), with what open deals should bring
// (4.7).
#include "server/method/ratio.h"
#include "server/rpc/conversion.h"
#include "server/rpc/measure.h"
#include "server/rpc/rates.h"
#include "server/rpc/request.h"
#include "tiejun/v1/pace.pb-c.h"

#include <stdlib.h>
#include <string.h>

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
        Tiejun__V1__PaceRow *row = answer->rows[i];
        MEASURE_ROW(row, row->actual);
        look_ahead(answer, row);
    }
    answer->n_history = 0;
    if (answer->n_rows == 0)
        return true;
    // Slot 0 came first.
    answer->total = answer->rows[0];
    const struct rates rates = RATES_OF(answer->total);
    if (!rates_take(workshop->arena, &rates, answer->open, answer->n_open))
        return workshop_refuse(workshop, "busy", NULL, NULL);
    answer->n_open = 0;
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
