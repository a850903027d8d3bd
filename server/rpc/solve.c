// Set goals: the chain from a gap to visits a day (domain.md 2.7).
#include "server/method/ratio.h"
#include "server/rpc/conversion.h"
#include "server/rpc/rates.h"
#include "server/rpc/refusal.h"
#include "server/rpc/request.h"

#include <inttypes.h>
#include <string.h>

// A rep with fewer days is measured by the team's.
enum { CAPACITY_DAYS_LEAST = 20, DAY_MILLI = 1000 };

// The numbers of the chain, in the order of the answer: rates, win rates and lags each in the order
// of their stages.
enum number {
    TARGET,
    BOOKED,
    OPEN,
    ORDER,
    RATE_VISIT,
    RATE_C,
    RATE_B,
    RATE_A,
    WIN_C,
    WIN_B,
    WIN_A,
    LAG_VISIT,
    LAG_C,
    LAG_B,
    LAG_A,
    CAPACITY,
    STANDARD,
    REPS,
    DAYS,
    NUMBERS,
};

static const struct {
    const char *name;
    // Bounds of what may be given for it.
    int64_t least;
    int64_t most;
} numbers[NUMBERS] = {
    [TARGET] = {"target", 0, INT64_MAX},
    [BOOKED] = {"booked", 0, INT64_MAX},
    [OPEN] = {"open", 0, INT64_MAX},
    [ORDER] = {"order", 1, INT64_MAX},
    [RATE_VISIT] = {"rate.visit", 1, RATE_ONE},
    [RATE_C] = {"rate.c", 1, RATE_ONE},
    [RATE_B] = {"rate.b", 1, RATE_ONE},
    [RATE_A] = {"rate.a", 1, RATE_ONE},
    [WIN_C] = {"win.c", 0, RATE_ONE},
    [WIN_B] = {"win.b", 0, RATE_ONE},
    [WIN_A] = {"win.a", 0, RATE_ONE},
    [LAG_VISIT] = {"lag.visit", 0, 3660},
    [LAG_C] = {"lag.c", 0, 3660},
    [LAG_B] = {"lag.b", 0, 3660},
    [LAG_A] = {"lag.a", 0, 3660},
    [CAPACITY] = {"capacity", 0, 1000000},
    [STANDARD] = {"standard", 0, 1000000},
    [REPS] = {"reps", 1, 1000000000},
    [DAYS] = {"days", 0, 3660000},
};

static const char *const stages[SOLVE_STAGES] = {"visit", "c", "b", "a", "signing"};

// One solve under way.
struct solving {
    struct workshop *workshop;
    Tiejun__V1__SolveServiceSolveResponse *answer;
    struct chain chain;
    Tiejun__V1__ChainNumber *numbers[NUMBERS];
};

static bool out_of_room(struct workshop *workshop)
{
    return workshop_refuse(workshop, "busy", NULL, NULL);
}

// ---- numbers ----

static bool make_numbers(struct solving *solving)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    struct arena *arena = solving->workshop->arena;
    answer->numbers = arena_alloc(arena, NUMBERS * sizeof *answer->numbers);
    for (size_t i = 0; answer->numbers && i < NUMBERS; i++) {
        Tiejun__V1__ChainNumber *made = arena_alloc(arena, sizeof *made);
        if (!made)
            return false;
        tiejun__v1__chain_number__init(made);
        made->name = (char *)numbers[i].name;
        solving->numbers[i] = answer->numbers[answer->n_numbers++] = made;
    }
    return answer->numbers != NULL;
}

static void set(struct solving *solving, enum number which, int64_t value)
{
    solving->numbers[which]->has_value = true;
    solving->numbers[which]->value = value;
}

static int64_t value(const struct solving *solving, enum number which)
{
    return solving->numbers[which]->value;
}

static void set_own(Tiejun__V1__ChainNumber *number, struct sample own, bool is_rate)
{
    number->has_hits = is_rate;
    number->hits = own.sum;
    number->has_cases = true;
    number->cases = own.count;
}

static void set_borrowed(const struct solving *solving, Tiejun__V1__ChainNumber *number,
                         size_t from, struct sample there, bool is_rate)
{
    if (from == 0)
        return;
    number->borrowed_from = solving->chain.scopes[from]->scope;
    number->has_borrowed_hits = is_rate;
    number->borrowed_hits = there.sum;
    number->has_borrowed_cases = true;
    number->borrowed_cases = there.count;
}

static void set_shrunk(struct solving *solving, enum number which, const struct shrunk *figure,
                       struct sample own, struct sample there, bool is_rate)
{
    Tiejun__V1__ChainNumber *number = solving->numbers[which];
    number->has_value = figure->known;
    number->value = figure->value;
    set_own(number, own, is_rate);
    set_borrowed(solving, number, figure->borrowed_from, there, is_rate);
}

static const Tiejun__V1__ConversionHistory *scope_at(const struct solving *solving, size_t step)
{
    return solving->chain.scopes[step];
}

static void read_rates(struct solving *solving)
{
    const struct chain *chain = &solving->chain;
    for (enum solve_stage stage = SOLVE_VISIT; stage < SOLVE_SIGNING; stage++) {
        struct shrunk rate = conversion_rate(chain, stage);
        set_shrunk(solving, RATE_VISIT + stage, &rate,
                   conversion_sample(scope_at(solving, 0), stage),
                   conversion_sample(scope_at(solving, rate.borrowed_from), stage), true);
    }
    for (enum grade grade = GRADE_C; grade < GRADES; grade++) {
        struct shrunk rate = conversion_win_rate(chain, grade);
        struct grade_ends own = conversion_ends(scope_at(solving, 0));
        struct grade_ends there = conversion_ends(scope_at(solving, rate.borrowed_from));
        set_shrunk(solving, WIN_C + grade, &rate, forecast_sample(&own, grade),
                   forecast_sample(&there, grade), true);
    }
}

static struct sample signings_at(const struct solving *solving, size_t step)
{
    return (struct sample){.count = scope_at(solving, step)->a_won};
}

static struct sample orders_at(const struct solving *solving, size_t step)
{
    return (struct sample){.count = scope_at(solving, step)->orders};
}

static struct sample days_at(const struct solving *solving, size_t step)
{
    return (struct sample){.count = scope_at(solving, step)->days};
}

static void read_means(struct solving *solving)
{
    struct shrunk order = conversion_order(&solving->chain);
    set_shrunk(solving, ORDER, &order, orders_at(solving, 0),
               orders_at(solving, order.borrowed_from), false);
    for (enum solve_stage stage = SOLVE_VISIT; stage < SOLVE_SIGNING; stage++) {
        struct shrunk lag = conversion_lag(&solving->chain, stage);
        set_shrunk(solving, LAG_VISIT + stage, &lag, signings_at(solving, 0),
                   signings_at(solving, lag.borrowed_from), false);
    }
}

// The scope's own days, or for a person with too few the team's, where there are any.
static void read_capacity(struct solving *solving, bool is_person)
{
    struct shrunk capacity = {0};
    size_t last = is_person && solving->chain.count > 1 ? 1 : 0;
    for (size_t i = 0; i <= last; i++) {
        const Tiejun__V1__ConversionHistory *scope = scope_at(solving, i);
        if (scope->has_day_visits)
            capacity = (struct shrunk){true, scope->day_visits, i};
        if (scope->days >= CAPACITY_DAYS_LEAST)
            break;
    }
    set_shrunk(solving, CAPACITY, &capacity, days_at(solving, 0),
               days_at(solving, capacity.borrowed_from), false);
}

static void read_books(struct solving *solving)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    if (answer->has_target)
        set(solving, TARGET, answer->target);
    set(solving, BOOKED, answer->booked);
    if (answer->has_standard)
        set(solving, STANDARD, answer->standard);
    set(solving, REPS, answer->reps);
    set(solving, DAYS,
        answer->n_working_before > 0 ? answer->working_before[answer->n_working_before - 1] : 0);
}

// ---- what if ----

static bool find_number(const char *name, enum number *which)
{
    for (*which = TARGET; *which < NUMBERS; (*which)++) {
        if (name && strcmp(numbers[*which].name, name) == 0)
            return true;
    }
    return false;
}

static const char *all_names(struct arena *arena)
{
    const char *names = "";
    for (enum number i = TARGET; names && i < NUMBERS; i++)
        names = arena_printf(arena, "%s%s%s", names, i == TARGET ? "" : ", ", numbers[i].name);
    return names;
}

static bool replace(struct solving *solving, const Tiejun__V1__Replacement *given)
{
    struct arena *arena = solving->workshop->arena;
    enum number which;
    const char *name = given->name ? given->name : "";
    if (!find_number(name, &which))
        return workshop_refuse(
            solving->workshop, "unknown_number", "replacements",
            arena_printf(arena, "%s%c%s", name, REFUSAL_SEPARATOR, all_names(arena)));
    if (!given->has_value || given->value < numbers[which].least ||
        given->value > numbers[which].most)
        return workshop_refuse(
            solving->workshop, "bad_number", "replacements",
            arena_printf(arena, "%" PRId64 "%c%s", given->value, REFUSAL_SEPARATOR, name));
    set(solving, which, given->value);
    solving->numbers[which]->has_replaced = solving->numbers[which]->replaced = true;
    return true;
}

// ---- open deals ----

static void expect(struct solving *solving, Tiejun__V1__OpenDeals *open)
{
    enum grade grade;
    if (!conversion_grade(open->grade, &grade))
        return;
    const Tiejun__V1__ChainNumber *win = solving->numbers[WIN_C + grade];
    const Tiejun__V1__ChainNumber *lag = solving->numbers[LAG_C + grade];
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
    if (!solving->numbers[OPEN]->replaced)
        set(solving, OPEN, sum);
}

static bool take_rates(struct arena *arena, Tiejun__V1__SolveServiceSolveResponse *answer)
{
    const struct rates rates = {
        .n_unrated = &answer->n_unrated_currencies,
        .unrated = &answer->unrated_currencies,
        .n_rates = &answer->n_rates,
        .currencies = &answer->rate_currencies,
        .rates = &answer->rates,
        .dates = &answer->rate_dates,
    };
    for (size_t i = 0; i < answer->n_open; i++) {
        Tiejun__V1__OpenDeals *open = answer->open[i];
        if (!rates_take(arena, &rates, open))
            return false;
        open->n_unrated_currencies = 0;
        open->n_rate_currencies = open->n_rates = open->n_rate_dates = 0;
    }
    answer->n_rate_currencies = answer->n_rate_dates = answer->n_rates;
    return true;
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
    int64_t left = value(solving, DAYS) - taken;
    return left > 0 ? left : 0;
}

// W_left(k): working time from the first day up to so many days before the period's end.
static int64_t left_millidays(const struct solving *solving, int64_t lag_days)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    size_t count = answer->n_working_before;
    if (solving->numbers[DAYS]->replaced)
        return left_of_given(solving, lag_days);
    return lag_days < (int64_t)count ? answer->working_before[count - 1 - (size_t)lag_days] : 0;
}

static struct solve_input input_of(const struct solving *solving)
{
    struct solve_input input = {
        .target = value(solving, TARGET),
        .booked = value(solving, BOOKED),
        .expected_open = value(solving, OPEN),
        .order_value = value(solving, ORDER),
        .reps = value(solving, REPS),
        .has_standard = solving->numbers[STANDARD]->has_value,
        .standard = value(solving, STANDARD),
        .has_capacity = solving->numbers[CAPACITY]->has_value,
        .capacity = value(solving, CAPACITY),
    };
    for (enum solve_stage stage = SOLVE_VISIT; stage < SOLVE_SIGNING; stage++) {
        input.rate[stage] = value(solving, RATE_VISIT + stage);
        input.left_millidays[stage] = left_millidays(solving, value(solving, LAG_VISIT + stage));
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
    for (enum number i = ORDER; i <= RATE_A; i++) {
        if (value(solving, i) <= 0)
            answer->missing[answer->n_missing++] = (char *)numbers[i].name;
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
    if (answer->n_history == 0 || !make_numbers(&solving))
        return out_of_room(workshop);
    read_books(&solving);
    read_rates(&solving);
    read_means(&solving);
    read_capacity(&solving, answer->has_is_person && answer->is_person);
    for (size_t i = 0; i < request->n_replacements; i++) {
        if (!replace(&solving, request->replacements[i]))
            return false;
    }
    if (!solving.numbers[TARGET]->has_value)
        return workshop_refuse(workshop, "no_revenue_goal", "unit",
                               arena_printf(workshop->arena, "%s%c%s%c%s", answer->scope,
                                            REFUSAL_SEPARATOR, answer->from_date, REFUSAL_SEPARATOR,
                                            answer->to_date));
    expect_all(&solving);
    bool good =
        answer_with(&solving) && (take_rates(workshop->arena, answer) || out_of_room(workshop));
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
