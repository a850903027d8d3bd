#include "client/lib/copy.h"

#include "client/lib/database.h"
#include "client/lib/device_clock.h"
#include "common/arena.h"
#include "common/contract.h"
#include "common/message.h"

#include <stdio.h>
#include <stdlib.h>

static const char schema_1[] = "CREATE TABLE answer ("
                               "    method TEXT NOT NULL,"
                               "    request BLOB NOT NULL,"
                               "    response BLOB NOT NULL,"
                               "    came INTEGER NOT NULL,"
                               "    PRIMARY KEY (method, request)"
                               ") STRICT;";

static const char *const schema[] = {schema_1, NULL};

struct copy {
    struct database database;
};

struct copy *copy_open(const char *folder)
{
    char *path;
    struct copy *copy = calloc(1, sizeof *copy);
    if (!copy || asprintf(&path, "%s/copy.sqlite", folder) < 0)
        abort();
    bool opened = database_open(&copy->database, path, schema);
    free(path);
    if (opened)
        return copy;
    copy_close(copy);
    return NULL;
}

void copy_close(struct copy *copy)
{
    if (!copy)
        return;
    database_close(&copy->database);
    free(copy);
}

void copy_put(struct copy *copy, const char *method, const ProtobufCMessage *request,
              const ProtobufCMessage *response)
{
    struct device_instant now;
    sqlite3_stmt *statement =
        copy ? database_prepare(&copy->database,
                                "INSERT INTO answer (method, request, response, came)"
                                " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (method, request)"
                                " DO UPDATE SET response = excluded.response, came = excluded.came")
             : NULL;
    if (!statement)
        return;
    device_clock_now(&now);
    sqlite3_bind_text(statement, 1, method, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, now.wall_ns);
    if (database_bind_message(statement, 2, request) &&
        database_bind_message(statement, 3, response))
        database_finish(&copy->database, statement);
    else
        sqlite3_finalize(statement);
}

ProtobufCMessage *copy_get(struct copy *copy, const char *method, const ProtobufCMessage *request,
                           struct arena *arena, int64_t *came_ns)
{
    const ProtobufCMethodDescriptor *found = contract_method(method, NULL);
    sqlite3_stmt *statement =
        copy && found ? database_prepare(&copy->database, "SELECT response, came FROM answer"
                                                          " WHERE method = ?1 AND request = ?2")
                      : NULL;
    ProtobufCMessage *response = NULL;
    if (!statement)
        return NULL;
    sqlite3_bind_text(statement, 1, method, -1, SQLITE_STATIC);
    if (database_bind_message(statement, 2, request) && sqlite3_step(statement) == SQLITE_ROW) {
        response = message_unpack(found->output, arena, sqlite3_column_blob(statement, 0),
                                  (size_t)sqlite3_column_bytes(statement, 0), NULL, NULL);
        *came_ns = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return response;
}
