// The hosts of a connection string, one by one: libpq goes from one to the next by itself, but
// when it does not block it waits for each as long as TCP does, two minutes where a host is silent.
#pragma once

#include <stddef.h>

struct hosts {
    size_t count;
    // For each host a connection string that names it alone, and has all else that was said.
    char **conninfos;
    // How long a host may be silent while we connect to it, in milliseconds; 0: for ever.
    unsigned silence_ms;
};

// Reads a connection string, words or URI, as libpq 15 does ("34.1.1.3 Specifying Multiple
// Hosts"). A connect_timeout in it is the limit; else it is 2 s where there is another host to go
// to, and 10 s where there is none.
//
// What names no host (it may be in a service or PGHOST, and be several) or does not fit together is
// one string as it is, whose hosts, or whose mistake, libpq finds; the former without a limit of
// ours. NULL when memory is out.
struct hosts *hosts_of(const char *conninfo);
void hosts_free(struct hosts *hosts);
