// What the simulated database holds: facts, memberships and totals. The smallest model that keeps
// the promises of fact_log_read() and fact_log_write() (sql/functions) to the intake:
// - a fact is known by its office and id, and is kept once however often it comes;
// - a void takes back a fact of the same person once;
// - people move, also in days that are past: what was placed in the old office meanwhile is not
//   kept (40001), and what was kept is found where it is;
// - what is judged by an earlier reading names its ground, and is not kept (40001) when anything
//   has changed since;
// - a batch is kept as a whole or not at all, and totals move with the facts that are new.
#pragma once

#include "server/rpc/steps.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct tables;
struct world;

enum { TABLES_PEOPLE = 5, TABLES_OFFICES = 3 };

// How a fact of a test says what is to become of it: its note begins so. Nothing that it is a part
// of can be read or kept; or it can be read, but not kept. One without a customer is refused by
// itself.
#define NOTE_UNREADABLE "unreadable"
#define NOTE_UNKEEPABLE "unkeepable"

struct row {
    // With its place and verdict.
    Tiejun__Server__JudgedFact *fact;
    int64_t actor_id;
};

struct total {
    size_t facts;
    int64_t minutes;
};

struct tables *tables_new(struct world *world);
void tables_free(struct tables *tables);

// Somebody is found to have been in another office some time, or an office asks for longer or
// shorter visits.
void tables_change(struct tables *tables);
// Whether the person is one of those who never move.
bool tables_stays(const struct tables *tables, int64_t person_id);

// Both leave the answer in the arena and return NULL, or the SQLSTATE with which they fail.
const char *tables_read(struct tables *tables, const Tiejun__Server__FactRead *read,
                        struct arena *arena, Tiejun__Server__FactGround **answer);
const char *tables_write(struct tables *tables, const Tiejun__Server__FactPlan *plan,
                         struct arena *arena, Tiejun__V1__FactServiceLogResponse **answer);

// In the order kept.
size_t tables_rows(const struct tables *tables, const struct row **rows);
// NULL: it has none of that id.
const struct row *tables_find(const struct tables *tables, const char *id);
struct total tables_total(const struct tables *tables, int64_t person_id);

// A promise of the intake to its store that was seen broken; NULL.
const char *tables_complaint(const struct tables *tables);
