// From a goal to those below it (domain.md 2.3), and what is left of one under way (2.9).
#include "server/rpc/goal_split.h"

#include "server/method/cascade.h"
#include "server/rpc/goal_ahead.h"
#include "server/rpc/goal_plan.h"
#include "server/rpc/refusal.h"
#include "tiejun/v1/goal.pb-c.h"

#include <string.h>

// ---- stated weights ----

// A child may be named by any of its references, which SQL joins by the separator.
static bool is_named(const Tiejun__Server__SplitChild *child, const char *name)
{
    size_t length = strlen(name);
    const char *at = child->reference ? child->reference : "";
    while (*at) {
        const char *end = strchrnul(at, REFUSAL_SEPARATOR);
        if ((size_t)(end - at) == length && strncmp(at, name, length) == 0) {
            return true;
        }
        at = *end ? end + 1 : end;
    }
    return child->name && strcmp(child->name, name) == 0;
}

static const Tiejun__V1__StatedWeight *
stated_weight(const Tiejun__V1__GoalServiceSplitRequest *request,
              const Tiejun__Server__SplitChild *child)
{
    for (size_t i = 0; i < request->n_weights; i++) {
        if (request->weights[i]->child && is_named(child, request->weights[i]->child)) {
            return request->weights[i];
        }
    }
    return NULL;
}

static bool names_a_child(const Tiejun__Server__SplitGround *ground, const char *name)
{
    for (size_t i = 0; i < ground->n_children; i++) {
        if (is_named(ground->children[i], name)) {
            return true;
        }
    }
    return false;
}

// A weight for nobody is a slip of the pen that would change everybody's share.
static bool check_weights(struct workshop *workshop,
                          const Tiejun__V1__GoalServiceSplitRequest *request,
                          const Tiejun__Server__SplitGround *ground)
{
    if (request->deep && request->n_weights > 0) {
        return workshop_refuse(workshop, "stated_deep", "weights", NULL);
    }
    for (size_t i = 0; i < request->n_weights; i++) {
        const char *name = request->weights[i]->child ? request->weights[i]->child : "";
        if (!names_a_child(ground, name)) {
            return workshop_refuse(workshop, "unknown_child", "weights", name);
        }
    }
    return true;
}

static bool state_weights(struct workshop *workshop,
                          const Tiejun__V1__GoalServiceSplitRequest *request,
                          const Tiejun__Server__SplitGround *ground)
{
    for (size_t i = 0; i < ground->n_children; i++) {
        Tiejun__Server__SplitChild *child = ground->children[i];
        const Tiejun__V1__StatedWeight *stated = stated_weight(request, child);
        if (!stated && !child->locked) {
            return workshop_refuse(workshop, "no_weight_for_child", "weights", child->name);
        }
        child->weight = stated ? stated->weight : 0;
    }
    return true;
}

// ---- the tree ----

static void fill_nodes(const Tiejun__Server__SplitGround *ground, struct cascade_node *nodes)
{
    for (size_t i = 0; i < ground->n_children; i++) {
        const Tiejun__Server__SplitChild *child = ground->children[i];
        nodes[i] = (struct cascade_node){
            .parent = child->has_parent ? goal_child_at(ground, child->parent) : CASCADE_TOP,
            .weight = child->weight,
            .locked = child->locked,
            .locked_share = child->target_before,
            .locked_stretched = child->stretched_before,
            .done = child->done,
            .stretch_milli = child->child_stretch_milli,
        };
    }
}

static void set_scope(Tiejun__Server__PlannedGoal *goal, const Tiejun__Server__SplitGround *ground)
{
    goal->metric = ground->goal_metric;
    goal->from_date = ground->goal_from_date;
    goal->to_date = ground->goal_to_date;
    goal->currency = ground->currency;
}

static void add_top(Tiejun__Server__GoalPlan *plan, const Tiejun__Server__SplitGround *ground)
{
    Tiejun__Server__PlannedGoal *goal = goal_plan_next(plan);
    set_scope(goal, ground);
    goal->has_unit_id = true;
    goal->unit_id = ground->goal_unit_id;
    goal->target = plan->parent_target;
    goal->stretched_target = plan->stretched_target;
    goal->has_stretch_milli = plan->stretch_milli > 0 || ground->goal_stretch_milli > 0;
    goal->stretch_milli = plan->stretch_milli;
    goal->version_before = ground->version;
    goal->rebalanced_from = ground->rebalanced_from;
    goal->has_done = ground->rebalanced_from != NULL;
    goal->done = ground->goal_done;
}

static void add_node(Tiejun__Server__GoalPlan *plan, const Tiejun__Server__SplitGround *ground,
                     const Tiejun__Server__SplitChild *child, const struct cascade_node *node)
{
    Tiejun__Server__PlannedGoal *goal = goal_plan_next(plan);
    bool same = child->has_target_before && child->target_before == node->share;
    set_scope(goal, ground);
    goal->has_unit_id = child->has_unit_id;
    goal->unit_id = child->unit_id;
    goal->has_person_id = child->has_person_id;
    goal->person_id = child->person_id;
    goal->target = node->share;
    goal->stretched_target = same ? child->stretched_before : node->stretched;
    goal->has_locked = true;
    goal->locked = child->locked;
    goal->version_before = child->version_before;
    goal->level = child->level;
    goal->has_weight = true;
    goal->weight = node->weight;
    if (!child->locked && ground->rebalanced_from) {
        goal->rebalanced_from = ground->rebalanced_from;
        goal->has_done = true;
        goal->done = child->done;
    }
}

static bool cascade(struct workshop *workshop, const Tiejun__Server__SplitGround *ground,
                    Tiejun__Server__GoalPlan *plan)
{
    size_t at;
    int64_t amount;
    struct cascade_node *nodes =
        arena_alloc(workshop->arena, (ground->n_children + 1) * sizeof *nodes);
    if (!nodes || !goal_plan_room(workshop, plan, ground->n_children + 1 + ground->n_cells)) {
        return workshop_refuse(workshop, "busy", NULL, NULL);
    }
    fill_nodes(ground, nodes);
    enum split_result result =
        cascade_split(plan->stretched_target, nodes, ground->n_children, &at, &amount);
    if (result != SPLIT_OK) {
        const char *name = at == CASCADE_TOP ? ground->goal_name : ground->children[at]->name;
        return goal_refuse_split(workshop, result, amount, name, ground->currency);
    }
    add_top(plan, ground);
    for (size_t i = 0; i < ground->n_children; i++) {
        add_node(plan, ground, ground->children[i], &nodes[i]);
    }
    return true;
}

// ---- the requests ----

static void start_plan(Tiejun__Server__GoalPlan *plan, const Tiejun__Server__SplitGround *ground,
                       bool dry_run)
{
    goal_plan_start(plan, ground->target, ground->stretched_target, ground->goal_stretch_milli,
                    ground->currency, dry_run);
}

// The version that was seen goes along to the writing, which says what changed under it.
static void expect(Tiejun__Server__SplitGround *ground, bool expected, int32_t version)
{
    if (expected) {
        ground->version = version;
    }
}

static void give_reason(Tiejun__Server__GoalPlan *plan, char *reason)
{
    for (size_t i = 0; i < plan->n_goals; i++) {
        plan->goals[i]->reason = reason;
    }
}

bool goal_plan_split(struct workshop *workshop, const ProtobufCMessage *request_message,
                     const ProtobufCMessage *ground_message, ProtobufCMessage *plan_message)
{
    const Tiejun__V1__GoalServiceSplitRequest *request = (const void *)request_message;
    Tiejun__Server__SplitGround *ground = (void *)ground_message;
    Tiejun__Server__GoalPlan *plan = (void *)plan_message;
    bool stated = request->method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED;
    start_plan(plan, ground, request->dry_run);
    if (request->has_stretch_milli) {
        plan->stretch_milli = request->stretch_milli;
        if (!split_stretch(ground->target, request->stretch_milli, &plan->stretched_target)) {
            return workshop_refuse(workshop, "bad_stretch", "stretch_milli",
                                   goal_number(workshop, request->stretch_milli));
        }
    }
    expect(ground, request->has_expected_version, request->expected_version);
    if (!check_weights(workshop, request, ground) ||
        (stated && !state_weights(workshop, request, ground)) || !cascade(workshop, ground, plan)) {
        return false;
    }
    plan->goals[0]->has_method = true;
    plan->goals[0]->method =
        request->has_method ? request->method : TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_EQUAL;
    plan->goals[0]->has_stretch_milli |= request->has_stretch_milli;
    give_reason(plan, request->reason);
    return true;
}

bool goal_plan_rebalance(struct workshop *workshop, const ProtobufCMessage *request_message,
                         const ProtobufCMessage *ground_message, ProtobufCMessage *plan_message)
{
    const Tiejun__V1__GoalServiceRebalanceRequest *request = (const void *)request_message;
    Tiejun__Server__SplitGround *ground = (void *)ground_message;
    Tiejun__Server__GoalPlan *plan = (void *)plan_message;
    start_plan(plan, ground, request->dry_run);
    expect(ground, request->has_expected_version, request->expected_version);
    if (!cascade(workshop, ground, plan) || !goal_ahead(workshop, ground, plan)) {
        return false;
    }
    give_reason(plan, request->reason);
    return true;
}
