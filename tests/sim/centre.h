// The simulated centre: one database, and daemons before it. It is the smallest model that keeps
// the contract of FactService.Log, as tests/sim needs it, until the daemon's own intake takes its
// place:
// - a fact is known by its id, and kept once however often it comes;
// - a request is one transaction, whose facts are taken in the order sent;
// - the answer follows the commit; who never gets it may send again.
// A daemon that is killed loses what it has not committed, and the answers to what it has.
#pragma once

#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct centre;
struct world;

#define CENTRE_DAEMONS 2

// How a fact of a test says that the daemon will not have it: its note begins so. Refused by
// itself, and one that makes the whole request invalid.
#define NOTE_REFUSED "refused"
#define NOTE_INVALID "invalid"

struct centre_row {
    char *id;
    // Which device sent it first, for the order.
    uint64_t device;
    Tiejun__V1__Fact *fact;
};

struct centre *centre_new(struct world *world);
void centre_free(struct centre *centre);

// From here on everything works, and soon.
void centre_calm(struct centre *centre);

// The life of a daemon: another number after each restart, 0 while it is down.
uint64_t centre_life(const struct centre *centre, unsigned daemon);
void centre_stop(struct centre *centre, unsigned daemon);
void centre_start(struct centre *centre, unsigned daemon);

// The centre's clock.
int64_t centre_clock_ns(const struct centre *centre);

// Takes a request in; the answer, packed as a ServerFrame without its length, comes by this
// function later, or never. link and link_life are handed through.
typedef void (*centre_answer)(void *link, const uint8_t *frame, size_t size);
void centre_take(struct centre *centre, unsigned daemon, uint64_t device, const uint8_t *frame,
                 size_t size, centre_answer answer, void *link);

// What it has, in the order of the commits.
size_t centre_rows(const struct centre *centre, const struct centre_row **rows);
