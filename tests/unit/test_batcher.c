// What shares a batch, and in which order (server/rpc/batcher.h), under random arrivals.
#include "server/rpc/batcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 2000, KEYS = 12, LANES = 3, WEIGHT_MOST = 20, MIXED_MOST = 6 };

struct thing {
    struct batch_item item;
    unsigned number;
};

struct world {
    struct batcher batcher;
    struct thing things[ITEMS];
    struct batch *running[LANES];
    size_t n_running;
    // The last one of each key that went.
    unsigned last_of_key[KEYS + 1];
    unsigned gone;
    unsigned batches;
};

static void check_batch(struct world *world, struct batch *batch)
{
    size_t weight = 0;
    size_t before_last_key = 0;
    uint64_t keys[BATCH_KEYS_MOST];
    size_t n_keys = 0;
    struct batch_item *item;
    TAILQ_FOREACH(item, &batch->items, entry)
    {
        struct thing *thing = (struct thing *)item;
        bool new_key = item->key != 0;
        for (size_t i = 0; i < n_keys; i++) {
            new_key = new_key && keys[i] != item->key;
        }
        if (new_key) {
            before_last_key = weight;
            keys[n_keys++] = item->key;
        }
        assert_true(!item->alone || batch->n_items == 1);
        // In the order of arrival.
        assert_true(!item->key || world->last_of_key[item->key] < thing->number);
        world->last_of_key[item->key] = thing->number;
        weight += item->weight;
        world->gone++;
    }
    assert_int_equal(weight, batch->weight);
    assert_true(batch->n_items > 0 && (batch->n_items == 1 || weight <= WEIGHT_MOST));
    // A batch that is heavy takes no further key.
    assert_true(before_last_key < MIXED_MOST);
    for (size_t i = 0; i < n_keys; i++) {
        for (size_t lane = 0; lane < world->n_running; lane++) {
            for (size_t k = 0; k < world->running[lane]->n_keys; k++) {
                assert_int_not_equal(world->running[lane]->keys[k], keys[i]);
            }
        }
    }
}

static void on_start(void *context, struct batch *batch)
{
    struct world *world = context;
    check_batch(world, batch);
    while (batch_take(batch)) {
    }
    assert_in_range(world->n_running, 0, LANES - 1);
    world->running[world->n_running++] = batch;
    world->batches++;
}

static struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    batcher_init(&world->batcher,
                 &(struct batcher_settings){LANES, WEIGHT_MOST, MIXED_MOST, on_start, world});
    return world;
}

static void add(struct world *world, unsigned n, uint64_t key, size_t weight, bool alone)
{
    world->things[n] = (struct thing){{.key = key, .weight = weight, .alone = alone}, n + 1};
    batcher_add(&world->batcher, &world->things[n].item);
}

static void end_one(struct world *world, size_t lane)
{
    struct batch *batch = world->running[lane];
    world->running[lane] = world->running[--world->n_running];
    batcher_done(&world->batcher, batch);
}

static void test_everything_goes_once_in_order_and_no_key_twice_at_once(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 50; seed++) {
        struct world *world = world_new();
        unsigned n = 0;
        srand(seed);
        while (n < ITEMS || world->n_running > 0) {
            if (n < ITEMS && rand() % 3) {
                add(world, n, (uint64_t)rand() % (KEYS + 1), 1 + (size_t)rand() % 8,
                    rand() % 20 == 0);
                n++;
            } else if (world->n_running > 0) {
                end_one(world, (size_t)rand() % world->n_running);
            }
            if (rand() % 2 || n == ITEMS) {
                batcher_go(&world->batcher);
            }
        }
        assert_int_equal(world->gone, ITEMS);
        assert_int_equal(world->batcher.weight, 0);
        free(world);
    }
}

static void test_an_idle_lane_takes_the_first_at_once(void **state)
{
    (void)state;
    struct world *world = world_new();
    add(world, 0, 1, 1, false);
    batcher_go(&world->batcher);
    assert_int_equal(world->gone, 1);
    free(world);
}

static void test_what_came_meanwhile_goes_together(void **state)
{
    (void)state;
    struct world *world = world_new();
    add(world, 0, 1, 1, false);
    batcher_go(&world->batcher);
    for (unsigned n = 1; n <= 15; n++) {
        add(world, n, 1, 1, false);
        batcher_go(&world->batcher);
    }
    assert_int_equal(world->batches, 1);
    end_one(world, 0);
    batcher_go(&world->batcher);
    assert_int_equal(world->batches, 2);
    assert_int_equal(world->gone, 16);
    free(world);
}

static void test_a_handful_does_not_start_beside_a_light_batch(void **state)
{
    (void)state;
    struct world *world = world_new();
    add(world, 0, 1, MIXED_MOST, false);
    batcher_go(&world->batcher);
    // Of the key that is under way, none can go anyway.
    add(world, 1, 1, MIXED_MOST, false);
    unsigned n = 2;
    for (; n < 1 + MIXED_MOST / 2; n++) {
        add(world, n, 2, 1, false);
        batcher_go(&world->batcher);
    }
    assert_int_equal(world->batches, 1);
    add(world, n, 3, 1, false);
    batcher_go(&world->batcher);
    assert_int_equal(world->batches, 2);
    free(world);
}

static void test_a_handful_does_not_wait_for_a_heavy_batch(void **state)
{
    (void)state;
    struct world *world = world_new();
    add(world, 0, 1, MIXED_MOST + 1, false);
    batcher_go(&world->batcher);
    add(world, 1, 2, 1, false);
    batcher_go(&world->batcher);
    assert_int_equal(world->batches, 2);
    free(world);
}

static void test_one_heavier_than_a_batch_goes_by_itself(void **state)
{
    (void)state;
    struct world *world = world_new();
    add(world, 0, 0, (size_t)10 * WEIGHT_MOST, false);
    add(world, 1, 0, 1, false);
    batcher_go(&world->batcher);
    assert_int_equal(world->batches, 2);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_goes_once_in_order_and_no_key_twice_at_once),
        cmocka_unit_test(test_an_idle_lane_takes_the_first_at_once),
        cmocka_unit_test(test_what_came_meanwhile_goes_together),
        cmocka_unit_test(test_a_handful_does_not_start_beside_a_light_batch),
        cmocka_unit_test(test_a_handful_does_not_wait_for_a_heavy_batch),
        cmocka_unit_test(test_one_heavier_than_a_batch_goes_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
