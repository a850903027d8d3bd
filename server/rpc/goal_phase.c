// From goals to their days (domain.md 2.6): day targets are worked out when they are asked for,
// from the goal, its calendar and the season, and kept nowhere.
#include "server/rpc/goal_phase.h"

#include "server/method/phase.h"
#include "server/rpc/goal_plan.h"
#include "tiejun/v1/goal.pb-c.h"

#include "common/date.h"

#include <string.h>

// What the days of a calendar weigh in a season, before leave.
struct days {
    int64_t calendar;
    const char *seasons;
    size_t count;
    struct phase_day *list;
    struct days *next;
};

// What a page of goals is laid on.
struct ground {
    struct workshop *workshop;
    const Tiejun__V1__GoalServicePhaseResponse *answer;
    // Of the request; they go before those that the goals have.
    const char *seasons;
    date_day first;
    struct days *made;
};

static const Tiejun__V1__PhaseCalendar *calendar_of(const struct ground *ground, int64_t number)
{
    for (size_t i = 0; i < ground->answer->n_calendars; i++) {
        if (ground->answer->calendars[i]->calendar == number) {
            return ground->answer->calendars[i];
        }
    }
    return NULL;
}

static const struct days *make_days(struct ground *ground, int64_t number, const char *seasons)
{
    struct arena *arena = ground->workshop->arena;
    const Tiejun__V1__PhaseCalendar *calendar = calendar_of(ground, number);
    struct days *days = calendar ? arena_alloc(arena, sizeof *days) : NULL;
    if (!days) {
        return NULL;
    }
    *days = (struct days){.calendar = number,
                          .seasons = seasons,
                          .count = calendar->n_factors_milli,
                          .next = ground->made};
    days->list = arena_alloc(arena, (days->count + 1) * sizeof *days->list);
    for (size_t i = 0; days->list && i < days->count; i++) {
        char date[DATE_TEXT_SIZE];
        date_format(ground->first + (date_day)i, date);
        days->list[i] = (struct phase_day){.factor_milli = calendar->factors_milli[i],
                                           .season_milli = goal_season(seasons, date)};
    }
    if (!days->list) {
        return NULL;
    }
    ground->made = days;
    return days;
}

// Goals of a page have few calendars and fewer seasons.
static const struct days *days_of(struct ground *ground, int64_t number, const char *seasons)
{
    seasons = *ground->seasons ? ground->seasons : seasons;
    for (const struct days *days = ground->made; days; days = days->next) {
        if (days->calendar == number && strcmp(days->seasons, seasons) == 0) {
            return days;
        }
    }
    return make_days(ground, number, seasons);
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

static bool phase_frame(struct ground *ground, Tiejun__V1__PhasedGoal *goal, size_t frame,
                        struct phase_day *days)
{
    const char *seasons = frame < goal->n_frame_seasons ? goal->frame_seasons[frame] : "";
    const struct days *usual = days_of(ground, goal->calendar, seasons);
    size_t first = (size_t)goal->frame_offsets[frame];
    if (!usual || usual->count != goal->n_targets || first > usual->count) {
        return false;
    }
    memcpy(days, usual->list, usual->count * sizeof *days);
    take_leave(goal, days, usual->count);
    if (first < usual->count &&
        !phase_from(goal->frame_targets[frame], days + first, usual->count - first)) {
        return false;
    }
    for (size_t day = first; day < usual->count; day++) {
        goal->targets[day] = days[day].share;
    }
    return true;
}

// Each time between re-balances lays its amount on all the days that remained then; the next one
// begins anew on its own first day.
static bool phase_goal(struct ground *ground, Tiejun__V1__PhasedGoal *goal)
{
    struct arena *arena = ground->workshop->arena;
    const Tiejun__V1__PhaseCalendar *calendar = calendar_of(ground, goal->calendar);
    size_t count = calendar ? calendar->n_factors_milli : 0;
    struct phase_day *days = arena_alloc(arena, (count + 1) * sizeof *days);
    goal->targets = arena_alloc(arena, (count + 1) * sizeof *goal->targets);
    if (!days || !goal->targets) {
        return false;
    }
    goal->n_targets = count;
    for (size_t i = 0; i < goal->n_frame_targets && i < goal->n_frame_offsets; i++) {
        if (!phase_frame(ground, goal, i, days)) {
            return false;
        }
    }
    return true;
}

bool goal_finish_phase(struct workshop *workshop, const ProtobufCMessage *request_message,
                       ProtobufCMessage *answer_message)
{
    const Tiejun__V1__GoalServicePhaseRequest *request = (const void *)request_message;
    Tiejun__V1__GoalServicePhaseResponse *answer = (void *)answer_message;
    struct ground ground = {
        .workshop = workshop,
        .answer = answer,
        .seasons = goal_seasons(workshop, request->seasons, request->n_seasons),
    };
    if (!ground.seasons || !answer->from_date || !date_parse(answer->from_date, &ground.first)) {
        return false;
    }
    for (size_t i = 0; i < answer->n_goals; i++) {
        Tiejun__V1__PhasedGoal *goal = answer->goals[i];
        if (!phase_goal(&ground, goal)) {
            return false;
        }
        // The reader wants the days, not what they were made of.
        goal->has_calendar = false;
        goal->n_away_offsets = goal->n_away_millis = 0;
        goal->n_frame_targets = goal->n_frame_offsets = goal->n_frame_seasons = 0;
    }
    answer->n_calendars = 0;
    return true;
}
