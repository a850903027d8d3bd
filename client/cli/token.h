// The token file: what shows the daemon which device this is, 64 hex digits, readable by its owner
// alone.
#pragma once

#include "client/lib/session.h"

#include <stdint.h>

// option: --token-file or NULL; else $TIEJUN_TOKEN_FILE, else tiejun/token in $XDG_STATE_HOME or
// ~/.local/state. To be freed by the caller.
char *token_path(const char *option);

// Both end the program with COMMAND_REFUSED when it cannot be done.

// Refuses a file that others may read.
void token_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE]);

// Makes the file and the folders on its way. An existing file is never overwritten.
void token_write(const char *path, const uint8_t token[SESSION_TOKEN_SIZE]);
