// Who waits for the database, and who goes together: what arrives while the lanes are taken forms
// the next batches. Pure bookkeeping over a callback: no clock, no timer, no database.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

// Part of everything that waits. Its memory is the caller's, and stays put from batcher_add() until
// its batch has been started and is done.
struct batch_item {
    // Items of one key go in the order in which they came, and never in two lanes at once: they
    // would wait there for each other's locks. 0: no such bond.
    uint64_t key;
    // What it counts for, at least 1.
    size_t weight;
    // Shares its batch with nobody.
    bool alone;
    TAILQ_ENTRY(batch_item) entry;
};

TAILQ_HEAD(batch_items, batch_item);

enum { BATCH_KEYS_MOST = 32, BATCH_LANES_MOST = 4 };

// What goes through a lane at once.
struct batch {
    struct batch_items items;
    size_t n_items;
    size_t weight;
    uint64_t keys[BATCH_KEYS_MOST];
    size_t n_keys;
    bool running;
};

struct batcher_settings {
    // Batches that may be under way at once, at most BATCH_LANES_MOST.
    size_t lanes;
    // A batch takes no further item that would make it heavier than this. The first one always
    // fits.
    size_t weight_most;
    // From this weight on, a batch takes no further key: a key with much waiting goes alone, keys
    // with little share the cost of a batch. Beside a batch no heavier than this, none starts
    // while what could go weighs less than half of it.
    size_t mixed_most;
    // Sends a batch on its way. The caller takes the items out of it, and says batcher_done() when
    // it is over, from within this call or later.
    void (*start)(void *context, struct batch *batch);
    void *context;
};

struct batcher {
    struct batcher_settings settings;
    struct batch_items waiting;
    // Of all that waits.
    size_t weight;
    struct batch lanes[BATCH_LANES_MOST];
};

void batcher_init(struct batcher *batcher, const struct batcher_settings *settings);

// Puts an item behind those that wait. Nothing is started: more may be about to come.
void batcher_add(struct batcher *batcher, struct batch_item *item);

// Starts what can go.
void batcher_go(struct batcher *batcher);

// Frees the batch's lane.
void batcher_done(struct batcher *batcher, struct batch *batch);

// Takes the first item out of a batch or out of what waits; NULL when there is none left.
struct batch_item *batch_take(struct batch *batch);
struct batch_item *batcher_take_waiting(struct batcher *batcher);
