// The outbox: facts on this machine's disk until the daemon has taken them (architecture.md "The
// clients"). One file for each device token, that is for each person and company; SQLite in WAL
// mode with synchronous=FULL: what a function reports done survives a power cut.
//
// Several programs may use one outbox at once. Sending needs no lock to be right, since a fact is
// known by its id; outbox_lock only keeps two of them from doing the same work.
//
// A fact is never dropped by itself: it waits, or was refused and stays in sight, or the daemon has
// it. Those are kept some days more, so that a day can be shown whole without the daemon.
#pragma once

#include "client/lib/device_clock.h"
#include "client/lib/outbox.pb-c.h"
#include "client/lib/sync_ports.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct outbox;

enum outbox_state {
    OUTBOX_WAITING = 0,
    OUTBOX_SYNCED = 1,
    OUTBOX_REFUSED = 2,
};

// Opens the outbox in a folder, which is made if it is not there. NULL when that cannot be done;
// reason then has a phrase in the user's language.
struct outbox *outbox_open(const char *folder, char *reason, size_t reason_size);
void outbox_close(struct outbox *outbox);

// Why the last call failed: a phrase in the user's language, "the disk is full".
const char *outbox_reason(const struct outbox *outbox);
// The file, for messages.
const char *outbox_file(const struct outbox *outbox);

// The time, in nanoseconds since 1970, by the daemon's clock as far as it is known here.
int64_t outbox_clock(struct outbox *outbox);

// On disk before it returns true; false and nothing kept otherwise. fact->id must be set. What
// could not be sent is not taken: texts that are not UTF-8, or longer than OUTBOX_FACT_MOST bytes
// in all.
#define OUTBOX_FACT_MOST ((size_t)512 << 10)
bool outbox_add(struct outbox *outbox, const Tiejun__V1__Fact *fact,
                const struct device_instant *recorded, bool occurred_by_clock);

// The facts of a state in the order recorded, in the arena. False when they cannot be read.
bool outbox_list(struct outbox *outbox, enum outbox_state state, struct arena *arena,
                 Tiejun__Client__OutboxFacts *facts);

// Those that the daemon has and that wait for an approval, likewise.
bool outbox_list_pending(struct outbox *outbox, struct arena *arena,
                         Tiejun__Client__OutboxFacts *facts);

// A fact by its whole id, whichever its state; NULL when it is not here. In the arena.
Tiejun__Client__OutboxFact *outbox_find(struct outbox *outbox, const char *id, struct arena *arena,
                                        enum outbox_state *state);

// Fills in all but file. False when it cannot be read.
bool outbox_status(struct outbox *outbox, struct arena *arena,
                   Tiejun__Client__OutboxStatus *status);

// Sends a refused fact again, as it was or as mended: it waits, at the end of the line, under the
// same id, so that it cannot count twice whatever became of what was sent before.
bool outbox_retry(struct outbox *outbox, const Tiejun__V1__Fact *fact);
// The one of that id as another fact, with an id of its own.
bool outbox_retry_anew(struct outbox *outbox, const char *id, const Tiejun__V1__Fact *fact);

// Sends those that wait for an approval once more: the daemon then says what became of them. False
// when there are none.
bool outbox_ask_again(struct outbox *outbox);

// Takes a refused fact out. The caller has kept it elsewhere.
bool outbox_drop(struct outbox *outbox, const char *id);

// Removes what the daemon took more than so many days ago; what waits for an approval stays longer.
bool outbox_tidy(struct outbox *outbox, int days);

// Whether this program now is the one that sends; waits for at most timeout_ms. Ends with
// outbox_unlock, outbox_close or the program, however that ends.
bool outbox_lock(struct outbox *outbox, int timeout_ms);
void outbox_unlock(struct outbox *outbox);

// The outbox as the sync core knows it. Good until outbox_close.
struct sync_store outbox_store(struct outbox *outbox);
