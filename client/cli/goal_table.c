#include "client/cli/goal_table.h"

#include "common/i18n.h"

static const char *path_or_handle(const char *unit, const char *person)
{
    return unit && *unit ? unit : person;
}

// ---- shares of a split ----

enum {
    SHARE_WHO,
    SHARE_NAME,
    SHARE_WEIGHT,
    SHARE_BEFORE,
    SHARE_TARGET,
    SHARE_LOCKED,
    SHARE_VERSION,
};

static const struct table_column share_columns[] = {
    [SHARE_WHO] = {"child", N_("of"), TABLE_TRUNCATE},
    [SHARE_NAME] = {"name", N_("name"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [SHARE_WEIGHT] = {"weight", N_("weight"), TABLE_RIGHT | TABLE_IF_ANY},
    [SHARE_BEFORE] = {"target_before", N_("before"), TABLE_RIGHT | TABLE_IF_ANY},
    [SHARE_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [SHARE_LOCKED] = {"locked", "", TABLE_IF_ANY},
    [SHARE_VERSION] = {"version", N_("version"), TABLE_RIGHT | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_share(struct table *table, const Tiejun__V1__GoalShare *share,
                       const char *currency)
{
    size_t row = table_add(table);
    table_set(table, row, SHARE_WHO, path_or_handle(share->unit, share->person));
    table_set(table, row, SHARE_NAME, share->person ? share->name : NULL);
    if (share->has_weight)
        table_set_count(table, row, SHARE_WEIGHT, share->weight);
    if (share->has_target_before)
        table_set_money(table, row, SHARE_BEFORE, share->target_before, currency);
    table_set_money(table, row, SHARE_TARGET, share->target, currency);
    table_set_raw(table, row, SHARE_LOCKED, share->locked ? _("locked") : "",
                  share->locked ? "true" : "false");
    if (share->has_version)
        table_set_count(table, row, SHARE_VERSION, share->version);
}

struct table *goal_table_of_shares(const Tiejun__V1__GoalServiceSplitResponse *response)
{
    struct table *table = table_new(share_columns);
    int64_t sum = 0;
    for (size_t i = 0; i < response->n_shares; i++) {
        fill_share(table, response->shares[i], response->currency);
        sum += response->shares[i]->target;
    }
    size_t total = table_add_total(table, SHARE_WHO);
    table_set_money(table, total, SHARE_TARGET, sum, response->currency);
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
