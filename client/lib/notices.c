#include "client/lib/notices.h"

#include "client/lib/database.h"
#include "client/lib/device_clock.h"
#include "client/lib/notice_text.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/message.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_NS INT64_C(86400000000000)

// body: a NoticeServiceListResponse with that one notice.
static const char schema_1[] = "CREATE TABLE notice ("
                               "    place INTEGER PRIMARY KEY,"
                               "    body BLOB NOT NULL,"
                               "    came INTEGER NOT NULL,"
                               "    shown INTEGER NOT NULL"
                               ") STRICT;"
                               "CREATE TABLE last ("
                               "    only INTEGER PRIMARY KEY CHECK (only = 1),"
                               "    place INTEGER NOT NULL,"
                               "    heard INTEGER NOT NULL"
                               ") STRICT;";

static const char *const schema[] = {schema_1, NULL};

struct notices {
    struct database database;
};

struct notices *notices_open(const char *folder)
{
    char *path;
    struct notices *notices = calloc(1, sizeof *notices);
    if (!notices || asprintf(&path, "%s/notices.sqlite", folder) < 0)
        abort();
    bool opened = database_open(&notices->database, path, schema);
    free(path);
    if (opened)
        return notices;
    notices_close(notices);
    return NULL;
}

void notices_close(struct notices *notices)
{
    if (!notices)
        return;
    database_close(&notices->database);
    free(notices);
}

static int64_t now_ns(void)
{
    struct device_instant now;
    device_clock_now(&now);
    return now.wall_ns;
}

// Runs a statement with one number and the time.
static bool run(struct notices *notices, const char *text, int64_t number)
{
    sqlite3_stmt *statement = database_prepare(&notices->database, text);
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_int64(statement, 2, now_ns());
    return database_finish(&notices->database, statement);
}

bool notices_last(struct notices *notices, int64_t *place)
{
    sqlite3_stmt *statement = database_prepare(&notices->database, "SELECT place FROM last");
    bool known = statement && sqlite3_step(statement) == SQLITE_ROW;
    if (known)
        *place = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return known;
}

void notices_begin(struct notices *notices, int64_t place)
{
    if (!database_run(&notices->database, "BEGIN IMMEDIATE"))
        return;
    bool good = run(notices, "DELETE FROM notice WHERE place > ?1", place) &&
                run(notices,
                    "INSERT INTO last (only, place, heard) VALUES (1, ?1, ?2)"
                    " ON CONFLICT (only) DO UPDATE"
                    " SET place = excluded.place, heard = excluded.heard",
                    place);
    database_end(&notices->database, good);
}

void notices_heard(struct notices *notices)
{
    run(notices, "UPDATE last SET heard = ?2 WHERE only = ?1", 1);
}

void notices_tidy(struct notices *notices, int days)
{
    run(notices, "DELETE FROM notice WHERE came < ?2 - ?1", days * DAY_NS);
}

static bool keep_one(struct notices *notices, const Tiejun__V1__NoticeServiceListResponse *pushed,
                     Tiejun__V1__Notice *notice)
{
    Tiejun__V1__NoticeServiceListResponse one = TIEJUN__V1__NOTICE_SERVICE_LIST_RESPONSE__INIT;
    one.n_notices = 1;
    one.notices = &notice;
    one.lines = calloc(pushed->n_lines + 1, sizeof *one.lines);
    sqlite3_stmt *statement =
        one.lines
            ? database_prepare(&notices->database, "INSERT INTO notice (place, body, came, shown)"
                                                   " VALUES (?1, ?3, ?2, 0) ON CONFLICT DO NOTHING")
            : NULL;
    for (size_t i = 0; one.lines && i < pushed->n_lines; i++) {
        if (pushed->lines[i]->place == notice->place)
            one.lines[one.n_lines++] = pushed->lines[i];
    }
    sqlite3_bind_int64(statement, 1, notice->place);
    sqlite3_bind_int64(statement, 2, now_ns());
    bool bound = statement && database_bind_message(statement, 3, &one.base);
    bool kept = database_finish(&notices->database, statement) && bound;
    free(one.lines);
    return kept;
}

void notices_keep(struct notices *notices, const Tiejun__V1__NoticeServiceListResponse *pushed)
{
    bool good = database_run(&notices->database, "BEGIN IMMEDIATE");
    if (!good)
        return;
    for (size_t i = 0; good && i < pushed->n_notices; i++)
        good = keep_one(notices, pushed, pushed->notices[i]) &&
               run(notices, "UPDATE last SET place = ?1, heard = ?2 WHERE place < ?1",
                   pushed->notices[i]->place);
    database_end(&notices->database, good);
}

static Tiejun__V1__NoticeServiceListResponse *read_body(sqlite3_stmt *statement,
                                                        struct arena *arena)
{
    return (Tiejun__V1__NoticeServiceListResponse *)message_unpack(
        &tiejun__v1__notice_service_list_response__descriptor, arena,
        sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0), NULL, NULL);
}

Tiejun__V1__NoticeServiceListResponse *notices_next(struct notices *notices, struct arena *arena)
{
    Tiejun__V1__NoticeServiceListResponse *next = NULL;
    sqlite3_stmt *statement = database_prepare(
        &notices->database,
        "UPDATE notice SET shown = 1"
        " WHERE place = (SELECT min(place) FROM notice WHERE shown = 0) RETURNING body");
    if (!statement || sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(statement);
        return NULL;
    }
    next = read_body(statement, arena);
    return database_finish(&notices->database, statement) ? next : NULL;
}

// Joins one to the others, which have room for it.
static void join(Tiejun__V1__NoticeServiceListResponse *all,
                 const Tiejun__V1__NoticeServiceListResponse *one, struct arena *arena)
{
    size_t lines = all->n_lines + one->n_lines;
    Tiejun__V1__NoticeLine **joined = arena_alloc(arena, (lines + 1) * sizeof *joined);
    if (!joined)
        abort();
    for (size_t i = 0; i < lines; i++)
        joined[i] = i < all->n_lines ? all->lines[i] : one->lines[i - all->n_lines];
    all->lines = joined;
    all->n_lines = lines;
    all->notices[all->n_notices++] = one->notices[0];
}

static bool is_of(const Tiejun__V1__NoticeServiceListResponse *one, const char *topics)
{
    return one->n_notices > 0 && notice_topics_name(topics, or_empty(one->notices[0]->topic));
}

static void read_all(struct notices *notices, size_t most, const char *topics, struct arena *arena,
                     Tiejun__V1__NoticeServiceListResponse *all)
{
    sqlite3_stmt *statement =
        database_prepare(&notices->database, "SELECT body FROM notice ORDER BY place DESC");
    while (statement && all->n_notices < most && sqlite3_step(statement) == SQLITE_ROW) {
        const Tiejun__V1__NoticeServiceListResponse *one = read_body(statement, arena);
        if (one && is_of(one, topics))
            join(all, one, arena);
    }
    sqlite3_finalize(statement);
}

Tiejun__V1__NoticeServiceListResponse *notices_list(struct notices *notices, int most,
                                                    const char *topics, struct arena *arena,
                                                    int64_t *heard_ns)
{
    Tiejun__V1__NoticeServiceListResponse *all = NULL;
    sqlite3_stmt *statement = database_prepare(&notices->database, "SELECT heard FROM last");
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        *heard_ns = sqlite3_column_int64(statement, 0);
        all = arena_alloc(arena, sizeof *all);
    }
    sqlite3_finalize(statement);
    if (!all)
        return NULL;
    tiejun__v1__notice_service_list_response__init(all);
    all->notices = arena_alloc(arena, ((size_t)most + 1) * sizeof *all->notices);
    if (!all->notices)
        abort();
    read_all(notices, (size_t)most, topics, arena, all);
    return all;
}
