// What was read of people, of themselves or of those they lead, is remembered for the rest of the
// day, so that most facts are judged without asking the database. What it tells may be out of date:
// whoever keeps a fact judged by it names the snapshot in which it was read, and the store refuses
// when anything has changed since, as it does when the right to write for others has gone.
//
// A reading must not begin before the one before it has been answered: then no snapshot here is
// younger than what was learned under it.
#pragma once

#include "server/rpc/steps.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct intake_memory;

// A snapshot, and which one in turn: of two, the lower is the older. 0: none.
struct intake_ground {
    uint64_t turn;
    const char *snapshot;
};

// NULL when memory is out.
struct intake_memory *memory_new(void);
void memory_free(struct intake_memory *memory);

// What all that is remembered holds as of. Its text is the memory's, until it is forgotten.
struct intake_ground memory_ground(const struct intake_memory *memory);

// A reading was answered, in that snapshot; NULL: the store gives none, and nothing is remembered.
void memory_read(struct intake_memory *memory, const char *snapshot);

// What it said of a fact of that actor.
void memory_learn(struct intake_memory *memory, int64_t actor_id, const Tiejun__V1__Fact *fact,
                  const Tiejun__Server__FactKnown *known);

// What a reading would say of a fact of that actor, which happened or came in at that instant. In
// the arena, with pointers into fact and at; NULL when a reading is needed.
const Tiejun__Server__FactKnown *memory_recall(const struct intake_memory *memory,
                                               struct arena *arena, int64_t actor_id,
                                               const Tiejun__V1__Fact *fact,
                                               const Google__Protobuf__Timestamp *came_at);

// Something has changed since that ground: what is remembered as of it is forgotten.
void memory_forget(struct intake_memory *memory, uint64_t turn);
