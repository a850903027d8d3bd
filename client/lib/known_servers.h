// The servers that this user has come to know: a file of lines "HOST:PORT FINGERPRINT", as ssh has
// one. Lines that begin with "#", and any that are not understood, are kept as they are.
#pragma once

#include "common/tls.h"

#include <stdbool.h>

// The fingerprint that the file has of a server, by server_name's whole form. False when it has
// none, or there is no file.
bool known_servers_find(const char *path, const char *server,
                        char fingerprint[TLS_FINGERPRINT_SIZE]);

// Puts the fingerprint in the place of any that the file has of the server. The file, which is for
// the user alone, and the folders on its way are made when they are not there; a reader sees all
// of it or what was before. False with errno.
bool known_servers_remember(const char *path, const char *server,
                            const char fingerprint[TLS_FINGERPRINT_SIZE]);
