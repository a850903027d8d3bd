#include "server/db/blocking.h"

#include "common/log.h"
#include "server/db/conninfo.h"

#include <string.h>

// libpq ends its messages with a newline.
static void log_failure(const char *what)
{
    int length = (int)strlen(what);
    while (length > 0 && what[length - 1] == '\n') {
        length--;
    }
    log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "%.*s", length, what);
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

PGconn *blocking_connect(const char *conninfo)
{
    const struct conninfo whole = conninfo_of(conninfo);
    PGconn *connection = PQconnectdbParams(whole.keywords, whole.values, 1);
    if (PQstatus(connection) != CONNECTION_OK) {
        log_failure(PQerrorMessage(connection));
        PQfinish(connection);
        return NULL;
    }
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    return connection;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool blocking_run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    bool good = is_good(result);
    if (!good) {
        log_failure(PQresultErrorMessage(result));
    }
    PQclear(result);
    return good;
}

PGresult *blocking_query(PGconn *connection, const char *sql, int n, const char *const *values)
{
    PGresult *result = PQexecParams(connection, sql, n, NULL, values, NULL, NULL, 0);
    if (!is_good(result)) {
        log_failure(PQresultErrorMessage(result));
        PQclear(result);
        return NULL;
    }
    return result;
}
