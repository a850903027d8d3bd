// From goals to their days (domain.md 2.6): day targets are worked out when they are asked for,
// from the goal, its calendar and the season, and kept nowhere.
#include "server/rpc/goal_phase.h"

#include "server/method/phase.h"
#include "server/rpc/goal_plan.h"
#include "tiejun/v1/goal.pb-c.h"

#include "common/date.h"

#include <string.h>

// What a goal's days weigh, before leave.
struct days {
    int64_t calendar;
    size_t count;
    struct phase_day *list;
};

static bool make_days(struct workshop *workshop, const Tiejun__V1__GoalServicePhaseRequest *request,
                      const Tiejun__V1__PhaseCalendar *calendar, date_day first, struct days *days)
{
    days->calendar = calendar->calendar;
    days->count = calendar->n_factors_milli;
    days->list = arena_alloc(workshop->arena, (days->count + 1) * sizeof *days->list);
    for (size_t i = 0; days->list && i < days->count; i++) {
        char date[DATE_TEXT_SIZE];
        date_format(first + (date_day)i, date);
        int64_t season = goal_season(request->seasons, request->n_seasons, date);
        if (season < 0 || season > INT32_MAX) {
            return goal_refuse(workshop, "negative_figure", "seasons",
                               goal_number(workshop, season));
        }
        days->list[i] = (struct phase_day){.factor_milli = calendar->factors_milli[i],
                                           .season_milli = (int32_t)season};
    }
    return days->list != NULL;
}

static const struct days *days_of(const struct days *days, size_t count, int64_t calendar)
{
    for (size_t i = 0; i < count; i++) {
        if (days[i].calendar == calendar) {
            return &days[i];
        }
    }
    return NULL;
}

static void take_leave(const Tiejun__V1__PhasedGoal *goal, struct phase_day *days, size_t count)
{
    for (size_t i = 0; i < goal->n_away_offsets && i < goal->n_away_millis; i++) {
        size_t day = (size_t)goal->away_offsets[i];
        if (goal->away_offsets[i] >= 0 && day < count) {
            days[day].factor_milli = days[day].factor_milli > goal->away_millis[i]
                                         ? days[day].factor_milli - goal->away_millis[i]
                                         : 0;
        }
    }
}

// Without a working day among them, every day is as good as another.
static bool phase_from(int64_t target, struct phase_day *days, size_t count)
{
    enum split_result result = phase_target(target, days, count, NULL);
    for (size_t i = 0; result == SPLIT_NO_WEIGHT && i < count; i++) {
        days[i].factor_milli = days[i].season_milli = 1;
    }
    return result == SPLIT_OK || (result == SPLIT_NO_WEIGHT && count > 0 &&
                                  phase_target(target, days, count, NULL) == SPLIT_OK);
}

// Each time between re-balances lays its amount on all the days that remained then; the next one
// begins anew on its own first day.
static bool phase_goal(struct workshop *workshop, const struct days *usual,
                       Tiejun__V1__PhasedGoal *goal)
{
    struct phase_day *days = arena_alloc(workshop->arena, (usual->count + 1) * sizeof *days);
    goal->targets = arena_alloc(workshop->arena, (usual->count + 1) * sizeof *goal->targets);
    if (!days || !goal->targets) {
        return false;
    }
    goal->n_targets = usual->count;
    for (size_t i = 0; i < goal->n_frame_targets && i < goal->n_frame_offsets; i++) {
        size_t first = (size_t)goal->frame_offsets[i];
        memcpy(days, usual->list, usual->count * sizeof *days);
        take_leave(goal, days, usual->count);
        // What was done beyond the target leaves nothing to do.
        int64_t target = goal->frame_targets[i] > 0 ? goal->frame_targets[i] : 0;
        if (first < usual->count && !phase_from(target, days + first, usual->count - first)) {
            return false;
        }
        for (size_t day = first; day < usual->count; day++) {
            goal->targets[day] = days[day].share;
        }
    }
    return true;
}

bool goal_finish_phase(struct workshop *workshop, const ProtobufCMessage *request_message,
                       ProtobufCMessage *answer_message)
{
    const Tiejun__V1__GoalServicePhaseRequest *request = (const void *)request_message;
    Tiejun__V1__GoalServicePhaseResponse *answer = (void *)answer_message;
    date_day first;
    struct days *days = arena_alloc(workshop->arena, (answer->n_calendars + 1) * sizeof *days);
    if (!days || !answer->from_date || !date_parse(answer->from_date, &first)) {
        return false;
    }
    for (size_t i = 0; i < answer->n_calendars; i++) {
        if (!make_days(workshop, request, answer->calendars[i], first, &days[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < answer->n_goals; i++) {
        const struct days *usual = days_of(days, answer->n_calendars, answer->goals[i]->calendar);
        if (!usual || !phase_goal(workshop, usual, answer->goals[i])) {
            return false;
        }
        // The reader wants the days, not what they were made of.
        answer->goals[i]->has_calendar = false;
        answer->goals[i]->n_away_offsets = answer->goals[i]->n_away_millis = 0;
        answer->goals[i]->n_frame_targets = answer->goals[i]->n_frame_offsets = 0;
    }
    answer->n_calendars = 0;
    return true;
}
