// Blocking work on the database, for start-up and the commands that run before or beside the
// event loop. Errors are logged.
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>

// Connects; NULL after logging why not. Closed with PQfinish().
PGconn *blocking_connect(const char *conninfo);

// Runs one statement or several without parameters. False after logging why not.
__attribute__((warn_unused_result)) bool blocking_run(PGconn *connection, const char *sql);

// Runs one statement with text parameters. NULL after logging why not; freed with PQclear().
PGresult *blocking_query(PGconn *connection, const char *sql, int n, const char *const *values);
