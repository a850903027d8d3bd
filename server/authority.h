// The daemon's own certificate authority: a folder with ca.pem and ca.key, and server.pem and
// server.key, which it signed. ca.pem is for every client; the keys leave the folder never.
#pragma once

#include "server/host_names.h"

#include <stdbool.h>

// Every function logs why not, naming the file.

// Makes what is not there: the folder (0700), the CA, a server certificate for the hosts and for
// this machine's own names. Safe when several daemons of one folder do it at once. Logs the hosts
// that a certificate which was there already is not for.
__attribute__((warn_unused_result)) bool authority_ensure(const char *folder,
                                                          const struct host_names *hosts);

// Makes the server certificate anew, for the names of the present one and the hosts, with a new
// key. A CA that is not there is made.
__attribute__((warn_unused_result)) bool authority_renew(const char *folder,
                                                         const struct host_names *hosts);

// The path of one of the files, "ca.pem".
enum { AUTHORITY_PATH_SIZE = 4096 };
void authority_path(const char *folder, const char *name, char path[AUTHORITY_PATH_SIZE]);
