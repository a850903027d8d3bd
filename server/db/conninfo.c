#include "server/db/conninfo.h"

struct conninfo conninfo_of(const char *text)
{
    return (struct conninfo){
        .keywords = {"dbname", "options", "application_name"},
        .values = {text, "-c search_path=tiejun,pg_temp -c timezone=UTC -c datestyle=ISO",
                   "tiejund"},
    };
}
