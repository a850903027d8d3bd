// The outbox as the sync core knows it (sync_ports.h).

#include "client/lib/outbox_parts.h"
#include "common/arena.h"

static bool read_entry(sqlite3_stmt *statement, struct arena *arena, struct sync_entry *entry)
{
    *entry = (struct sync_entry){
        .fact = outbox_column_message(statement, 0, arena, &tiejun__v1__fact__descriptor),
        .recorded = {.wall_ns = sqlite3_column_int64(statement, 1),
                     .boot_ns = sqlite3_column_int64(statement, 2)},
        .version = sqlite3_column_int64(statement, 8),
        .occurred_by_clock = sqlite3_column_int(statement, 4) != 0,
        .has_fix = sqlite3_column_type(statement, 5) != SQLITE_NULL,
        .aside = sqlite3_column_int(statement, 9) > 0,
    };
    outbox_column_boot(statement, 3, entry->recorded.boot);
    if (entry->has_fix) {
        entry->fix = (struct clock_fix){
            .device = {.wall_ns = sqlite3_column_int64(statement, 5),
                       .boot_ns = sqlite3_column_int64(statement, 6)},
            .daemon_ns = sqlite3_column_int64(statement, 7),
        };
        outbox_column_boot(statement, 3, entry->fix.device.boot);
    }
    return entry->fact != NULL;
}

// It voids a fact that is set aside, which it must not overtake.
static bool is_held(struct outbox *outbox, const struct sync_entry *entry)
{
    if (!entry->fact->voids)
        return false;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database, "SELECT 1 FROM fact WHERE id = ?1 AND state = ?2 AND tries > 0");
    sqlite3_bind_text(statement, 1, entry->fact->voids, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, OUTBOX_WAITING);
    bool held = statement && sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return held;
}

static int store_waiting(void *context, struct arena *arena, struct sync_entry *entries,
                         size_t capacity)
{
    struct outbox *outbox = context;
    // What the daemon has must not be gone from here.
    if (!outbox->is_on_disk && !database_write_through(&outbox->database))
        return -1;
    outbox->is_on_disk = true;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "SELECT f.body, f.recorded_wall, f.recorded_boot, f.boot, f.occurred_by_clock,"
        " c.device_wall, c.device_boot, c.daemon,"
        " f.place, f.tries"
        " FROM fact AS f LEFT JOIN clock_fix AS c ON c.boot = f.boot AND f.boot <> ''"
        " WHERE f.state = ?1 ORDER BY f.tries, f.place");
    sqlite3_bind_int(statement, 1, OUTBOX_WAITING);
    size_t count = 0;
    int step = statement ? SQLITE_ROW : SQLITE_ERROR;
    while (count < capacity && step == SQLITE_ROW &&
           (step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!read_entry(statement, arena, &entries[count]))
            step = SQLITE_ERROR;
        else if (!is_held(outbox, &entries[count]))
            count++;
    }
    bool read = step == SQLITE_DONE || step == SQLITE_ROW;
    if (!read)
        database_failed(&outbox->database);
    sqlite3_finalize(statement);
    return read ? (int)count : -1;
}

// A retry gives a fact another place.
static bool settle_one(struct outbox *outbox, const struct sync_verdict *verdict, int64_t wall_ns)
{
    const Tiejun__V1__FactOutcome *outcome = verdict->outcome;
    bool refused = outcome->intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database, "UPDATE fact SET state = ?1, settled_wall = ?2, outcome = ?3,"
                           " pending = ?8 WHERE id = ?4 AND state = ?5 AND (?6 OR place = ?7)");
    if (!statement)
        return false;
    sqlite3_bind_int(statement, 1, refused ? OUTBOX_REFUSED : OUTBOX_SYNCED);
    sqlite3_bind_int64(statement, 2, wall_ns);
    sqlite3_bind_text(statement, 4, outcome->id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 5, OUTBOX_WAITING);
    sqlite3_bind_int(statement, 6, !refused);
    sqlite3_bind_int64(statement, 7, verdict->version);
    sqlite3_bind_int(statement, 8, outcome->intake == TIEJUN__V1__INTAKE__INTAKE_PENDING);
    if (!database_bind_message(statement, 3, &outcome->base)) {
        sqlite3_finalize(statement);
        return database_failed(&outbox->database);
    }
    return database_finish(&outbox->database, statement);
}

static bool store_settle(void *context, const struct sync_verdict *verdicts, size_t count)
{
    struct outbox *outbox = context;
    struct device_instant now;
    device_clock_now(&now);
    if (!database_run(&outbox->database, "BEGIN IMMEDIATE"))
        return false;
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = settle_one(outbox, &verdicts[i], now.wall_ns);
    return database_end(&outbox->database, good);
}

static bool store_set_aside(void *context, const char *id, int64_t version)
{
    struct outbox *outbox = context;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "UPDATE fact SET tries = tries + 1 WHERE id = ?1 AND state = ?2 AND place = ?3");
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, OUTBOX_WAITING);
    sqlite3_bind_int64(statement, 3, version);
    return database_finish(&outbox->database, statement);
}

static void store_keep_fix(void *context, const struct clock_fix *fix)
{
    struct outbox *outbox = context;
    sqlite3_stmt *statement = database_prepare(
        &outbox->database,
        "INSERT INTO clock_fix (boot, device_wall, device_boot, daemon) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (boot) DO UPDATE SET device_wall = excluded.device_wall,"
        " device_boot = excluded.device_boot, daemon = excluded.daemon");
    sqlite3_bind_text(statement, 1, fix->device.boot, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, fix->device.wall_ns);
    sqlite3_bind_int64(statement, 3, fix->device.boot_ns);
    sqlite3_bind_int64(statement, 4, fix->daemon_ns);
    database_finish(&outbox->database, statement);
}

struct sync_store outbox_store(struct outbox *outbox)
{
    return (struct sync_store){outbox, store_waiting, store_settle, store_set_aside,
                               store_keep_fix};
}
