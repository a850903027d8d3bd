#include "client/lib/copy.h"

#include "client/lib/database.h"
#include "client/lib/device_clock.h"
#include "client/lib/session.h"
#include "common/arena.h"
#include "common/contract.h"
#include "common/i18n.h"
#include "common/message.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS (INT64_C(86400) * INT64_C(1000000000))

static const char schema_1[] = "CREATE TABLE answer ("
                               "    method TEXT NOT NULL,"
                               "    request BLOB NOT NULL,"
                               "    response BLOB NOT NULL,"
                               "    came INTEGER NOT NULL,"
                               "    PRIMARY KEY (method, request)"
                               ") STRICT;";

// Lists that were kept whole are sets of rows now.
static const char schema_2[] = "ALTER TABLE answer ADD COLUMN digest BLOB;"
                               "DELETE FROM answer WHERE method LIKE '%.List';"
                               "CREATE TABLE row_set ("
                               "    name TEXT PRIMARY KEY,"
                               "    cursor TEXT,"
                               // NULL: it was never up to date yet.
                               "    came INTEGER"
                               ") STRICT;"
                               "CREATE TABLE set_row ("
                               "    set_name TEXT NOT NULL,"
                               "    key TEXT NOT NULL,"
                               "    part INTEGER NOT NULL,"
                               "    body BLOB NOT NULL,"
                               "    PRIMARY KEY (set_name, key)"
                               ") STRICT;"
                               "CREATE INDEX set_row_part ON set_row (set_name, part);";

static const char *const schema[] = {schema_1, schema_2, NULL};

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

struct database *copy_database(struct copy *copy)
{
    return &copy->database;
}

// A statement about one answer, the first two of its parameters bound; NULL when there is no copy.
static sqlite3_stmt *prepare(struct copy *copy, const char *text, const char *method,
                             const ProtobufCMessage *request)
{
    sqlite3_stmt *statement = copy ? database_prepare(&copy->database, text) : NULL;
    if (!statement)
        return NULL;
    sqlite3_bind_text(statement, 1, method, -1, SQLITE_STATIC);
    if (database_bind_message(statement, 2, request))
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

static void bind_now(sqlite3_stmt *statement, int index)
{
    struct device_instant now;
    device_clock_now(&now);
    sqlite3_bind_int64(statement, index, now.wall_ns);
}

void copy_put(struct copy *copy, const char *method, const ProtobufCMessage *request,
              const ProtobufCMessage *response, const struct session_digest *digest)
{
    sqlite3_stmt *statement =
        prepare(copy,
                "INSERT INTO answer (method, request, came, response, digest)"
                " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (method, request) DO UPDATE SET"
                " response = excluded.response, came = excluded.came, digest = excluded.digest",
                method, request);
    if (!statement)
        return;
    bind_now(statement, 3);
    sqlite3_bind_blob(statement, 5, digest->bytes, (int)digest->size, SQLITE_STATIC);
    if (database_bind_message(statement, 4, response))
        database_finish(&copy->database, statement);
    else
        sqlite3_finalize(statement);
}

void copy_digest(struct copy *copy, const char *method, const ProtobufCMessage *request,
                 struct session_digest *digest)
{
    sqlite3_stmt *statement = prepare(
        copy, "SELECT digest FROM answer WHERE method = ?1 AND request = ?2", method, request);
    digest->size = 0;
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        size_t size = (size_t)sqlite3_column_bytes(statement, 0);
        if (size > 0 && size <= sizeof digest->bytes) {
            memcpy(digest->bytes, sqlite3_column_blob(statement, 0), size);
            digest->size = size;
        }
    }
    sqlite3_finalize(statement);
}

void copy_confirm(struct copy *copy, const char *method, const ProtobufCMessage *request)
{
    sqlite3_stmt *statement = prepare(
        copy, "UPDATE answer SET came = ?3 WHERE method = ?1 AND request = ?2", method, request);
    if (!statement)
        return;
    bind_now(statement, 3);
    database_finish(&copy->database, statement);
}

ProtobufCMessage *copy_get(struct copy *copy, const char *method, const ProtobufCMessage *request,
                           struct arena *arena, int64_t *came_ns)
{
    const ProtobufCMethodDescriptor *found = contract_method(method, NULL);
    sqlite3_stmt *statement =
        found
            ? prepare(copy, "SELECT response, came FROM answer WHERE method = ?1 AND request = ?2",
                      method, request)
            : NULL;
    ProtobufCMessage *response = NULL;
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        response = message_unpack(found->output, arena, sqlite3_column_blob(statement, 0),
                                  (size_t)sqlite3_column_bytes(statement, 0), NULL, NULL);
        *came_ns = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return response;
}

void copy_tidy(struct copy *copy, int days)
{
    struct device_instant now;
    if (!copy)
        return;
    sqlite3_stmt *statement = database_prepare(
        &copy->database, "DELETE FROM answer WHERE length(request) > 0 AND came < ?1");
    device_clock_now(&now);
    sqlite3_bind_int64(statement, 1, now.wall_ns - days * DAY_NS);
    database_finish(&copy->database, statement);
}

void copy_say_unwritten(struct session_error *error)
{
    *error = (struct session_error){.status = TIEJUN__V1__STATUS__STATUS_INTERNAL};
    snprintf(error->message, sizeof error->message, "%s", _("The copy cannot be written."));
}
