#include "server/db/conninfo.h"

#define SETUP "-c search_path=tiejun,pg_temp -c timezone=UTC -c datestyle=ISO"

// What comes before the string holds unless the string says otherwise; what comes behind it holds.
static struct conninfo with_options(const char *text, const char *options)
{
    return (struct conninfo){
        .keywords = {"target_session_attrs", "connect_timeout", "tcp_user_timeout",
                     "keepalives_idle", "keepalives_interval", "dbname", "options",
                     "application_name"},
        .values = {"read-write", "10", "2000", "1", "1", text, options, "tiejund"},
    };
}

struct conninfo conninfo_of(const char *text)
{
    return with_options(text, SETUP);
}

struct conninfo conninfo_of_requests(const char *text)
{
    return with_options(text, SETUP " -c lock_timeout=5s -c statement_timeout=30s"
                                    " -c idle_in_transaction_session_timeout=60s");
}
