#include "client/lib/copy_set.h"

#include "client/lib/copy.h"
#include "client/lib/database.h"
#include "client/lib/device_clock.h"
#include "common/arena.h"
#include "common/message.h"

// A statement about one set, its name bound; NULL when there is no copy.
static sqlite3_stmt *prepare(struct copy *copy, const char *set, const char *text)
{
    sqlite3_stmt *statement = copy ? database_prepare(copy_database(copy), text) : NULL;
    if (statement)
        sqlite3_bind_text(statement, 1, set, -1, SQLITE_STATIC);
    return statement;
}

char *copy_set_cursor(struct copy *copy, const char *set, struct arena *arena)
{
    sqlite3_stmt *statement = prepare(copy, set, "SELECT cursor FROM row_set WHERE name = ?1");
    const char *kept = NULL;
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        kept = (const char *)sqlite3_column_text(statement, 0);
    // NULL as well when the daemon did not say from where to go on.
    char *cursor = kept ? arena_strdup(arena, kept) : NULL;
    sqlite3_finalize(statement);
    return cursor;
}

bool copy_set_came(struct copy *copy, const char *set, int64_t *came_ns)
{
    sqlite3_stmt *statement =
        prepare(copy, set, "SELECT came FROM row_set WHERE name = ?1 AND came IS NOT NULL");
    bool found = statement && sqlite3_step(statement) == SQLITE_ROW;
    if (found)
        *came_ns = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found;
}

// ---- taking in ----

static bool remove_all(struct copy *copy, const char *set)
{
    return database_finish(copy_database(copy),
                           prepare(copy, set, "DELETE FROM set_row WHERE set_name = ?1"));
}

static bool remove_part(struct copy *copy, const char *set, int32_t part)
{
    sqlite3_stmt *statement =
        prepare(copy, set, "DELETE FROM set_row WHERE set_name = ?1 AND part = ?2");
    sqlite3_bind_int(statement, 2, part);
    return database_finish(copy_database(copy), statement);
}

static bool put_row(struct copy *copy, const char *set, const struct copy_row *row)
{
    sqlite3_stmt *statement =
        prepare(copy, set,
                "INSERT INTO set_row (set_name, key, part, body) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (set_name, key)"
                " DO UPDATE SET part = excluded.part, body = excluded.body");
    sqlite3_bind_text(statement, 2, row->key, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, row->part);
    if (statement && database_bind_message(statement, 4, row->message))
        return database_finish(copy_database(copy), statement);
    sqlite3_finalize(statement);
    return false;
}

static bool put_cursor(struct copy *copy, const char *set, const struct copy_page *page)
{
    struct device_instant now;
    device_clock_now(&now);
    sqlite3_stmt *statement = prepare(copy, set,
                                      "INSERT INTO row_set (name, cursor, came) VALUES (?1, ?2, ?3)"
                                      " ON CONFLICT (name) DO UPDATE SET"
                                      " cursor = coalesce(excluded.cursor, cursor),"
                                      " came = coalesce(excluded.came, came)");
    sqlite3_bind_text(statement, 2, page->cursor, -1, SQLITE_STATIC);
    if (!page->more)
        sqlite3_bind_int64(statement, 3, now.wall_ns);
    return database_finish(copy_database(copy), statement);
}

static bool take(struct copy *copy, const char *set, const struct copy_page *page)
{
    bool good = !page->whole || remove_all(copy, set);
    for (size_t i = 0; good && i < page->part_count; i++)
        good = remove_part(copy, set, page->parts[i]);
    for (size_t i = 0; good && i < page->count; i++)
        good = put_row(copy, set, &page->rows[i]);
    return good && put_cursor(copy, set, page);
}

bool copy_set_take(struct copy *copy, const char *set, const struct copy_page *page)
{
    if (!copy || !database_run(copy_database(copy), "BEGIN IMMEDIATE"))
        return false;
    return database_end(copy_database(copy), take(copy, set, page));
}

// ---- looking ----

static size_t count_rows(struct copy *copy, const char *set)
{
    sqlite3_stmt *statement =
        prepare(copy, set, "SELECT count(*) FROM set_row WHERE set_name = ?1");
    size_t count = 0;
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        count = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

bool copy_set_rows(struct copy *copy, const char *set, bool descending,
                   const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                   ProtobufCMessage ***rows, size_t *count)
{
    int64_t came;
    if (!copy_set_came(copy, set, &came))
        return false;
    size_t room = count_rows(copy, set);
    *rows = arena_alloc(arena, (room + 1) * sizeof **rows);
    *count = 0;
    sqlite3_stmt *statement =
        prepare(copy, set,
                descending ? "SELECT body FROM set_row WHERE set_name = ?1 ORDER BY key DESC"
                           : "SELECT body FROM set_row WHERE set_name = ?1 ORDER BY key");
    while (*rows && statement && *count < room && sqlite3_step(statement) == SQLITE_ROW) {
        ProtobufCMessage *row =
            message_unpack(descriptor, arena, sqlite3_column_blob(statement, 0),
                           (size_t)sqlite3_column_bytes(statement, 0), NULL, NULL);
        if (row)
            (*rows)[(*count)++] = row;
    }
    sqlite3_finalize(statement);
    return *rows != NULL;
}
