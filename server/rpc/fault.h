// From what the database says when a job fails to what a client is told.
#pragma once

#include "server/db/job_error.h"
#include "server/rpc/caller.h"

struct fault {
    // A code of refusal.c, with the field at fault and the parts of the sentence, or NULL. They
    // live as long as the error.
    const char *code;
    const char *field;
    const char *arguments;
};

// What is a fault of ours is logged with the method.
struct fault fault_of(const struct job_error *error, const struct caller *caller,
                      const char *method);
