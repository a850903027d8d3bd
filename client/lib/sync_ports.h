// What the sync core (sync.h) knows of the world: a clock, a transport and a store. The programs
// give it the machine's clock, a session with the daemon and the outbox in SQLite; the simulator
// gives it others, which it can make fail at will.
//
// No function of a port may call back into the core; what comes of it is told to the core later,
// by the functions of sync.h.
#pragma once

#include "client/lib/device_clock.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct sync_clock {
    void *context;
    // Milliseconds that only ever go forward.
    int64_t (*steady_ms)(void *context);
    // Any 64 bits.
    uint64_t (*random)(void *context);
};

// One connection at a time; each has a number, by which the core tells what comes late from one
// that it has given up.
struct sync_transport {
    void *context;
    // Begins to connect and to say hello: sync_opened or sync_lost will follow.
    void (*open)(void *context, uint64_t connection);
    // Sends FactService.Log: sync_answered or sync_lost will follow. request is not kept.
    void (*send)(void *context, uint64_t connection, uint64_t request_id,
                 const Tiejun__V1__FactServiceLogRequest *request);
    // Gives it up; nothing needs to follow.
    void (*close)(void *context, uint64_t connection);
};

// A fact that waits to be sent.
struct sync_entry {
    Tiejun__V1__Fact *fact;
    // Another one after the fact was mended.
    int64_t version;
    struct device_instant recorded;
    // It happened when it was recorded: occurred_at is of the device's clock.
    bool occurred_by_clock;
    // What is known of the clocks of the boot in which it was recorded.
    bool has_fix;
    struct clock_fix fix;
    // The daemon failed on it before.
    bool aside;
};

// What became of a fact, in the version that was sent.
struct sync_verdict {
    const Tiejun__V1__FactOutcome *outcome;
    int64_t version;
};

struct sync_store {
    void *context;
    // The facts that wait, in the order recorded, from the first one: at most capacity entries, in
    // the arena. Those that are set aside come after all others, and what voids one of them not at
    // all. Returns how many; -1 when they cannot be read.
    int (*waiting)(void *context, struct arena *arena, struct sync_entry *entries, size_t capacity);
    // Keeps what became of facts, on disk before it returns and all or none: refused ones leave for
    // the list of refusals, unless they were mended meanwhile; the others are done. False when that
    // was not possible; they wait on.
    bool (*settle)(void *context, const struct sync_verdict *verdicts, size_t count);
    // Sets a fact aside, in the version that was sent: it waits on, behind all others. False when
    // that was not possible.
    bool (*set_aside)(void *context, const char *id, int64_t version);
    // Remembers what Welcome said of the clocks. A failure does no harm.
    void (*keep_fix)(void *context, const struct clock_fix *fix);
};

struct sync_ports {
    struct sync_clock clock;
    struct sync_transport transport;
    struct sync_store store;
};
