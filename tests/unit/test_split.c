#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/method/ratio.h"
#include "server/method/split.h"

#define RANDOM_CASES 100000
#define RANDOM_CHILDREN 12
#define RANDOM_SEED UINT64_C(20230358)

static uint64_t random_state;

// xorshift64*: the same cases on every machine.
static uint64_t random_bits(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

// 0 to limit - 1.
static int64_t random_below(uint64_t limit)
{
    return (int64_t)(random_bits() % limit);
}

// Small figures make ties and zeros, large ones reach every bit of an int64.
static int64_t random_figure(void)
{
    switch (random_below(4)) {
    case 0:
        return random_below(4);
    case 1:
        return random_below(100);
    case 2:
        return random_below(UINT64_C(1000000000000));
    default:
        return (int64_t)(random_bits() >> 1);
    }
}

struct random_case {
    int64_t parent;
    size_t count;
    struct split_child children[RANDOM_CHILDREN];
};

static void make_case(struct random_case *made)
{
    *made = (struct random_case){.parent = random_figure(),
                                 .count = 1 + (size_t)random_below(RANDOM_CHILDREN)};
    bool same_weights = random_below(8) == 0;
    bool with_locks = random_below(2) == 0;
    int64_t one_weight = random_figure();
    for (size_t i = 0; i < made->count; i++) {
        struct split_child *child = &made->children[i];
        child->weight = same_weights ? one_weight : random_figure();
        child->share = -1;
        child->locked = with_locks && random_below(3) == 0;
        // Mostly they fit; a few do not, and a few use the parent up.
        uint64_t part = (uint64_t)made->parent / (1 + (uint64_t)random_below(made->count)) + 1;
        child->locked_share = child->locked ? random_below(part) : 0;
    }
}

struct case_sums {
    wide_int shares;
    wide_int locked;
    wide_int weight;
    size_t unlocked;
};

static struct case_sums case_sums(const struct random_case *made)
{
    struct case_sums sums = {0};
    for (size_t i = 0; i < made->count; i++) {
        const struct split_child *child = &made->children[i];
        sums.shares += child->share;
        sums.locked += child->locked ? child->locked_share : 0;
        sums.weight += child->locked ? 0 : child->weight;
        sums.unlocked += child->locked ? 0 : 1;
    }
    return sums;
}

static void assert_untouched(const struct random_case *made)
{
    for (size_t i = 0; i < made->count; i++)
        assert_int_equal(made->children[i].share, -1);
}

// Runs check on each random case with its result.
static void for_random_cases(void (*check)(struct random_case *made, enum split_result result,
                                           int64_t amount))
{
    random_state = RANDOM_SEED;
    printf("%d random cases, seed %llu\n", RANDOM_CASES, (unsigned long long)RANDOM_SEED);
    for (int i = 0; i < RANDOM_CASES; i++) {
        struct random_case made;
        make_case(&made);
        int64_t amount = -1;
        enum split_result result =
            split_largest_remainder(made.parent, made.children, made.count, &amount);
        check(&made, result, amount);
    }
}

static void check_sum(struct random_case *made, enum split_result result, int64_t amount)
{
    if (result != SPLIT_OK)
        return;
    assert_true(case_sums(made).shares == made->parent);
    assert_int_equal(amount, 0);
    for (size_t i = 0; i < made->count; i++)
        assert_true(made->children[i].share >= 0);
}

static void rule_2_3_children_sum_to_the_parent_exactly(void **state)
{
    (void)state;
    for_random_cases(check_sum);
}

// share x sum of weights lies within one sum of weights of rest x weight.
static void check_quota(struct random_case *made, enum split_result result, int64_t amount)
{
    (void)amount;
    struct case_sums sums = case_sums(made);
    if (result != SPLIT_OK || sums.weight == 0)
        return;
    wide_int rest = made->parent - sums.locked;
    for (size_t i = 0; i < made->count; i++) {
        const struct split_child *child = &made->children[i];
        if (child->locked)
            continue;
        wide_int whole = rest * child->weight / sums.weight;
        bool exact = rest * child->weight % sums.weight == 0;
        assert_true(child->share == whole || (!exact && child->share == whole + 1));
    }
}

static void rule_2_3_each_share_is_within_one_of_its_quota(void **state)
{
    (void)state;
    for_random_cases(check_quota);
}

static void check_locked(struct random_case *made, enum split_result result, int64_t amount)
{
    (void)amount;
    for (size_t i = 0; i < made->count; i++) {
        const struct split_child *child = &made->children[i];
        if (result == SPLIT_OK && child->locked)
            assert_int_equal(child->share, child->locked_share);
    }
}

static void rule_2_3_a_locked_child_keeps_its_figure(void **state)
{
    (void)state;
    for_random_cases(check_locked);
}

static size_t refusals_seen[SPLIT_NO_MEMORY + 1];

static void check_result(struct random_case *made, enum split_result result, int64_t amount)
{
    struct case_sums sums = case_sums(made);
    wide_int rest = made->parent - sums.locked;
    enum split_result expected = SPLIT_OK;
    if (rest < 0)
        expected = SPLIT_LOCKED_EXCEED;
    else if (rest > 0 && sums.unlocked == 0)
        expected = SPLIT_LOCKED_SHORT;
    else if (rest > 0 && sums.weight == 0)
        expected = SPLIT_NO_WEIGHT;
    assert_int_equal(result, expected);
    refusals_seen[result]++;
    if (result == SPLIT_OK)
        return;
    assert_int_equal(amount, ratio_saturate(rest < 0 ? -rest : rest));
    assert_untouched(made);
}

static void rule_2_3_a_refusal_names_the_exact_amount(void **state)
{
    (void)state;
    for_random_cases(check_result);
    // The cases are worth nothing if they never get here.
    assert_true(refusals_seen[SPLIT_LOCKED_EXCEED] > 1000);
    assert_true(refusals_seen[SPLIT_LOCKED_SHORT] > 100);
    assert_true(refusals_seen[SPLIT_NO_WEIGHT] > 100);
}

static void check_monotone(struct random_case *made, enum split_result result, int64_t amount)
{
    (void)amount;
    for (size_t i = 0; i < made->count && result == SPLIT_OK; i++) {
        for (size_t j = 0; j < made->count; j++) {
            const struct split_child *a = &made->children[i];
            const struct split_child *b = &made->children[j];
            if (!a->locked && !b->locked && a->weight > b->weight)
                assert_true(a->share >= b->share);
        }
    }
}

static void rule_2_3_a_larger_weight_never_gets_less(void **state)
{
    (void)state;
    for_random_cases(check_monotone);
}

// The definition itself, over every pair: who got one more had the larger remainder, or the same
// one and came earlier.
static void check_order(struct random_case *made, enum split_result result, int64_t amount)
{
    (void)amount;
    struct case_sums sums = case_sums(made);
    if (result != SPLIT_OK || sums.weight == 0)
        return;
    wide_int rest = made->parent - sums.locked;
    wide_int remainder[RANDOM_CHILDREN];
    bool extra[RANDOM_CHILDREN];
    for (size_t i = 0; i < made->count; i++) {
        wide_int product = rest * made->children[i].weight;
        remainder[i] = product % sums.weight;
        extra[i] = made->children[i].share > product / sums.weight;
    }
    for (size_t i = 0; i < made->count; i++) {
        for (size_t j = 0; j < made->count; j++) {
            if (made->children[i].locked || made->children[j].locked || !extra[i] || extra[j])
                continue;
            assert_true(remainder[i] > remainder[j] || (remainder[i] == remainder[j] && i < j));
        }
    }
}

static void rule_2_3_the_largest_remainders_are_served_in_stable_order(void **state)
{
    (void)state;
    for_random_cases(check_order);
}

// By weight, then by lock, then by share: what an order of the children must not change.
static int compare_children(const void *left, const void *right)
{
    const struct split_child *a = left;
    const struct split_child *b = right;
    int64_t figures[][2] = {{a->locked, b->locked}, {a->weight, b->weight}, {a->share, b->share}};
    for (size_t i = 0; i < 3; i++) {
        if (figures[i][0] != figures[i][1])
            return figures[i][0] < figures[i][1] ? -1 : 1;
    }
    return 0;
}

// True when two children of different weight have one remainder: then order does decide.
static bool order_matters(const struct random_case *made, const struct case_sums *sums)
{
    wide_int rest = made->parent - sums->locked;
    for (size_t i = 0; i < made->count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct split_child *a = &made->children[i];
            const struct split_child *b = &made->children[j];
            if (!a->locked && !b->locked && a->weight != b->weight &&
                rest * a->weight % sums->weight == rest * b->weight % sums->weight)
                return true;
        }
    }
    return false;
}

static void check_permutation(struct random_case *made, enum split_result result, int64_t amount)
{
    struct case_sums sums = case_sums(made);
    if (result != SPLIT_OK || sums.weight == 0 || order_matters(made, &sums))
        return;
    struct random_case shuffled = *made;
    for (size_t i = made->count; i > 1; i--) {
        size_t j = (size_t)random_below(i);
        struct split_child held = shuffled.children[i - 1];
        shuffled.children[i - 1] = shuffled.children[j];
        shuffled.children[j] = held;
    }
    assert_int_equal(
        split_largest_remainder(shuffled.parent, shuffled.children, shuffled.count, &amount),
        SPLIT_OK);
    qsort(made->children, made->count, sizeof *made->children, compare_children);
    qsort(shuffled.children, made->count, sizeof *made->children, compare_children);
    for (size_t i = 0; i < made->count; i++)
        assert_int_equal(made->children[i].share, shuffled.children[i].share);
}

static void rule_2_3_the_order_decides_nothing_but_ties(void **state)
{
    (void)state;
    for_random_cases(check_permutation);
}

static void rule_2_3_ties_go_to_the_earlier_child(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 1}, {.weight = 1}, {.weight = 1}};
    assert_int_equal(split_largest_remainder(11, children, 3, NULL), SPLIT_OK);
    assert_int_equal(children[0].share, 4);
    assert_int_equal(children[1].share, 4);
    assert_int_equal(children[2].share, 3);
}

static void rule_2_3_the_rest_goes_round_the_locked_child(void **state)
{
    (void)state;
    struct split_child children[] = {
        {.weight = 7}, {.weight = 8, .locked = true, .locked_share = 400}, {.weight = 5}};
    assert_int_equal(split_largest_remainder(1000, children, 3, NULL), SPLIT_OK);
    assert_int_equal(children[0].share, 350);
    assert_int_equal(children[1].share, 400);
    assert_int_equal(children[2].share, 250);
}

static void rule_2_3_locked_above_the_parent_is_refused_with_the_amount(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 1, .share = 9},
                                     {.locked = true, .locked_share = 700, .share = 9},
                                     {.locked = true, .locked_share = 301, .share = 9}};
    int64_t amount = 0;
    assert_int_equal(split_largest_remainder(1000, children, 3, &amount), SPLIT_LOCKED_EXCEED);
    assert_int_equal(amount, 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(children[i].share, 9);

    children[1].locked_share = INT64_MAX;
    children[2].locked_share = INT64_MAX;
    assert_int_equal(split_largest_remainder(1000, children, 3, &amount), SPLIT_LOCKED_EXCEED);
    assert_int_equal(amount, INT64_MAX);
}

static void rule_2_3_all_locked_must_meet_the_parent(void **state)
{
    (void)state;
    struct split_child children[] = {{.locked = true, .locked_share = 600},
                                     {.locked = true, .locked_share = 300}};
    int64_t amount = -1;
    assert_int_equal(split_largest_remainder(1000, children, 2, &amount), SPLIT_LOCKED_SHORT);
    assert_int_equal(amount, 100);
    assert_int_equal(split_largest_remainder(900, children, 2, &amount), SPLIT_OK);
    assert_int_equal(amount, 0);
    assert_int_equal(children[0].share, 600);
    assert_int_equal(children[1].share, 300);
}

static void rule_2_3_without_weight_nothing_can_be_given(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 0, .share = 9},
                                     {.locked = true, .locked_share = 4, .share = 9}};
    int64_t amount = -1;
    assert_int_equal(split_largest_remainder(10, children, 2, &amount), SPLIT_NO_WEIGHT);
    assert_int_equal(amount, 6);
    assert_int_equal(children[0].share, 9);
    assert_int_equal(split_largest_remainder(10, NULL, 0, &amount), SPLIT_NO_WEIGHT);
    assert_int_equal(amount, 10);
    assert_int_equal(split_largest_remainder(4, children, 2, &amount), SPLIT_OK);
    assert_int_equal(children[0].share, 0);
}

static void rule_2_3_a_zero_parent_gives_zeros(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 3, .share = 9}, {.weight = 0, .share = 9}};
    assert_int_equal(split_largest_remainder(0, children, 2, NULL), SPLIT_OK);
    assert_int_equal(children[0].share, 0);
    assert_int_equal(children[1].share, 0);
    assert_int_equal(split_largest_remainder(0, NULL, 0, NULL), SPLIT_OK);
}

static void rule_2_3_a_child_of_no_weight_gets_nothing(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 0}, {.weight = 3}, {.weight = 0}, {.weight = 4}};
    for (int64_t parent = 0; parent < 50; parent++) {
        assert_int_equal(split_largest_remainder(parent, children, 4, NULL), SPLIT_OK);
        assert_int_equal(children[0].share, 0);
        assert_int_equal(children[2].share, 0);
    }
}

static void rule_2_3_negative_figures_are_refused(void **state)
{
    (void)state;
    struct split_child children[] = {{.weight = 1, .share = 9}, {.weight = 1, .share = 9}};
    int64_t amount = 0;
    assert_int_equal(split_largest_remainder(-5, children, 2, &amount), SPLIT_NEGATIVE);
    assert_int_equal(amount, -5);
    children[1].weight = -2;
    assert_int_equal(split_largest_remainder(5, children, 2, &amount), SPLIT_NEGATIVE);
    assert_int_equal(amount, -2);
    children[1].locked = true;
    children[1].locked_share = INT64_MIN;
    assert_int_equal(split_largest_remainder(5, children, 2, &amount), SPLIT_NEGATIVE);
    assert_true(amount == INT64_MIN);
    assert_int_equal(children[0].share, 9);
}

static void rule_2_3_the_largest_figures_do_not_overflow(void **state)
{
    (void)state;
    struct split_child children[] = {
        {.weight = INT64_MAX}, {.weight = INT64_MAX}, {.weight = INT64_MAX}, {.weight = 1}};
    assert_int_equal(split_largest_remainder(INT64_MAX, children, 4, NULL), SPLIT_OK);
    // INT64_MAX = 3k + 1: the three have k and 2/9 each, the last has 1/3 and so the one left over.
    for (size_t i = 0; i < 3; i++)
        assert_true(children[i].share == INT64_MAX / 3);
    assert_int_equal(children[3].share, 1);

    struct split_child alone = {.weight = 1};
    assert_int_equal(split_largest_remainder(INT64_MAX, &alone, 1, NULL), SPLIT_OK);
    assert_true(alone.share == INT64_MAX);
}

static void rule_2_3_a_million_children_sum_to_the_parent_exactly(void **state)
{
    (void)state;
    const size_t count = 1000000;
    struct split_child *children = calloc(count, sizeof *children);
    assert_non_null(children);
    random_state = RANDOM_SEED;
    for (size_t i = 0; i < count; i++)
        children[i].weight = random_below(UINT64_C(1) << 40);
    const int64_t parent = INT64_C(123456789012345);
    assert_int_equal(split_largest_remainder(parent, children, count, NULL), SPLIT_OK);
    wide_int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += children[i].share;
    assert_true(sum == parent);
    free(children);
}

static void rule_2_3_a_stretch_multiplies_the_parent(void **state)
{
    (void)state;
    static const struct {
        int64_t target;
        int32_t stretch_milli;
        int64_t stretched;
    } cases[] = {
        {1000, 0, 1000},
        {1000, 100, 1100},
        {1000000, 1500, 2500000},
        {0, 500, 0},
        {5, 100, 6}, // 5.5
        {4, 100, 4}, // 4.4
        {1, 499, 1}, // 1.499
        {1, 500, 2}, // 1.5
        {3, 1, 3},   // 3.003
        {INT64_MAX, 0, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t stretched = -1;
        assert_true(split_stretch(cases[i].target, cases[i].stretch_milli, &stretched));
        assert_true(stretched == cases[i].stretched);
    }
}

static void rule_2_3_a_stretch_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    int64_t stretched = 7;
    assert_false(split_stretch(INT64_MAX, 1, &stretched));
    assert_false(split_stretch(INT64_MAX / 2, INT32_MAX, &stretched));
    assert_false(split_stretch(-1, 100, &stretched));
    assert_false(split_stretch(100, -1, &stretched));
    assert_int_equal(stretched, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_2_3_children_sum_to_the_parent_exactly),
        cmocka_unit_test(rule_2_3_each_share_is_within_one_of_its_quota),
        cmocka_unit_test(rule_2_3_a_locked_child_keeps_its_figure),
        cmocka_unit_test(rule_2_3_a_refusal_names_the_exact_amount),
        cmocka_unit_test(rule_2_3_a_larger_weight_never_gets_less),
        cmocka_unit_test(rule_2_3_the_largest_remainders_are_served_in_stable_order),
        cmocka_unit_test(rule_2_3_the_order_decides_nothing_but_ties),
        cmocka_unit_test(rule_2_3_ties_go_to_the_earlier_child),
        cmocka_unit_test(rule_2_3_the_rest_goes_round_the_locked_child),
        cmocka_unit_test(rule_2_3_locked_above_the_parent_is_refused_with_the_amount),
        cmocka_unit_test(rule_2_3_all_locked_must_meet_the_parent),
        cmocka_unit_test(rule_2_3_without_weight_nothing_can_be_given),
        cmocka_unit_test(rule_2_3_a_zero_parent_gives_zeros),
        cmocka_unit_test(rule_2_3_a_child_of_no_weight_gets_nothing),
        cmocka_unit_test(rule_2_3_negative_figures_are_refused),
        cmocka_unit_test(rule_2_3_the_largest_figures_do_not_overflow),
        cmocka_unit_test(rule_2_3_a_million_children_sum_to_the_parent_exactly),
        cmocka_unit_test(rule_2_3_a_stretch_multiplies_the_parent),
        cmocka_unit_test(rule_2_3_a_stretch_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
