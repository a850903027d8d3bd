// From a year's goals to those of its months, and the like (domain.md 2.3, 2.6).
#include "server/rpc/goal_along.h"

#include "server/method/lay.h"
#include "server/method/phase.h"
#include "server/method/ratio.h"
#include "server/rpc/goal_plan.h"
#include "tiejun/v1/goal.pb-c.h"

#include <string.h>

// Rows and cells of a lay, as many cells for each row.
struct table {
    size_t columns;
    struct lay_row *rows;
    struct split_child *cells;
    int64_t *stretched;
};

static int32_t place_of_node(const void *ground, size_t index)
{
    return ((const Tiejun__Server__AlongGround *)ground)->nodes[index]->place;
}

static bool stated_of(const Tiejun__V1__GoalServiceSplitAlongRequest *request, const char *label,
                      int64_t *weight)
{
    for (size_t i = 0; i < request->n_weights; i++) {
        if (request->weights[i]->child && label && strcmp(request->weights[i]->child, label) == 0) {
            *weight = request->weights[i]->weight;
            return true;
        }
    }
    return false;
}

static bool names_a_part(const Tiejun__Server__AlongGround *ground, size_t columns,
                         const char *name)
{
    for (size_t i = 0; i < columns; i++) {
        if (ground->cells[i]->label && strcmp(ground->cells[i]->label, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool weigh_part(struct workshop *workshop,
                       const Tiejun__V1__GoalServiceSplitAlongRequest *request, const char *seasons,
                       const Tiejun__Server__AlongCell *cell, int64_t *weight)
{
    bool stated = request->method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED;
    *weight = cell->weight;
    if (stated && !stated_of(request, cell->label, weight) && !cell->locked) {
        return workshop_refuse(workshop, "no_weight_for_child", "weights", cell->label);
    }
    int64_t season = goal_season(seasons, cell->from_date);
    if (__builtin_mul_overflow(*weight, season, weight)) {
        return workshop_refuse(workshop, "negative_figure", "seasons",
                               goal_number(workshop, season));
    }
    return true;
}

static bool fill(struct workshop *workshop, const Tiejun__V1__GoalServiceSplitAlongRequest *request,
                 const char *seasons, const Tiejun__Server__AlongGround *ground,
                 struct table *table)
{
    for (size_t i = 0; i < request->n_weights; i++) {
        const char *name = request->weights[i]->child ? request->weights[i]->child : "";
        if (!names_a_part(ground, table->columns, name)) {
            return workshop_refuse(workshop, "unknown_part", "weights", name);
        }
    }
    for (size_t i = 0; i < ground->n_nodes; i++) {
        const Tiejun__Server__AlongNode *node = ground->nodes[i];
        table->rows[i] = (struct lay_row){
            .parent = node->has_parent
                          ? goal_index_of(ground, ground->n_nodes, node->parent, place_of_node)
                          : LAY_TOP,
            .target = node->target,
            .stretched = node->stretched_target,
        };
    }
    for (size_t i = 0; i < ground->n_cells; i++) {
        const Tiejun__Server__AlongCell *cell = ground->cells[i];
        table->cells[i].locked = cell->locked;
        table->cells[i].locked_share = cell->target_before;
        table->stretched[i] = cell->stretched_before;
        if (!weigh_part(workshop, request, seasons, cell, &table->cells[i].weight)) {
            return false;
        }
    }
    return true;
}

static bool make_table(struct workshop *workshop, const Tiejun__Server__AlongGround *ground,
                       struct table *table)
{
    table->columns = ground->n_nodes > 0 ? ground->n_cells / ground->n_nodes : 0;
    table->rows = arena_alloc(workshop->arena, (ground->n_nodes + 1) * sizeof *table->rows);
    table->cells = arena_alloc(workshop->arena, (ground->n_cells + 1) * sizeof *table->cells);
    table->stretched =
        arena_alloc(workshop->arena, (ground->n_cells + 1) * sizeof *table->stretched);
    return table->rows && table->cells && table->stretched &&
           table->columns * ground->n_nodes == ground->n_cells;
}

// A goal of the node; the whole period's until it is said otherwise.
static Tiejun__Server__PlannedGoal *add_goal(Tiejun__Server__GoalPlan *plan,
                                             const Tiejun__Server__AlongGround *ground,
                                             const Tiejun__Server__AlongNode *node)
{
    Tiejun__Server__PlannedGoal *goal = goal_plan_next(plan);
    goal->has_unit_id = node->has_unit_id;
    goal->unit_id = node->unit_id;
    goal->has_person_id = node->has_person_id;
    goal->person_id = node->person_id;
    goal->metric = ground->goal_metric;
    goal->from_date = ground->goal_from_date;
    goal->to_date = ground->goal_to_date;
    goal->currency = ground->currency;
    goal->target = node->target;
    goal->stretched_target = node->stretched_target;
    goal->version_before = node->version_before;
    // Wholes below the top one go along only so that their versions are checked.
    goal->level = node->level == 0 ? 0 : -1;
    return goal;
}

static void add_part(Tiejun__Server__GoalPlan *plan, const Tiejun__Server__AlongGround *ground,
                     const Tiejun__Server__AlongNode *node, const Tiejun__Server__AlongCell *cell,
                     const struct split_child *split, int64_t stretched)
{
    Tiejun__Server__PlannedGoal *goal = add_goal(plan, ground, node);
    goal->from_date = cell->from_date;
    goal->to_date = cell->to_date;
    goal->target = split->share;
    goal->stretched_target = stretched;
    goal->has_locked = true;
    goal->locked = cell->locked;
    goal->has_stretch_milli = node->has_stretch_milli && !cell->locked;
    goal->stretch_milli = node->stretch_milli;
    goal->version_before = cell->version_before;
    goal->level = node->level + 1;
    goal->has_weight = true;
    // Without the season's scale.
    goal->weight = split->weight / PHASE_SEASON_NONE;
}

static bool lay(struct workshop *workshop, const Tiejun__Server__AlongGround *ground,
                const struct table *table, Tiejun__Server__GoalPlan *plan)
{
    size_t at;
    int64_t amount;
    enum split_result result = lay_rows(table->rows, ground->n_nodes, table->columns, table->cells,
                                        table->stretched, &at, &amount);
    if (result == SPLIT_NO_WEIGHT) {
        return workshop_refuse(workshop, "no_weight_along", "method", NULL);
    }
    if (result != SPLIT_OK) {
        return goal_refuse_split(workshop, result, amount, ground->nodes[at]->name,
                                 ground->currency);
    }
    if (!goal_plan_room(workshop, plan, ground->n_nodes + ground->n_cells)) {
        return false;
    }
    for (size_t i = 0; i < ground->n_nodes; i++) {
        (void)add_goal(plan, ground, ground->nodes[i]);
        for (size_t j = i * table->columns; j < (i + 1) * table->columns; j++) {
            add_part(plan, ground, ground->nodes[i], ground->cells[j], &table->cells[j],
                     table->stretched[j]);
        }
    }
    return true;
}

bool goal_plan_along(struct workshop *workshop, const ProtobufCMessage *request_message,
                     const ProtobufCMessage *ground_message, ProtobufCMessage *plan_message)
{
    const Tiejun__V1__GoalServiceSplitAlongRequest *request = (const void *)request_message;
    const Tiejun__Server__AlongGround *ground = (const void *)ground_message;
    Tiejun__Server__GoalPlan *plan = (void *)plan_message;
    struct table table = {0};
    const char *seasons = goal_seasons(workshop, request->seasons, request->n_seasons);
    if (!seasons) {
        return false;
    }
    if (!make_table(workshop, ground, &table)) {
        return workshop_refuse(workshop, "busy", NULL, NULL);
    }
    if (!fill(workshop, request, seasons, ground, &table) || !lay(workshop, ground, &table, plan)) {
        return false;
    }
    const Tiejun__Server__AlongNode *top = ground->nodes[0];
    goal_plan_start(plan, top->target, top->stretched_target, top->stretch_milli, ground->currency,
                    request->dry_run);
    for (size_t i = 0; i < plan->n_goals; i++) {
        plan->goals[i]->reason = request->reason;
        // What they were split by weighs their days from now on; what is locked stays as it is.
        if (!plan->goals[i]->locked) {
            plan->goals[i]->seasons = *seasons ? (char *)seasons : "none";
        }
    }
    if (request->has_expected_version) {
        plan->goals[0]->version_before = request->expected_version;
    }
    return true;
}
