// Passwords are hashed beside the event loop: a few threads and a short queue, whose answers come
// back on the loop, by number.
#pragma once

#include <event2/event.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hasher;

// Argon2id. libsodium's "interactive" costs are 64 MiB and 2 passes: three times the memory that
// OWASP's Password Storage Cheat Sheet asks for at 2 passes, and some 0.1 s of one core. What the
// daemon takes for it is bounded by threads x memory, 128 MiB; a queue that is full is a second or
// two of waiting, beyond which BUSY is the better answer.
enum {
    HASHER_THREADS = 2,
    HASHER_QUEUE_MOST = 32,
    HASHER_MEMORY_KIB = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE >> 10,
    HASHER_PASSES = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
    // Below these libsodium does not go. Tests do.
    HASHER_MEMORY_KIB_LEAST = crypto_pwhash_argon2id_MEMLIMIT_MIN >> 10,
    HASHER_MEMORY_KIB_MOST = 1 << 20,
    HASHER_PASSES_MOST = 64,
    // Of what a password is checked against, its end included.
    HASHER_VERIFIER_SIZE = crypto_pwhash_STRBYTES,
};

struct hasher_outcome {
    // The password is the one of the verifier. True where none was checked.
    bool good;
    // The verifier of the new password, or of the same one when its costs have changed since; empty
    // where there is none.
    char verifier[HASHER_VERIFIER_SIZE];
};

struct hasher_settings {
    size_t threads;
    size_t queue_max;
    size_t memory_kib;
    unsigned passes;
    void *context;
    // On the event loop, once for each job.
    void (*done)(void *context, uint64_t id, const struct hasher_outcome *outcome);
};

// NULL after logging why not.
struct hasher *hasher_new(struct event_base *base, const struct hasher_settings *settings);

// Waits for what the threads are at. What is not done is done as no good, from within this call.
void hasher_free(struct hasher *hasher);

// Checks password against verifier unless it is NULL, then, when that was good, makes a verifier of
// fresh unless it is NULL. An empty verifier stands for a person without a password, known or not:
// it takes as long as a wrong one. All is copied, and wiped after use. False when too much waits
// already or memory is out: nothing was kept then.
__attribute__((warn_unused_result)) bool hasher_submit(struct hasher *hasher, uint64_t id,
                                                       const char *password, const char *verifier,
                                                       const char *fresh);
