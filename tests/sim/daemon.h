// A simulated daemon: the real intake (server/rpc/intake.h) over the simulated database, and as
// much of the wire as it needs: a request comes in as the bytes of a frame, its answer goes out
// when the intake has answered the ticket.
//
// What the intake owes each request is checked here: one answer, with an outcome for every fact in
// the order sent, and none before its commit.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct daemon;
struct database;
struct tables;
struct world;

// A note that begins so makes the whole request invalid, before it reaches the intake.
#define NOTE_INVALID "invalid"

// Takes an answer, packed as a ServerFrame without its length.
typedef void daemon_answer(void *link, const uint8_t *frame, size_t size);

struct daemon *daemon_new(struct world *world, struct database *database, struct tables *tables);
// Its memory lasts longer than its life, for what is still on its way to it.
void daemon_free(struct daemon *daemon);

// SIGTERM: takes nothing new, and answers what is under way.
void daemon_close(struct daemon *daemon);
// SIGKILL: nobody is answered any more.
void daemon_kill(struct daemon *daemon);
void daemon_calm(struct daemon *daemon);

void daemon_take(struct daemon *daemon, int64_t actor_id, const uint8_t *frame, size_t size,
                 daemon_answer *answer, void *link);

// A promise that was seen broken; NULL. At the end of a run, when nothing happens any more, a
// request without an answer is one as well.
const char *daemon_complaint(const struct daemon *daemon, bool at_end);
