#include "client/lib/sync.h"

#include "client/lib/backoff.h"
#include "common/arena.h"
#include "common/frame.h"
#include "common/i18n.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NANOSECONDS INT64_C(1000000000)
#define BATCH_BUDGET ((size_t)64 << 20)
// Facts on which the daemon fails, one after another, before it is taken to be ill itself.
#define ASIDE_MOST 3
// What the envelope adds to a batch, and more.
#define REQUEST_LIMIT (FRAME_LIMIT - 4096U)

struct sync {
    struct sync_ports ports;
    enum sync_state state;
    // The transport's: 0 when there is none.
    uint64_t connection;
    uint64_t last_connection;
    bool is_open;
    struct clock_fix fix;
    uint64_t request_id;
    // The batch in flight, in the arena.
    struct arena *arena;
    Tiejun__V1__Fact **facts;
    struct sync_verdict *verdicts;
    size_t fact_count;
    // Facts of the next batch, at most: less while one that is at fault is sought.
    size_t limit;
    unsigned failures;
    // When what was set aside is to be tried again; how often in a row that failed, and how many
    // were set aside since a batch was taken.
    int64_t aside_due;
    unsigned aside_failures;
    unsigned aside_in_a_row;
    bool sent_aside;
    int64_t due;
    char fault[1024];
    struct sync_counts counts;
};

struct sync *sync_new(const struct sync_ports *ports)
{
    struct sync *sync = calloc(1, sizeof *sync);
    if (!sync)
        return NULL;
    sync->ports = *ports;
    sync->limit = SYNC_BATCH_MOST;
    sync->due = INT64_MAX;
    return sync;
}

static void forget_batch(struct sync *sync)
{
    arena_free(sync->arena);
    sync->arena = NULL;
    sync->facts = NULL;
    sync->verdicts = NULL;
    sync->fact_count = 0;
}

void sync_free(struct sync *sync)
{
    if (!sync)
        return;
    if (sync->connection)
        sync->ports.transport.close(sync->ports.transport.context, sync->connection);
    forget_batch(sync);
    free(sync);
}

static int64_t now_ms(const struct sync *sync)
{
    return sync->ports.clock.steady_ms(sync->ports.clock.context);
}

static void disconnect(struct sync *sync)
{
    if (sync->connection)
        sync->ports.transport.close(sync->ports.transport.context, sync->connection);
    sync->connection = 0;
    sync->is_open = false;
}

static void rest(struct sync *sync, const char *why, uint32_t asked_ms)
{
    uint64_t random = sync->ports.clock.random(sync->ports.clock.context);
    forget_batch(sync);
    sync->failures++;
    sync->state = SYNC_RESTING;
    sync->due = now_ms(sync) + backoff_delay(sync->failures, asked_ms, random);
    snprintf(sync->fault, sizeof sync->fault, "%s", why ? why : "");
}

static void idle(struct sync *sync)
{
    forget_batch(sync);
    sync->state = SYNC_IDLE;
    sync->due = sync->aside_due > now_ms(sync) ? sync->aside_due : INT64_MAX;
}

// ---- a batch ----

static bool set_instant(struct arena *arena, Google__Protobuf__Timestamp **field, int64_t instant)
{
    *field = arena_alloc(arena, sizeof **field);
    if (!*field)
        return false;
    google__protobuf__timestamp__init(*field);
    int64_t nanos = instant % NANOSECONDS;
    (*field)->seconds = instant / NANOSECONDS - (nanos < 0);
    (*field)->nanos = (int32_t)(nanos < 0 ? nanos + NANOSECONDS : nanos);
    return true;
}

// The device's clock may be wrong; the daemon's counts.
static bool correct_times(struct sync *sync, struct sync_entry *entry)
{
    int64_t instant =
        device_clock_corrected(&entry->recorded, entry->has_fix ? &entry->fix : NULL, &sync->fix);
    return set_instant(sync->arena, &entry->fact->device_recorded_at, entry->recorded.wall_ns) &&
           set_instant(sync->arena, &entry->fact->recorded_at, instant) &&
           (!entry->occurred_by_clock ||
            set_instant(sync->arena, &entry->fact->occurred_at, instant));
}

static bool is_too_early(const struct sync *sync, const struct sync_entry *entry)
{
    return entry->aside && now_ms(sync) < sync->aside_due;
}

// Those that were set aside go one by one, when their time has come.
static int without_aside(const struct sync *sync, const struct sync_entry *entries, int count)
{
    if (count > 0 && entries[0].aside)
        return is_too_early(sync, &entries[0]) ? 0 : 1;
    for (int i = 0; i < count; i++) {
        if (entries[i].aside)
            return i;
    }
    return count;
}

// As many as fit into one request; at least one, which the daemon will refuse if it is too long.
static size_t fitting(struct sync_entry *entries, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += tiejun__v1__fact__get_packed_size(entries[i].fact) + FRAME_HEADER_MAX + 1;
        if (size > REQUEST_LIMIT && i > 0)
            return i;
    }
    return count;
}

// Puts the entries into the batch, as many as are to go together. Returns how many; -1 when memory
// is short.
static int fill_batch(struct sync *sync, struct sync_entry *entries, int found)
{
    found = without_aside(sync, entries, found);
    if (found <= 0)
        return found;
    sync->sent_aside = entries[0].aside;
    sync->facts = arena_alloc(sync->arena, (size_t)found * sizeof *sync->facts);
    sync->verdicts = arena_alloc(sync->arena, (size_t)found * sizeof *sync->verdicts);
    for (int i = 0; i < found; i++) {
        if (!sync->facts || !sync->verdicts || !correct_times(sync, &entries[i]))
            return -1;
        sync->facts[i] = entries[i].fact;
        sync->verdicts[i].version = entries[i].version;
    }
    sync->fact_count = fitting(entries, (size_t)found);
    return (int)sync->fact_count;
}

// Takes the next facts out of the store. Returns how many; -1 when that fails.
static int take_batch(struct sync *sync)
{
    const struct sync_store *store = &sync->ports.store;
    forget_batch(sync);
    sync->arena = arena_new(BATCH_BUDGET);
    // Not of the arena, which stays for as long as the batch is in flight.
    struct sync_entry *entries = malloc(sync->limit * sizeof *entries);
    int count = -1;
    if (sync->arena && entries) {
        count = store->waiting(store->context, sync->arena, entries, sync->limit);
        count = fill_batch(sync, entries, count);
    }
    free(entries);
    return count;
}

static void send_batch(struct sync *sync)
{
    int count = take_batch(sync);
    if (count < 0) {
        disconnect(sync);
        rest(sync, _("The outbox cannot be read."), 0);
        return;
    }
    if (count == 0) {
        idle(sync);
        return;
    }
    Tiejun__V1__FactServiceLogRequest request = TIEJUN__V1__FACT_SERVICE_LOG_REQUEST__INIT;
    request.n_facts = sync->fact_count;
    request.facts = sync->facts;
    sync->state = SYNC_SENT;
    sync->due = now_ms(sync) + SYNC_ANSWER_TIMEOUT_MS;
    sync->ports.transport.send(sync->ports.transport.context, sync->connection, ++sync->request_id,
                               &request);
}

static void open_connection(struct sync *sync)
{
    sync->counts.attempts++;
    sync->connection = ++sync->last_connection;
    sync->state = SYNC_OPENING;
    sync->due = now_ms(sync) + SYNC_OPEN_TIMEOUT_MS;
    sync->ports.transport.open(sync->ports.transport.context, sync->connection);
}

static bool anything_to_send(const struct sync *sync)
{
    struct arena *arena = arena_new(BATCH_BUDGET);
    struct sync_entry entry;
    int found = arena ? sync->ports.store.waiting(sync->ports.store.context, arena, &entry, 1) : -1;
    bool any = found < 0 || (found > 0 && !is_too_early(sync, &entry));
    arena_free(arena);
    return any;
}

static void go_on(struct sync *sync)
{
    if (sync->is_open)
        send_batch(sync);
    else if (anything_to_send(sync))
        open_connection(sync);
    else
        idle(sync);
}

void sync_wake(struct sync *sync)
{
    if (sync->state == SYNC_IDLE)
        go_on(sync);
}

void sync_hurry(struct sync *sync)
{
    if (sync->state == SYNC_RESTING || sync->state == SYNC_IDLE)
        go_on(sync);
}

// ---- answers ----

// Every fact sent must have its outcome, in the order sent, or the answer is to something else.
static bool answers_batch(const struct sync *sync,
                          const Tiejun__V1__FactServiceLogResponse *response)
{
    if (!response || response->n_outcomes != sync->fact_count)
        return false;
    for (size_t i = 0; i < sync->fact_count; i++) {
        const Tiejun__V1__FactOutcome *outcome = response->outcomes[i];
        if (!outcome->id || strcmp(outcome->id, sync->facts[i]->id) != 0 ||
            outcome->intake == TIEJUN__V1__INTAKE__INTAKE_UNSPECIFIED)
            return false;
    }
    return true;
}

static void count_outcomes(struct sync *sync)
{
    for (size_t i = 0; i < sync->fact_count; i++) {
        if (sync->verdicts[i].outcome->intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED)
            sync->counts.refused++;
        else
            sync->counts.synced++;
    }
}

static void settle(struct sync *sync, Tiejun__V1__FactOutcome *const *outcomes)
{
    for (size_t i = 0; i < sync->fact_count; i++)
        sync->verdicts[i].outcome = outcomes[i];
    if (!sync->ports.store.settle(sync->ports.store.context, sync->verdicts, sync->fact_count)) {
        disconnect(sync);
        rest(sync, _("The outbox cannot be written."), 0);
        return;
    }
    count_outcomes(sync);
    sync->failures = sync->aside_in_a_row = 0;
    if (sync->sent_aside)
        sync->aside_failures = 0;
    sync->fault[0] = '\0';
    sync->limit = sync->limit > SYNC_BATCH_MOST / 2 ? SYNC_BATCH_MOST : sync->limit * 2;
    go_on(sync);
}

// The one fact of the batch is what the daemon cannot take.
static void refuse_one(struct sync *sync, const struct sync_answer *answer)
{
    Tiejun__V1__FactOutcome outcome = TIEJUN__V1__FACT_OUTCOME__INIT;
    Tiejun__V1__FactOutcome *outcomes[] = {&outcome};
    outcome.id = sync->facts[0]->id;
    outcome.has_intake = true;
    outcome.intake = TIEJUN__V1__INTAKE__INTAKE_REFUSED;
    outcome.code = (char *)answer->code;
    outcome.field = (char *)answer->field;
    outcome.message = (char *)answer->message;
    outcome.hint = (char *)answer->hint;
    settle(sync, outcomes);
}

// The daemon fails on the one fact of the batch.
static void set_aside(struct sync *sync, const struct sync_answer *answer)
{
    uint64_t random = sync->ports.clock.random(sync->ports.clock.context);
    if (!sync->ports.store.set_aside(sync->ports.store.context, sync->facts[0]->id,
                                     sync->verdicts[0].version)) {
        disconnect(sync);
        rest(sync, _("The outbox cannot be written."), 0);
        return;
    }
    sync->aside_due = now_ms(sync) + backoff_delay(++sync->aside_failures, 0, random);
    if (++sync->aside_in_a_row >= ASIDE_MOST) {
        sync->aside_in_a_row = 0;
        rest(sync, answer->message, answer->retry_after_ms);
        return;
    }
    snprintf(sync->fault, sizeof sync->fault, "%s", answer->message ? answer->message : "");
    go_on(sync);
}

// The batch as a whole cannot be taken: its half, until the one at fault is found.
static void narrow_down(struct sync *sync, const struct sync_answer *answer,
                        void (*found)(struct sync *sync, const struct sync_answer *answer))
{
    if (sync->fact_count > 1) {
        sync->limit = sync->fact_count / 2;
        send_batch(sync);
    } else {
        found(sync, answer);
    }
}

void sync_answered(struct sync *sync, uint64_t connection, uint64_t request_id,
                   const struct sync_answer *answer)
{
    if (connection != sync->connection || sync->state != SYNC_SENT ||
        request_id != sync->request_id)
        return;
    switch (answer->status) {
    case TIEJUN__V1__STATUS__STATUS_OK:
        if (answers_batch(sync, answer->response)) {
            settle(sync, answer->response->outcomes);
            return;
        }
        disconnect(sync);
        rest(sync, _("The daemon did not say what became of the facts."), 0);
        return;
    case TIEJUN__V1__STATUS__STATUS_INVALID:
    case TIEJUN__V1__STATUS__STATUS_MALFORMED:
        narrow_down(sync, answer, refuse_one);
        return;
    case TIEJUN__V1__STATUS__STATUS_INTERNAL:
        narrow_down(sync, answer, set_aside);
        return;
    default:
        // Busy, the database is away, or the device has no right: the facts are not at fault and
        // wait.
        rest(sync, answer->message, answer->retry_after_ms);
    }
}

void sync_opened(struct sync *sync, uint64_t connection, const struct clock_fix *fix)
{
    if (connection != sync->connection || sync->state != SYNC_OPENING)
        return;
    sync->is_open = true;
    sync->fix = *fix;
    sync->ports.store.keep_fix(sync->ports.store.context, fix);
    send_batch(sync);
}

void sync_lost(struct sync *sync, uint64_t connection, const char *why, uint32_t retry_after_ms)
{
    if (connection != sync->connection)
        return;
    bool idle_one = sync->state == SYNC_IDLE;
    sync->connection = 0;
    sync->is_open = false;
    if (!idle_one && sync->state != SYNC_RESTING)
        rest(sync, why, retry_after_ms);
}

int64_t sync_due(const struct sync *sync)
{
    return sync->due;
}

void sync_tick(struct sync *sync)
{
    if (now_ms(sync) < sync->due)
        return;
    if (sync->state == SYNC_RESTING || sync->state == SYNC_IDLE) {
        go_on(sync);
    } else {
        // A line that is too slow for the batch may be fast enough for half of it.
        if (sync->state == SYNC_SENT && sync->fact_count > 1)
            sync->limit = sync->fact_count / 2;
        disconnect(sync);
        rest(sync, _("The daemon is silent."), 0);
    }
}

enum sync_state sync_state(const struct sync *sync)
{
    return sync->state;
}

const char *sync_fault(const struct sync *sync)
{
    return sync->fault;
}

struct sync_counts sync_counts(const struct sync *sync)
{
    return sync->counts;
}
