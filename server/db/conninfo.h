// Where PostgreSQL is, and how every connection of tiejun is set up.
#pragma once

enum { CONNINFO_PARTS = 4 };

// Keywords and values for PQconnectStartParams() and PQconnectdbParams() with expand_dbname: the
// connection string, then our own search path, time zone and date style, which its "options" may
// not change. The arrays point to conninfo and to constants.
struct conninfo {
    const char *keywords[CONNINFO_PARTS];
    const char *values[CONNINFO_PARTS];
};

struct conninfo conninfo_of(const char *text);
