#include "server/db/migrate.h"

#include "common/log.h"
#include "server/db/blocking.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// Any number will do as long as nothing else on the server uses it.
#define ADVISORY_LOCK "7457104"

static const char prepare_schema[] = "CREATE SCHEMA IF NOT EXISTS tiejun;"
                                     "CREATE TABLE IF NOT EXISTS tiejun.migration ("
                                     "    name text PRIMARY KEY,"
                                     "    hash text NOT NULL,"
                                     "    applied_at timestamptz NOT NULL DEFAULT now());"
                                     "SET search_path = tiejun, pg_temp;"
                                     "SET check_function_bodies = off;";

// Policies are dropped under the lock of their table, and requests that run meanwhile take their
// locks in an order of their own. So all tables are taken at once or none: a try that waits or
// meets a request half-way lets go of what it has and comes again: soon, since most requests are
// short, and now and then with more patience.
static const char lock_tables[] =
    "DO $$ DECLARE tables text := (SELECT string_agg(format('tiejun.%I', tablename), ', ')"
    "    FROM pg_tables WHERE schemaname = 'tiejun'); BEGIN"
    "  FOR try IN 1..3000 LOOP"
    "    BEGIN"
    "      PERFORM set_config('lock_timeout', CASE try % 10 WHEN 0 THEN '200' ELSE '20' END, true);"
    "      EXECUTE 'LOCK TABLE ' || tables;"
    "      SET LOCAL lock_timeout = 0;"
    "      RETURN;"
    "    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN"
    "      PERFORM pg_sleep(0.01);"
    "    END;"
    "  END LOOP;"
    "  RAISE EXCEPTION 'the tables are in use without a pause; try again later';"
    "END $$";

// Policies first: those that call no function of ours would outlive the functions.
static const char drop_code[] =
    "DO $$ DECLARE p record; f regprocedure; BEGIN"
    "  FOR p IN SELECT * FROM pg_policies WHERE schemaname = 'tiejun' LOOP"
    "    EXECUTE format('DROP POLICY %I ON tiejun.%I', p.policyname, p.tablename);"
    "  END LOOP;"
    "  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'tiejun'::regnamespace LOOP"
    "    EXECUTE 'DROP FUNCTION ' || f || ' CASCADE';"
    "  END LOOP; END $$";

enum { HASH_HEX = 2 * crypto_generichash_BYTES + 1 };

static bool is_in(const struct sql_file *file, const char *folder)
{
    return strncmp(file->name, folder, strlen(folder)) == 0;
}

static bool is_migration(const struct sql_file *file)
{
    return is_in(file, "migrations/");
}

static void hash_text(const char *text, char hex[HASH_HEX])
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(hex, HASH_HEX, hash, sizeof hash);
}

// Functions and policies together have one hash, with the tables that they stand on: any change
// makes all of them anew, so that no table is ever without its policies.
static void hash_code(char hex[HASH_HEX])
{
    crypto_generichash_state state;
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (const struct sql_file *file = sql_files; file->name; file++) {
        crypto_generichash_update(&state, (const unsigned char *)file->text,
                                  strlen(file->text) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(hex, HASH_HEX, hash, sizeof hash);
}

// The hash under which a name was applied; *found is false when it was not. False on failure.
static bool look_up(PGconn *connection, const char *name, bool *found, char hex[HASH_HEX])
{
    PGresult *result = blocking_query(connection, "SELECT hash FROM migration WHERE name = $1", 1,
                                      (const char *const[]){name});
    if (!result) {
        return false;
    }
    *found = PQntuples(result) == 1;
    snprintf(hex, HASH_HEX, "%s", *found ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return true;
}

static bool record(PGconn *connection, const char *name, const char *hex)
{
    PGresult *result = blocking_query(connection,
                                      "INSERT INTO migration (name, hash) VALUES ($1, $2)"
                                      " ON CONFLICT (name) DO UPDATE"
                                      " SET hash = excluded.hash, applied_at = now()",
                                      2, (const char *const[]){name, hex});
    PQclear(result);
    return result != NULL;
}

static bool apply_migration(PGconn *connection, const struct sql_file *file)
{
    char hex[HASH_HEX];
    char applied[HASH_HEX];
    bool found;
    hash_text(file->text, hex);
    if (!look_up(connection, file->name, &found, applied)) {
        return false;
    }
    if (found && strcmp(hex, applied) != 0) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL,
                  "%s was applied in another version than this daemon carries: run the daemon "
                  "that this database belongs to",
                  file->name);
        return false;
    }
    if (found) {
        return true;
    }
    log_event(LOG_LEVEL_INFO, "postgresql", NULL, "applying %s", file->name);
    return blocking_run(connection, "BEGIN") && blocking_run(connection, file->text) &&
           record(connection, file->name, hex) && blocking_run(connection, "COMMIT");
}

static bool run_folder(PGconn *connection, const char *folder)
{
    for (const struct sql_file *file = sql_files; file->name; file++) {
        if (is_in(file, folder) && !blocking_run(connection, file->text)) {
            log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "in %s", file->name);
            return false;
        }
    }
    return true;
}

// "1.20.3" as a number that grows with the version.
static unsigned long version_number(const char *text)
{
    unsigned long number = 0;
    for (int part = 0; part < 3; part++) {
        char *end;
        number = number * 1000 + strtoul(text, &end, 10) % 1000;
        text = *end == '.' ? end + 1 : end;
    }
    return number;
}

// The functions of a later version are not replaced: the daemons that made them run on them.
static bool may_renew_code(PGconn *connection)
{
    char version[HASH_HEX];
    bool found;
    if (!look_up(connection, "version", &found, version)) {
        return false;
    }
    if (version_number(version) > version_number(TIEJUN_VERSION)) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL,
                  "the functions of the database are those of tiejund %s, and this is %s: run the "
                  "later one",
                  version, TIEJUN_VERSION);
        return false;
    }
    if (strcmp(version, TIEJUN_VERSION) == 0) {
        log_event(LOG_LEVEL_NOTICE, "postgresql", NULL,
                  "another build of tiejund %s made the functions that are there; a daemon of it "
                  "that still runs works with ours from now on",
                  version);
    }
    return true;
}

// In one transaction: a daemon beside us sees the old functions with the old policies, or the new
// with the new.
static bool renew_code(PGconn *connection)
{
    char hex[HASH_HEX];
    char applied[HASH_HEX];
    bool found;
    hash_code(hex);
    if (!look_up(connection, "functions", &found, applied)) {
        return false;
    }
    if (found && strcmp(hex, applied) == 0) {
        return true;
    }
    if (!may_renew_code(connection)) {
        return false;
    }
    log_event(LOG_LEVEL_INFO, "postgresql", NULL, "making the functions and policies anew");
    return blocking_run(connection, "BEGIN") && blocking_run(connection, lock_tables) &&
           blocking_run(connection, drop_code) && run_folder(connection, "functions/") &&
           run_folder(connection, "policies/") && record(connection, "functions", hex) &&
           record(connection, "version", TIEJUN_VERSION) && blocking_run(connection, "COMMIT");
}

static bool is_ours(const char *name)
{
    for (const struct sql_file *file = sql_files; file->name; file++) {
        if (strcmp(file->name, name) == 0) {
            return true;
        }
    }
    return false;
}

// Our functions over the tables of a later version would break the daemons that run on it.
static bool is_not_newer(PGconn *connection)
{
    PGresult *names = blocking_query(
        connection, "SELECT name FROM migration WHERE name LIKE 'migrations/%'", 0, NULL);
    const char *unknown = NULL;
    for (int row = 0; names && !unknown && row < PQntuples(names); row++) {
        unknown = is_ours(PQgetvalue(names, row, 0)) ? NULL : PQgetvalue(names, row, 0);
    }
    if (unknown) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL,
                  "the database is of a later version, with %s: run the daemon that it belongs to",
                  unknown);
    }
    bool good = names && !unknown;
    PQclear(names);
    return good;
}

static bool apply_all(PGconn *connection)
{
    if (!is_not_newer(connection)) {
        return false;
    }
    for (const struct sql_file *file = sql_files; file->name; file++) {
        if (is_migration(file) && !apply_migration(connection, file)) {
            log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "in %s", file->name);
            return false;
        }
    }
    return renew_code(connection);
}

bool migrate(PGconn *connection)
{
    // Taken before the schema is looked at: two daemons on an empty database would both make it.
    if (!blocking_run(connection, "SELECT pg_advisory_lock(" ADVISORY_LOCK ")")) {
        return false;
    }
    bool done = blocking_run(connection, prepare_schema) && apply_all(connection);
    if (!done && !blocking_run(connection, "ROLLBACK")) {
        return false;
    }
    return blocking_run(connection, "SELECT pg_advisory_unlock(" ADVISORY_LOCK ")") && done;
}

static bool has_schema(PGconn *connection)
{
    PGresult *result =
        blocking_query(connection, "SELECT to_regclass('tiejun.migration')", 0, NULL);
    bool there = result && !PQgetisnull(result, 0, 0);
    if (result && !there) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL,
                  "the database has no company yet: make it with tiejund init");
    }
    PQclear(result);
    return there;
}

static bool is_applied(PGconn *connection, const char *name, const char *hex)
{
    char applied[HASH_HEX];
    bool found;
    if (!look_up(connection, name, &found, applied)) {
        return false;
    }
    bool same = found && strcmp(hex, applied) == 0;
    if (!same) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL,
                  "the schema is of another version than this daemon: %s (%s). Bring it up with "
                  "tiejund migrate, or take the daemon that it belongs to",
                  name, found ? "not the same" : "missing");
    }
    return same;
}

bool migrate_is_current(PGconn *connection)
{
    char hex[HASH_HEX];
    bool current = has_schema(connection) && is_not_newer(connection);
    for (const struct sql_file *file = sql_files; current && file->name; file++) {
        hash_text(file->text, hex);
        current = !is_migration(file) || is_applied(connection, file->name, hex);
    }
    hash_code(hex);
    return current && is_applied(connection, "functions", hex);
}
