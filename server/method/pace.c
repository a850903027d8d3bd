#include "server/method/pace.h"

#include "server/method/ratio.h"

// The two working times of the formulas, 0 <= elapsed <= total.
struct working_time {
    int64_t total;
    int64_t elapsed;
};

static struct working_time working_time(const struct pace_input *input)
{
    struct working_time time = {.total = input->working_millidays,
                                .elapsed = input->elapsed_millidays};
    if (time.total < 0)
        time.total = 0;
    if (time.elapsed < 0)
        time.elapsed = 0;
    if (time.elapsed > time.total)
        time.elapsed = time.total;
    return time;
}

// What is expected by now, not yet rounded.
struct quotient {
    wide_int numerator;
    wide_int divisor;
};

static struct quotient expect(const struct pace_input *input, struct working_time time)
{
    bool planned = input->planned_weight > 0;
    wide_int done = planned ? input->planned_done : 0;
    wide_int all = planned ? input->planned_weight : time.total;
    wide_int past = planned ? input->planned_weight_past : time.elapsed;
    // What was done beyond the target leaves nothing to do.
    wide_int rest = input->target > done ? input->target - done : 0;
    return (struct quotient){.numerator = done * all + rest * past, .divisor = all};
}

static bool pace_milli(const struct pace_input *input, struct quotient expected, int64_t *result)
{
    // Three factors, 10 bits more than wide_int holds at the extremes.
    wide_int numerator;
    if (__builtin_mul_overflow((wide_int)input->actual * 1000, expected.divisor, &numerator))
        return false;
    return ratio_half_up(numerator, expected.numerator, result);
}

static bool required_per_day(const struct pace_input *input, struct working_time time,
                             int64_t *result)
{
    wide_int gap = (wide_int)input->target - input->actual;
    return ratio_up(gap > 0 ? gap * 1000 : 0, (wide_int)time.total - time.elapsed, result);
}

struct pace_answer pace_measure(const struct pace_input *input)
{
    struct pace_answer answer = {0};
    struct working_time time = working_time(input);
    answer.has_projection =
        ratio_half_up((wide_int)input->actual * time.total, time.elapsed, &answer.projection);
    if (!input->has_target || input->target < 0)
        return answer;
    answer.has_attainment = ratio_milli(input->actual, input->target, &answer.attainment_milli);
    const struct quotient expected = expect(input, time);
    answer.has_expected = ratio_half_up(expected.numerator, expected.divisor, &answer.expected);
    answer.has_pace = pace_milli(input, expected, &answer.pace_milli);
    answer.has_required_per_day = required_per_day(input, time, &answer.required_per_day);
    return answer;
}
