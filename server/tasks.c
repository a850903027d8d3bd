#include "server/tasks.h"

#include "common/i18n.h"
#include "common/invite_code.h"
#include "common/log.h"
#include "common/tls.h"
#include "server/authority.h"
#include "server/db/blocking.h"
#include "server/db/cluster.h"
#include "server/db/migrate.h"
#include "server/rpc/refusal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_SIZE = 32, HASH_HEX = 2 * crypto_generichash_BYTES + 3, MESSAGE_BUDGET = 64 << 10 };

const struct option_spec init_options[] = {
    {"company", 0, OPTION_STRING, N_("NAME"), N_("what the company is called")},
    {"director", 0, OPTION_STRING, N_("HANDLE"), N_("short name of the first director: li.wei")},
    {"name", 0, OPTION_STRING, N_("NAME"), N_("the director's own name; default the handle")},
    {"time-zone", 0, OPTION_STRING, N_("ZONE"), N_("default Asia/Shanghai")},
    {"locale", 0, OPTION_STRING, N_("LOCALE"), N_("zh_CN or en; default zh_CN")},
    {"currency", 0, OPTION_STRING, N_("CODE"), N_("default CNY")},
    {"token-file", 0, OPTION_STRING, N_("FILE"),
     N_("gets a device token of the director's, for scripts, in place of a code to log in with")},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

const struct option_spec certificate_options[] = {
    {"host", 0, OPTION_LIST, N_("NAME"),
     N_("a name or address under which clients reach the server; may be repeated")},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

// The schema owner's connection, to the private cluster or the configured server.
struct database {
    struct cluster *cluster;
    PGconn *connection;
};

static bool connect_to(struct database *database, const struct config *config)
{
    const char *conninfo = config->database_owner;
    if (*config->private_folder) {
        if (!database->cluster || !cluster_start(database->cluster)) {
            return false;
        }
        conninfo = cluster_owner_conninfo(database->cluster);
    }
    database->connection = blocking_connect(conninfo);
    return database->connection != NULL;
}

// Made where it is not there, and brought to this version.
static bool open_database(struct database *database, const struct config *config)
{
    if (*config->private_folder) {
        database->cluster = cluster_new(config->private_folder);
    }
    return connect_to(database, config) && migrate(database->connection);
}

// As it is, to be read alone.
static bool open_to_read(struct database *database, const struct config *config)
{
    if (*config->private_folder) {
        database->cluster = cluster_new(config->private_folder);
        if (database->cluster && !cluster_exists(database->cluster)) {
            fprintf(stderr, _("tiejund: there is no database in %s\n"), config->private_folder);
            return false;
        }
    }
    return connect_to(database, config) &&
           blocking_run(database->connection, "SET default_transaction_read_only = on") &&
           migrate_is_current(database->connection);
}

static void close_database(struct database *database)
{
    PQfinish(database->connection);
    cluster_free(database->cluster);
}

int task_migrate(const struct config *config)
{
    struct database database = {0};
    bool done = open_database(&database, config);
    if (done) {
        puts(_("The schema is up to date."));
    }
    close_database(&database);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Tells a person why the database said no.
static void print_refusal(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    struct arena *arena = arena_new(MESSAGE_BUDGET);
    if (arena && state && strcmp(state, "TJ001") == 0) {
        const struct refusal *refusal =
            refusal_find(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
        fprintf(stderr, "tiejund: %s\n",
                refusal_sentence(arena, refusal, PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL),
                                 i18n_language()));
    } else {
        fprintf(stderr, "tiejund: %s", PQresultErrorMessage(result));
    }
    arena_free(arena);
}

static const char *text_or(const struct options *options, const char *name, const char *fallback)
{
    const char *text = options_string(options, name);
    return text ? text : fallback;
}

static bool run_init(PGconn *connection, const struct options *options, const char *token_hash,
                     const char *code_hash)
{
    const char *handle = options_string(options, "director");
    const char *const values[] = {
        options_string(options, "company"),
        text_or(options, "time-zone", "Asia/Shanghai"),
        text_or(options, "locale", "zh_CN"),
        text_or(options, "currency", "CNY"),
        handle,
        text_or(options, "name", handle),
        token_hash,
        code_hash,
    };
    PGresult *result = PQexecParams(connection,
                                    "SELECT company_init(company => $1, time_zone => $2,"
                                    " locale => $3, currency => $4, handle => $5, name => $6,"
                                    " token_hash => $7, code_hash => $8)",
                                    8, NULL, values, NULL, NULL, 0);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!done) {
        print_refusal(result);
    }
    PQclear(result);
    return done;
}

static void write_hash(const unsigned char hash[crypto_generichash_BYTES], char hex[HASH_HEX])
{
    memcpy(hex, "\\x", 2);
    sodium_bin2hex(hex + 2, HASH_HEX - 2, hash, crypto_generichash_BYTES);
}

// Makes a token: the file gets it, the database its hash.
static bool make_token(FILE *file, char hash_hex[HASH_HEX])
{
    unsigned char token[TOKEN_SIZE];
    unsigned char hash[crypto_generichash_BYTES];
    char hex[2 * TOKEN_SIZE + 1];
    randombytes_buf(token, sizeof token);
    crypto_generichash(hash, sizeof hash, token, sizeof token, NULL, 0);
    write_hash(hash, hash_hex);
    sodium_bin2hex(hex, sizeof hex, token, sizeof token);
    bool written = fprintf(file, "%s\n", hex) > 0 && fflush(file) == 0;
    sodium_memzero(token, sizeof token);
    sodium_memzero(hex, sizeof hex);
    if (!written) {
        fputs(_("tiejund: the token file cannot be written\n"), stderr);
    }
    return written;
}

// What --host says. False after saying what is wrong with it.
static bool read_hosts(const struct options *options, struct host_names *hosts)
{
    const char *lists[HOST_NAMES_MOST];
    char wrong[HOST_NAME_SIZE] = "";
    size_t count = options_list(options, "host", lists, HOST_NAMES_MOST);
    bool good = count <= HOST_NAMES_MOST;
    *hosts = (struct host_names){0};
    for (size_t i = 0; i < count && good; i++) {
        good = host_names_add(hosts, lists[i], wrong);
    }
    if (!good) {
        fprintf(stderr, _("tiejund: --host %s: no host name or address, or more than %d of them\n"),
                wrong, HOST_NAMES_MOST);
    }
    return good;
}

// What clients go by, and how the administrator gives it to them.
static void print_trust(const struct config *config)
{
    char path[AUTHORITY_PATH_SIZE];
    char fingerprint[TLS_FINGERPRINT_SIZE];
    const char *certificate = config->certificate;
    if (!*certificate) {
        authority_path(config->tls_folder, "ca.pem", path);
        printf(_("Clients trust the server by its CA: TIEJUN_CA=%s\n"), path);
        authority_path(config->tls_folder, "server.pem", path);
        certificate = path;
    }
    if (tls_fingerprint_of_file(certificate, fingerprint)) {
        printf(_("or by the fingerprint of its certificate, SHA-256:\n  %s\n"), fingerprint);
    }
}

static bool make_certificates(const struct config *config, const struct host_names *hosts)
{
    return *config->certificate || authority_ensure(config->tls_folder, hosts);
}

// The director gets either a token, in a file for scripts, or a code to log in with.
static bool init_with(PGconn *connection, const struct options *options, FILE *token,
                      char code[INVITE_CODE_SIZE])
{
    uint8_t hash[INVITE_CODE_HASH];
    char hash_hex[HASH_HEX];
    if (token) {
        return make_token(token, hash_hex) && run_init(connection, options, hash_hex, NULL);
    }
    invite_code_make(code);
    if (!invite_code_hash(code, hash)) {
        return false;
    }
    write_hash(hash, hash_hex);
    return run_init(connection, options, NULL, hash_hex);
}

int task_init(const struct config *config, const struct options *options, FILE *token)
{
    struct database database = {0};
    struct host_names hosts;
    char code[INVITE_CODE_SIZE] = "";
    bool done = read_hosts(options, &hosts) && make_certificates(config, &hosts) &&
                open_database(&database, config) &&
                init_with(database.connection, options, token, code);
    if (done) {
        printf(_("%s exists, and %s is its first director.\n"), options_string(options, "company"),
               options_string(options, "director"));
        print_trust(config);
    }
    if (done && !token) {
        printf(_("Start the daemon; within three days, the director sets a password with\n"
                 "    tiejun enrol --server HOST:PORT\n"
                 "and this code, which is good once: %s\n"),
               code);
    }
    sodium_memzero(code, sizeof code);
    close_database(&database);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int task_certificate(const struct config *config, const struct options *options)
{
    struct host_names hosts;
    if (*config->certificate) {
        fprintf(stderr, _("tiejund: %s is not of our making: renew it where it was made\n"),
                config->certificate);
        return EXIT_FAILURE;
    }
    if (!read_hosts(options, &hosts) || !authority_renew(config->tls_folder, &hosts)) {
        return EXIT_FAILURE;
    }
    puts(_("The server has a new certificate; restart tiejund, and it shows it."));
    print_trust(config);
    return EXIT_SUCCESS;
}

// What is kept against what it follows from: every row that a check finds differs.
static const char *const checks[] = {"SELECT * FROM totals_check()",
                                     "SELECT * FROM strength_check()"};

static void print_differences(const PGresult *rows)
{
    for (int row = 0; row < PQntuples(rows); row++) {
        for (int column = 0; column < PQnfields(rows); column++) {
            printf("%s%s=%s", column ? " " : "", PQfname(rows, column),
                   PQgetvalue(rows, row, column));
        }
        putchar('\n');
    }
}

// Prints what differs. False when that cannot be told.
static bool run_checks(PGconn *connection, int *differences)
{
    bool told = true;
    *differences = 0;
    for (size_t i = 0; told && i < sizeof checks / sizeof *checks; i++) {
        PGresult *rows = blocking_query(connection, checks[i], 0, NULL);
        told = rows != NULL;
        if (rows) {
            print_differences(rows);
            *differences += PQntuples(rows);
        }
        PQclear(rows);
    }
    return told;
}

int task_check(const struct config *config)
{
    struct database database = {0};
    int differences = 0;
    bool told = false;
    PGresult *counts = NULL;
    if (open_to_read(&database, config)) {
        counts = blocking_query(database.connection,
                                "SELECT (SELECT count(*) FROM fact), (SELECT count(*) FROM total)",
                                0, NULL);
        told = run_checks(database.connection, &differences);
    }
    if (counts && told) {
        printf(_("%s facts, %s totals, %d differences\n"), PQgetvalue(counts, 0, 0),
               PQgetvalue(counts, 0, 1), differences);
    }
    bool agree = counts && told && differences == 0;
    PQclear(counts);
    close_database(&database);
    return agree ? EXIT_SUCCESS : EXIT_FAILURE;
}
