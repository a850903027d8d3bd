// What SQLite has made is used again, since most of the time of a run went into making the same
// once more: connections that are closed stay open for who opens the same file next, with what is
// prepared of them. These take the place of SQLite's functions at the link (--wrap).
//
// To the file it is the same: neither opening a connection nor closing one that is not the last
// writes anything in WAL mode, and an idle one sees that others have written, as any does, and
// that the log has to be recovered when all others are gone. But where a power cut may have damaged
// the file itself the next one is opened in earnest.
#include "tests/sim/vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MOST 32
#define STATEMENTS_MOST 32
// To one file: an agent's and a command's.
#define IDLE_MOST 2
// Of the log, until it goes into the file: by itself SQLite waits for 1,000, which no run writes.
#define CHECKPOINT_PAGES 16

struct kept {
    sqlite3_stmt *statement;
    bool in_use;
};

static struct connection {
    // NULL: this one is free.
    sqlite3 *handle;
    bool in_use;
    struct kept statements[STATEMENTS_MOST];
} connections[CONNECTIONS_MOST];

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names.
int __real_sqlite3_open_v2(const char *path, sqlite3 **handle, int flags, const char *vfs);
int __real_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail);
int __real_sqlite3_finalize(sqlite3_stmt *statement);
int __real_sqlite3_close(sqlite3 *handle);
int __real_sqlite3_exec(sqlite3 *handle, const char *text, sqlite3_callback callback, void *context,
                        char **message);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **handle, int flags, const char *vfs);
int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail);
int __wrap_sqlite3_finalize(sqlite3_stmt *statement);
int __wrap_sqlite3_close(sqlite3 *handle);
int __wrap_sqlite3_exec(sqlite3 *handle, const char *text, sqlite3_callback callback, void *context,
                        char **message);

// ---- connections ----

// NULL finds a free one.
static struct connection *find(const sqlite3 *handle)
{
    for (struct connection *each = connections; each < connections + CONNECTIONS_MOST; each++) {
        if (each->handle == handle)
            return each;
    }
    abort();
}

// The file of a connection, or its log: SQLite asks for both in the same way.
static sqlite3_file *file_of(sqlite3 *handle, int which)
{
    static sqlite3_file none;
    sqlite3_file *file = &none;
    sqlite3_file_control(handle, "main", which, &file);
    return file;
}

static bool is_live(const struct connection *connection)
{
    return vfs_is_live(file_of(connection->handle, SQLITE_FCNTL_FILE_POINTER));
}

static bool is_sound(const struct connection *connection)
{
    return vfs_has_open(file_of(connection->handle, SQLITE_FCNTL_FILE_POINTER)) &&
           vfs_has_open(file_of(connection->handle, SQLITE_FCNTL_JOURNAL_POINTER)) &&
           sqlite3_get_autocommit(connection->handle);
}

// Those to the file of that path which are in use or which are not: the last of them, or NULL, and
// how many there are.
static struct connection *find_to(const char *path, bool in_use, size_t *count)
{
    struct connection *found = NULL;
    *count = 0;
    for (struct connection *each = connections; each < connections + CONNECTIONS_MOST; each++) {
        if (each->handle && each->in_use == in_use &&
            strcmp(sqlite3_db_filename(each->handle, "main"), path) == 0) {
            found = each;
            ++*count;
        }
    }
    return found;
}

// An idle one that may be taken for a new one; NULL.
static struct connection *reusable(const char *path)
{
    size_t count;
    struct connection *idle = find_to(path, false, &count);
    if (!idle)
        return NULL;
    sqlite3_file *file = file_of(idle->handle, SQLITE_FCNTL_FILE_POINTER);
    if (vfs_is_damaged(file))
        return NULL;
    // A program that starts remembers nothing of the file.
    if (!is_live(idle))
        sqlite3_db_release_memory(idle->handle);
    vfs_revive(file);
    vfs_revive(file_of(idle->handle, SQLITE_FCNTL_JOURNAL_POINTER));
    return idle;
}

static int close_for_good(struct connection *connection)
{
    sqlite3 *handle = connection->handle;
    for (struct kept *each = connection->statements; each->statement; each++)
        __real_sqlite3_finalize(each->statement);
    *connection = (struct connection){0};
    return __real_sqlite3_close(handle);
}

int __wrap_sqlite3_open_v2(const char *path, sqlite3 **handle, int flags, const char *vfs)
{
    struct connection *connection = reusable(path);
    int code = SQLITE_OK;
    if (!connection) {
        connection = find(NULL);
        code = __real_sqlite3_open_v2(path, &connection->handle, flags, vfs);
        sqlite3_wal_autocheckpoint(connection->handle, CHECKPOINT_PAGES);
    }
    connection->in_use = true;
    *handle = connection->handle;
    return code;
}

int __wrap_sqlite3_close(sqlite3 *handle)
{
    if (!handle)
        return SQLITE_OK;
    struct connection *connection = find(handle);
    const char *path = sqlite3_db_filename(handle, "main");
    size_t in_use;
    size_t idle;
    connection->in_use = false;
    (void)find_to(path, true, &in_use);
    (void)find_to(path, false, &idle);
    bool is_last = is_live(connection) && in_use == 0;
    if (is_last || !is_sound(connection) || idle > IDLE_MOST)
        return close_for_good(connection);
    return SQLITE_OK;
}

// ---- statements ----

int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail)
{
    struct kept *each = find(handle)->statements;
    struct kept *end = each + STATEMENTS_MOST - 1;
    for (; each->statement; each++) {
        if (!each->in_use && strcmp(sqlite3_sql(each->statement), text) == 0) {
            each->in_use = true;
            *statement = each->statement;
            return SQLITE_OK;
        }
    }
    int code = __real_sqlite3_prepare_v2(handle, text, size, statement, tail);
    if (each == end)
        abort();
    *each = (struct kept){*statement, *statement != NULL};
    return code;
}

int __wrap_sqlite3_finalize(sqlite3_stmt *statement)
{
    if (!statement)
        return SQLITE_OK;
    struct kept *each = find(sqlite3_db_handle(statement))->statements;
    while (each->statement != statement)
        each++;
    each->in_use = false;
    int code = sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}

// One statement of which nobody wants the rows is prepared as well.
int __wrap_sqlite3_exec(sqlite3 *handle, const char *text, sqlite3_callback callback, void *context,
                        char **message)
{
    sqlite3_stmt *statement;
    if (callback || message || strchr(text, ';'))
        return __real_sqlite3_exec(handle, text, callback, context, message);
    int code = __wrap_sqlite3_prepare_v2(handle, text, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(statement) == SQLITE_ROW)
        continue;
    return __wrap_sqlite3_finalize(statement);
}
// NOLINTEND(bugprone-reserved-identifier)
