// Where PostgreSQL is, and how every connection of tiejun is set up.
#pragma once

enum { CONNINFO_PARTS = 9 };

// Keywords and values for PQconnectStartParams() and PQconnectdbParams() with expand_dbname: the
// connection string, then our own search path, time zone and date style, which its "options" may
// not change. The arrays point to conninfo and to constants.
//
// A server that cannot be written to, a standby, is passed or refused (target_session_attrs): we
// cannot work there. A host that has fallen silent is given up after 2 s, be something under way
// to it (tcp_user_timeout) or not (keepalives, of which a living one answers one a second), and
// after 10 s where we block while we connect; a string may have it otherwise. A host that is busy
// is not silent: its kernel answers.
struct conninfo {
    const char *keywords[CONNINFO_PARTS];
    const char *values[CONNINFO_PARTS];
};

struct conninfo conninfo_of(const char *text);

// The same for connections that serve requests, which share them: one that waits for a lock gives
// up after 5 s (nothing of ours holds one for long, so an administrator's session or a migration
// does), and no statement runs for more than 30 s, a hundred times what the slowest report takes. A
// daemon that froze amid a transaction loses its locks after a minute.
struct conninfo conninfo_of_requests(const char *text);
