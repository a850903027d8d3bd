// The token file: what shows the daemon which device this is, 64 hex digits, readable by its owner
// alone.
#pragma once

#include "client/lib/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// False with a sentence's part in the user's language in reason: "others can read it".
bool token_file_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE], char *reason,
                     size_t reason_size);
