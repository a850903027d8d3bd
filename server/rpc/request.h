// What a request is to the daemon: a row of a table. A new capability is a method in the
// contract, an SQL function, a row here, and a command of the client.
#pragma once

#include "server/rpc/workshop.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

// Roles of domain.md 1, as bits.
enum role {
    ROLE_SUPERVISOR = 1 << 0,
    ROLE_REGION_MANAGER = 1 << 1,
    ROLE_DIRECTOR = 1 << 2,
    ROLE_ADMIN = 1 << 3,
    // Open to whoever has logged in; what a batch may touch is judged row by row.
    ANYONE = 1 << 4,
};

enum { LEADERS = ROLE_SUPERVISOR | ROLE_REGION_MANAGER | ROLE_DIRECTOR };

// What a field of the request points at; the right is judged there and above.
enum scope_kind { SCOPE_NONE, SCOPE_UNIT, SCOPE_PERSON, SCOPE_CUSTOMER, SCOPE_DEAL };

struct scope {
    enum scope_kind kind;
    const char *field;
    // The caller's own will do without a role: itself, its unit, its customers, its deals.
    bool own;
};

// One SQL function of a request. Its parameters are the fields of the message by name; its
// columns are the fields of the answer.
struct step {
    const char *function;
    // The field of the answer that its rows fill; NULL: the answer itself.
    const char *fills;
};

// Between reading and writing: writes plan, the parameters of the second statement, from what was
// read. False with workshop->code set refuses.
typedef bool plan_function(struct workshop *workshop, const ProtobufCMessage *request,
                           const ProtobufCMessage *ground, ProtobufCMessage *plan);

// On the answer before it leaves: fills fields that are arithmetic or language.
typedef bool finish_function(struct workshop *workshop, const ProtobufCMessage *request,
                             ProtobufCMessage *answer);

enum { STEPS_MAX = 4, SCOPES_MAX = 2 };

// Requests in which a password or a code is tried (try.h): they have no steps and no plan.
enum try_kind { TRY_NONE, TRY_LOGIN, TRY_ENROL, TRY_CHANGE };

struct request {
    // Full name in the contract.
    const char *method;
    // Only for a client that has not logged in; when it is answered, the device whose token_hash it
    // brought has. All others are for those who have.
    bool before_login;
    enum try_kind try_kind;
    // Bits of enum role: any of them, on the scope's unit or above.
    unsigned roles;
    // Judged where the request names them; when it names none, the first is judged on the caller's
    // own place.
    struct scope scopes[SCOPES_MAX];
    // Facts: they share transactions with those of others, see intake.h. Instead of steps.
    bool intake;
    // The session that is answered gets pushes from then on, see subscriber.h.
    bool subscribes;
    // In one transaction; several only read, all of them the same snapshot. With a plan they fill
    // ground instead of the answer.
    struct step steps[STEPS_MAX];
    const ProtobufCMessageDescriptor *ground;
    plan_function *plan;
    const ProtobufCMessageDescriptor *plan_message;
    // Gets the plan, in a transaction of its own: it checks the version that was read.
    struct step write;
    finish_function *finish;
};

// The tables, one a subject, each ended by a row without a method.
extern const struct request audit_requests[];
extern const struct request calendar_requests[];
extern const struct request competitor_requests[];
extern const struct request customer_requests[];
extern const struct request fact_requests[];
extern const struct request goal_requests[];
extern const struct request notice_requests[];
extern const struct request objective_requests[];
extern const struct request org_requests[];
extern const struct request pace_requests[];
extern const struct request report_requests[];
extern const struct request setting_requests[];
extern const struct request solve_requests[];
