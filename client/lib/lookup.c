#include "client/lib/lookup.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct lookup {
    // The asker and, while it works, the thread: the last one frees it.
    atomic_int owners;
    char host[256];
    char port[16];
    // Written by the thread before it says that it is done.
    int code;
    struct addrinfo *addresses;
    int done;
};

static void let_go(struct lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->owners, 1) > 1)
        return;
    if (lookup->addresses)
        freeaddrinfo(lookup->addresses);
    if (lookup->done >= 0)
        close(lookup->done);
    free(lookup);
}

static void resolve(struct lookup *lookup, int flags)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
    lookup->code = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->addresses);
}

static void *work(void *context)
{
    static const uint64_t one = 1;
    struct lookup *lookup = context;
    resolve(lookup, AI_ADDRCONFIG);
    // An eventfd takes it always.
    if (write(lookup->done, &one, sizeof one) != sizeof one)
        abort();
    let_go(lookup);
    return NULL;
}

static bool start_thread(struct lookup *lookup)
{
    pthread_t thread;
    lookup->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (lookup->done < 0)
        return false;
    atomic_store(&lookup->owners, 2);
    if (pthread_create(&thread, NULL, work, lookup) != 0) {
        atomic_store(&lookup->owners, 1);
        return false;
    }
    pthread_detach(thread);
    return true;
}

struct lookup *lookup_new(const char *host, const char *port)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (!lookup)
        return NULL;
    atomic_init(&lookup->owners, 1);
    lookup->done = -1;
    snprintf(lookup->host, sizeof lookup->host, "%s", host);
    snprintf(lookup->port, sizeof lookup->port, "%s", port);
    resolve(lookup, AI_NUMERICHOST);
    if (lookup->code != 0 && !start_thread(lookup)) {
        let_go(lookup);
        return NULL;
    }
    return lookup;
}

bool lookup_is_done(const struct lookup *lookup)
{
    struct pollfd done = {.fd = lookup->done, .events = POLLIN};
    return lookup->done < 0 || poll(&done, 1, 0) > 0;
}

int lookup_descriptor(const struct lookup *lookup)
{
    return lookup->done;
}

const struct addrinfo *lookup_addresses(const struct lookup *lookup, const char **reason)
{
    if (lookup->code != 0)
        *reason = gai_strerror(lookup->code);
    return lookup->code == 0 ? lookup->addresses : NULL;
}

void lookup_free(struct lookup *lookup)
{
    if (lookup)
        let_go(lookup);
}
