// A host name becomes addresses without anybody waiting for it: the resolver, which blocks, works
// in a thread of its own.
#pragma once

#include <netdb.h>
#include <stdbool.h>

struct lookup;

// NULL when memory or threads are short. Numeric addresses are there at once.
struct lookup *lookup_new(const char *host, const char *port);

// Whether it is done.
bool lookup_is_done(const struct lookup *lookup);

// Becomes readable when it is; -1 when it was at once.
int lookup_descriptor(const struct lookup *lookup);

// What was found, good until lookup_free; NULL: nothing, and *reason is a phrase that says why.
const struct addrinfo *lookup_addresses(const struct lookup *lookup, const char **reason);

// A resolver that is still at it ends by itself. NULL is legal.
void lookup_free(struct lookup *lookup);
