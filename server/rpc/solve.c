// Set goals: the chain from a gap to visits a day (domain.md 2.7).
#include "server/method/ratio.h"
#include "server/rpc/chain_numbers.h"
#include "server/rpc/rates.h"
#include "server/rpc/refusal.h"

enum { DAY_MILLI = 1000 };

static const char *const stages[SOLVE_STAGES] = {"visit", "c", "b", "a", "signing"};

static bool out_of_room(struct workshop *workshop)
{
    return workshop_refuse(workshop, "busy", NULL, NULL);
}

// ---- open deals ----

static void expect(struct solving *solving, Tiejun__V1__OpenDeals *open)
{
    enum grade grade;
    if (!conversion_grade(open->grade, &grade))
        return;
    const Tiejun__V1__ChainNumber *win = solving->numbers[CHAIN_WIN_C + grade];
    const Tiejun__V1__ChainNumber *lag = solving->numbers[CHAIN_LAG_C + grade];
    // The first day counts.
    int64_t days_left = (int64_t)solving->answer->n_working_before - 2;
    const struct shrunk rate = {.known = win->has_value, .value = win->value};
    const struct shrunk days = {.known = lag->has_value, .value = lag->value};
    bool undated = conversion_fits(&days, days_left);
    open->has_counted_deals = open->has_counted_minor = open->has_expected_minor = true;
    open->counted_deals = open->deals + (undated ? open->undated_deals : 0);
    open->counted_minor =
        ratio_saturate((wide_int)open->value_minor + (undated ? open->undated_minor : 0));
    open->expected_minor = forecast_value(&rate, open->counted_minor);
}

static void expect_all(struct solving *solving)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    int64_t sum = 0;
    for (size_t i = 0; i < answer->n_open; i++) {
        expect(solving, answer->open[i]);
        sum = ratio_saturate((wide_int)sum + answer->open[i]->expected_minor);
    }
    if (!solving->numbers[CHAIN_OPEN]->replaced)
        chain_number_set(solving, CHAIN_OPEN, sum);
}

// ---- the chain ----

// W_left(k) when the working days left are given: the lag takes as large a part of its days as the
// rest of the period has working days; all of them when that has none.
static int64_t left_of_given(const struct solving *solving, int64_t lag_days)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    size_t count = answer->n_working_before;
    int64_t taken = lag_days * DAY_MILLI;
    if (count > 1 && answer->working_before[count - 1] > 0)
        (void)ratio_half_up((wide_int)lag_days * answer->working_before[count - 1],
                            (wide_int)count - 1, &taken);
    int64_t left = chain_number(solving, CHAIN_DAYS) - taken;
    return left > 0 ? left : 0;
}

// W_left(k): working time from the first day up to so many days before the period's end.
static int64_t left_millidays(const struct solving *solving, int64_t lag_days)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    size_t count = answer->n_working_before;
    if (solving->numbers[CHAIN_DAYS]->replaced)
        return left_of_given(solving, lag_days);
    return lag_days < (int64_t)count ? answer->working_before[count - 1 - (size_t)lag_days] : 0;
}

static struct solve_input input_of(const struct solving *solving)
{
    struct solve_input input = {
        .target = chain_number(solving, CHAIN_TARGET),
        .booked = chain_number(solving, CHAIN_BOOKED),
        .expected_open = chain_number(solving, CHAIN_OPEN),
        .order_value = chain_number(solving, CHAIN_ORDER),
        .reps = chain_number(solving, CHAIN_REPS),
        .has_standard = solving->numbers[CHAIN_STANDARD]->has_value,
        .standard = chain_number(solving, CHAIN_STANDARD),
        .has_capacity = solving->numbers[CHAIN_CAPACITY]->has_value,
        .capacity = chain_number(solving, CHAIN_CAPACITY),
    };
    for (enum solve_stage stage = SOLVE_VISIT; stage < SOLVE_SIGNING; stage++) {
        input.rate[stage] = chain_number(solving, CHAIN_RATE_VISIT + stage);
        input.left_millidays[stage] =
            left_millidays(solving, chain_number(solving, CHAIN_LAG_VISIT + stage));
    }
    input.left_millidays[SOLVE_SIGNING] = left_millidays(solving, 0);
    return input;
}

static bool fill_stages(struct solving *solving, const struct solve_input *input,
                        const struct solve_answer *solved)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    struct arena *arena = solving->workshop->arena;
    answer->stages = arena_alloc(arena, SOLVE_STAGES * sizeof *answer->stages);
    for (int i = 0; answer->stages && i < SOLVE_STAGES; i++) {
        Tiejun__V1__ChainStage *stage = arena_alloc(arena, sizeof *stage);
        if (!stage)
            return false;
        tiejun__v1__chain_stage__init(stage);
        stage->stage = (char *)stages[i];
        stage->has_needed_micro = solved->known[i];
        stage->needed_micro = solved->needed_micro[i];
        stage->has_left_millidays = true;
        stage->left_millidays = input->left_millidays[i];
        stage->has_per_day = solved->has_per_day[i];
        stage->per_day = solved->per_day[i];
        answer->stages[answer->n_stages++] = stage;
    }
    return answer->stages != NULL;
}

// What ends the chain early: no order, or a rate that is 0 or was never seen.
static bool name_missing(struct solving *solving, const struct solve_answer *solved)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    answer->missing = arena_alloc(solving->workshop->arena, SOLVE_STAGES * sizeof(char *));
    if (!answer->missing || solved->verdict != SOLVE_UNKNOWN)
        return answer->missing != NULL;
    for (enum chain_number i = CHAIN_ORDER; i <= CHAIN_RATE_A; i++) {
        if (chain_number(solving, i) <= 0)
            answer->missing[answer->n_missing++] = (char *)chain_number_name(i);
    }
    return true;
}

static const Tiejun__V1__SolveVerdict verdicts[] = {
    [SOLVE_COVERED] = TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_COVERED,
    [SOLVE_FEASIBLE] = TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_FEASIBLE,
    [SOLVE_INFEASIBLE] = TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_INFEASIBLE,
    [SOLVE_UNJUDGED] = TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_UNJUDGED,
    [SOLVE_UNKNOWN] = TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_UNKNOWN,
};

static bool answer_with(struct solving *solving)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    const struct solve_input input = input_of(solving);
    const struct solve_answer solved = solve(&input);
    answer->has_gap = true;
    answer->gap = solved.gap;
    answer->has_rep_day = solved.has_rep_day;
    answer->rep_day = solved.rep_day;
    answer->has_day_goal = solved.has_day_goal;
    answer->day_goal = solved.day_goal;
    answer->has_verdict = true;
    answer->verdict = verdicts[solved.verdict];
    answer->has_reachable = true;
    answer->reachable = solved.reachable;
    return (fill_stages(solving, &input, &solved) && name_missing(solving, &solved)) ||
           out_of_room(solving->workshop);
}

static bool finish_solve(struct workshop *workshop, const ProtobufCMessage *request_message,
                         ProtobufCMessage *answer_message)
{
    const Tiejun__V1__SolveServiceSolveRequest *request = (const void *)request_message;
    struct solving solving = {.workshop = workshop, .answer = (void *)answer_message};
    Tiejun__V1__SolveServiceSolveResponse *answer = solving.answer;
    solving.chain = (struct chain){answer->history, answer->n_history, answer->shrink_weight};
    if (answer->n_history == 0 || !chain_numbers_make(&solving))
        return out_of_room(workshop);
    for (size_t i = 0; i < request->n_replacements; i++) {
        if (!chain_number_replace(&solving, request->replacements[i]))
            return false;
    }
    if (!solving.numbers[CHAIN_TARGET]->has_value)
        return workshop_refuse(workshop, "no_revenue_goal", "unit",
                               arena_printf(workshop->arena, "%s%c%s%c%s", answer->scope,
                                            REFUSAL_SEPARATOR, answer->from_date, REFUSAL_SEPARATOR,
                                            answer->to_date));
    expect_all(&solving);
    const struct rates rates = RATES_OF(answer);
    bool good = answer_with(&solving) &&
                (rates_take(workshop->arena, &rates, answer->open, answer->n_open) ||
                 out_of_room(workshop));
    // The days were for the arithmetic alone.
    answer->n_working_before = 0;
    return good;
}

const struct request solve_requests[] = {
    {.method = "tiejun.v1.SolveService.Solve",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"solve_scope", NULL}, {"solve_history", "history"}, {"solve_open", "open"}},
     .finish = finish_solve},
    {0},
};
