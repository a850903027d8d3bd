// Where this user's token files are, and how one comes to be: client/lib/token_file.h says what
// they hold.
#pragma once

#include "client/lib/session.h"

#include <stdbool.h>
#include <stdint.h>

// option: --token-file or NULL; else $TIEJUN_TOKEN_FILE, else tiejun/token in $XDG_STATE_HOME or
// ~/.local/state. To be freed by the caller.
char *token_path(const char *option);

// Where the token for one daemon is, HOST:PORT: what `tiejun login` has kept for it, or else as
// token_path(); for_login: where that keeps it.
char *token_path_for(const char *option, const char *server, bool for_login);

// Both end the program with COMMAND_REFUSED when it cannot be done.

// Refuses a file that others may read, or that is another user's. server: whose token it is, for
// what is said where there is none.
void token_read(const char *path, const char *server, uint8_t token[SESSION_TOKEN_SIZE]);

// Makes the file and the folders on its way. An existing file is never overwritten.
void token_write(const char *path, const uint8_t token[SESSION_TOKEN_SIZE]);

// A token that was written to path takes the place of the one in place, if there is one. Facts that
// the same person logged by the one before go along with the new one.
void token_keep(const char *path, const char *place, const char *server,
                const uint8_t token[SESSION_TOKEN_SIZE], const char *person);
