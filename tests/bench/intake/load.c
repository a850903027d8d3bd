// A load of facts on a daemon: many logged-in clients over one event loop, each with some requests
// in flight, every fact an effective visit to a customer that is known. Prints one line of JSON:
// what was acknowledged within the time, and how long an acknowledgement took. When told to wait it
// says "ready" with all of them logged in, and goes on when its input ends: with the load, or not
// at all.
#include "common/frame.h"
#include "common/instant.h"
#include "common/options.h"
#include "common/tls.h"
#include "common/uuid.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/frame.pb-c.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    TOKEN_SIZE = 32,
    TEXT_MAX = 160,
    BATCH_MOST = 1000,
    IN_FLIGHT_MOST = 64,
    // So many log in at once: a daemon takes no more strangers of one address, while a thousand
    // offices have a thousand.
    OPENING_MOST = 200,
};

// A line of the file of people: the device's token in hex, the handle, and how many customers
// there are; the n-th is called "HANDLE customer N".
struct person {
    unsigned char token[TOKEN_SIZE];
    char handle[TEXT_MAX];
    unsigned customers;
};

struct load {
    struct event_base *base;
    SSL_CTX *tls;
    struct sockaddr_storage address;
    int address_size;
    struct person *people;
    size_t n_people;
    struct client *clients;
    size_t n_clients;
    size_t n_started;
    size_t n_open;
    // With all logged in, nothing happens until the input ends.
    bool wait;
    // Nor then: it is over.
    bool idle;
    unsigned in_flight;
    unsigned batch;
    // Facts are for all the others in turn, by the first of the people, who leads them.
    bool mixed;
    unsigned turn;
    struct timeval duration;
    double start;
    double end;
    // Of each acknowledgement within the time, in microseconds.
    uint32_t *latencies;
    size_t n_latencies;
    size_t capacity;
    size_t facts;
    size_t busy;
    size_t refused;
    bool failed;
};

struct client {
    struct load *load;
    struct bufferevent *socket;
    const struct person *person;
    // By request id less 1.
    double sent_at[IN_FLIGHT_MOST];
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void give_up(struct load *load, const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    load->failed = true;
    event_base_loopbreak(load->base);
}

static void send_frame(struct client *client, const Tiejun__V1__ClientFrame *frame)
{
    size_t size = tiejun__v1__client_frame__get_packed_size(frame);
    uint8_t *bytes = malloc(FRAME_HEADER_MAX + size);
    if (!bytes) {
        give_up(client->load, "out of memory");
        return;
    }
    size_t header = frame_header_write(bytes, (uint32_t)size);
    tiejun__v1__client_frame__pack(frame, bytes + header);
    bufferevent_write(client->socket, bytes, header + size);
    free(bytes);
}

static void send_hello(struct client *client)
{
    Google__Protobuf__Timestamp clock = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__V1__Hello hello = TIEJUN__V1__HELLO__INIT;
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    instant_now(&clock.seconds, &clock.nanos);
    hello.has_major = true;
    hello.major = 1;
    hello.client = (char *)"load";
    hello.locale = (char *)"en";
    hello.clock = &clock;
    hello.has_device_token = true;
    hello.device_token.data = (uint8_t *)client->person->token;
    hello.device_token.len = TOKEN_SIZE;
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_HELLO;
    frame.hello = &hello;
    send_frame(client, &frame);
}

// The texts of a fact, which points into them.
struct texts {
    char id[UUID_TEXT_SIZE];
    char customer[2 * TEXT_MAX];
};

static void make_visit(struct client *client, Tiejun__V1__Fact *fact, struct texts *texts)
{
    struct load *load = client->load;
    const struct person *person = client->person;
    tiejun__v1__fact__init(fact);
    if (load->mixed) {
        person = &load->people[1 + load->turn++ % (load->n_people - 1)];
        fact->person = (char *)person->handle;
    }
    uuid_v7(texts->id);
    snprintf(texts->customer, sizeof texts->customer, "%s customer %u", person->handle,
             (unsigned)rand() % person->customers);
    fact->id = texts->id;
    fact->has_kind = true;
    fact->kind = TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT;
    fact->customer = texts->customer;
    fact->contact_role = (char *)"head of purchasing";
    fact->has_minutes = true;
    fact->minutes = 40;
    fact->outcome = (char *)"wants an offer for the second line by the end of the month";
    fact->next_step = (char *)"send the offer";
    fact->next_step_date = (char *)"2099-01-01";
}

static void send_request(struct client *client, unsigned slot)
{
    static Tiejun__V1__Fact facts[BATCH_MOST];
    static Tiejun__V1__Fact *list[BATCH_MOST];
    static struct texts texts[BATCH_MOST];
    static uint8_t body[BATCH_MOST * 1024];
    Tiejun__V1__FactServiceLogRequest log = TIEJUN__V1__FACT_SERVICE_LOG_REQUEST__INIT;
    Tiejun__V1__Request request = TIEJUN__V1__REQUEST__INIT;
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    for (unsigned i = 0; i < client->load->batch; i++) {
        make_visit(client, &facts[i], &texts[i]);
        list[i] = &facts[i];
    }
    log.facts = list;
    log.n_facts = client->load->batch;
    request.has_id = true;
    request.id = slot + 1;
    request.method = (char *)"tiejun.v1.FactService.Log";
    request.has_body = true;
    request.body.data = body;
    request.body.len = tiejun__v1__fact_service_log_request__pack(&log, body);
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST;
    frame.request = &request;
    client->sent_at[slot] = now();
    send_frame(client, &frame);
}

static void note_latency(struct load *load, double seconds)
{
    if (load->n_latencies == load->capacity) {
        load->capacity = load->capacity ? 2 * load->capacity : 1 << 16;
        uint32_t *grown = realloc(load->latencies, load->capacity * sizeof *grown);
        if (!grown) {
            give_up(load, "out of memory");
            return;
        }
        load->latencies = grown;
    }
    load->latencies[load->n_latencies++] = (uint32_t)(seconds * 1e6);
}

static void count_outcomes(struct load *load, const ProtobufCBinaryData *body)
{
    Tiejun__V1__FactServiceLogResponse *answer =
        tiejun__v1__fact_service_log_response__unpack(NULL, body->len, body->data);
    for (size_t i = 0; answer && i < answer->n_outcomes; i++) {
        if (answer->outcomes[i]->intake == TIEJUN__V1__INTAKE__INTAKE_ACCEPTED) {
            load->facts++;
        } else if (load->refused++ == 0) {
            fprintf(stderr, "load: a fact was not accepted: %s\n", answer->outcomes[i]->message);
        }
    }
    protobuf_c_message_free_unpacked((ProtobufCMessage *)answer, NULL);
}

static void take_response(struct client *client, const Tiejun__V1__Response *response)
{
    struct load *load = client->load;
    unsigned slot = (unsigned)response->id - 1;
    if (!response->id || slot >= load->in_flight) {
        give_up(load, response->error ? response->error->message : "an answer to nothing");
        return;
    }
    if (response->status == TIEJUN__V1__STATUS__STATUS_BUSY) {
        load->busy++;
    } else if (response->status != TIEJUN__V1__STATUS__STATUS_OK) {
        give_up(load, response->error ? response->error->message : "refused");
        return;
    } else {
        note_latency(load, now() - client->sent_at[slot]);
        count_outcomes(load, &response->body);
    }
    send_request(client, slot);
}

static void on_end(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct load *load = context;
    load->end = now();
    event_base_loopbreak(load->base);
}

static void open_fire(struct load *load)
{
    load->start = now();
    event_base_once(load->base, -1, EV_TIMEOUT, on_end, load, &load->duration);
    for (size_t i = 0; i < load->n_clients; i++) {
        for (unsigned slot = 0; slot < load->in_flight; slot++) {
            send_request(&load->clients[i], slot);
        }
    }
}

static void on_input_end(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct load *load = context;
    if (load->idle) {
        event_base_loopbreak(load->base);
    } else {
        open_fire(load);
    }
}

static void be_ready(struct load *load)
{
    printf("ready\n");
    (void)fflush(stdout);
    event_base_once(load->base, STDIN_FILENO, EV_READ, on_input_end, load, NULL);
}

static bool start_client(struct load *load, struct client *client, size_t index);

// One more for one that is in.
static void start_next(struct load *load)
{
    size_t index = load->n_started;
    if (index < load->n_clients) {
        load->n_started++;
        if (!start_client(load, &load->clients[index], index)) {
            give_up(load, "cannot connect");
        }
    }
}

static void take_welcome(struct load *load)
{
    start_next(load);
    if (++load->n_open < load->n_clients) {
        return;
    }
    if (load->wait) {
        be_ready(load);
    } else {
        open_fire(load);
    }
}

static void take_frame(struct client *client, const uint8_t *body, size_t size)
{
    struct load *load = client->load;
    Tiejun__V1__ServerFrame *frame = tiejun__v1__server_frame__unpack(NULL, size, body);
    if (frame && frame->frame_case == TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE) {
        take_response(client, frame->response);
    } else if (frame && frame->frame_case == TIEJUN__V1__SERVER_FRAME__FRAME_WELCOME) {
        take_welcome(load);
    }
    protobuf_c_message_free_unpacked((ProtobufCMessage *)frame, NULL);
}

static void on_read(struct bufferevent *socket, void *context)
{
    struct client *client = context;
    struct evbuffer *input = bufferevent_get_input(socket);
    size_t header = 0;
    size_t size = 0;
    while (frame_peek(evbuffer_pullup(input, -1), evbuffer_get_length(input), FRAME_LIMIT_ANSWER,
                      &header, &size) == FRAME_READY) {
        take_frame(client, evbuffer_pullup(input, -1) + header, size);
        evbuffer_drain(input, header + size);
    }
}

static void on_event(struct bufferevent *socket, short events, void *context)
{
    struct client *client = context;
    if (events & BEV_EVENT_CONNECTED) {
        int on = 1;
        setsockopt(bufferevent_getfd(socket), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        send_hello(client);
    } else {
        give_up(client->load, "the daemon ended a connection");
    }
}

static bool start_client(struct load *load, struct client *client, size_t index)
{
    client->load = load;
    client->person = &load->people[load->mixed ? 0 : index % load->n_people];
    SSL *tls = SSL_new(load->tls);
    if (tls) {
        client->socket = bufferevent_openssl_socket_new(
            load->base, -1, tls, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
    }
    if (!client->socket) {
        return false;
    }
    bufferevent_setcb(client->socket, on_read, NULL, on_event, client);
    bufferevent_enable(client->socket, EV_READ | EV_WRITE);
    return bufferevent_socket_connect(client->socket, (struct sockaddr *)&load->address,
                                      load->address_size) == 0;
}

static bool read_person(struct person *person, const char *line)
{
    char hex[2 * TOKEN_SIZE + 1];
    size_t length = 0;
    char customers[16];
    if (sscanf(line, "%64s %159s %15s", hex, person->handle, customers) != 3) {
        return false;
    }
    person->customers = (unsigned)strtoul(customers, NULL, 10);
    return sodium_hex2bin(person->token, TOKEN_SIZE, hex, strlen(hex), NULL, &length, NULL) == 0 &&
           length == TOKEN_SIZE && person->customers > 0;
}

static bool read_people(struct load *load, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[3 * TEXT_MAX];
    bool good = file != NULL;
    while (good && fgets(line, sizeof line, file)) {
        struct person *grown = realloc(load->people, (load->n_people + 1) * sizeof *grown);
        good = grown && read_person(&grown[load->n_people], line);
        load->people = grown ? grown : load->people;
        load->n_people += good;
    }
    if (file) {
        (void)fclose(file);
    }
    return good && load->n_people > 0;
}

static int compare_latency(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static double latency_ms(const struct load *load, double share)
{
    size_t index = (size_t)((double)load->n_latencies * share);
    return load->n_latencies ? load->latencies[index] / 1e3 : 0;
}

static void report(struct load *load)
{
    if (load->n_latencies > 1) {
        qsort(load->latencies, load->n_latencies, sizeof *load->latencies, compare_latency);
    }
    printf("{\"facts\": %zu, \"seconds\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
           "\"busy\": %zu, \"refused\": %zu}\n",
           load->facts, load->end - load->start, latency_ms(load, 0.5), latency_ms(load, 0.99),
           load->busy, load->refused);
}

static const struct option_spec option_specs[] = {
    {"address", 0, OPTION_STRING, "ADDRESS:PORT", "where the daemon listens"},
    {"ca", 0, OPTION_STRING, "FILE", "its CA"},
    {"people", 0, OPTION_STRING, "FILE", "a line each: TOKEN HANDLE CUSTOMERS"},
    {"connections", 0, OPTION_INTEGER, "N", "clients; default 1"},
    {"in-flight", 0, OPTION_INTEGER, "N", "requests each has under way; default 1, at most 64"},
    {"batch", 0, OPTION_INTEGER, "N", "facts a request; default 1, at most 1000"},
    {"mixed", 0, OPTION_FLAG, NULL, "facts for all other people in turn, by the first"},
    {"seconds", 0, OPTION_INTEGER, "N", "how long; default 3"},
    {"begin", 0, OPTION_FLAG, NULL, "log in, say so, and begin when the input ends"},
    {"idle", 0, OPTION_FLAG, NULL, "log in, say so, and be silent until the input ends"},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

static int64_t within(const struct options *options, const char *name, int64_t fallback,
                      int64_t most)
{
    int64_t value = options_integer(options, name, fallback);
    return value < 1 ? 1 : value > most ? most : value;
}

static bool prepare(struct load *load, const struct options *options)
{
    const char *address = options_string(options, "address");
    const char *people = options_string(options, "people");
    const struct tls_files files = {.ca = options_string(options, "ca")};
    struct tls_fault fault;
    load->base = event_base_new();
    load->tls = files.ca ? tls_context_new(TLS_CLIENT, &files, &fault) : NULL;
    load->n_clients = (size_t)within(options, "connections", 1, 20000);
    load->in_flight = (unsigned)within(options, "in-flight", 1, IN_FLIGHT_MOST);
    load->batch = (unsigned)within(options, "batch", 1, BATCH_MOST);
    load->mixed = options_flag(options, "mixed");
    load->idle = options_flag(options, "idle");
    load->wait = load->idle || options_flag(options, "begin");
    load->duration.tv_sec = within(options, "seconds", 3, 3600);
    load->address_size = sizeof load->address;
    return load->base && load->tls && address && people && read_people(load, people) &&
           load->n_people > load->mixed &&
           evutil_parse_sockaddr_port(address, (struct sockaddr *)&load->address,
                                      &load->address_size) == 0;
}

static bool run(struct load *load)
{
    load->clients = calloc(load->n_clients, sizeof *load->clients);
    for (size_t i = 0; load->clients && i < OPENING_MOST; i++) {
        start_next(load);
    }
    if (load->clients && !load->failed) {
        event_base_dispatch(load->base);
    }
    for (size_t i = 0; load->clients && i < load->n_clients; i++) {
        if (load->clients[i].socket) {
            bufferevent_free(load->clients[i].socket);
        }
    }
    free(load->clients);
    return load->clients && !load->failed;
}

int main(int argc, char **argv)
{
    struct load load = {0};
    struct options options;
    char error[256];
    bool done = false;
    if (sodium_init() < 0 || !options_parse(&options, option_specs, NULL, "load", argc - 1,
                                            argv + 1, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
    } else if (!prepare(&load, &options)) {
        options_print(stderr, option_specs);
    } else if (run(&load)) {
        if (!load.idle) {
            report(&load);
        }
        done = load.refused == 0;
    }
    free(load.latencies);
    free(load.people);
    if (load.base) {
        event_base_free(load.base);
    }
    SSL_CTX_free(load.tls);
    options_release(&options);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
