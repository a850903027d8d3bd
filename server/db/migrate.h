// Brings the schema to the version of this daemon.
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>

// The SQL that was built in: "migrations/0001_org.sql", "functions/refuse.sql", ... in name
// order; a NULL name ends it. Written by sql/embed.
struct sql_file {
    const char *name;
    const char *text;
};
extern const struct sql_file sql_files[];

// Runs each migration that has not run yet in a transaction of its own, then makes the functions
// and the row-level policies (policies/) anew when anything differs from what is there. An advisory
// lock lets one daemon at a time do it; the others wait and find it done. A database with
// migrations that this daemon does not know, or whose functions a daemon of a later version made,
// is left as it is. Of two daemons of one version that differ in their functions, which developers
// alone have, the last one's are taken, and the log says so. connection is the schema owner's.
// False after logging why.
__attribute__((warn_unused_result)) bool migrate(PGconn *connection);

// Whether the schema is of this daemon's version, to the last function. Only reads. False after
// logging what differs.
__attribute__((warn_unused_result)) bool migrate_is_current(PGconn *connection);
