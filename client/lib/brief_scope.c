#include "client/lib/brief_scope.h"

#include "client/lib/render.h"
#include "client/lib/text_add.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 64
// Those that are named; the rest is counted.
#define NAMED_MOST 5
#define WHOLE_MILLI 1000

static void add_more(struct arena *arena, char **text, const char *before, size_t count)
{
    if (count <= NAMED_MOST)
        return;
    text_add(arena, text, "%s", before);
    text_add(arena, text, _("%zu more of them"), count - NAMED_MOST);
}

// ---- the month ----

static bool is_behind(const Tiejun__V1__PaceServiceShowResponse *pace,
                      const Tiejun__V1__PaceRow *row)
{
    return row->has_pace_milli && row->pace_milli < WHOLE_MILLI &&
           strcmp(or_empty(row->group), or_empty(pace->scope)) != 0;
}

// The daemon has put the worst first.
static void add_behind(struct arena *arena, char **text,
                       const Tiejun__V1__PaceServiceShowResponse *pace)
{
    size_t count = 0;
    for (size_t i = 0; i < pace->n_rows; i++) {
        const Tiejun__V1__PaceRow *row = pace->rows[i];
        char percent[TEXT_SIZE];
        if (!is_behind(pace, row))
            continue;
        if (count == 0)
            text_add(arena, text, "\n%s%s", _("Furthest behind"), _(": "));
        if (count < NAMED_MOST)
            text_add(arena, text, "%s%s %s", count ? _(", ") : "", or_empty(row->name),
                     render_percent(row->pace_milli, percent, sizeof percent));
        count++;
    }
    add_more(arena, text, _(", "), count);
}

void brief_add_month(struct arena *arena, char **text,
                     const Tiejun__V1__PaceServiceShowResponse *pace, const char *date)
{
    const Tiejun__V1__PaceRow *total = pace ? pace->total : NULL;
    char metric[WORD_SIZE];
    char actual[TEXT_SIZE];
    char target[TEXT_SIZE];
    char percent[TEXT_SIZE];
    if (!total || !total->has_target || !total->has_pace_milli || !date ||
        strcmp(or_empty(pace->from_date), date) > 0 || strcmp(or_empty(pace->to_date), date) < 0)
        return;
    render_estimate(total->actual, total->currency, actual, sizeof actual);
    // Once is enough.
    actual[total->actual == 0 ? 1 : strcspn(actual, " ")] = '\0';
    text_add(arena, text, "\n");
    text_add(arena, text, _("%s this month: %s %s of %s, pace %s"), or_empty(pace->scope_name),
             word(pace->metric, metric), actual,
             render_estimate(total->target, total->currency, target, sizeof target),
             render_percent(total->pace_milli, percent, sizeof percent));
    add_behind(arena, text, pace);
}

// ---- a day ----

static bool asks(const Tiejun__V1__RollupRow *row)
{
    return row->has_target && row->target > 0 && !row->currency;
}

static bool lacks(const Tiejun__V1__RollupRow *row)
{
    return asks(row) && row->effective < row->target;
}

// "visits 6/8, appointments 2/3" of one group, NULL for the whole.
static void add_numbers(struct arena *arena, char **text, Tiejun__V1__RollupRow *const *rows,
                        size_t n_rows, const char *group, bool missing_alone)
{
    size_t count = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const Tiejun__V1__RollupRow *row = rows[i];
        char name[WORD_SIZE];
        if ((group && strcmp(or_empty(row->group), group) != 0) || !asks(row) ||
            (missing_alone && !lacks(row)))
            continue;
        text_add(arena, text, "%s%s %lld/%lld", count++ ? _(", ") : "", word(row->metric, name),
                 (long long)row->effective, (long long)row->target);
    }
}

struct group {
    const char *path;
    const char *name;
    // The mean of what was reached of each target, each at most whole, in thousandths.
    int64_t reached_sum;
    int64_t targets;
    size_t place;
};

static int by_reached(const void *one, const void *other)
{
    const struct group *a = one;
    const struct group *b = other;
    int64_t left = a->reached_sum * b->targets;
    int64_t right = b->reached_sum * a->targets;
    if (left != right)
        return left < right ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static struct group *group_of(struct group *groups, size_t *count, const Tiejun__V1__RollupRow *row)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(groups[i].path, or_empty(row->group)) == 0)
            return &groups[i];
    }
    groups[*count] =
        (struct group){.path = or_empty(row->group), .name = or_empty(row->name), .place = *count};
    return &groups[(*count)++];
}

// Those that lack something, the furthest behind first. Returns how many.
static size_t rank(struct group *groups, const Tiejun__V1__ReportServiceRollupResponse *day)
{
    size_t count = 0;
    size_t kept = 0;
    for (size_t i = 0; i < day->n_rows; i++) {
        const Tiejun__V1__RollupRow *row = day->rows[i];
        if (!asks(row))
            continue;
        struct group *group = group_of(groups, &count, row);
        group->targets++;
        group->reached_sum +=
            lacks(row) ? (row->effective > 0 ? row->effective : 0) * WHOLE_MILLI / row->target
                       : WHOLE_MILLI;
    }
    for (size_t i = 0; i < count; i++) {
        if (groups[i].reached_sum < groups[i].targets * WHOLE_MILLI)
            groups[kept++] = groups[i];
    }
    qsort(groups, kept, sizeof *groups, by_reached);
    return kept;
}

void brief_add_scope_day(struct arena *arena, char **text, const char *label,
                         const Tiejun__V1__ReportServiceRollupResponse *day)
{
    char *whole = arena_strdup(arena, "");
    struct group *groups = day ? arena_alloc(arena, (day->n_rows + 1) * sizeof *groups) : NULL;
    if (!groups || !whole)
        return;
    add_numbers(arena, &whole, day->totals, day->n_totals, NULL, false);
    if (!*whole)
        return;
    text_add(arena, text, "\n%s%s%s", label, _(": "), whole);
    size_t count = rank(groups, day);
    if (count > 0)
        text_add(arena, text, "\n%s", _("Furthest behind:"));
    for (size_t i = 0; i < count && i < NAMED_MOST; i++) {
        text_add(arena, text, "\n  %s%s", groups[i].name, _(": "));
        add_numbers(arena, text, day->rows, day->n_rows, groups[i].path, true);
    }
    add_more(arena, text, "\n  ", count);
}
