// Where this user's state is kept: tiejun/ in $XDG_STATE_HOME, else in ~/.local/state.
#pragma once

#include "client/lib/session.h"

#include <stdbool.h>
#include <stdint.h>

// A path within it, to be freed by the caller.
char *state_path(const char *rest);

// The folder of what belongs to one device token: its outbox and its copy of the centre. The token,
// and not the daemon's address, which may change, says whose facts these are; without the daemon it
// is also all that is known. The name tells nothing of the token. To be freed by the caller.
char *state_folder_of(const uint8_t token[SESSION_TOKEN_SIZE]);

// Makes every folder on the way to a file, for the user alone. False with errno.
bool state_make_folders(const char *file);
