// What arithmetic of a request is given besides messages, and how it refuses.
#pragma once

#include "common/arena.h"

#include <stdbool.h>

struct workshop {
    // Of the request; everything lives until it is answered.
    struct arena *arena;
    // The caller's language.
    const char *language;
    // Set to refuse: a code of refusal.c, the field at fault, and the sentence's parts separated
    // by U+001F.
    const char *code;
    const char *field;
    const char *arguments;
};

// Sets them; false, for the arithmetic to return.
bool workshop_refuse(struct workshop *workshop, const char *code, const char *field,
                     const char *arguments);
