#include "client/cli/goal_table.h"

#include "client/lib/render.h"
#include "common/i18n.h"
#include "common/money.h"

#include <stdio.h>
#include <string.h>

static const char *path_or_handle(const char *unit, const char *person)
{
    return unit && *unit ? unit : person;
}

// ---- shares of a split ----

enum {
    SHARE_WHO,
    SHARE_NAME,
    SHARE_PERIOD,
    SHARE_WEIGHT,
    SHARE_DONE,
    SHARE_BEFORE,
    SHARE_TARGET,
    SHARE_LOCKED,
    SHARE_VERSION,
};

static const struct table_column share_columns[] = {
    [SHARE_WHO] = {"child", N_("of"), TABLE_WRAP},
    [SHARE_NAME] = {"name", N_("name"), TABLE_TRUNCATE | TABLE_IF_ANY | TABLE_DROP},
    [SHARE_PERIOD] = {"period", N_("period"), TABLE_IF_ANY},
    [SHARE_WEIGHT] = {"weight", N_("weight"), TABLE_RIGHT | TABLE_IF_ANY},
    [SHARE_DONE] = {"done", N_("done"), TABLE_RIGHT | TABLE_IF_ANY},
    [SHARE_BEFORE] = {"target_before", N_("before"), TABLE_RIGHT | TABLE_IF_ANY},
    [SHARE_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [SHARE_LOCKED] = {"locked", "", TABLE_IF_ANY},
    [SHARE_VERSION] = {"version", N_("version"), TABLE_RIGHT | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

// Parts of another period than the first's are told apart by it.
static bool along_time(const Tiejun__V1__GoalServiceSplitResponse *response)
{
    const Tiejun__V1__GoalShare *const *shares =
        (const Tiejun__V1__GoalShare *const *)response->shares;
    for (size_t i = 1; i < response->n_shares; i++) {
        if (shares[i]->from_date && shares[0]->from_date &&
            strcmp(shares[i]->from_date, shares[0]->from_date) != 0)
            return true;
    }
    return false;
}

static void fill_share(struct table *table, size_t row, const Tiejun__V1__GoalShare *share,
                       const char *currency)
{
    table_set(table, row, SHARE_WHO, path_or_handle(share->unit, share->person));
    table_set(table, row, SHARE_NAME, share->person ? share->name : NULL);
    if (share->has_weight)
        table_set_count(table, row, SHARE_WEIGHT, share->weight);
    if (share->has_done)
        table_set_money(table, row, SHARE_DONE, share->done, currency);
    if (share->has_target_before)
        table_set_money(table, row, SHARE_BEFORE, share->target_before, currency);
    table_set_money(table, row, SHARE_TARGET, share->target, currency);
    table_set_raw(table, row, SHARE_LOCKED, share->locked ? _("locked") : "",
                  share->locked ? "true" : "false");
    if (share->has_version)
        table_set_count(table, row, SHARE_VERSION, share->version);
}

struct table *goal_table_of_shares(const Tiejun__V1__GoalServiceSplitResponse *response,
                                   bool is_whole)
{
    struct table *table = table_new(share_columns);
    bool along = along_time(response) || !is_whole;
    int64_t sum = 0;
    for (size_t i = 0; i < response->n_shares; i++) {
        const Tiejun__V1__GoalShare *share = response->shares[i];
        char range[64];
        char period[64];
        size_t row = table_add(table);
        fill_share(table, row, share, response->currency);
        snprintf(range, sizeof range, "%s..%s", share->from_date ? share->from_date : "",
                 share->to_date ? share->to_date : "");
        render_period(share->from_date, share->to_date, period, sizeof period);
        if (along)
            table_set_raw(table, row, SHARE_PERIOD, period, range);
        sum += share->level <= 1 ? share->target : 0;
    }
    if (is_whole)
        table_set_money(table, table_add_total(table, SHARE_WHO), SHARE_TARGET, sum,
                        response->currency);
    return table;
}

// ---- coverage ----

enum {
    COVERAGE_METRIC,
    COVERAGE_FROM,
    COVERAGE_TO,
    COVERAGE_WHO,
    COVERAGE_NAME,
    COVERAGE_CURRENCY,
    COVERAGE_TARGET,
    COVERAGE_SHARE,
    COVERAGE_CHILDREN,
    COVERAGE_GAP,
    COVERAGE_WORDS,
    COVERAGE_STRETCH,
    COVERAGE_RATE,
    COVERAGE_LOCKED,
    COVERAGE_VERSION,
};

static const struct table_column coverage_columns[] = {
    [COVERAGE_METRIC] = {"metric", "", TABLE_CSV_ONLY},
    [COVERAGE_FROM] = {"from_date", "", TABLE_CSV_ONLY},
    [COVERAGE_TO] = {"to_date", "", TABLE_CSV_ONLY},
    [COVERAGE_WHO] = {"scope", N_("of"), TABLE_TREE | TABLE_TRUNCATE},
    [COVERAGE_NAME] = {"name", N_("name"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COVERAGE_CURRENCY] = {"currency", "", TABLE_CSV_ONLY},
    [COVERAGE_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [COVERAGE_SHARE] = {"share", N_("share"), TABLE_RIGHT | TABLE_IF_ANY},
    [COVERAGE_CHILDREN] = {"children_target", "", TABLE_CSV_ONLY},
    [COVERAGE_GAP] = {"coverage_gap", "", TABLE_CSV_ONLY},
    [COVERAGE_WORDS] = {"coverage", N_("what is below adds up to"), TABLE_SCREEN_ONLY},
    [COVERAGE_STRETCH] = {"stretch", N_("stretch"), TABLE_RIGHT | TABLE_IF_ANY},
    [COVERAGE_RATE] = {"rate", N_("kept as"), TABLE_IF_ANY},
    [COVERAGE_LOCKED] = {"locked", "", TABLE_IF_ANY},
    [COVERAGE_VERSION] = {"version", N_("v."), TABLE_RIGHT | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_gap(struct table *table, size_t row, const Tiejun__V1__GoalCoverage *goal)
{
    if (!goal->has_children_target || !goal->has_coverage_gap)
        return;
    int64_t gap = goal->coverage_gap;
    table_set_money(table, row, COVERAGE_CHILDREN, goal->children_target, goal->currency);
    table_set_money(table, row, COVERAGE_GAP, gap, goal->currency);
    if (gap == 0)
        table_set(table, row, COVERAGE_WORDS, _("exact"));
    else
        table_set_money_words(
            table, row, COVERAGE_WORDS, gap < 0 ? _("short by %s") : _("over by %s"),
            (int64_t)(gap < 0 ? 0 - (uint64_t)gap : (uint64_t)gap), goal->currency);
    table_set_colour(table, row, COVERAGE_WORDS,
                     gap == 0  ? TABLE_GOOD
                     : gap < 0 ? TABLE_BAD
                               : TABLE_WARN);
}

// As it is kept, where that is another currency; of several goals the currencies alone. The rate is
// in the file; on the screen it stands below.
static void fill_rate(struct table *table, size_t row, const Tiejun__V1__GoalCoverage *goal)
{
    char amount[MONEY_TEXT_SIZE + 8];
    char text[160];
    bool rated = goal->rate && *goal->rate;
    if (!goal->own_currency || !*goal->own_currency)
        return;
    if (goal->has_own_target)
        render_money(goal->own_target, goal->own_currency, amount, sizeof amount);
    else
        snprintf(amount, sizeof amount, "%s", goal->own_currency);
    if (rated)
        snprintf(text, sizeof text, _("%s at %.10s of %s"), amount, goal->rate, goal->rate_date);
    else
        snprintf(text, sizeof text, _("%s, no rate"), amount);
    table_set_raw(table, row, COVERAGE_RATE, rated ? amount : text, text);
    table_set_colour(table, row, COVERAGE_RATE, rated ? TABLE_PLAIN : TABLE_BAD);
}

static void fill_coverage(struct table *table, size_t row, const Tiejun__V1__GoalCoverage *goal)
{
    table_set(table, row, COVERAGE_METRIC, goal->metric);
    table_set(table, row, COVERAGE_FROM, goal->from_date);
    table_set(table, row, COVERAGE_TO, goal->to_date);
    table_set(table, row, COVERAGE_WHO, path_or_handle(goal->unit, goal->person));
    table_set(table, row, COVERAGE_NAME, goal->person ? goal->name : NULL);
    table_set(table, row, COVERAGE_CURRENCY, goal->currency);
    if (goal->has_target) {
        table_set_money(table, row, COVERAGE_TARGET, goal->target, goal->currency);
    } else {
        table_set_raw(table, row, COVERAGE_TARGET, _("no goal"), "");
        table_set_colour(table, row, COVERAGE_TARGET, TABLE_WARN);
    }
    if (goal->has_share_milli && goal->level > 0)
        table_set_percent(table, row, COVERAGE_SHARE, goal->share_milli);
    fill_gap(table, row, goal);
    if (goal->stretch_milli)
        table_set_percent(table, row, COVERAGE_STRETCH, goal->stretch_milli);
    table_set_raw(table, row, COVERAGE_LOCKED, goal->locked ? _("locked") : "",
                  goal->locked ? "true" : "false");
    if (goal->has_version)
        table_set_count(table, row, COVERAGE_VERSION, goal->version);
    fill_rate(table, row, goal);
}

struct table *goal_table_of_coverage(Tiejun__V1__GoalCoverage *const *goals, size_t count)
{
    struct table *table = table_new(coverage_columns);
    size_t parent = 0;
    for (size_t i = 0; i < count; i++) {
        bool child = goals[i]->level > 0 && i > 0;
        size_t row = child ? table_add_child(table, parent) : table_add(table);
        parent = child ? parent : row;
        fill_coverage(table, row, goals[i]);
    }
    return table;
}

// ---- tree ----

static const struct table_column tree_columns[] = {
    [COVERAGE_METRIC] = {"metric", "", TABLE_CSV_ONLY},
    [COVERAGE_FROM] = {"from_date", "", TABLE_CSV_ONLY},
    [COVERAGE_TO] = {"to_date", "", TABLE_CSV_ONLY},
    [COVERAGE_WHO] = {"scope", N_("of"), TABLE_TREE | TABLE_TRUNCATE},
    [COVERAGE_NAME] = {"name", "", TABLE_CSV_ONLY},
    [COVERAGE_CURRENCY] = {"currency", "", TABLE_CSV_ONLY},
    [COVERAGE_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [COVERAGE_SHARE] = {"share", N_("share"), TABLE_RIGHT | TABLE_IF_ANY | TABLE_DROP},
    [COVERAGE_CHILDREN] = {"children_target", "", TABLE_CSV_ONLY},
    [COVERAGE_GAP] = {"coverage_gap", "", TABLE_CSV_ONLY},
    [COVERAGE_WORDS] = {"coverage", N_("what is below adds up to"), TABLE_SCREEN_ONLY},
    [COVERAGE_STRETCH] = {"stretch", N_("stretch"), TABLE_RIGHT | TABLE_IF_ANY},
    [COVERAGE_RATE] = {"rate", N_("kept as"), TABLE_IF_ANY},
    [COVERAGE_LOCKED] = {"locked", "", TABLE_IF_ANY},
    [COVERAGE_VERSION] = {"version", N_("v."), TABLE_RIGHT | TABLE_IF_ANY | TABLE_DROP},
    {NULL, NULL, 0},
};

static void fill_node(struct table *table, size_t row, const Tiejun__V1__GoalNode *node,
                      const Tiejun__V1__GoalServiceTreeResponse *response)
{
    Tiejun__V1__GoalCoverage goal = TIEJUN__V1__GOAL_COVERAGE__INIT;
    goal.unit = node->scope_unit;
    goal.person = node->person;
    goal.name = node->name;
    goal.level = node->level;
    goal.from_date = response->from_date;
    goal.to_date = response->to_date;
    goal.currency = response->currency;
    goal.has_target = node->has_target;
    goal.target = node->target;
    goal.has_version = node->has_version;
    goal.version = node->version;
    goal.locked = node->locked;
    goal.stretch_milli = node->stretch_milli;
    goal.has_children_target = node->has_children_target;
    goal.children_target = node->children_target;
    goal.has_coverage_gap = node->has_coverage_gap;
    goal.coverage_gap = node->coverage_gap;
    goal.has_share_milli = node->has_share_milli;
    goal.share_milli = node->share_milli;
    goal.own_currency = node->own_currency;
    goal.has_own_target = node->has_own_target;
    goal.own_target = node->own_target;
    goal.rate = node->rate;
    goal.rate_date = node->rate_date;
    fill_coverage(table, row, &goal);
    // The branches say what is above.
    if (node->level > 0)
        table_set_raw(table, row, COVERAGE_WHO, node->name,
                      path_or_handle(node->scope_unit, node->person));
}

// The row of the one above, among those so far: nodes come by levels. count when there is none.
static size_t row_of(Tiejun__V1__GoalNode *const *nodes, size_t count, int32_t place)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (nodes[middle]->place == place)
            return middle;
        if (nodes[middle]->place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return count;
}

struct table *goal_table_of_tree(const Tiejun__V1__GoalServiceTreeResponse *response)
{
    struct table *table = table_new(tree_columns);
    for (size_t i = 0; i < response->n_nodes; i++) {
        const Tiejun__V1__GoalNode *node = response->nodes[i];
        size_t parent = node->has_parent ? row_of(response->nodes, i, node->parent) : i;
        size_t row = parent < i ? table_add_child(table, parent) : table_add(table);
        fill_node(table, row, node, response);
    }
    return table;
}

// ---- differences ----

enum { DIFF_WHO, DIFF_NAME, DIFF_BEFORE, DIFF_AFTER, DIFF_CHANGE };

static const struct table_column diff_columns[] = {
    [DIFF_WHO] = {"scope", N_("of"), TABLE_TRUNCATE},
    [DIFF_NAME] = {"name", N_("name"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [DIFF_BEFORE] = {"target_before", N_("then"), TABLE_RIGHT},
    [DIFF_AFTER] = {"target_after", N_("later"), TABLE_RIGHT},
    [DIFF_CHANGE] = {"change", N_("change"), TABLE_RIGHT},
    {NULL, NULL, 0},
};

static void fill_difference(struct table *table, size_t row, const Tiejun__V1__GoalDifference *goal,
                            const char *currency)
{
    table_set(table, row, DIFF_WHO, path_or_handle(goal->scope_unit, goal->person));
    table_set(table, row, DIFF_NAME, goal->person ? goal->name : NULL);
    if (goal->has_target_before)
        table_set_money(table, row, DIFF_BEFORE, goal->target_before, currency);
    if (goal->has_target_after)
        table_set_money(table, row, DIFF_AFTER, goal->target_after, currency);
    int64_t change = goal->target_after - goal->target_before;
    table_set_money(table, row, DIFF_CHANGE, change, currency);
    table_set_colour(table, row, DIFF_CHANGE,
                     change > 0   ? TABLE_GOOD
                     : change < 0 ? TABLE_BAD
                                  : TABLE_DIM);
}

struct table *goal_table_of_differences(const Tiejun__V1__GoalServiceDiffResponse *response)
{
    struct table *table = table_new(diff_columns);
    for (size_t i = 0; i < response->n_goals; i++)
        fill_difference(table, table_add(table), response->goals[i], response->currency);
    return table;
}
