// The daemon's side of the contract: the registry of requests, the pool of database connections,
// the sessions, and the work that is under way.
#pragma once

#include "server/auth/hasher.h"
#include "server/db/job.h"
#include "server/rpc/id_map.h"
#include "server/rpc/registry.h"

#include <event2/event.h>
#include <stdbool.h>

// What holds guessers up, and what a password costs: settings of the daemon.
struct login_settings {
    int32_t address_tries_a_minute;
    int32_t account_tries_an_hour;
    size_t hash_memory_kib;
    unsigned hash_passes;
};

struct service_settings {
    // libpq connection string of the daemon's role.
    const char *conninfo;
    size_t connections;
    // Requests that may be under way, all clients together; beyond it the answer is BUSY.
    size_t work_max;
    struct login_settings login;
};

struct service {
    struct registry *registry;
    struct pool *pool;
    struct intake *intake;
    struct intake_link *intake_link;
    struct login_settings login;
    struct hasher *hasher;
    // Hears of devices that may not act any more.
    struct notify *devices_ended;
    // Grows whenever some may have ended.
    uint64_t endings;
    struct subscribers *subscribers;
    struct id_map sessions;
    struct id_map work;
    // What the daemon does by itself, every hour.
    struct event *chores;
    // And by the clocks of the offices.
    struct notice_rounds *rounds;
    // See audit_trail.h.
    size_t refusals_under_way;
    size_t refusals_dropped;
    // New requests are refused; those accepted are still answered.
    bool stopping;
};

// A piece of work for the database, found again by its id.
struct work {
    struct id_link link;
    struct job job;
    // NULL where no rows matter.
    void (*result)(struct work *work, size_t call, const PGresult *result);
    // The work is no longer known when this is called, and may be submitted again.
    void (*done)(struct work *work, const struct job_error *error);
    // For service_hash(); likewise.
    void (*hashed)(struct work *work, const struct hasher_outcome *outcome);
};

// NULL after logging why not. settings' strings outlive the service.
struct service *service_new(struct event_base *base, const struct service_settings *settings);

// All sessions must be gone. Work under way is done with an error.
void service_free(struct service *service);

// True when the database has been reached and its functions fit the contract.
bool service_is_ready(const struct service *service);

// True while the database takes in our statements, which may take long where it is busy.
bool service_is_preparing(const struct service *service);

// True when the schema does not fit this daemon: waiting changes nothing.
bool service_is_misfit(const struct service *service);

// False when too much is under way: nothing was kept then.
__attribute__((warn_unused_result)) bool service_submit(struct service *service, struct work *work);

// Hands passwords to hasher_submit(); work->hashed() hears of it. False when too much waits.
__attribute__((warn_unused_result)) bool service_hash(struct service *service, struct work *work,
                                                      const char *password, const char *verifier,
                                                      const char *fresh);
