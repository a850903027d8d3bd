// The intake of facts: requests of many callers share the transactions in which their facts are
// kept. A batch of facts is placed by one statement (whose, where, which settings), judged here
// (domain.md 3.2), and kept by a second one, an office's facts in one transaction. Whose day is
// known from an earlier one is spared the first (intake_memory.h). What arrives while the lanes to
// the database are taken forms the next batches, so that an idle daemon answers as fast as it can
// and a busy one pays a transaction's price once for many.
//
// Each fact's answer follows the commit. A batch that fails is taken apart: each request then goes
// alone, so that nobody fails for another's fault. One whose connection was lost goes again, since
// a fact that is kept already is known by its id.
//
// The intake only reacts, and acts through its ports: it knows no database, no event loop and no
// clock.
#pragma once

#include "server/rpc/intake_ports.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct intake;
struct intake_ticket;

// Told once, when every fact has its outcome, or why there is none. error lives during the call.
typedef void intake_answered(struct intake_ticket *ticket, const struct job_error *error);

// A request on its way through the intake. The memory is the caller's until it is answered.
struct intake_ticket {
    // Set by the caller.
    const Tiejun__V1__FactServiceLogRequest *request;
    int64_t actor_id;
    // When it came in, by the daemon's clock.
    Google__Protobuf__Timestamp came_at;
    // For the audit trail; NULL where there is none.
    const char *address;
    const char *device;
    struct arena *arena;
    intake_answered *answered;

    // In the order sent; where a fact is refused, message has the parts of the sentence.
    Tiejun__V1__FactOutcome **outcomes;

    // The intake's own.
    struct intake *intake;
    size_t parts_under_way;
    unsigned times_again;
    // Shares no batch any more.
    bool alone;
    struct job_error *error;
    size_t memory;
};

// The ports are copied. NULL when memory is out.
struct intake *intake_new(const struct intake_ports *ports);

// Starts what can go: what the bell asks for.
void intake_go(struct intake *intake);

// Requests that wait are answered with an error, and those under way do not go again.
void intake_close(struct intake *intake);
// Nothing may be under way any more.
void intake_free(struct intake *intake);

// False when too much waits or memory is out: the caller answers BUSY. The answer never comes from
// within this call.
__attribute__((warn_unused_result)) bool intake_take(struct intake *intake,
                                                     struct intake_ticket *ticket);
