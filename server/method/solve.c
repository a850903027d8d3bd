#include "server/method/solve.h"

#include "server/method/ratio.h"

#define MILLI 1000

static int64_t gap_of(const struct solve_input *input)
{
    wide_int gap = (wide_int)input->target - input->booked - input->expected_open;
    return gap > 0 ? ratio_saturate(gap) : 0;
}

// n_k = n_(k+1) / rate from k, and N = G / order value; all from the signing backward.
static void solve_needed(const struct solve_input *input, struct solve_answer *answer)
{
    int64_t needed;
    if (answer->gap == 0)
        needed = 0;
    else if (!ratio_up((wide_int)answer->gap * SOLVE_MILLION, input->order_value, &needed))
        return;
    answer->known[SOLVE_SIGNING] = true;
    answer->needed_micro[SOLVE_SIGNING] = needed;
    for (int stage = SOLVE_SIGNING; stage-- > SOLVE_VISIT;) {
        if (needed > 0 && !ratio_up((wide_int)needed * RATE_ONE, input->rate[stage], &needed))
            return;
        answer->known[stage] = true;
        answer->needed_micro[stage] = needed;
    }
}

static bool per_day(int64_t needed_micro, int64_t left_millidays, int64_t reps, int64_t *result)
{
    wide_int left;
    if (needed_micro == 0) {
        *result = 0;
        return true;
    }
    if (__builtin_mul_overflow((wide_int)left_millidays * SOLVE_MILLION, (wide_int)reps, &left)) {
        // More time than anything needed can fill.
        *result = 1;
        return left_millidays > 0;
    }
    return ratio_up((wide_int)needed_micro * MILLI, left, result);
}

static int64_t reps_of(const struct solve_input *input)
{
    return input->reps > 1 ? input->reps : 1;
}

static void solve_days(const struct solve_input *input, struct solve_answer *answer)
{
    for (int stage = SOLVE_VISIT; stage < SOLVE_STAGES; stage++) {
        answer->has_per_day[stage] = answer->known[stage] && per_day(answer->needed_micro[stage],
                                                                     input->left_millidays[stage],
                                                                     1, &answer->per_day[stage]);
    }
    answer->has_rep_day = answer->known[SOLVE_VISIT] && per_day(answer->needed_micro[SOLVE_VISIT],
                                                                input->left_millidays[SOLVE_VISIT],
                                                                reps_of(input), &answer->rep_day);
    answer->has_day_goal = answer->has_rep_day || input->has_standard;
    answer->day_goal = answer->rep_day;
    if (input->has_standard && input->standard > answer->day_goal)
        answer->day_goal = input->standard;
}

static enum solve_verdict judge(const struct solve_input *input, const struct solve_answer *answer)
{
    if (answer->gap == 0)
        return SOLVE_COVERED;
    if (!answer->known[SOLVE_VISIT])
        return SOLVE_UNKNOWN;
    if (!answer->has_rep_day)
        return SOLVE_INFEASIBLE;
    if (!input->has_capacity)
        return SOLVE_UNJUDGED;
    return answer->rep_day > input->capacity ? SOLVE_INFEASIBLE : SOLVE_FEASIBLE;
}

int64_t solve_worth(const struct solve_input *input, enum solve_stage stage, int64_t micro)
{
    wide_int left = micro > 0 ? micro : 0;
    for (enum solve_stage step = stage; step < SOLVE_SIGNING; step++)
        left = left * (input->rate[step] > 0 ? input->rate[step] : 0) / RATE_ONE;
    return ratio_saturate(left * (input->order_value > 0 ? input->order_value : 0) / SOLVE_MILLION);
}

// Visits that all reps can make in the time left.
static int64_t visits_at_capacity(const struct solve_input *input)
{
    wide_int visits;
    int64_t left = input->left_millidays[SOLVE_VISIT];
    if (!input->has_capacity || input->capacity <= 0 || left <= 0 ||
        __builtin_mul_overflow((wide_int)input->capacity * reps_of(input),
                               (wide_int)left * (SOLVE_MILLION / MILLI), &visits))
        return 0;
    return ratio_saturate(visits);
}

static int64_t reachable(const struct solve_input *input, const struct solve_answer *answer)
{
    wide_int sum = (wide_int)input->booked + input->expected_open;
    if (answer->verdict == SOLVE_COVERED || answer->verdict == SOLVE_FEASIBLE)
        return input->target;
    if (answer->known[SOLVE_VISIT])
        sum += solve_worth(input, SOLVE_VISIT, visits_at_capacity(input));
    return ratio_saturate(sum < input->target ? sum : input->target);
}

struct solve_answer solve(const struct solve_input *input)
{
    struct solve_answer answer = {.gap = gap_of(input)};
    solve_needed(input, &answer);
    solve_days(input, &answer);
    answer.verdict = judge(input, &answer);
    answer.reachable = reachable(input, &answer);
    return answer;
}
