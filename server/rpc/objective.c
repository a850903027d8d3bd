// Higher goals of region managers and directors (domain.md 2.10).
#include "tiejun/v1/objective.pb-c.h"

#include "server/method/progress.h"
#include "server/rpc/request.h"

enum { MANAGERS = ROLE_REGION_MANAGER | ROLE_DIRECTOR };

// The mean of the objective's own key results, which stand together.
static void measure_objective(Tiejun__V1__Objective *objective,
                              Tiejun__V1__KeyResult *const *results, const int64_t *figures,
                              size_t count)
{
    size_t first = 0;
    while (first < count && results[first]->objective != objective->id)
        first++;
    size_t end = first;
    while (end < count && results[end]->objective == objective->id)
        end++;
    objective->has_progress_milli = true;
    objective->progress_milli = progress_mean(figures + first, end - first);
}

static bool measure(struct workshop *workshop, Tiejun__V1__Objective *const *objectives,
                    size_t n_objectives, Tiejun__V1__KeyResult *const *results, size_t n_results)
{
    int64_t *figures = arena_alloc(workshop->arena, n_results * sizeof *figures);
    if (!figures)
        return workshop_refuse(workshop, "busy", NULL, NULL);
    for (size_t i = 0; i < n_results; i++) {
        figures[i] =
            progress_milli(results[i]->from_milli, results[i]->to_milli, results[i]->value_milli);
        results[i]->has_progress_milli = true;
        results[i]->progress_milli = figures[i];
    }
    for (size_t i = 0; i < n_objectives; i++)
        measure_objective(objectives[i], results, figures, n_results);
    return true;
}

static bool finish_show(struct workshop *workshop, const ProtobufCMessage *request,
                        ProtobufCMessage *answer_message)
{
    (void)request;
    Tiejun__V1__ObjectiveServiceShowResponse *answer = (void *)answer_message;
    return measure(workshop, &answer->objective, answer->objective ? 1 : 0, answer->key_results,
                   answer->n_key_results);
}

static bool finish_list(struct workshop *workshop, const ProtobufCMessage *request,
                        ProtobufCMessage *answer_message)
{
    (void)request;
    Tiejun__V1__ObjectiveServiceListResponse *answer = (void *)answer_message;
    return measure(workshop, answer->objectives, answer->n_objectives, answer->key_results,
                   answer->n_key_results);
}

// What one may see and change is for the policies of its table, by the objective's number.
const struct request objective_requests[] = {
    {.method = "tiejun.v1.ObjectiveService.Add",
     .roles = MANAGERS,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"objective_add", NULL}}},
    {.method = "tiejun.v1.ObjectiveService.Edit",
     .roles = MANAGERS,
     .steps = {{"objective_edit", NULL}}},
    {.method = "tiejun.v1.ObjectiveService.CheckIn",
     .roles = ANYONE,
     .steps = {{"objective_check_in", NULL}}},
    {.method = "tiejun.v1.ObjectiveService.Close",
     .roles = MANAGERS,
     .steps = {{"objective_close", NULL}}},
    {.method = "tiejun.v1.ObjectiveService.Show",
     .roles = ANYONE,
     .steps = {{"objective_show", "objective"},
               {"objective_show_key_results", "key_results"},
               {"objective_show_notes", "notes"}},
     .finish = finish_show},
    {.method = "tiejun.v1.ObjectiveService.List",
     .roles = ANYONE,
     .steps = {{"objective_list", "objectives"}, {"objective_list_key_results", "key_results"}},
     .finish = finish_list},
    {0},
};
