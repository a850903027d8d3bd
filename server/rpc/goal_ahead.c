#include "server/rpc/goal_ahead.h"

#include "server/method/lay.h"
#include "server/rpc/goal_plan.h"

#include <string.h>

// What is left of a goal, without its stretch and with it: no less than nothing, where more was
// done than it asks for.
struct rest {
    int64_t target;
    int64_t stretched;
};

// Cells of parts that lie within one part, or the whole period: a row for each node that has them.
struct group {
    size_t first;
    Tiejun__Server__AheadCell *const *cells;
    size_t rows;
    size_t columns;
};

struct ahead {
    struct workshop *workshop;
    const Tiejun__Server__SplitGround *ground;
    Tiejun__Server__GoalPlan *plan;
    struct group *groups;
    size_t n_groups;
    // As many as cells: what is left of each, once its group is laid.
    struct split_child *cells;
    int64_t *stretched;
};

static struct rest rest_of(int64_t target, int64_t stretched, int64_t done)
{
    return (struct rest){.target = target > done ? target - done : 0,
                         .stretched = stretched > done ? stretched - done : 0};
}

// ---- groups ----

static void find_groups(struct ahead *ahead)
{
    Tiejun__Server__AheadCell *const *cells = ahead->ground->cells;
    for (size_t first = 0, end; first < ahead->ground->n_cells; first = end) {
        struct group *group = &ahead->groups[ahead->n_groups++];
        *group = (struct group){.first = first, .cells = cells + first};
        for (end = first; end < ahead->ground->n_cells && cells[end]->kind == cells[first]->kind &&
                          cells[end]->within == cells[first]->within;
             end++) {
            group->columns += cells[end]->place == cells[first]->place;
        }
        group->rows = (end - first) / group->columns;
    }
}

static int32_t place_of(const void *group, size_t row)
{
    const struct group *it = group;
    return it->cells[row * it->columns]->place;
}

// The row of a node; group->rows when it has none.
static size_t row_of(const struct group *group, int32_t place)
{
    size_t row = goal_index_of(group, group->rows, place, place_of);
    return row < group->rows && place_of(group, row) == place ? row : group->rows;
}

// ---- what a row is split from ----

// The plan has the whole goals in the same order, behind the one at the top.
static struct rest rest_of_whole(const struct ahead *ahead, int32_t place)
{
    size_t node = place > 0 ? goal_child_at(ahead->ground, place) + 1 : 0;
    const Tiejun__Server__PlannedGoal *goal = ahead->plan->goals[node];
    int64_t done = node > 0 ? ahead->ground->children[node - 1]->done : ahead->ground->goal_done;
    return rest_of(goal->target, goal->stretched_target, done);
}

// Groups of longer parts are laid before.
static struct rest rest_of_part(const struct ahead *ahead, int32_t place, int32_t number)
{
    for (size_t i = 0; i < ahead->n_groups; i++) {
        const struct group *group = &ahead->groups[i];
        size_t row = row_of(group, place);
        int32_t first = group->cells[0]->number;
        int32_t last = group->cells[group->columns - 1]->number;
        for (size_t column = 0;
             row < group->rows && first <= number && number <= last && column < group->columns;
             column++) {
            size_t at = group->first + row * group->columns + column;
            if (ahead->ground->cells[at]->number == number) {
                return (struct rest){.target = ahead->cells[at].share,
                                     .stretched = ahead->stretched[at]};
            }
        }
    }
    return (struct rest){0};
}

static struct lay_row row_from(const struct ahead *ahead, const struct group *group, size_t row)
{
    int32_t place = place_of(group, row);
    int32_t within = group->cells[0]->within;
    struct rest rest =
        within > 0 ? rest_of_part(ahead, place, within) : rest_of_whole(ahead, place);
    size_t above = group->rows;
    if (place > 0) {
        const Tiejun__Server__SplitChild *child =
            ahead->ground->children[goal_child_at(ahead->ground, place)];
        above = row_of(group, child->has_parent ? child->parent : 0);
    }
    return (struct lay_row){.parent = above < group->rows ? above : LAY_TOP,
                            .target = rest.target,
                            .stretched = rest.stretched};
}

// ---- laying them ----

static void fill_cell(const struct ahead *ahead, size_t at)
{
    const Tiejun__Server__AheadCell *cell = ahead->ground->cells[at];
    struct rest locked = rest_of(cell->target_before, cell->stretched_before, cell->done);
    ahead->cells[at] = (struct split_child){
        .weight = cell->weight, .locked = cell->locked, .locked_share = locked.target};
    ahead->stretched[at] = locked.stretched;
}

static bool lay_group(const struct ahead *ahead, const struct group *group)
{
    struct workshop *workshop = ahead->workshop;
    const Tiejun__Server__SplitGround *ground = ahead->ground;
    struct lay_row *rows = arena_alloc(workshop->arena, (group->rows + 1) * sizeof *rows);
    if (!rows) {
        return workshop_refuse(workshop, "busy", NULL, NULL);
    }
    for (size_t row = 0; row < group->rows; row++) {
        rows[row] = row_from(ahead, group, row);
    }
    for (size_t at = group->first; at < group->first + group->rows * group->columns; at++) {
        fill_cell(ahead, at);
    }
    size_t at;
    int64_t amount;
    enum split_result result =
        lay_rows(rows, group->rows, group->columns, ahead->cells + group->first,
                 ahead->stretched + group->first, &at, &amount);
    if (result != SPLIT_OK) {
        int32_t place = place_of(group, at);
        const char *name =
            place > 0 ? ground->children[goal_child_at(ground, place)]->name : ground->goal_name;
        return goal_refuse_split(workshop, result, amount, name, ground->currency);
    }
    return true;
}

// What was done in a part and what is left of it.
static void add_cell(const struct ahead *ahead, size_t at)
{
    const Tiejun__Server__SplitGround *ground = ahead->ground;
    const Tiejun__Server__AheadCell *cell = ground->cells[at];
    const Tiejun__Server__SplitChild *child =
        cell->place > 0 ? ground->children[goal_child_at(ground, cell->place)] : NULL;
    Tiejun__Server__PlannedGoal *goal = goal_plan_next(ahead->plan);
    bool under_way = strcmp(cell->part_from, ground->rebalanced_from) < 0;
    goal->has_unit_id = !child || child->has_unit_id;
    goal->unit_id = child ? child->unit_id : ground->goal_unit_id;
    goal->has_person_id = child && child->has_person_id;
    goal->person_id = child ? child->person_id : 0;
    goal->metric = ground->goal_metric;
    goal->from_date = cell->part_from;
    goal->to_date = cell->part_to;
    goal->currency = ground->currency;
    goal->target = cell->locked ? cell->target_before : cell->done + ahead->cells[at].share;
    goal->stretched_target =
        cell->locked ? cell->stretched_before : cell->done + ahead->stretched[at];
    goal->has_locked = true;
    goal->locked = cell->locked;
    goal->version_before = cell->version_before;
    goal->level = (child ? child->level : 0) + 1;
    if (under_way && !cell->locked) {
        goal->rebalanced_from = ground->rebalanced_from;
        goal->has_done = true;
        goal->done = cell->done;
    }
}

bool goal_ahead(struct workshop *workshop, const Tiejun__Server__SplitGround *ground,
                Tiejun__Server__GoalPlan *plan)
{
    size_t count = ground->n_cells;
    struct ahead ahead = {
        .workshop = workshop,
        .ground = ground,
        .plan = plan,
        .groups = arena_alloc(workshop->arena, (count + 1) * sizeof *ahead.groups),
        .cells = arena_alloc(workshop->arena, (count + 1) * sizeof *ahead.cells),
        .stretched = arena_alloc(workshop->arena, (count + 1) * sizeof *ahead.stretched),
    };
    if (!ahead.groups || !ahead.cells || !ahead.stretched) {
        return workshop_refuse(workshop, "busy", NULL, NULL);
    }
    find_groups(&ahead);
    for (size_t i = 0; i < ahead.n_groups; i++) {
        if (!lay_group(&ahead, &ahead.groups[i])) {
            return false;
        }
    }
    for (size_t at = 0; at < count; at++) {
        add_cell(&ahead, at);
    }
    return true;
}
