// Commands of tiejund that do one thing and end. Each returns the exit code of the process.
#pragma once

#include "common/options.h"
#include "server/config.h"

extern const struct option_spec init_options[];
extern const struct option_spec certificate_options[];

// Brings the schema to this daemon's version.
int task_migrate(const struct config *config);

// Makes the company and its first director, and the certificates. token: an open file for the
// director's device token, or NULL: a code to log in with is printed.
int task_init(const struct config *config, const struct options *options, FILE *token);

// Recomputes every total from the facts and prints each difference. Only reads: a schema of another
// version is refused.
int task_check(const struct config *config);

// Makes the server's certificate anew, signed by the same CA, with the names that it had and more.
int task_certificate(const struct config *config, const struct options *options);
