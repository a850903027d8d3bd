#include "tests/sim/device.h"

#include "client/lib/backoff.h"
#include "client/lib/outbox.h"
#include "client/lib/sync.h"
#include "common/arena.h"
#include "common/message.h"
#include "tests/sim/daemon.h"
#include "tests/sim/disk.h"
#include "tests/sim/network.h"
#include "tests/sim/tables.h"
#include "tests/sim/world.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
#define FACTS_MOST 256
#define BOOTS_MOST 256
#define DAY_NS (INT64_C(86400) * 1000000000)
#define NOTE_SIZE 1500

struct program {
    struct device *device;
    struct outbox *outbox;
    struct sync *sync;
    // Which run of the program events are for.
    uint64_t run;
    struct device_instant opened_at;
    // The fact of the last request that had only one; NULL of one with several.
    struct known_fact *sent_alone;
    int64_t not_before;
    int64_t ticking_at;
};

struct device {
    struct world *world;
    struct network *network;
    unsigned number;
    char folder[16];
    struct disk *disk;
    struct arena *arena;
    // The wall clock's error, and when the machine was booted.
    int64_t ahead_ns;
    int64_t booted_ms;
    unsigned boot;
    char boot_id[UUID_TEXT_SIZE];
    bool knew_clock[BOOTS_MOST];
    bool running;
    struct program agent;
    struct program command;
    struct known_fact facts[FACTS_MOST];
    size_t fact_count;
    const char *complaint;
};

// ---- clocks ----

static struct device_instant clock_now(const struct device *device)
{
    struct device_instant now = {
        .wall_ns = world_clock_ns(device->world) + device->ahead_ns,
        .boot_ns = (world_now(device->world) - device->booted_ms + 1) * 1000000,
    };
    memcpy(now.boot, device->boot_id, sizeof now.boot);
    return now;
}

static void boot(struct device *device)
{
    device->boot++;
    device->booted_ms = world_now(device->world);
    snprintf(device->boot_id, sizeof device->boot_id, "%08x-0000-4000-8000-%012x", device->number,
             device->boot);
}

static int64_t steady_ms(void *context)
{
    return world_now(((struct program *)context)->device->world);
}

static uint64_t random_bits(void *context)
{
    return world_random(((struct program *)context)->device->world);
}

// ---- a program ----

static void transport_open(void *context, uint64_t connection)
{
    struct program *program = context;
    program->opened_at = clock_now(program->device);
    network_open(program->device->network, program, device_person(program->device), connection);
}

static struct known_fact *known_by_id(struct device *device, const char *id)
{
    for (size_t i = 0; i < device->fact_count; i++) {
        if (strcmp(device->facts[i].fact->id, id) == 0)
            return &device->facts[i];
    }
    return NULL;
}

static void transport_send(void *context, uint64_t connection, uint64_t request_id,
                           const Tiejun__V1__FactServiceLogRequest *request)
{
    struct program *program = context;
    if (world_now(program->device->world) < program->not_before)
        program->device->complaint = "a daemon that was busy was asked again too early";
    program->sent_alone =
        request->n_facts == 1 ? known_by_id(program->device, request->facts[0]->id) : NULL;
    network_send(program->device->network, program, connection, request_id, request);
}

static void transport_close(void *context, uint64_t connection)
{
    struct program *program = context;
    network_close(program->device->network, program, connection);
}

static void program_end(struct program *program)
{
    network_drop(program->device->network, program);
    sync_free(program->sync);
    outbox_close(program->outbox);
    program->sync = NULL;
    program->outbox = NULL;
    program->run++;
}

static bool program_begin(struct program *program)
{
    char reason[256];
    struct sync_ports ports = {
        .clock = {program, steady_ms, random_bits},
        .transport = {program, transport_open, transport_send, transport_close},
    };
    program->not_before = 0;
    program->ticking_at = INT64_MAX;
    program->outbox = outbox_open(program->device->folder, reason, sizeof reason);
    if (!program->outbox) {
        world_trace(program->device->world, "device %u: no outbox: %s", program->device->number,
                    reason);
        return false;
    }
    ports.store = outbox_store(program->outbox);
    program->sync = sync_new(&ports);
    return program->sync != NULL;
}

static void stopped(struct device *device);

static void tick(void *context, uint64_t run, uint64_t unused);
static void notice(void *context, uint64_t run, uint64_t unused);

// After everything that a program was told: has its machine died, when is it to be called again?
static void settle_down(struct program *program)
{
    struct device *device = program->device;
    if (disk_is_stopped(device->disk)) {
        stopped(device);
        return;
    }
    enum sync_state state = sync_state(program->sync);
    int64_t due = sync_due(program->sync);
    int64_t now = world_now(device->world);
    if (state == SYNC_RESTING && due - now > BACKOFF_MOST_MS)
        device->complaint = "it rests for more than a minute";
    if (program == &device->command && (state == SYNC_IDLE || state == SYNC_RESTING)) {
        program_end(program);
        // The agent watches the outbox for what commands leave there.
        world_after(device->world, (int64_t)world_below(device->world, 1000), notice,
                    &device->agent, device->agent.run, 0);
        return;
    }
    if (due == INT64_MAX || due == program->ticking_at)
        return;
    program->ticking_at = due;
    world_after(device->world, due > now ? due - now : 0, tick, program, program->run, 0);
}

static void tick(void *context, uint64_t run, uint64_t unused)
{
    struct program *program = context;
    (void)unused;
    if (!program->sync || program->run != run)
        return;
    if (program->ticking_at <= world_now(program->device->world))
        program->ticking_at = INT64_MAX;
    sync_tick(program->sync);
    settle_down(program);
}

static void notice(void *context, uint64_t run, uint64_t unused)
{
    struct program *program = context;
    (void)unused;
    if (!program->sync || program->run != run)
        return;
    sync_wake(program->sync);
    settle_down(program);
}

static void on_opened(void *owner, uint64_t connection, int64_t daemon_ns)
{
    struct program *program = owner;
    struct device_instant now = clock_now(program->device);
    struct clock_fix fix = {device_clock_between(&program->opened_at, &now), daemon_ns};
    sync_opened(program->sync, connection, &fix);
    // It may have been cut off before it had noted it down.
    if (disk_works(program->device->disk))
        program->device->knew_clock[program->device->boot] = true;
    settle_down(program);
}

static void on_lost(void *owner, uint64_t connection)
{
    struct program *program = owner;
    sync_lost(program->sync, connection, "It is gone.", 0);
    settle_down(program);
}

// Set aside: others may overtake it, of voids another one of the same fact; what voids it waits for
// it.
static void note_aside(struct device *device, struct known_fact *known)
{
    known->mended = true;
    known->refusable = known->refusable || known->fact->voids;
    for (size_t i = 0; i < device->fact_count; i++) {
        const char *voids = device->facts[i].fact->voids;
        if (voids && strcmp(voids, known->fact->id) == 0)
            device->facts[i].mended = true;
    }
}

static void on_received(void *owner, uint64_t connection, const uint8_t *frame, size_t size)
{
    struct program *program = owner;
    struct arena *arena = arena_new(BUDGET);
    const Tiejun__V1__ServerFrame *server = (const Tiejun__V1__ServerFrame *)message_unpack(
        &tiejun__v1__server_frame__descriptor, arena, frame, size, NULL, NULL);
    if (!server)
        abort();
    const Tiejun__V1__Response *response = server->response;
    struct sync_answer answer = {.status = response->status};
    if (response->status == TIEJUN__V1__STATUS__STATUS_OK)
        answer.response = (const Tiejun__V1__FactServiceLogResponse *)message_unpack(
            &tiejun__v1__fact_service_log_response__descriptor, arena, response->body.data,
            response->body.len, NULL, NULL);
    if (response->error) {
        answer.message = response->error->message;
        answer.retry_after_ms = response->error->retry_after_ms;
    }
    if (response->status == TIEJUN__V1__STATUS__STATUS_BUSY)
        program->not_before = world_now(program->device->world) + answer.retry_after_ms;
    if (response->status == TIEJUN__V1__STATUS__STATUS_INTERNAL && program->sent_alone)
        note_aside(program->device, program->sent_alone);
    sync_answered(program->sync, connection, response->id, &answer);
    arena_free(arena);
    settle_down(program);
}

const struct network_events device_events = {on_opened, on_received, on_lost};

// ---- the machine ----

struct device *device_new(struct world *world, struct network *network, unsigned number)
{
    struct device *device = calloc(1, sizeof *device);
    if (!device)
        abort();
    device->world = world;
    device->network = network;
    device->number = number;
    snprintf(device->folder, sizeof device->folder, "%u", number);
    device->disk = disk_format(world, device->folder);
    device->arena = arena_new(BUDGET);
    device->agent.device = device->command.device = device;
    boot(device);
    device_step_clock(device);
    device_start(device);
    // Making an outbox costs as much as tens of facts: the next ones begin with this one.
    disk_keep_pattern(device->disk);
    return device;
}

void device_free(struct device *device)
{
    disk_stop(device->disk, false);
    program_end(&device->agent);
    program_end(&device->command);
    arena_free(device->arena);
    free(device);
}

static void stopped(struct device *device)
{
    world_trace(device->world, "device %u stops", device->number);
    device->running = false;
    program_end(&device->agent);
    program_end(&device->command);
}

void device_stop(struct device *device, bool power_cut)
{
    if (!device->running)
        return;
    disk_stop(device->disk, power_cut);
    stopped(device);
}

void device_doom(struct device *device, bool power_cut)
{
    disk_set_fuse(device->disk, 1 + (unsigned)world_below(device->world, 12), power_cut);
}

void device_spare(struct device *device)
{
    disk_set_fuse(device->disk, 0, false);
}

void device_start(struct device *device)
{
    if (device->running)
        return;
    // Programs that were killed come back within the same boot.
    if (disk_lost_power(device->disk))
        boot(device);
    if (disk_is_stopped(device->disk))
        disk_restart(device->disk);
    device->running = program_begin(&device->agent);
    world_trace(device->world, "device %u starts, boot %u", device->number, device->boot);
    if (!device->running) {
        // A full disk, or it was doomed: it stays down until the next start.
        program_end(&device->agent);
        return;
    }
    sync_wake(device->agent.sync);
    settle_down(&device->agent);
}

void device_step_clock(struct device *device)
{
    device->ahead_ns = ((int64_t)world_below(device->world, 81) - 40) * DAY_NS +
                       (int64_t)world_below(device->world, 1000000000);
}

void device_set_disk_full(struct device *device, bool full)
{
    disk_set_full(device->disk, full);
}

void device_hurry(struct device *device)
{
    if (!device->running)
        return;
    device->agent.not_before = 0;
    sync_hurry(device->agent.sync);
    settle_down(&device->agent);
}

// ---- the person ----

static char *must(char *text)
{
    if (!text)
        abort();
    return text;
}

// What the centre will not have, a percent of the notes each.
static const char *const wrong_notes[] = {
    NOTE_INVALID, NOTE_INVALID, NOTE_UNREADABLE, NOTE_UNREADABLE, NOTE_UNKEEPABLE, NOTE_UNKEEPABLE,
};
#define WRONG_NOTES (sizeof wrong_notes / sizeof wrong_notes[0])

static char *make_note(struct device *device)
{
    char *note = arena_alloc(device->arena, NOTE_SIZE + 1);
    size_t size = world_chance(device->world, 20) ? world_below(device->world, NOTE_SIZE) : 10;
    uint64_t kind = world_below(device->world, 100);
    const char *start = kind < WRONG_NOTES ? wrong_notes[kind] : "plain";
    if (!note)
        abort();
    snprintf(note, NOTE_SIZE, "%s ", start);
    for (size_t i = strlen(note); i < size; i++)
        note[i] = (char)('a' + world_below(device->world, 26));
    return note;
}

static bool is_refusable(const Tiejun__V1__Fact *fact)
{
    if (!fact->voids && !fact->customer[0])
        return true;
    for (size_t i = 0; i < WRONG_NOTES; i++) {
        if (strncmp(fact->note, wrong_notes[i], strlen(wrong_notes[i])) == 0)
            return true;
    }
    return false;
}

// One of the facts that were kept before and that nothing is wrong with; NULL.
static struct known_fact *one_to_void(struct device *device)
{
    if (device->fact_count == 0 || !world_chance(device->world, 15))
        return NULL;
    struct known_fact *known = &device->facts[world_below(device->world, device->fact_count)];
    return known->reported && !known->refusable && !known->mended && !known->fact->voids ? known
                                                                                         : NULL;
}

static void invent(struct device *device, struct known_fact *known)
{
    Tiejun__V1__Fact *fact = arena_alloc(device->arena, sizeof *fact);
    struct known_fact *wrong = one_to_void(device);
    bool again = wrong && wrong->voided;
    if (!fact)
        abort();
    tiejun__v1__fact__init(fact);
    fact->id = must(arena_printf(device->arena, "%08x-0000-7000-8000-%012x", device->number,
                                 (unsigned)device->fact_count));
    fact->has_kind = true;
    fact->kind =
        wrong ? TIEJUN__V1__FACT_KIND__FACT_KIND_VOID : TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT;
    fact->voids = wrong ? wrong->fact->id : NULL;
    fact->customer = must(arena_printf(device->arena, "customer %u of %u",
                                       (unsigned)device->fact_count, device->number));
    if (world_chance(device->world, 5))
        fact->customer[0] = '\0';
    fact->note = make_note(device);
    fact->has_minutes = true;
    fact->minutes = (int32_t)world_below(device->world, 200);
    fact->contact_role = fact->outcome = fact->next_step = (char *)"good";
    fact->next_step_date = (char *)"2027-01-01";
    if (wrong)
        wrong->voided = true;
    *known = (struct known_fact){.fact = fact,
                                 .refusable = again || is_refusable(fact),
                                 .recorded_ns = world_clock_ns(device->world),
                                 .boot = device->boot};
}

static void log_one(struct device *device)
{
    struct known_fact *known = &device->facts[device->fact_count];
    struct device_instant now = clock_now(device);
    invent(device, known);
    device->fact_count++;
    known->reported = outbox_add(device->command.outbox, known->fact, &now, true);
    world_trace(device->world, "device %u: %s is %s", device->number, known->fact->id,
                known->reported ? "saved" : "not kept");
}

void device_log(struct device *device, unsigned count)
{
    struct program *command = &device->command;
    if (!device->running || command->outbox)
        return;
    if (!program_begin(command)) {
        program_end(command);
        if (disk_is_stopped(device->disk))
            stopped(device);
        return;
    }
    for (unsigned i = 0; i < count && device->fact_count < FACTS_MOST; i++)
        log_one(device);
    sync_wake(command->sync);
    settle_down(command);
}

static void mend(struct device *device, struct known_fact *known, bool better)
{
    Tiejun__V1__Fact *mended = arena_copy(device->arena, known->fact, sizeof *mended);
    if (!mended)
        abort();
    if (better && !mended->customer[0])
        mended->customer = (char *)"somebody";
    if (better)
        mended->note = must(arena_printf(device->arena, "mended %u of %u",
                                         (unsigned)world_below(device->world, 99), device->number));
    known->other = known->fact;
    known->fact = mended;
    bool kept = outbox_retry(device->agent.outbox, mended);
    world_trace(device->world, "device %u: %s is %s", device->number, mended->id,
                kept ? "mended" : "not mended");
    if (kept) {
        known->other = NULL;
        known->mended = better || known->mended;
        // A void that had to wait may find its fact taken back by another.
        known->refusable = mended->voids || is_refusable(mended);
    } else {
        // It may be either of the two from now on.
        known->mended = true;
    }
}

void device_retry(struct device *device)
{
    Tiejun__Client__OutboxFacts refused;
    struct arena *arena = arena_new(BUDGET);
    if (device->running && outbox_list(device->agent.outbox, OUTBOX_REFUSED, arena, &refused) &&
        refused.n_facts > 0) {
        const Tiejun__Client__OutboxFact *one =
            refused.facts[world_below(device->world, refused.n_facts)];
        struct known_fact *known = known_by_id(device, one->fact->id);
        if (!known)
            abort();
        if (!known->other)
            mend(device, known, world_chance(device->world, 60));
        sync_wake(device->agent.sync);
        settle_down(&device->agent);
    }
    arena_free(arena);
}

// ---- what is to be seen ----

int64_t device_person(const struct device *device)
{
    return (int64_t)device->number + 1;
}

bool device_is_running(const struct device *device)
{
    return device->running;
}

bool device_is_done(struct device *device)
{
    Tiejun__Client__OutboxFacts waiting;
    struct arena *arena = arena_new(BUDGET);
    bool done = device->running && !device->command.sync &&
                outbox_list(device->agent.outbox, OUTBOX_WAITING, arena, &waiting) &&
                waiting.n_facts == 0;
    arena_free(arena);
    return done;
}

bool device_list_refused(struct device *device, struct arena *arena,
                         Tiejun__Client__OutboxFacts *refused)
{
    return outbox_list(device->agent.outbox, OUTBOX_REFUSED, arena, refused);
}

const struct known_fact *device_facts(const struct device *device, size_t *count_out)
{
    *count_out = device->fact_count;
    return device->facts;
}

bool device_knew_clock(const struct device *device, unsigned boot)
{
    return device->knew_clock[boot];
}

const char *device_complaint(const struct device *device)
{
    return device->complaint;
}
