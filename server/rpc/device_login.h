// The one way in: the database knows whose device it is by the hash of its token.
#pragma once

#include "server/rpc/service.h"

enum {
    // A hash of 32 bytes as text for the database, and a number.
    TOKEN_HASH_TEXT = 2 * 32 + 3,
    ID_TEXT_SIZE = 24,
    // As person_make() has them: characters of up to 4 bytes.
    HANDLE_SIZE = 64 * 4 + 1,
    NAME_SIZE = 200 * 4 + 1,
};

struct device_owner {
    char actor[ID_TEXT_SIZE];
    char device[ID_TEXT_SIZE];
    char handle[HANDLE_SIZE];
    char name[NAME_SIZE];
};

// Told once, never from within device_login(), and not when the session has gone. owner lives
// during the call; without one, refusal says why, and field what was at fault, or NULL.
typedef void device_answered(struct service *service, uint64_t session_id,
                             const struct device_owner *owner, const char *refusal,
                             const char *field);

// False when memory is out or too much is under way.
__attribute__((warn_unused_result)) bool device_login(struct service *service, uint64_t session_id,
                                                      const char token_hash[TOKEN_HASH_TEXT],
                                                      const char *address,
                                                      device_answered *answered);
