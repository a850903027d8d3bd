// One connection to PostgreSQL in pipeline mode, driven by the event loop: jobs go out as they
// come, results come back in the same order. It connects again by itself, with growing delay.
#pragma once

#include "server/db/job.h"

#include <event2/event.h>
#include <stdbool.h>

struct pipeline;

struct pipeline_settings {
    // libpq connection string. Host names in it resolve with a blocking call: use addresses.
    const char *conninfo;
    const struct statement *statements;
    size_t n_statements;
    struct job_listener listener;
    // Called when the connection becomes able to take jobs.
    void (*ready)(void *context);
    void *context;
};

// settings is copied, what it points to is not. NULL when memory is out.
struct pipeline *pipeline_new(struct event_base *base, const struct pipeline_settings *settings);

// Jobs in flight are done with an error.
void pipeline_free(struct pipeline *pipeline);

bool pipeline_is_ready(const struct pipeline *pipeline);

// True while a server that has let us in is asked to prepare the statements.
bool pipeline_is_preparing(const struct pipeline *pipeline);

// True when PostgreSQL refused a statement at the last try: daemon and schema do not fit.
bool pipeline_is_misfit(const struct pipeline *pipeline);

// Jobs that were sent and are not done.
size_t pipeline_in_flight(const struct pipeline *pipeline);

// Sends a job; only while ready. Its listener hears of it later, never from within this call.
void pipeline_send(struct pipeline *pipeline, struct job *job);
