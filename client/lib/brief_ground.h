// What the copy and the outbox have for a brief (brief.h).
#pragma once

#include "client/lib/brief.h"

struct copy;
struct outbox;

// today: the office's, YYYY-MM-DD. False when the copy has no day of that person's at all; came_ns
// is when the latest one came. Everything lies in the arena.
bool brief_ground_kept(struct copy *copy, struct outbox *outbox, struct arena *arena,
                       const char *today, struct brief_ground *ground, int64_t *came_ns);
