// Higher goals of region managers and directors (domain.md 2.10).
#include "tiejun/v1/objective.pb-c.h"

#include "server/method/progress.h"
#include "server/rpc/request.h"

enum { MANAGERS = ROLE_REGION_MANAGER | ROLE_DIRECTOR };

static void measure_results(Tiejun__V1__KeyResult *const *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        results[i]->has_progress_milli = true;
        results[i]->progress_milli =
            progress_milli(results[i]->from_milli, results[i]->to_milli, results[i]->value_milli);
    }
}

static bool measure_objective(struct workshop *workshop, Tiejun__V1__Objective *objective,
                              Tiejun__V1__KeyResult *const *results, size_t count)
{
    int64_t *figures = arena_alloc(workshop->arena, (count + 1) * sizeof *figures);
    size_t own = 0;
    if (!figures)
        return workshop_refuse(workshop, "busy", NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        if (results[i]->objective == objective->id)
            figures[own++] = results[i]->progress_milli;
    }
    objective->has_progress_milli = true;
    objective->progress_milli = progress_mean(figures, own);
    return true;
}

static bool finish_show(struct workshop *workshop, const ProtobufCMessage *request,
                        ProtobufCMessage *answer_message)
{
    (void)request;
    Tiejun__V1__ObjectiveServiceShowResponse *answer = (void *)answer_message;
    measure_results(answer->key_results, answer->n_key_results);
    return !answer->objective || measure_objective(workshop, answer->objective, answer->key_results,
                                                   answer->n_key_results);
}

static bool finish_list(struct workshop *workshop, const ProtobufCMessage *request,
                        ProtobufCMessage *answer_message)
{
    (void)request;
    Tiejun__V1__ObjectiveServiceListResponse *answer = (void *)answer_message;
    measure_results(answer->key_results, answer->n_key_results);
    for (size_t i = 0; i < answer->n_objectives; i++) {
        if (!measure_objective(workshop, answer->objectives[i], answer->key_results,
                               answer->n_key_results))
            return false;
    }
    return true;
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
