#include "tests/sim/network.h"

#include "common/frame.h"
#include "tests/sim/centre.h"
#include "tests/sim/world.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdlib.h>
#include <string.h>

// One way of a connection: what was sent, of it what has arrived, of it what was read.
struct pipe {
    uint8_t *data;
    size_t sent;
    size_t arrived;
    size_t read;
    // No byte from here on arrives.
    size_t cut;
    int64_t last_at;
};

struct link {
    struct link *next;
    struct network *network;
    void *owner;
    int64_t actor_id;
    uint64_t connection;
    unsigned daemon;
    uint64_t daemon_life;
    bool client_gone;
    bool lost;
    struct pipe up;
    struct pipe down;
};

struct network {
    struct world *world;
    struct centre *centre;
    struct network_events events;
    bool calm;
    struct link *links;
};

struct network *network_new(struct world *world, struct centre *centre,
                            const struct network_events *events)
{
    struct network *network = calloc(1, sizeof *network);
    if (!network)
        abort();
    *network = (struct network){.world = world, .centre = centre, .events = *events};
    return network;
}

void network_free(struct network *network)
{
    while (network->links) {
        struct link *next = network->links->next;
        free(network->links->up.data);
        free(network->links->down.data);
        free(network->links);
        network->links = next;
    }
    free(network);
}

void network_calm(struct network *network)
{
    network->calm = true;
    for (struct link *link = network->links; link; link = link->next)
        link->up.cut = link->down.cut = SIZE_MAX;
}

// Mostly quick, at times seconds.
static int64_t delay(struct network *network)
{
    if (network->calm)
        return 1 + (int64_t)world_below(network->world, 20);
    return (int64_t)world_below(network->world, world_chance(network->world, 10) ? 8000 : 80);
}

static bool daemon_lives(const struct link *link)
{
    return centre_life(link->network->centre, link->daemon) == link->daemon_life;
}

// ---- losing it ----

static void tell_lost(void *context, uint64_t a, uint64_t b)
{
    struct link *link = context;
    (void)a;
    (void)b;
    if (link->client_gone || link->lost)
        return;
    link->lost = true;
    link->network->events.lost(link->owner, link->connection);
}

// The client learns of it some time, or has to give up by itself.
static void lose(struct link *link)
{
    if (link->network->calm || world_chance(link->network->world, 80))
        world_after(link->network->world, delay(link->network), tell_lost, link, 0, 0);
}

// ---- bytes ----

static void client_reads(struct link *link)
{
    size_t header;
    size_t size;
    struct pipe *pipe = &link->down;
    while (!link->client_gone && !link->lost &&
           frame_peek(pipe->data + pipe->read, pipe->arrived - pipe->read, FRAME_LIMIT_ANSWER,
                      &header, &size) == FRAME_READY) {
        const uint8_t *frame = pipe->data + pipe->read + header;
        pipe->read += header + size;
        link->network->events.received(link->owner, link->connection, frame, size);
    }
}

static void arrive_down(void *context, uint64_t count, uint64_t unused)
{
    struct link *link = context;
    (void)unused;
    link->down.arrived += count;
    client_reads(link);
}

static void send_bytes(struct link *link, struct pipe *pipe, const uint8_t *data, size_t size,
                       world_event arrive)
{
    struct world *world = link->network->world;
    pipe->data = realloc(pipe->data, pipe->sent + size + 1);
    if (!pipe->data)
        abort();
    memcpy(pipe->data + pipe->sent, data, size);
    size_t end = pipe->sent + size < pipe->cut ? pipe->sent + size : pipe->cut;
    size_t start = pipe->sent;
    pipe->sent += size;
    while (start < end) {
        size_t piece = world_chance(world, 70) ? end - start : 1 + world_below(world, end - start);
        int64_t at = world_now(world) + delay(link->network);
        pipe->last_at = at > pipe->last_at ? at : pipe->last_at;
        world_after(world, pipe->last_at - world_now(world), arrive, link, piece, 0);
        start += piece;
    }
    if (pipe->sent > pipe->cut)
        lose(link);
}

static void send_frame(struct link *link, struct pipe *pipe, const uint8_t *body, size_t size,
                       world_event arrive)
{
    uint8_t *frame = malloc(FRAME_HEADER_MAX + size);
    if (!frame)
        abort();
    size_t header = frame_header_write(frame, (uint32_t)size);
    memcpy(frame + header, body, size);
    send_bytes(link, pipe, frame, header + size, arrive);
    free(frame);
}

static void answered(void *context, const uint8_t *frame, size_t size)
{
    struct link *link = context;
    send_frame(link, &link->down, frame, size, arrive_down);
}

static void daemon_reads(struct link *link)
{
    size_t header;
    size_t size;
    struct pipe *pipe = &link->up;
    while (frame_peek(pipe->data + pipe->read, pipe->arrived - pipe->read, FRAME_LIMIT, &header,
                      &size) == FRAME_READY) {
        const uint8_t *frame = pipe->data + pipe->read + header;
        pipe->read += header + size;
        centre_take(link->network->centre, link->daemon, link->actor_id, frame, size, answered,
                    link);
    }
}

static void arrive_up(void *context, uint64_t count, uint64_t unused)
{
    struct link *link = context;
    (void)unused;
    link->up.arrived += count;
    if (daemon_lives(link))
        daemon_reads(link);
    else
        lose(link);
}

// ---- connections ----

static void tell_opened(void *context, uint64_t a, uint64_t b)
{
    struct link *link = context;
    (void)b;
    if (!link->client_gone && !link->lost)
        link->network->events.opened(link->owner, link->connection, (int64_t)a);
}

// The daemon says Welcome with its clock, which arrives some time later.
static void welcome(void *context, uint64_t a, uint64_t b)
{
    struct link *link = context;
    (void)a;
    (void)b;
    if (!daemon_lives(link))
        lose(link);
    else
        world_after(link->network->world, delay(link->network), tell_opened, link,
                    (uint64_t)world_clock_ns(link->network->world), 0);
}

static size_t random_cut(struct network *network)
{
    if (network->calm || world_chance(network->world, 60))
        return SIZE_MAX;
    return world_below(network->world, 4000);
}

void network_open(struct network *network, void *owner, int64_t actor_id, uint64_t connection)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    *link = (struct link){.next = network->links,
                          .network = network,
                          .owner = owner,
                          .actor_id = actor_id,
                          .connection = connection,
                          .daemon = (unsigned)world_below(network->world, CENTRE_DAEMONS)};
    network->links = link;
    link->daemon_life = centre_life(network->centre, link->daemon);
    link->up.cut = random_cut(network);
    link->down.cut = random_cut(network);
    if (!link->daemon_life || (!network->calm && world_chance(network->world, 10)))
        lose(link);
    else
        world_after(network->world, delay(network), welcome, link, 0, 0);
}

static struct link *find(struct network *network, const void *owner, uint64_t connection)
{
    for (struct link *link = network->links; link; link = link->next) {
        if (link->owner == owner && link->connection == connection && !link->client_gone)
            return link;
    }
    return NULL;
}

void network_send(struct network *network, void *owner, uint64_t connection, uint64_t request_id,
                  const Tiejun__V1__FactServiceLogRequest *request)
{
    struct link *link = find(network, owner, connection);
    if (!link)
        return;
    uint8_t *body = malloc(tiejun__v1__fact_service_log_request__get_packed_size(request) + 1);
    Tiejun__V1__Request envelope = TIEJUN__V1__REQUEST__INIT;
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST;
    frame.request = &envelope;
    envelope.has_id = envelope.has_body = true;
    envelope.id = request_id;
    envelope.body =
        (ProtobufCBinaryData){tiejun__v1__fact_service_log_request__pack(request, body), body};
    size_t size = tiejun__v1__client_frame__get_packed_size(&frame);
    uint8_t *packed = malloc(size + 1);
    tiejun__v1__client_frame__pack(&frame, packed);
    send_frame(link, &link->up, packed, size, arrive_up);
    free(packed);
    free(body);
}

void network_close(struct network *network, void *owner, uint64_t connection)
{
    struct link *link = find(network, owner, connection);
    if (link)
        link->client_gone = true;
}

void network_drop(struct network *network, void *owner)
{
    for (struct link *link = network->links; link; link = link->next) {
        if (link->owner == owner)
            link->client_gone = true;
    }
}
