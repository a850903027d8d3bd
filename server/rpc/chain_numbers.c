#include "server/rpc/chain_numbers.h"

#include "server/rpc/refusal.h"

#include <inttypes.h>
#include <string.h>

// A rep with fewer days is measured by the team's.
enum { CAPACITY_DAYS_LEAST = 20 };

static const struct {
    const char *name;
    // Bounds of what may be given for it.
    int64_t least;
    int64_t most;
} numbers[CHAIN_NUMBERS] = {
    [CHAIN_TARGET] = {"target", 0, INT64_MAX},
    [CHAIN_BOOKED] = {"booked", 0, INT64_MAX},
    [CHAIN_OPEN] = {"open", 0, INT64_MAX},
    [CHAIN_ORDER] = {"order", 1, INT64_MAX},
    [CHAIN_RATE_VISIT] = {"rate.visit", 1, RATE_ONE},
    [CHAIN_RATE_C] = {"rate.c", 1, RATE_ONE},
    [CHAIN_RATE_B] = {"rate.b", 1, RATE_ONE},
    [CHAIN_RATE_A] = {"rate.a", 1, RATE_ONE},
    [CHAIN_WIN_C] = {"win.c", 0, RATE_ONE},
    [CHAIN_WIN_B] = {"win.b", 0, RATE_ONE},
    [CHAIN_WIN_A] = {"win.a", 0, RATE_ONE},
    [CHAIN_LAG_VISIT] = {"lag.visit", 0, 3660},
    [CHAIN_LAG_C] = {"lag.c", 0, 3660},
    [CHAIN_LAG_B] = {"lag.b", 0, 3660},
    [CHAIN_LAG_A] = {"lag.a", 0, 3660},
    [CHAIN_CAPACITY] = {"capacity", 0, 1000000},
    [CHAIN_STANDARD] = {"standard", 0, 1000000},
    [CHAIN_REPS] = {"reps", 1, 1000000000},
    [CHAIN_DAYS] = {"days", 0, 3660000},
};

static bool make_numbers(struct solving *solving)
{
    Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    struct arena *arena = solving->workshop->arena;
    answer->numbers = arena_alloc(arena, CHAIN_NUMBERS * sizeof *answer->numbers);
    for (size_t i = 0; answer->numbers && i < CHAIN_NUMBERS; i++) {
        Tiejun__V1__ChainNumber *made = arena_alloc(arena, sizeof *made);
        if (!made)
            return false;
        tiejun__v1__chain_number__init(made);
        made->name = (char *)numbers[i].name;
        solving->numbers[i] = answer->numbers[answer->n_numbers++] = made;
    }
    return answer->numbers != NULL;
}

void chain_number_set(struct solving *solving, enum chain_number which, int64_t value)
{
    solving->numbers[which]->has_value = true;
    solving->numbers[which]->value = value;
}

int64_t chain_number(const struct solving *solving, enum chain_number which)
{
    return solving->numbers[which]->value;
}

const char *chain_number_name(enum chain_number which)
{
    return numbers[which].name;
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

static void set_shrunk(struct solving *solving, enum chain_number which,
                       const struct shrunk *figure, struct sample own, struct sample there,
                       bool is_rate)
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
        set_shrunk(solving, CHAIN_RATE_VISIT + stage, &rate,
                   conversion_sample(scope_at(solving, 0), stage),
                   conversion_sample(scope_at(solving, rate.borrowed_from), stage), true);
    }
    for (enum grade grade = GRADE_C; grade < GRADES; grade++) {
        struct shrunk rate = conversion_win_rate(chain, grade);
        struct grade_ends own = conversion_ends(scope_at(solving, 0));
        struct grade_ends there = conversion_ends(scope_at(solving, rate.borrowed_from));
        set_shrunk(solving, CHAIN_WIN_C + grade, &rate, forecast_sample(&own, grade),
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
    set_shrunk(solving, CHAIN_ORDER, &order, orders_at(solving, 0),
               orders_at(solving, order.borrowed_from), false);
    for (enum solve_stage stage = SOLVE_VISIT; stage < SOLVE_SIGNING; stage++) {
        struct shrunk lag = conversion_lag(&solving->chain, stage);
        set_shrunk(solving, CHAIN_LAG_VISIT + stage, &lag, signings_at(solving, 0),
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
    set_shrunk(solving, CHAIN_CAPACITY, &capacity, days_at(solving, 0),
               days_at(solving, capacity.borrowed_from), false);
}

static void read_books(struct solving *solving)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    if (answer->has_target)
        chain_number_set(solving, CHAIN_TARGET, answer->target);
    chain_number_set(solving, CHAIN_BOOKED, answer->booked);
    if (answer->has_standard)
        chain_number_set(solving, CHAIN_STANDARD, answer->standard);
    chain_number_set(solving, CHAIN_REPS, answer->reps);
    chain_number_set(
        solving, CHAIN_DAYS,
        answer->n_working_before > 0 ? answer->working_before[answer->n_working_before - 1] : 0);
}

bool chain_numbers_make(struct solving *solving)
{
    const Tiejun__V1__SolveServiceSolveResponse *answer = solving->answer;
    if (!make_numbers(solving))
        return false;
    read_books(solving);
    read_rates(solving);
    read_means(solving);
    read_capacity(solving, answer->has_is_person && answer->is_person);
    return true;
}

// ---- what if ----

static bool find_number(const char *name, enum chain_number *which)
{
    for (*which = CHAIN_TARGET; *which < CHAIN_NUMBERS; (*which)++) {
        if (name && strcmp(numbers[*which].name, name) == 0)
            return true;
    }
    return false;
}

static const char *all_names(struct arena *arena)
{
    const char *names = "";
    for (enum chain_number i = CHAIN_TARGET; names && i < CHAIN_NUMBERS; i++)
        names =
            arena_printf(arena, "%s%s%s", names, i == CHAIN_TARGET ? "" : ", ", numbers[i].name);
    return names;
}

bool chain_number_replace(struct solving *solving, const Tiejun__V1__Replacement *given)
{
    struct arena *arena = solving->workshop->arena;
    enum chain_number which;
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
    chain_number_set(solving, which, given->value);
    solving->numbers[which]->has_replaced = solving->numbers[which]->replaced = true;
    return true;
}
