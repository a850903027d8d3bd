// The tables of requests, checked against the contract, with the statements that they need.
#pragma once

#include "common/arena.h"
#include "server/db/job.h"
#include "server/rpc/request.h"

struct registry;

// A request with what follows from its row.
struct registered {
    const struct request *request;
    const ProtobufCMessageDescriptor *input;
    const ProtobufCMessageDescriptor *output;
    const struct statement *steps[STEPS_MAX];
    size_t n_steps;
    const struct statement *write;
    // Without the package: "GoalService.Set".
    const char *short_name;
    // The roles that authorize() takes: "{supervisor,director}".
    const char *roles;
};

// The statements around those of the requests.
enum common_statement {
    // Begins the transaction of an actor.
    STATEMENT_ACTOR,
    // Judges the right to the request.
    STATEMENT_AUTHORIZE,
    // Adds a refusal to the audit trail.
    STATEMENT_REFUSAL,
    // Throws old rows of the audit trail away.
    STATEMENT_EXPIRE,
    // Finds the owner of a device.
    STATEMENT_DEVICE,
    // Asks which devices may not act any more.
    STATEMENT_DEVICES_ENDED,
    // The three steps of a try, the last one by its kind.
    STATEMENT_TRY_BEGIN,
    STATEMENT_TRY_RESERVE,
    STATEMENT_TRY_LOGIN,
    STATEMENT_TRY_ENROL,
    STATEMENT_TRY_CHANGE,
    // Forgets old tries.
    STATEMENT_LOGIN_PRUNE,
    // Tells people what their office's clock says it is time for.
    STATEMENT_NOTICE_ROUNDS,
    // Throws old notices away.
    STATEMENT_NOTICE_EXPIRE,
    // Gives units the paths of the day.
    STATEMENT_RENAME,
    // Place a batch of facts, and keep it: FactRead and FactPlan are their parameters.
    STATEMENT_FACTS_READ,
    STATEMENT_FACTS_WRITE,
};

// Every method of the contract must have a row and every row a method: NULL after logging which
// has not, or when memory is out. Freed with registry_free().
struct registry *registry_new(void);
void registry_free(struct registry *registry);

// NULL when there is no such method.
const struct registered *registry_find(const struct registry *registry, const char *method);

const struct statement *registry_statement(const struct registry *registry,
                                           enum common_statement which);

// All statements, for the pool.
const struct statement *registry_statements(const struct registry *registry, size_t *n);
