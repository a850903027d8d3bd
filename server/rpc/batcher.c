#include "server/rpc/batcher.h"

#include <assert.h>

void batcher_init(struct batcher *batcher, const struct batcher_settings *settings)
{
    assert(settings->lanes >= 1 && settings->lanes <= BATCH_LANES_MOST);
    *batcher = (struct batcher){.settings = *settings};
    TAILQ_INIT(&batcher->waiting);
    for (size_t i = 0; i < settings->lanes; i++) {
        TAILQ_INIT(&batcher->lanes[i].items);
    }
}

void batcher_add(struct batcher *batcher, struct batch_item *item)
{
    TAILQ_INSERT_TAIL(&batcher->waiting, item, entry);
    batcher->weight += item->weight;
}

static bool has_key(const struct batch *batch, uint64_t key)
{
    for (size_t i = 0; i < batch->n_keys; i++) {
        if (batch->keys[i] == key) {
            return true;
        }
    }
    return false;
}

static bool is_busy(const struct batcher *batcher, uint64_t key)
{
    for (size_t i = 0; key && i < batcher->settings.lanes; i++) {
        const struct batch *lane = &batcher->lanes[i];
        if (lane->running && has_key(lane, key)) {
            return true;
        }
    }
    return false;
}

// Whether the batch has room for another key beside its own.
static bool takes_key(const struct batcher *batcher, const struct batch *batch, uint64_t key)
{
    return !key || has_key(batch, key) ||
           (batch->n_keys < BATCH_KEYS_MOST && batch->weight < batcher->settings.mixed_most);
}

static bool fits(const struct batcher *batcher, const struct batch *batch,
                 const struct batch_item *item)
{
    return batch->n_items == 0 ||
           (!item->alone && item->weight <= batcher->settings.weight_most - batch->weight &&
            batch->weight < batcher->settings.weight_most);
}

static void move_item(struct batcher *batcher, struct batch *batch, struct batch_item *item)
{
    TAILQ_REMOVE(&batcher->waiting, item, entry);
    batcher->weight -= item->weight;
    TAILQ_INSERT_TAIL(&batch->items, item, entry);
    batch->n_items++;
    batch->weight += item->weight;
    if (item->key && !has_key(batch, item->key)) {
        batch->keys[batch->n_keys++] = item->key;
    }
}

// Fills the batch with what has waited longest. What is skipped for its key keeps everything of
// that key back, since a key that is busy or too many now is so for the rest of the walk; behind an
// item that is too heavy nothing is taken.
static void fill(struct batcher *batcher, struct batch *batch)
{
    struct batch_item *item = TAILQ_FIRST(&batcher->waiting);
    while (item) {
        struct batch_item *next = TAILQ_NEXT(item, entry);
        if (!is_busy(batcher, item->key) &&
            (batch->n_items == 0 || takes_key(batcher, batch, item->key))) {
            if (!fits(batcher, batch, item)) {
                return;
            }
            move_item(batcher, batch, item);
            if (item->alone) {
                return;
            }
        }
        item = next;
    }
}

static struct batch *free_lane(struct batcher *batcher)
{
    for (size_t i = 0; i < batcher->settings.lanes; i++) {
        if (!batcher->lanes[i].running) {
            return &batcher->lanes[i];
        }
    }
    return NULL;
}

static size_t heaviest_running(const struct batcher *batcher)
{
    size_t heaviest = 0;
    for (size_t i = 0; i < batcher->settings.lanes; i++) {
        const struct batch *lane = &batcher->lanes[i];
        if (lane->running && lane->weight > heaviest) {
            heaviest = lane->weight;
        }
    }
    return heaviest;
}

// Whether enough waits for a batch beside those that run. A handful would pay a transaction's whole
// price for itself, while a light batch is soon over, and more will have come by then.
static bool is_worth_starting(const struct batcher *batcher)
{
    size_t heaviest = heaviest_running(batcher);
    if (heaviest > batcher->settings.mixed_most) {
        return true;
    }
    size_t ready = 0;
    const struct batch_item *item = TAILQ_FIRST(&batcher->waiting);
    for (; item && 2 * ready < heaviest; item = TAILQ_NEXT(item, entry)) {
        ready += is_busy(batcher, item->key) ? 0 : item->weight;
    }
    return 2 * ready >= heaviest;
}

void batcher_go(struct batcher *batcher)
{
    struct batch *lane;
    while (!TAILQ_EMPTY(&batcher->waiting) && is_worth_starting(batcher) &&
           (lane = free_lane(batcher))) {
        fill(batcher, lane);
        if (lane->n_items == 0) {
            return;
        }
        lane->running = true;
        batcher->settings.start(batcher->settings.context, lane);
    }
}

void batcher_done(struct batcher *batcher, struct batch *batch)
{
    (void)batcher;
    assert(batch->running && TAILQ_EMPTY(&batch->items));
    batch->running = false;
    batch->n_items = 0;
    batch->weight = 0;
    batch->n_keys = 0;
}

struct batch_item *batch_take(struct batch *batch)
{
    struct batch_item *item = TAILQ_FIRST(&batch->items);
    if (item) {
        TAILQ_REMOVE(&batch->items, item, entry);
    }
    return item;
}

struct batch_item *batcher_take_waiting(struct batcher *batcher)
{
    struct batch_item *item = TAILQ_FIRST(&batcher->waiting);
    if (item) {
        TAILQ_REMOVE(&batcher->waiting, item, entry);
        batcher->weight -= item->weight;
    }
    return item;
}
