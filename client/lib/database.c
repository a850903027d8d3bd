#include "client/lib/database.h"

#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

// Others hold it for milliseconds at a time.
#define BUSY_TIMEOUT_MS 10000

bool database_failed(struct database *database)
{
    int code = database->handle ? sqlite3_errcode(database->handle) : SQLITE_NOMEM;
    int cause = database->handle ? sqlite3_system_errno(database->handle) : 0;
    const char *reason;
    if (code == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT)
        reason = _("the disk is full");
    else if (cause == EFBIG)
        reason = strerror(EFBIG);
    else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        reason = _("another program holds it");
    else
        reason = database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    snprintf(database->reason, sizeof database->reason, "%s", reason);
    return false;
}

bool database_run(struct database *database, const char *statements)
{
    return sqlite3_exec(database->handle, statements, NULL, NULL, NULL) == SQLITE_OK ||
           database_failed(database);
}

sqlite3_stmt *database_prepare(struct database *database, const char *statement)
{
    sqlite3_stmt *prepared = NULL;
    if (sqlite3_prepare_v2(database->handle, statement, -1, &prepared, NULL) != SQLITE_OK)
        database_failed(database);
    return prepared;
}

bool database_finish(struct database *database, sqlite3_stmt *statement)
{
    if (!statement)
        return false;
    bool done = sqlite3_step(statement) == SQLITE_DONE || database_failed(database);
    sqlite3_finalize(statement);
    return done;
}

bool database_bind_message(sqlite3_stmt *statement, int index, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    // A blob of no bytes is not NULL.
    uint8_t *body = malloc(size + 1);
    if (!body)
        return false;
    protobuf_c_message_pack(message, body);
    return sqlite3_bind_blob(statement, index, body, (int)size, free) == SQLITE_OK;
}

bool database_write_through(struct database *database)
{
    int result =
        sqlite3_wal_checkpoint_v2(database->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return result == SQLITE_OK || result == SQLITE_BUSY || database_failed(database);
}

bool database_end(struct database *database, bool good)
{
    if (good && database_run(database, "COMMIT"))
        return true;
    // The reason is that of what failed first.
    sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool read_version(struct database *database, int *version)
{
    sqlite3_stmt *statement = database_prepare(database, "PRAGMA user_version");
    bool read = statement && sqlite3_step(statement) == SQLITE_ROW;
    if (read)
        *version = sqlite3_column_int(statement, 0);
    else if (statement)
        database_failed(database);
    sqlite3_finalize(statement);
    return read;
}

static bool run_step(struct database *database, const char *statements, int version)
{
    char note[64];
    snprintf(note, sizeof note, "PRAGMA user_version = %d", version);
    return database_run(database, "BEGIN IMMEDIATE") &&
           database_end(database,
                        database_run(database, statements) && database_run(database, note));
}

static bool is_newer(struct database *database, int version, int known)
{
    if (version <= known)
        return false;
    snprintf(database->reason, sizeof database->reason, "%s",
             _("a newer tiejun made it; use that one"));
    return true;
}

// Only one program at a time comes here: changing to WAL does not wait for others by itself.
static bool bring_up(struct database *database, const char *const *schema, int known)
{
    int version = 0;
    if (!database_run(database, "PRAGMA journal_mode = WAL") || !read_version(database, &version) ||
        is_newer(database, version, known))
        return false;
    for (; version < known; version++) {
        if (!run_step(database, schema[version], version + 1))
            return false;
    }
    return true;
}

// The folder, never the file: closing any descriptor of a file ends all the locks that this process
// has on it, SQLite's own among them, and the next program to leave would take the log of the
// database for its own and delete it.
static int open_folder_of(const char *path)
{
    char *folder = strdup(path);
    if (!folder)
        abort();
    int descriptor = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return descriptor;
}

static bool bring_up_alone(struct database *database, const char *const *schema, int known)
{
    int version = 0;
    if (!read_version(database, &version) || is_newer(database, version, known))
        return false;
    if (version == known)
        return true;
    int lock = open_folder_of(database->path);
    bool done = lock >= 0 && flock(lock, LOCK_EX) == 0 && bring_up(database, schema, known);
    if (lock >= 0)
        close(lock);
    return done;
}

// SQLite would make the file by the umask.
static bool make_file(struct database *database)
{
    int descriptor = open(database->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        snprintf(database->reason, sizeof database->reason, "%s", strerror(errno));
        return false;
    }
    close(descriptor);
    return true;
}

bool database_open(struct database *database, const char *path, const char *const *schema)
{
    int known = 0;
    while (schema[known])
        known++;
    *database = (struct database){.path = strdup(path)};
    if (!database->path)
        abort();
    if (!make_file(database))
        return false;
    if (sqlite3_open_v2(path, &database->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return database_failed(database);
    sqlite3_busy_timeout(database->handle, BUSY_TIMEOUT_MS);
    return database_run(database, "PRAGMA synchronous = FULL") &&
           bring_up_alone(database, schema, known);
}

void database_close(struct database *database)
{
    sqlite3_close(database->handle);
    free(database->path);
    *database = (struct database){0};
}
