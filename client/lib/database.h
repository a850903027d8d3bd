// A small SQLite database of this program's own on the user's disk: WAL, synchronous=FULL, readable
// by its owner alone, with a schema that knows its version.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct database {
    sqlite3 *handle;
    char *path;
    // Why the last call failed, a phrase in the user's language.
    char reason[256];
};

// Opens or makes it. schema: the statements of version 1, 2, ... of the schema, ended by NULL;
// those that the file has not seen yet are run, a step in a transaction. A file of a later version
// than all of them is refused. False with reason when it cannot be opened; call database_close then
// too.
bool database_open(struct database *database, const char *path, const char *const *schema);
void database_close(struct database *database);

// Statements without results. False with reason.
bool database_run(struct database *database, const char *statements);

// A statement to bind and step; NULL with reason. Ends with sqlite3_finalize or database_finish.
sqlite3_stmt *database_prepare(struct database *database, const char *statement);

// Steps a statement that gives no rows, and finalizes it. NULL is legal, and false.
bool database_finish(struct database *database, sqlite3_stmt *statement);

// Binds a message, packed, as a blob. False when memory is short.
bool database_bind_message(sqlite3_stmt *statement, int index, const ProtobufCMessage *message);

// Notes reason from what SQLite said last; returns false.
bool database_failed(struct database *database);

// Brings to disk what may be read and not be there: a commit that failed to be written through is
// seen all the same once its program has died, and gone once the power has. Another program that is
// at it will do. False with reason.
bool database_write_through(struct database *database);

// Ends the transaction that database_run began: COMMIT when good, else ROLLBACK. True when the
// changes are on disk.
bool database_end(struct database *database, bool good);
