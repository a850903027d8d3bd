// What all connections together may cost, and those of strangers above all: connections that have
// not said who they are.
//
// When there are too many strangers, in all or of one address, the oldest of them has to go: who
// means it honestly has logged in by then, and whoever only holds his place gives it to him. So a
// crowd of silent connections keeps nobody out, its own neighbours neither.
#pragma once

#include "server/net/tally.h"
#include "server/net/turns.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include <sys/socket.h>

struct gate_settings {
    // Strangers, in all and of one address (of IPv6: of one network of 64 bits).
    long strangers;
    long strangers_of_address;
    // From the first byte of a connection to its login.
    long login_seconds;
    // What a client must send at least, on the average, of a frame that it has begun.
    long bytes_per_second;
};

struct gate;
struct gate_address;

// A connection's place. A stranger's is in two lists, each with the oldest first.
struct gate_place {
    struct gate_address *address;
    // For the log.
    const char *peer;
    // Ends the connection, which leaves the gate by that.
    void (*evict)(void *context);
    void *context;
    TAILQ_ENTRY(gate_place) in_all;
    TAILQ_ENTRY(gate_place) of_address;
};

// NULL when memory is out.
struct gate *gate_new(struct event_base *base, const struct gate_settings *settings);
void gate_free(struct gate *gate);

const struct gate_settings *gate_limits(const struct gate *gate);
struct tally *gate_tally(const struct gate *gate);
// The turns of strangers, for what they make the daemon work.
struct turns *gate_turns(const struct gate *gate);

// A connection comes as a stranger; another one may be evicted for it. False when there is no room
// for any more: nothing is entered then. peer, evict and context are set already.
__attribute__((warn_unused_result)) bool gate_enter(struct gate *gate, struct gate_place *place,
                                                    const struct sockaddr *address);

// It has said who it is.
void gate_know(struct gate *gate, struct gate_place *place);

// It ends.
void gate_leave(struct gate *gate, struct gate_place *place);

// What waits for clients to read it, in all connections: tells of bytes that came and went.
void gate_count_output(struct gate *gate, size_t added, size_t removed);

// Whether that is so much that nobody with answers waiting should be asked for more requests.
bool gate_output_is_high(const struct gate *gate);
