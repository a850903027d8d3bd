// The sync core: brings the facts of an outbox to the centre, each exactly once (architecture.md
// "The clients").
//
// It is a state machine that only reacts: it is told what happened and acts through its ports
// (sync_ports.h). It keeps to these rules, which the simulator (tests/sim) holds it to:
// - A fact leaves the store's waiting list on the daemon's word for its id, and on nothing else.
// - Facts go in the order recorded, one batch in flight: what voids a fact never overtakes it.
// - A fact is sent with the id that it was recorded with, however often it is sent.
// - A batch that the daemon cannot take as a whole is halved until the one at fault is found, and
//   that one joins the refused; the others are not held up by it.
// - One that is not answered in time is halved as well: the line may be slow.
// - One on which the daemon fails is found likewise and set aside: what voids it waits for it, all
//   others go on, and it is tried again from time to time.
#pragma once

#include "client/lib/sync_ports.h"

// Facts of one request. A full one stays well below FRAME_LIMIT; longer ones go in fewer.
#define SYNC_BATCH_MOST 500

// Silence that is borne, in milliseconds: while connecting, and for an answer.
#define SYNC_OPEN_TIMEOUT_MS 30000
#define SYNC_ANSWER_TIMEOUT_MS 60000

struct sync;

enum sync_state {
    // Nothing waits that could be sent now, as far as is known.
    SYNC_IDLE,
    SYNC_OPENING,
    SYNC_SENT,
    // An attempt failed; the next one is due at sync_due.
    SYNC_RESTING,
};

// Counts since sync_new.
struct sync_counts {
    uint64_t synced;
    uint64_t refused;
    uint64_t attempts;
};

// The ports are copied. NULL when memory is short.
struct sync *sync_new(const struct sync_ports *ports);
void sync_free(struct sync *sync);

// There may be new facts.
void sync_wake(struct sync *sync);
// The network came back, or the user asks: does not wait for what sync_due says.
void sync_hurry(struct sync *sync);

// Events of the transport. connection is what open was called with.
void sync_opened(struct sync *sync, uint64_t connection, const struct clock_fix *fix);

struct sync_answer {
    // A Tiejun__V1__Status.
    int status;
    // For STATUS_OK.
    const Tiejun__V1__FactServiceLogResponse *response;
    // For the others, as the daemon's Error has them; may be NULL and 0.
    const char *code;
    const char *field;
    const char *message;
    const char *hint;
    uint32_t retry_after_ms;
};

void sync_answered(struct sync *sync, uint64_t connection, uint64_t request_id,
                   const struct sync_answer *answer);
// It is closed, or could not be opened; why: a sentence for the user.
void sync_lost(struct sync *sync, uint64_t connection, const char *why, uint32_t retry_after_ms);

// To be called when steady_ms has reached sync_due; INT64_MAX: there is nothing to wait for.
int64_t sync_due(const struct sync *sync);
void sync_tick(struct sync *sync);

enum sync_state sync_state(const struct sync *sync);
// Why the last attempt failed, empty after one that did not.
const char *sync_fault(const struct sync *sync);
struct sync_counts sync_counts(const struct sync *sync);
