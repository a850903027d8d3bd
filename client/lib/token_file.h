// Reads a token file: what shows the daemon which device this is, 64 hex digits, readable by its
// owner alone.
#pragma once

#include "client/lib/session.h"

#include <stdint.h>

enum token_fault {
    TOKEN_IS_GOOD,
    TOKEN_IS_ABSENT,
    // errno says why.
    TOKEN_IS_UNREADABLE,
    TOKEN_IS_ANOTHERS,
    TOKEN_IS_OPEN_TO_OTHERS,
    TOKEN_IS_NO_HEX,
};

// token is set when the file is good, and only then. A pipe may be anybody's: whoever opened it
// knows.
enum token_fault token_file_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE]);
