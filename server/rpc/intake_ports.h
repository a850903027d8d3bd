// What the intake knows of the world: a store that keeps facts, and a bell. The daemon gives it its
// database and its event loop (intake_link.h); the simulator (tests/sim) gives it others, which it
// can make fail at will.
#pragma once

#include "server/db/job_error.h"
#include "server/rpc/steps.pb-c.h"

#include <stdbool.h>

struct arena;

// A transaction that the store was asked for. The memory is the intake's and stays put until the
// store says done().
struct intake_errand {
    // What the store makes of its answer.
    const ProtobufCMessageDescriptor *answer;
    // Freed once it is done: for the answer, and for whatever the store needs meanwhile.
    struct arena *arena;
    // Told once, after the commit, and never from within the call that asked. Without an error the
    // answer is a message of the type above, or NULL where there is no making sense of it.
    void (*done)(struct intake_errand *errand, const ProtobufCMessage *answer,
                 const struct job_error *error);
};

// What is asked stays put until it is done. False when the store has no room: there is no done()
// then.
struct intake_store {
    void *context;
    // What is known of each fact, in the order asked: the answer is a FactGround.
    bool (*read)(void *context, struct intake_errand *errand,
                 const Tiejun__Server__FactRead *facts);
    // Keeps what it does not have yet, all or nothing: the answer is a FactService.Log's, with an
    // outcome for each fact in the order given.
    bool (*write)(void *context, struct intake_errand *errand,
                  const Tiejun__Server__FactPlan *plan);
};

struct intake_bell {
    void *context;
    // Asks for intake_go(), soon, and not from within this call: once everything that came in
    // together has been taken.
    void (*ring)(void *context);
};

struct intake_ports {
    struct intake_store store;
    struct intake_bell bell;
};
