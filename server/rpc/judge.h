// The verdict of a fact (domain.md 3.2): from messages to the rules of server/method and back.
#pragma once

#include "common/arena.h"
#include "server/rpc/steps.pb-c.h"

// The fact with its place and its verdict, or with the refusal that known holds; position is the
// caller's to set. Its strings are those of fact and known. NULL past the arena's budget.
Tiejun__Server__JudgedFact *judge_fact(struct arena *arena, const Tiejun__V1__Fact *fact,
                                       const Tiejun__Server__FactKnown *known);
