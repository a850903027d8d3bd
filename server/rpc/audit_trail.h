// Refusals on their way to the audit trail. Changes are noted by the database in the transaction
// that makes them; a refusal's transaction is gone, so that the daemon adds the row by work of its
// own, after the answer.
#pragma once

#include "server/rpc/refusal.h"
#include "server/rpc/service.h"

// NULL or "" where there is none; everything is copied.
struct audit_refusal {
    // Id of the person, where one has logged in.
    const char *actor;
    const char *device;
    const char *address;
    // Without the package: "GoalService.Set".
    const char *method;
    const struct refusal *refusal;
    const char *field;
    // The parts of the sentence.
    const char *arguments;
};

// Never fails, and never waits: where too many are under way, the row is left out, and the log
// counts those. What only says "later" (BUSY, UNAVAILABLE) is no refusal of anything.
void audit_refusal_add(struct service *service, const struct audit_refusal *note);
