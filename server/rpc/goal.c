// Set goals (domain.md 2.2 to 2.4).
#include "common/money.h"
#include "server/method/split.h"
#include "server/rpc/refusal.h"
#include "server/rpc/request.h"
#include "server/rpc/steps.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"

#include <inttypes.h>
#include <string.h>

static bool refuse(struct workshop *workshop, const char *code, const char *field,
                   const char *arguments)
{
    workshop->code = code;
    workshop->field = field;
    workshop->arguments = arguments;
    return false;
}

static const char *number(struct workshop *workshop, int64_t value)
{
    return arena_printf(workshop->arena, "%" PRId64, value);
}

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
    for (size_t i = 0; i < request->n_weights; i++) {
        const char *name = request->weights[i]->child ? request->weights[i]->child : "";
        if (!names_a_child(ground, name)) {
            return refuse(workshop, "unknown_child", "weights", name);
        }
    }
    return true;
}

static bool weigh(struct workshop *workshop, const Tiejun__V1__GoalServiceSplitRequest *request,
                  const Tiejun__Server__SplitChild *child, int64_t *weight)
{
    const Tiejun__V1__StatedWeight *stated;
    switch (request->method) {
    case TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_HEADCOUNT:
        *weight = child->headcount;
        return true;
    case TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED:
        stated = stated_weight(request, child);
        if (!stated && !child->locked) {
            return refuse(workshop, "no_weight_for_child", "weights", child->name);
        }
        *weight = stated ? stated->weight : 0;
        return true;
    default:
        *weight = 1;
        return true;
    }
}

static bool fill_children(struct workshop *workshop,
                          const Tiejun__V1__GoalServiceSplitRequest *request,
                          const Tiejun__Server__SplitGround *ground, struct split_child *children)
{
    for (size_t i = 0; i < ground->n_children; i++) {
        const Tiejun__Server__SplitChild *child = ground->children[i];
        children[i].locked = child->locked;
        children[i].locked_share = child->target_before;
        if (!weigh(workshop, request, child, &children[i].weight)) {
            return false;
        }
    }
    return true;
}

// An amount as a person writes it: a count, or money in the currency's own units.
static const char *figure(struct workshop *workshop, int64_t amount, const char *currency)
{
    char text[MONEY_TEXT_SIZE];
    if (!currency) {
        return number(workshop, amount);
    }
    money_format(amount, currency, text, sizeof text);
    return arena_printf(workshop->arena, "%s %s", text, currency);
}

static bool refuse_split(struct workshop *workshop, enum split_result result, int64_t amount,
                         const char *currency)
{
    switch (result) {
    case SPLIT_LOCKED_EXCEED:
        return refuse(workshop, "locked_exceed", "unit", figure(workshop, amount, currency));
    case SPLIT_LOCKED_SHORT:
        return refuse(workshop, "locked_short", "unit", figure(workshop, amount, currency));
    case SPLIT_NO_WEIGHT:
        return refuse(workshop, "no_weight", "method", NULL);
    case SPLIT_NEGATIVE:
        return refuse(workshop, "negative_figure", "weights", number(workshop, amount));
    default:
        return refuse(workshop, "busy", NULL, NULL);
    }
}

static Tiejun__Server__SplitShare *new_share(struct arena *arena,
                                             const Tiejun__Server__SplitChild *child,
                                             const struct split_child *split)
{
    Tiejun__Server__SplitShare *share = arena_alloc(arena, sizeof *share);
    if (!share) {
        return NULL;
    }
    tiejun__server__split_share__init(share);
    share->has_unit_id = child->has_unit_id;
    share->unit_id = child->unit_id;
    share->has_person_id = child->has_person_id;
    share->person_id = child->person_id;
    share->has_weight = true;
    share->weight = split->weight;
    share->has_locked = true;
    share->locked = split->locked;
    share->has_target_before = child->has_target_before;
    share->target_before = child->target_before;
    share->has_target = true;
    share->target = split->share;
    return share;
}

static bool fill_shares(struct workshop *workshop, const Tiejun__Server__SplitGround *ground,
                        const struct split_child *children, Tiejun__Server__SplitPlan *plan)
{
    plan->shares = arena_alloc(workshop->arena, ground->n_children * sizeof(void *));
    for (size_t i = 0; plan->shares && i < ground->n_children; i++) {
        plan->shares[i] = new_share(workshop->arena, ground->children[i], &children[i]);
        if (!plan->shares[i]) {
            return false;
        }
        plan->n_shares++;
    }
    return plan->shares != NULL;
}

static bool split_ground(struct workshop *workshop,
                         const Tiejun__V1__GoalServiceSplitRequest *request,
                         const Tiejun__Server__SplitGround *ground, Tiejun__Server__SplitPlan *plan)
{
    int64_t amount = 0;
    struct split_child *children =
        arena_alloc(workshop->arena, ground->n_children * sizeof *children);
    if (!children) {
        return refuse(workshop, "busy", NULL, NULL);
    }
    if (!check_weights(workshop, request, ground) ||
        !fill_children(workshop, request, ground, children)) {
        return false;
    }
    enum split_result result =
        split_largest_remainder(plan->stretched_target, children, ground->n_children, &amount);
    if (result != SPLIT_OK) {
        return refuse_split(workshop, result, amount, ground->currency);
    }
    return fill_shares(workshop, ground, children, plan);
}

static bool plan_split(struct workshop *workshop, const ProtobufCMessage *request_message,
                       const ProtobufCMessage *ground_message, ProtobufCMessage *plan_message)
{
    const Tiejun__V1__GoalServiceSplitRequest *request = (const void *)request_message;
    const Tiejun__Server__SplitGround *ground = (const void *)ground_message;
    Tiejun__Server__SplitPlan *plan = (void *)plan_message;
    if (ground->n_children == 0) {
        return refuse(workshop, "nothing_below", "unit", request->unit);
    }
    plan->has_goal_id = true;
    plan->goal_id = ground->goal_id;
    plan->has_version = true;
    plan->version = ground->version;
    plan->has_target = true;
    plan->target = ground->target;
    plan->has_stretch_milli = true;
    plan->stretch_milli = request->stretch_milli;
    plan->currency = ground->currency;
    plan->reason = request->reason;
    plan->has_method = true;
    plan->method =
        request->has_method ? request->method : TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_EQUAL;
    plan->has_dry_run = true;
    plan->dry_run = request->dry_run;
    plan->has_stretched_target = true;
    if (!split_stretch(ground->target, request->stretch_milli, &plan->stretched_target)) {
        return refuse(workshop, "bad_stretch", "stretch_milli",
                      number(workshop, request->stretch_milli));
    }
    return split_ground(workshop, request, ground, plan);
}

const struct request goal_requests[] = {
    {.method = "tiejun.v1.GoalService.Set",
     .roles = LEADERS,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}, {SCOPE_PERSON, "person", .own = false}},
     .steps = {{"goal_set", "goal"}}},
    {.method = "tiejun.v1.GoalService.Split",
     .roles = LEADERS,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"goal_split_read", NULL}},
     .ground = &tiejun__server__split_ground__descriptor,
     .plan = plan_split,
     .plan_message = &tiejun__server__split_plan__descriptor,
     .write = {"goal_split_write", NULL}},
    {.method = "tiejun.v1.GoalService.Show",
     .roles = LEADERS,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}},
     .steps = {{"goal_show", NULL}}},
    {0},
};
