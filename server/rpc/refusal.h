// Why the daemon says no: a table of stable codes, each with a status, one sentence that names
// the thing, and what to do about it. SQL and arithmetic refuse by code.
#pragma once

#include "common/arena.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdbool.h>

// Separates the parts of a sentence.
#define REFUSAL_SEPARATOR '\x1f'

struct refusal {
    const char *code;
    Tiejun__V1__Status status;
    // N_(); each %s takes one part.
    const char *sentence;
    // N_(), or NULL.
    const char *hint;
};

// The table's row, or the row for a fault of ours when the code is not in it. Never NULL.
const struct refusal *refusal_find(const char *code);

// The sentence in a language, its parts filled in. Parts that are missing read as nothing.
const char *refusal_sentence(struct arena *arena, const struct refusal *refusal,
                             const char *arguments, const char *language);

// The whole error of an answer; field and arguments may be NULL. NULL past the arena's budget.
Tiejun__V1__Error *refusal_error(struct arena *arena, const struct refusal *refusal,
                                 const char *field, const char *arguments, const char *language);
