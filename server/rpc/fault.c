#include "server/rpc/fault.h"

#include "common/log.h"

#include <stdbool.h>
#include <string.h>

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

// A migrate beside us has made the functions anew between planning and running a statement. The
// next try plans again.
static bool is_of_migrate(const struct job_error *error)
{
    return starts_with(error->message, "cache lookup failed for function ") ||
           starts_with(error->message, "function with OID ");
}

struct fault fault_of(const struct job_error *error, const struct caller *caller,
                      const char *method)
{
    const char *state = error->sqlstate;
    if (strcmp(state, "TJ001") == 0) {
        return (struct fault){error->message, error->column, error->detail};
    }
    if (starts_with(state, "08") || starts_with(state, "57P")) {
        return (struct fault){.code = "database_away"};
    }
    if (strcmp(state, "42501") == 0) {
        // A policy held what the request's own check had let pass.
        log_event(LOG_LEVEL_WARNING, caller->address, caller->handle, "%s: %s", method,
                  error->message);
        return (struct fault){.code = "role_missing"};
    }
    if (starts_with(state, "22")) {
        return (struct fault){.code = "bad_value", .arguments = error->message};
    }
    if (starts_with(state, "40") || strcmp(state, "55P03") == 0 || is_of_migrate(error)) {
        return (struct fault){.code = "busy"};
    }
    if (strcmp(state, "57014") == 0) {
        log_event(LOG_LEVEL_WARNING, caller->address, caller->handle, "%s: %s", method,
                  error->message);
        return (struct fault){.code = "too_slow"};
    }
    log_event(LOG_LEVEL_ERROR, caller->address, caller->handle, "%s: %s %s", method, state,
              error->message);
    return (struct fault){.code = "internal"};
}
