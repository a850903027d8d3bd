// Statements stay prepared as long as their connection is open: half of the time of a run went into
// preparing the same ones again. These take the place of SQLite's functions at the link (--wrap).
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#define KEPT_MOST 128

static struct kept {
    sqlite3 *handle;
    sqlite3_stmt *statement;
    bool in_use;
} kept[KEPT_MOST];

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names.
int __real_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail);
int __real_sqlite3_finalize(sqlite3_stmt *statement);
int __real_sqlite3_close(sqlite3 *handle);
int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail);
int __wrap_sqlite3_finalize(sqlite3_stmt *statement);
int __wrap_sqlite3_close(sqlite3 *handle);

static void keep(sqlite3 *handle, sqlite3_stmt *statement)
{
    for (struct kept *each = kept; each < kept + KEPT_MOST; each++) {
        if (!each->statement) {
            *each = (struct kept){handle, statement, true};
            return;
        }
    }
}

int __wrap_sqlite3_prepare_v2(sqlite3 *handle, const char *text, int size, sqlite3_stmt **statement,
                              const char **tail)
{
    for (struct kept *each = kept; each < kept + KEPT_MOST; each++) {
        if (each->handle == handle && !each->in_use &&
            strcmp(sqlite3_sql(each->statement), text) == 0) {
            each->in_use = true;
            *statement = each->statement;
            return SQLITE_OK;
        }
    }
    int code = __real_sqlite3_prepare_v2(handle, text, size, statement, tail);
    if (*statement)
        keep(handle, *statement);
    return code;
}

int __wrap_sqlite3_finalize(sqlite3_stmt *statement)
{
    for (struct kept *each = kept; statement && each < kept + KEPT_MOST; each++) {
        if (each->statement == statement) {
            each->in_use = false;
            int code = sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
            return code;
        }
    }
    return __real_sqlite3_finalize(statement);
}

int __wrap_sqlite3_close(sqlite3 *handle)
{
    for (struct kept *each = kept; handle && each < kept + KEPT_MOST; each++) {
        if (each->handle == handle) {
            __real_sqlite3_finalize(each->statement);
            *each = (struct kept){0};
        }
    }
    return __real_sqlite3_close(handle);
}
// NOLINTEND(bugprone-reserved-identifier)
