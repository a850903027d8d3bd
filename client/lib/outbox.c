#include "client/lib/outbox.h"

#include "client/lib/outbox_parts.h"
#include "client/lib/state_folder.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS INT64_C(1000000000)
#define DAY_NS (INT64_C(86400) * NANOSECONDS)
#define LOCK_PAUSE_NS 10000000
// What waits for an approval is kept for so long: who is told that it gets none wants to mend it.
#define PENDING_DAYS 90

// place: the order of sending. recorded and boot: the device's clocks then (device_clock.h).
static const char schema_1[] = "CREATE TABLE fact ("
                               "    place INTEGER PRIMARY KEY AUTOINCREMENT,"
                               "    id TEXT NOT NULL UNIQUE,"
                               "    state INTEGER NOT NULL,"
                               "    body BLOB NOT NULL,"
                               "    recorded_wall INTEGER NOT NULL,"
                               "    recorded_boot INTEGER NOT NULL,"
                               "    boot TEXT NOT NULL,"
                               "    occurred_by_clock INTEGER NOT NULL,"
                               "    settled_wall INTEGER,"
                               "    outcome BLOB"
                               ") STRICT;"
                               "CREATE INDEX fact_state ON fact (state, place);"
                               "CREATE TABLE clock_fix ("
                               "    boot TEXT PRIMARY KEY,"
                               "    device_wall INTEGER NOT NULL,"
                               "    device_boot INTEGER NOT NULL,"
                               "    daemon INTEGER NOT NULL"
                               ") STRICT;";

// tries: how often the daemon failed on it; such a fact is set aside (sync.h).
static const char schema_2[] = "ALTER TABLE fact ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;"
                               "DROP INDEX fact_state;"
                               "CREATE INDEX fact_state ON fact (state, tries, place);";

// pending: the daemon has it, and it waits for an approval (domain.md 3.4).
static const char schema_3[] = "ALTER TABLE fact ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;"
                               "CREATE INDEX fact_pending ON fact (place) WHERE pending <> 0;";

static const char *const schema[] = {schema_1, schema_2, schema_3, NULL};

// ---- opening and closing ----

static char *joined(const char *folder, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

struct outbox *outbox_open(const char *folder, char *reason, size_t reason_size)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    if (!outbox)
        abort();
    outbox->lock = -1;
    outbox->lock_path = joined(folder, "outbox.lock");
    if (!state_make_folders(outbox->lock_path)) {
        snprintf(reason, reason_size, "%s", strerror(errno));
        outbox_close(outbox);
        return NULL;
    }
    char *path = joined(folder, "outbox.sqlite");
    bool opened = database_open(&outbox->database, path, schema);
    free(path);
    if (opened)
        return outbox;
    snprintf(reason, reason_size, "%s", outbox->database.reason);
    outbox_close(outbox);
    return NULL;
}

void outbox_close(struct outbox *outbox)
{
    if (!outbox)
        return;
    if (outbox->lock >= 0)
        close(outbox->lock);
    database_close(&outbox->database);
    free(outbox->lock_path);
    free(outbox);
}

const char *outbox_reason(const struct outbox *outbox)
{
    return outbox->database.reason;
}

const char *outbox_file(const struct outbox *outbox)
{
    return outbox->database.path;
}

// ---- rows and messages ----

void *outbox_column_message(sqlite3_stmt *statement, int column, struct arena *arena,
                            const ProtobufCMessageDescriptor *descriptor)
{
    const void *body = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    if (!body)
        return NULL;
    return message_unpack(descriptor, arena, body, (size_t)size, NULL, NULL);
}

static Google__Protobuf__Timestamp *timestamp(struct arena *arena, int64_t instant)
{
    Google__Protobuf__Timestamp *made = arena_alloc(arena, sizeof *made);
    if (!made)
        return NULL;
    google__protobuf__timestamp__init(made);
    made->seconds = instant / NANOSECONDS;
    made->nanos = (int32_t)(instant % NANOSECONDS);
    return made;
}

void outbox_column_boot(sqlite3_stmt *statement, int column, char boot[UUID_TEXT_SIZE])
{
    snprintf(boot, UUID_TEXT_SIZE, "%s", (const char *)sqlite3_column_text(statement, column));
}

// ---- clocks ----

static bool read_fix(sqlite3_stmt *statement, struct clock_fix *fix)
{
    if (!statement || sqlite3_step(statement) != SQLITE_ROW)
        return false;
    outbox_column_boot(statement, 0, fix->device.boot);
    fix->device.wall_ns = sqlite3_column_int64(statement, 1);
    fix->device.boot_ns = sqlite3_column_int64(statement, 2);
    fix->daemon_ns = sqlite3_column_int64(statement, 3);
    return true;
}

int64_t outbox_clock(struct outbox *outbox)
{
    struct clock_fix last;
    struct device_instant now;
    sqlite3_stmt *statement =
        database_prepare(&outbox->database, "SELECT boot, device_wall, device_boot, daemon"
                                            " FROM clock_fix ORDER BY daemon DESC LIMIT 1");
    bool known = read_fix(statement, &last);
    sqlite3_finalize(statement);
    device_clock_now(&now);
    return known ? device_clock_corrected(&now, NULL, &last) : now.wall_ns;
}

// ---- recording ----

// One that cannot be sent would hold up all behind it.
static bool can_be_sent(struct outbox *outbox, const Tiejun__V1__Fact *fact)
{
    const char *why = NULL;
    if (!message_validate(&fact->base, &why, NULL))
        why = _(why);
    else if (tiejun__v1__fact__get_packed_size(fact) > OUTBOX_FACT_MOST)
        why = _("it is too long");
    snprintf(outbox->database.reason, sizeof outbox->database.reason, "%s", why ? why : "");
    return !why;
}

bool outbox_add(struct outbox *outbox, const Tiejun__V1__Fact *fact,
                const struct device_instant *recorded, bool occurred_by_clock)
{
    if (!can_be_sent(outbox, fact))
        return false;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "INSERT INTO fact (id, state, body, recorded_wall, recorded_boot, boot, occurred_by_clock)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, fact->id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, OUTBOX_WAITING);
    sqlite3_bind_int64(statement, 4, recorded->wall_ns);
    sqlite3_bind_int64(statement, 5, recorded->boot_ns);
    sqlite3_bind_text(statement, 6, recorded->boot, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 7, occurred_by_clock);
    bool bound =
        database_bind_message(statement, 3, &fact->base) || database_failed(&outbox->database);
    if (!bound) {
        sqlite3_finalize(statement);
        return false;
    }
    return database_finish(&outbox->database, statement);
}

// ---- looking ----

#define OUTBOX_FACT_COLUMNS "body, recorded_wall, outcome, state"

static Tiejun__Client__OutboxFact *read_fact(sqlite3_stmt *statement, struct arena *arena)
{
    Tiejun__Client__OutboxFact *found = arena_alloc(arena, sizeof *found);
    if (!found)
        return NULL;
    tiejun__client__outbox_fact__init(found);
    found->fact = outbox_column_message(statement, 0, arena, &tiejun__v1__fact__descriptor);
    found->recorded_at = timestamp(arena, sqlite3_column_int64(statement, 1));
    found->outcome =
        outbox_column_message(statement, 2, arena, &tiejun__v1__fact_outcome__descriptor);
    return found->fact && found->recorded_at ? found : NULL;
}

// asked: also those that the daemon has and is asked about again.
static bool count_state(struct outbox *outbox, enum outbox_state state, bool asked, int64_t *count,
                        int64_t *first_wall)
{
    sqlite3_stmt *statement =
        database_prepare(&outbox->database, "SELECT count(*), min(recorded_wall) FROM fact"
                                            " WHERE state = ?1 AND (pending = 0 OR ?2)");
    sqlite3_bind_int(statement, 1, state);
    sqlite3_bind_int(statement, 2, asked);
    bool counted = statement && sqlite3_step(statement) == SQLITE_ROW;
    if (counted) {
        *count = sqlite3_column_int64(statement, 0);
        *first_wall = sqlite3_column_int64(statement, 1);
    } else {
        database_failed(&outbox->database);
    }
    sqlite3_finalize(statement);
    return counted;
}

// Puts the rest of a statement's rows into facts, which has room for so many.
static bool read_rows(struct outbox *outbox, sqlite3_stmt *statement, struct arena *arena,
                      size_t room, Tiejun__Client__OutboxFacts *facts)
{
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW && facts->n_facts < room) {
        Tiejun__Client__OutboxFact *fact = read_fact(statement, arena);
        if (!fact) {
            snprintf(outbox->database.reason, sizeof outbox->database.reason, "%s",
                     _("it holds what is no fact"));
            return false;
        }
        facts->facts[facts->n_facts++] = fact;
    }
    return step == SQLITE_DONE || step == SQLITE_ROW || database_failed(&outbox->database);
}

// The facts of a state that a condition, of the statement's own making, picks.
static bool list(struct outbox *outbox, enum outbox_state state, const char *condition,
                 struct arena *arena, Tiejun__Client__OutboxFacts *facts)
{
    int64_t count;
    int64_t first_wall;
    tiejun__client__outbox_facts__init(facts);
    if (!count_state(outbox, state, true, &count, &first_wall))
        return false;
    facts->facts = arena_alloc(arena, ((size_t)count + 1) * sizeof(void *));
    char *text = arena_printf(
        arena, "SELECT " OUTBOX_FACT_COLUMNS " FROM fact WHERE state = ?1%s ORDER BY place",
        condition);
    sqlite3_stmt *statement = text ? database_prepare(&outbox->database, text) : NULL;
    sqlite3_bind_int(statement, 1, state);
    bool read =
        facts->facts && statement && read_rows(outbox, statement, arena, (size_t)count, facts);
    sqlite3_finalize(statement);
    return read;
}

bool outbox_list(struct outbox *outbox, enum outbox_state state, struct arena *arena,
                 Tiejun__Client__OutboxFacts *facts)
{
    return list(outbox, state, "", arena, facts);
}

bool outbox_list_pending(struct outbox *outbox, struct arena *arena,
                         Tiejun__Client__OutboxFacts *facts)
{
    return list(outbox, OUTBOX_SYNCED, " AND pending <> 0", arena, facts);
}

Tiejun__Client__OutboxFact *outbox_find(struct outbox *outbox, const char *id, struct arena *arena,
                                        enum outbox_state *state)
{
    sqlite3_stmt *statement = database_prepare(&outbox->database, "SELECT " OUTBOX_FACT_COLUMNS
                                                                  " FROM fact WHERE id = ?1");
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    Tiejun__Client__OutboxFact *found = NULL;
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        *state = (enum outbox_state)sqlite3_column_int(statement, 3);
        found = read_fact(statement, arena);
    }
    sqlite3_finalize(statement);
    return found;
}

static bool read_last_fix(struct outbox *outbox, struct arena *arena,
                          Tiejun__Client__OutboxStatus *status)
{
    sqlite3_stmt *statement =
        database_prepare(&outbox->database, "SELECT device_wall - daemon FROM clock_fix"
                                            " ORDER BY daemon DESC LIMIT 1");
    int step = statement ? sqlite3_step(statement) : SQLITE_ERROR;
    if (step == SQLITE_ROW) {
        status->has_clock_ahead_ms = true;
        status->clock_ahead_ms = sqlite3_column_int64(statement, 0) / 1000000;
    }
    sqlite3_finalize(statement);
    statement = database_prepare(&outbox->database, "SELECT settled_wall FROM fact WHERE state = ?1"
                                                    " ORDER BY place DESC LIMIT 1");
    sqlite3_bind_int(statement, 1, OUTBOX_SYNCED);
    int last = statement ? sqlite3_step(statement) : SQLITE_ERROR;
    if (last == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        status->synced_at = timestamp(arena, sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    return (step == SQLITE_ROW || step == SQLITE_DONE) &&
           (last == SQLITE_ROW || last == SQLITE_DONE);
}

static bool count_kinds(struct outbox *outbox, Tiejun__Client__OutboxStatus *status)
{
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "SELECT (SELECT count(*) FROM fact WHERE state = ?1 AND tries > 0 AND pending = 0),"
        " (SELECT count(*) FROM fact WHERE pending <> 0)");
    sqlite3_bind_int(statement, 1, OUTBOX_WAITING);
    bool counted = statement && sqlite3_step(statement) == SQLITE_ROW;
    if (counted) {
        status->failing = sqlite3_column_int64(statement, 0);
        status->pending = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return counted;
}

bool outbox_status(struct outbox *outbox, struct arena *arena, Tiejun__Client__OutboxStatus *status)
{
    int64_t first_wall = 0;
    int64_t unused;
    tiejun__client__outbox_status__init(status);
    status->has_waiting = status->has_refused = status->has_failing = status->has_pending = true;
    if (!count_state(outbox, OUTBOX_REFUSED, false, &status->refused, &unused) ||
        !count_state(outbox, OUTBOX_WAITING, false, &status->waiting, &first_wall) ||
        !count_kinds(outbox, status) || !read_last_fix(outbox, arena, status))
        return database_failed(&outbox->database);
    if (status->waiting > 0)
        status->waiting_since = timestamp(arena, first_wall);
    return true;
}

// ---- what becomes of them ----

bool outbox_retry(struct outbox *outbox, const Tiejun__V1__Fact *fact)
{
    return outbox_retry_anew(outbox, fact->id, fact);
}

bool outbox_retry_anew(struct outbox *outbox, const char *id, const Tiejun__V1__Fact *fact)
{
    if (!can_be_sent(outbox, fact))
        return false;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "UPDATE fact SET state = ?1, body = ?2, outcome = NULL, settled_wall = NULL,"
        " tries = 0, place = (SELECT max(place) + 1 FROM fact), id = ?5"
        " WHERE id = ?3 AND state = ?4");
    if (!statement)
        return false;
    sqlite3_bind_int(statement, 1, OUTBOX_WAITING);
    sqlite3_bind_text(statement, 3, id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 4, OUTBOX_REFUSED);
    sqlite3_bind_text(statement, 5, fact->id, -1, SQLITE_STATIC);
    if (!database_bind_message(statement, 2, &fact->base)) {
        sqlite3_finalize(statement);
        return database_failed(&outbox->database);
    }
    return database_finish(&outbox->database, statement);
}

bool outbox_ask_again(struct outbox *outbox)
{
    sqlite3_stmt *statement = database_prepare(
        &outbox->database, "UPDATE fact SET state = ?1 WHERE pending <> 0 AND state = ?2");
    sqlite3_bind_int(statement, 1, OUTBOX_WAITING);
    sqlite3_bind_int(statement, 2, OUTBOX_SYNCED);
    return database_finish(&outbox->database, statement) &&
           sqlite3_changes(outbox->database.handle) > 0;
}

bool outbox_drop(struct outbox *outbox, const char *id)
{
    sqlite3_stmt *statement =
        database_prepare(&outbox->database, "DELETE FROM fact WHERE id = ?1 AND state = ?2");
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, OUTBOX_REFUSED);
    return database_finish(&outbox->database, statement);
}

bool outbox_tidy(struct outbox *outbox, int days)
{
    struct device_instant now;
    device_clock_now(&now);
    sqlite3_stmt *statement =
        database_prepare(&outbox->database, "DELETE FROM fact WHERE state = ?1 AND settled_wall"
                                            " < CASE WHEN pending <> 0 THEN ?3 ELSE ?2 END");
    sqlite3_bind_int(statement, 1, OUTBOX_SYNCED);
    sqlite3_bind_int64(statement, 2, now.wall_ns - days * DAY_NS);
    sqlite3_bind_int64(statement, 3, now.wall_ns - PENDING_DAYS * DAY_NS);
    return database_finish(&outbox->database, statement);
}

// ---- who sends ----

bool outbox_lock(struct outbox *outbox, int timeout_ms)
{
    int left_ms = timeout_ms;
    if (outbox->lock < 0)
        outbox->lock = open(outbox->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (outbox->lock >= 0 && flock(outbox->lock, LOCK_EX | LOCK_NB) != 0) {
        struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
        if (left_ms <= 0)
            return false;
        nanosleep(&pause, NULL);
        left_ms -= LOCK_PAUSE_NS / 1000000;
    }
    return outbox->lock >= 0;
}

// The file stays open: closing it would look like news to an agent that watches the folder.
void outbox_unlock(struct outbox *outbox)
{
    if (outbox->lock >= 0)
        flock(outbox->lock, LOCK_UN);
}
