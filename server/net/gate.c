#include "server/net/gate.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    CONNECTIONS_MOST = 16384,
    // Descriptors that clients leave for the database, files and the daemon itself.
    DESCRIPTORS_KEPT = 128,
    BUCKETS = 1024,
    KEY_SIZE = 8,
    OUTPUT_HIGH = 128 << 20,
};

TAILQ_HEAD(places, gate_place);

// An address with strangers.
struct gate_address {
    // The IPv4 address, or the network of the IPv6 one.
    unsigned char key[KEY_SIZE];
    long strangers;
    struct places places;
    LIST_ENTRY(gate_address) entry;
};

struct gate {
    struct gate_settings settings;
    struct tally *tally;
    struct turns *turns;
    long connections;
    long connections_most;
    long strangers;
    size_t output;
    struct places places;
    LIST_HEAD(, gate_address) addresses[BUCKETS];
};

// Clients never take the last descriptors: without one the database could not be reached again.
static long connections_most(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur >= CONNECTIONS_MOST + DESCRIPTORS_KEPT) {
        return CONNECTIONS_MOST;
    }
    long descriptors = (long)limit.rlim_cur;
    return descriptors / 2 > DESCRIPTORS_KEPT ? descriptors - DESCRIPTORS_KEPT : descriptors / 2;
}

struct gate *gate_new(struct event_base *base, const struct gate_settings *settings)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate || !(gate->tally = tally_new(base)) || !(gate->turns = turns_new(base))) {
        gate_free(gate);
        return NULL;
    }
    gate->settings = *settings;
    gate->connections_most = connections_most();
    // Strangers leave half of the room to those who are known.
    if (gate->settings.strangers > gate->connections_most / 2) {
        gate->settings.strangers = gate->connections_most / 2;
    }
    TAILQ_INIT(&gate->places);
    return gate;
}

void gate_free(struct gate *gate)
{
    if (gate) {
        tally_free(gate->tally);
        turns_free(gate->turns);
        free(gate);
    }
}

const struct gate_settings *gate_limits(const struct gate *gate)
{
    return &gate->settings;
}

struct tally *gate_tally(const struct gate *gate)
{
    return gate->tally;
}

struct turns *gate_turns(const struct gate *gate)
{
    return gate->turns;
}

static void make_key(const struct sockaddr *address, unsigned char key[KEY_SIZE])
{
    memset(key, 0, KEY_SIZE);
    if (address->sa_family == AF_INET6) {
        const struct in6_addr *in6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
        // Those that a listener on [::] has from IPv4 are no network: they begin alike.
        memcpy(key, in6->s6_addr + (IN6_IS_ADDR_V4MAPPED(in6) ? KEY_SIZE : 0), KEY_SIZE);
    } else if (address->sa_family == AF_INET) {
        memcpy(key, &((const struct sockaddr_in *)address)->sin_addr, sizeof(struct in_addr));
    }
}

// FNV-1a.
static size_t bucket_of(const unsigned char key[KEY_SIZE])
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < KEY_SIZE; i++) {
        hash = (hash ^ key[i]) * 16777619U;
    }
    return hash % BUCKETS;
}

static struct gate_address *find_address(struct gate *gate, const struct sockaddr *socket_address)
{
    unsigned char key[KEY_SIZE];
    make_key(socket_address, key);
    size_t bucket = bucket_of(key);
    struct gate_address *address;
    LIST_FOREACH(address, &gate->addresses[bucket], entry)
    {
        if (memcmp(address->key, key, KEY_SIZE) == 0) {
            return address;
        }
    }
    address = calloc(1, sizeof *address);
    if (address) {
        memcpy(address->key, key, KEY_SIZE);
        TAILQ_INIT(&address->places);
        LIST_INSERT_HEAD(&gate->addresses[bucket], address, entry);
    }
    return address;
}

static void evict(struct gate *gate, struct gate_place *place, enum tally_reason reason)
{
    tally_count(gate->tally, reason, place->peer, NULL);
    place->evict(place->context);
}

bool gate_enter(struct gate *gate, struct gate_place *place, const struct sockaddr *address)
{
    if (gate->strangers >= gate->settings.strangers) {
        evict(gate, TAILQ_FIRST(&gate->places), TALLY_CROWD);
    }
    place->address =
        gate->connections < gate->connections_most ? find_address(gate, address) : NULL;
    if (!place->address) {
        tally_count(gate->tally, TALLY_FULL, place->peer, NULL);
        return false;
    }
    TAILQ_INSERT_TAIL(&gate->places, place, in_all);
    TAILQ_INSERT_TAIL(&place->address->places, place, of_address);
    gate->connections++;
    gate->strangers++;
    if (++place->address->strangers > gate->settings.strangers_of_address) {
        evict(gate, TAILQ_FIRST(&place->address->places), TALLY_CROWD_OF_ADDRESS);
    }
    return true;
}

void gate_know(struct gate *gate, struct gate_place *place)
{
    struct gate_address *address = place->address;
    if (!address) {
        return;
    }
    TAILQ_REMOVE(&gate->places, place, in_all);
    TAILQ_REMOVE(&address->places, place, of_address);
    gate->strangers--;
    if (--address->strangers == 0) {
        LIST_REMOVE(address, entry);
        free(address);
    }
    place->address = NULL;
}

void gate_leave(struct gate *gate, struct gate_place *place)
{
    gate_know(gate, place);
    gate->connections--;
}

void gate_count_output(struct gate *gate, size_t added, size_t removed)
{
    gate->output += added - removed;
}

bool gate_output_is_high(const struct gate *gate)
{
    return gate->output > OUTPUT_HIGH;
}
