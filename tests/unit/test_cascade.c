// server/method/cascade.h and lay.h: exact on every level and along time (domain.md 2.3, 2.9), for
// random trees, locks and stretches.

#include "server/method/cascade.h"
#include "server/method/lay.h"
#include "server/method/ratio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { NODES_MAX = 2000, DEPTH_MAX = 6, TREES = 300, COLUMNS_MAX = 12 };

static uint64_t state;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int64_t below(int64_t limit)
{
    return limit > 0 ? (int64_t)(next() % (uint64_t)limit) : 0;
}

static int seed(void **unused)
{
    (void)unused;
    state = (uint64_t)time(NULL) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    print_message("seed %llu\n", (unsigned long long)state);
    return 0;
}

// A tree of levels, siblings together; its nodes' levels are counted in depth.
static size_t grow(struct cascade_node *nodes, size_t most)
{
    size_t depth[NODES_MAX];
    size_t count = 0;
    for (int64_t i = 0, n = 1 + below(6); i < n; i++) {
        depth[count] = 1;
        nodes[count++] = (struct cascade_node){.parent = CASCADE_TOP};
    }
    for (size_t parent = 0; parent < count && count + 8 < most; parent++) {
        for (int64_t i = 0, n = depth[parent] < DEPTH_MAX ? below(8) : 0; i < n; i++) {
            depth[count] = depth[parent] + 1;
            nodes[count++] = (struct cascade_node){.parent = parent};
        }
    }
    return count;
}

static bool is_parent(const struct cascade_node *nodes, size_t count, size_t node)
{
    for (size_t i = node + 1; i < count; i++) {
        if (nodes[i].parent == node)
            return true;
    }
    return false;
}

static wide_int sum_below(const struct cascade_node *nodes, size_t count, size_t parent)
{
    wide_int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += nodes[i].parent == parent ? nodes[i].share : 0;
    return sum;
}

static void dress(struct cascade_node *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        nodes[i].weight = 1 + below(1000);
        nodes[i].stretch_milli = below(10) == 0 ? (int32_t)below(300) : 0;
        nodes[i].locked = below(20) == 0;
        nodes[i].locked_share = below(50);
        nodes[i].locked_stretched = nodes[i].locked_share + below(5);
    }
}

static void every_level_adds_up(void **unused)
{
    static struct cascade_node nodes[NODES_MAX];
    int done = 0;
    (void)unused;
    for (int tree = 0; tree < TREES; tree++) {
        size_t count = grow(nodes, tree % 10 == 0 ? NODES_MAX : 200);
        int64_t target = below(tree % 3 ? 1000000000 : 5000);
        size_t at;
        int64_t amount;
        dress(nodes, count);
        if (cascade_split(target, nodes, count, &at, &amount) != SPLIT_OK)
            continue;
        done++;
        assert_true(sum_below(nodes, count, CASCADE_TOP) == target);
        for (size_t i = 0; i < count; i++) {
            if (nodes[i].locked)
                assert_int_equal(nodes[i].share, nodes[i].locked_share);
            if (is_parent(nodes, count, i))
                assert_true(sum_below(nodes, count, i) == nodes[i].stretched);
            assert_true(nodes[i].stretched >= nodes[i].share);
        }
    }
    assert_true(done > TREES / 10);
}

static void what_is_done_is_never_given_out_again(void **unused)
{
    struct cascade_node nodes[] = {
        {.parent = CASCADE_TOP, .weight = 1, .done = 30},
        {.parent = CASCADE_TOP, .weight = 3, .done = 10},
        {.parent = 0, .weight = 1, .done = 30},
        {.parent = 0, .weight = 1},
    };
    size_t at;
    int64_t amount;
    (void)unused;
    assert_int_equal(cascade_split(100, nodes, 4, &at, &amount), SPLIT_OK);
    assert_int_equal(nodes[0].share, 45);
    assert_int_equal(nodes[1].share, 55);
    assert_int_equal(nodes[2].share, 38);
    assert_int_equal(nodes[3].share, 7);
    assert_int_equal(cascade_split(39, nodes, 4, &at, &amount), SPLIT_LOCKED_EXCEED);
    assert_int_equal(amount, 1);
    assert_true(at == CASCADE_TOP);
}

static void a_refusal_names_the_parent(void **unused)
{
    struct cascade_node nodes[] = {
        {.parent = CASCADE_TOP, .weight = 1},
        {.parent = 0, .locked = true, .locked_share = 11},
    };
    size_t at;
    int64_t amount;
    (void)unused;
    assert_int_equal(cascade_split(10, nodes, 2, &at, &amount), SPLIT_LOCKED_EXCEED);
    assert_int_equal(at, 0);
    assert_int_equal(amount, 1);
    assert_int_equal(cascade_split(12, nodes, 2, &at, &amount), SPLIT_LOCKED_SHORT);
    nodes[1].locked = false;
    assert_int_equal(cascade_split(12, nodes, 2, &at, &amount), SPLIT_NO_WEIGHT);
    assert_int_equal(cascade_split(12, nodes, 0, &at, &amount), SPLIT_OK);
}

// ---- along time ----

// Rows of a tree that was split exactly, and cells with weights and some locks for the top.
static size_t lay_random(struct cascade_node *nodes, struct lay_row *rows,
                         struct split_child *cells, size_t columns)
{
    size_t count = grow(nodes, 300);
    size_t at;
    int64_t amount;
    dress(nodes, count);
    for (size_t i = 0; i < count; i++)
        nodes[i].locked = false;
    int64_t target = below(1000000);
    int64_t stretched = target + below(target / 4 + 1);
    assert_int_equal(cascade_split(stretched, nodes, count, &at, &amount), SPLIT_OK);
    rows[0] = (struct lay_row){LAY_TOP, target, stretched};
    for (size_t i = 0; i < count; i++)
        rows[i + 1] = (struct lay_row){nodes[i].parent == CASCADE_TOP ? 0 : nodes[i].parent + 1,
                                       nodes[i].share, nodes[i].stretched};
    for (size_t i = 0; i < (count + 1) * columns; i++)
        cells[i] = (struct split_child){.weight = i < columns ? 1 + below(23) : 0};
    return count + 1;
}

// Along time: the cells of a row are its goal, and with their stretch its stretched goal.
static void assert_rows_add_up(const struct lay_row *rows, size_t count,
                               const struct split_child *cells, const int64_t *stretched,
                               size_t columns)
{
    for (size_t row = 0; row < count; row++) {
        wide_int sum = 0;
        wide_int sum_stretched = 0;
        for (size_t i = row * columns; i < (row + 1) * columns; i++) {
            assert_true(cells[i].share >= 0);
            sum += cells[i].share;
            sum_stretched += stretched[i];
        }
        assert_true(sum == rows[row].target && sum_stretched == rows[row].stretched);
    }
}

// Down the tree: the children's cells are the parent's with its stretch.
static void assert_column_adds_up(const struct lay_row *rows, size_t count,
                                  const struct split_child *cells, const int64_t *stretched,
                                  size_t columns, size_t column)
{
    for (size_t parent = 0; parent < count; parent++) {
        wide_int sum = 0;
        bool any = false;
        for (size_t row = parent + 1; row < count; row++) {
            if (rows[row].parent == parent) {
                any = true;
                sum += cells[row * columns + column].share;
            }
        }
        assert_true(!any || sum == stretched[parent * columns + column]);
    }
}

static void both_ways_add_up(void **unused)
{
    static struct cascade_node nodes[NODES_MAX];
    static struct lay_row rows[NODES_MAX];
    static struct split_child cells[NODES_MAX * COLUMNS_MAX];
    static int64_t stretched[NODES_MAX * COLUMNS_MAX];
    (void)unused;
    for (int tree = 0; tree < TREES; tree++) {
        size_t columns = 1 + (size_t)below(COLUMNS_MAX);
        size_t count = lay_random(nodes, rows, cells, columns);
        size_t at;
        int64_t amount;
        assert_int_equal(lay_rows(rows, count, columns, cells, stretched, &at, &amount), SPLIT_OK);
        assert_rows_add_up(rows, count, cells, stretched, columns);
        for (size_t column = 0; column < columns; column++)
            assert_column_adds_up(rows, count, cells, stretched, columns, column);
    }
}

static void locked_parts_keep_their_figures_or_it_is_refused(void **unused)
{
    const struct lay_row rows[] = {{LAY_TOP, 100, 100}, {0, 60, 60}, {0, 40, 40}};
    struct split_child cells[6] = {{.weight = 1}, {.weight = 1}};
    int64_t stretched[6] = {0};
    size_t at;
    int64_t amount;
    (void)unused;
    cells[2].locked = true;
    cells[2].locked_share = stretched[2] = 10;
    assert_int_equal(lay_rows(rows, 3, 2, cells, stretched, &at, &amount), SPLIT_OK);
    assert_int_equal(cells[2].share, 10);
    assert_int_equal(cells[3].share, 50);
    assert_int_equal(cells[4].share, 40);
    assert_int_equal(cells[5].share, 0);
    cells[2].locked_share = stretched[2] = 51;
    assert_int_equal(lay_rows(rows, 3, 2, cells, stretched, &at, &amount), SPLIT_LOCKED_EXCEED);
    assert_int_equal(amount, 1);
}

static void locked_parts_keep_their_stretch(void **unused)
{
    const struct lay_row row = {LAY_TOP, 100, 150};
    struct split_child cells[3] = {
        {.locked = true, .locked_share = 40}, {.weight = 1}, {.weight = 1}};
    int64_t stretched[3] = {45};
    size_t at;
    int64_t amount;
    (void)unused;
    assert_int_equal(lay_rows(&row, 1, 3, cells, stretched, &at, &amount), SPLIT_OK);
    assert_int_equal(cells[1].share + cells[2].share, 60);
    assert_int_equal(stretched[0], 45);
    assert_int_equal(stretched[1], 53);
    assert_int_equal(stretched[2], 52);
    // What it leaves is less than the others come to without a stretch: they have none.
    stretched[0] = 120;
    assert_int_equal(lay_rows(&row, 1, 3, cells, stretched, &at, &amount), SPLIT_OK);
    assert_int_equal(stretched[0], 120);
    assert_int_equal(stretched[1], 30);
    assert_int_equal(stretched[2], 30);
}

static void a_stretch_of_nothing_is_laid_by_weights(void **unused)
{
    const struct lay_row row = {LAY_TOP, 0, 9};
    struct split_child cells[2] = {{.weight = 1}, {.weight = 2}};
    int64_t stretched[2] = {0};
    size_t at;
    int64_t amount;
    (void)unused;
    assert_int_equal(lay_rows(&row, 1, 2, cells, stretched, &at, &amount), SPLIT_OK);
    assert_int_equal(cells[0].share + cells[1].share, 0);
    assert_int_equal(stretched[0], 3);
    assert_int_equal(stretched[1], 6);
}

static void parts_of_goals_that_do_not_add_up_follow_the_parents(void **unused)
{
    const struct lay_row rows[] = {{LAY_TOP, 100, 100}, {0, 10, 10}, {0, 40, 40}};
    struct split_child cells[6] = {{.weight = 1}, {.weight = 3}};
    int64_t stretched[6] = {0};
    size_t at;
    int64_t amount;
    (void)unused;
    assert_int_equal(lay_rows(rows, 3, 2, cells, stretched, &at, &amount), SPLIT_OK);
    assert_int_equal(cells[2].share, 3);
    assert_int_equal(cells[3].share, 7);
    assert_int_equal(cells[4].share, 10);
    assert_int_equal(cells[5].share, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_adds_up),
        cmocka_unit_test(what_is_done_is_never_given_out_again),
        cmocka_unit_test(a_refusal_names_the_parent),
        cmocka_unit_test(both_ways_add_up),
        cmocka_unit_test(locked_parts_keep_their_figures_or_it_is_refused),
        cmocka_unit_test(locked_parts_keep_their_stretch),
        cmocka_unit_test(a_stretch_of_nothing_is_laid_by_weights),
        cmocka_unit_test(parts_of_goals_that_do_not_add_up_follow_the_parents),
    };
    return cmocka_run_group_tests(tests, seed, NULL);
}
