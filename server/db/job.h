// What the database is asked to do: a job is one transaction, between two syncs of the pipeline.
#pragma once

#include "server/db/job_error.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

// A prepared statement. All of them are prepared on every connection before its first job, so a
// statement that PostgreSQL refuses (a function that does not fit its message) is found at
// start-up. Memory is the caller's and outlives the pool.
struct statement {
    const char *name;
    const char *text;
    int parameters;
};

// One statement of a job with its values in text form, NULL for NULL.
struct job_call {
    const struct statement *statement;
    const char *const *values;
};

enum { JOB_CALLS_MAX = 8 };

// The memory of a job and its values is the caller's and stays put until the job is done.
struct job {
    // Finds the caller's work again; the pool never interprets it.
    uint64_t id;
    size_t n_calls;
    struct job_call calls[JOB_CALLS_MAX];
    // Every call sees the database as the first one does (REPEATABLE READ): for several statements
    // that only read.
    bool one_snapshot;

    // The pool's own.
    size_t next_result;
    bool begun;
    bool ending;
    struct job_error *error;
    TAILQ_ENTRY(job) entry;
};

// Who hears of jobs. result() comes once for each call that gave rows, before done(); a job that
// fails may have had results, which its done() takes back.
struct job_listener {
    void *context;
    void (*result)(void *context, uint64_t id, size_t call, const PGresult *result);
    // error is NULL when the job is committed; it is freed after the call.
    void (*done)(void *context, uint64_t id, const struct job_error *error);
};
