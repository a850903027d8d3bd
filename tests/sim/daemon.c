#include "tests/sim/daemon.h"

#include "common/arena.h"
#include "common/message.h"
#include "server/rpc/fault.h"
#include "server/rpc/intake.h"
#include "server/rpc/refusal.h"
#include "tests/sim/database.h"
#include "tests/sim/tables.h"
#include "tests/sim/world.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
#define NANOSECONDS INT64_C(1000000000)

struct request {
    struct intake_ticket ticket;
    struct request *next;
    struct daemon *daemon;
    struct arena *arena;
    // The ticket's when memory is short; else NULL.
    struct arena *scarce;
    uint64_t id;
    int status;
    bool is_answered;
    uint32_t retry_after_ms;
    daemon_answer *answer;
    void *link;
};

struct daemon {
    struct world *world;
    struct tables *tables;
    struct database_client *client;
    struct intake *intake;
    struct request *requests;
    bool calm;
    bool closing;
    bool dead;
    bool bell_rings;
    const char *complaint;
};

// ---- the intake's ports ----

static void on_bell(void *context, uint64_t a, uint64_t b)
{
    struct daemon *daemon = context;
    (void)a;
    (void)b;
    daemon->bell_rings = false;
    if (!daemon->dead)
        intake_go(daemon->intake);
}

static void ring(void *context)
{
    struct daemon *daemon = context;
    if (!daemon->bell_rings)
        world_after(daemon->world, 0, on_bell, daemon, 0, 0);
    daemon->bell_rings = true;
}

// ---- life and death ----

struct daemon *daemon_new(struct world *world, struct database *database, struct tables *tables)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        abort();
    daemon->world = world;
    daemon->tables = tables;
    daemon->client = database_client_new(database);
    const struct intake_ports ports = {database_client_store(daemon->client), {daemon, ring}};
    daemon->intake = intake_new(&ports);
    if (!daemon->intake)
        abort();
    return daemon;
}

void daemon_calm(struct daemon *daemon)
{
    daemon->calm = true;
}

void daemon_close(struct daemon *daemon)
{
    daemon->closing = true;
    if (!daemon->dead)
        intake_close(daemon->intake);
}

void daemon_kill(struct daemon *daemon)
{
    if (daemon->dead)
        return;
    daemon->dead = true;
    intake_close(daemon->intake);
    database_client_free(daemon->client);
    intake_free(daemon->intake);
}

void daemon_free(struct daemon *daemon)
{
    daemon_kill(daemon);
    while (daemon->requests) {
        struct request *next = daemon->requests->next;
        arena_free(daemon->requests->arena);
        arena_free(daemon->requests->scarce);
        free(daemon->requests);
        daemon->requests = next;
    }
    free(daemon);
}

// ---- what it owes ----

static void complain(struct daemon *daemon, const char *what)
{
    if (!daemon->complaint)
        daemon->complaint = what;
}

static void check_outcome(struct request *request, const Tiejun__V1__Fact *fact,
                          const Tiejun__V1__FactOutcome *outcome)
{
    struct daemon *daemon = request->daemon;
    const struct row *kept = tables_find(daemon->tables, fact->id);
    if (outcome && outcome->code)
        world_trace(daemon->world, "daemon: %s is refused: %s", fact->id, outcome->code);
    if (!outcome || !outcome->has_intake)
        complain(daemon, "a fact has no outcome");
    else if (strcmp(outcome->id, fact->id) != 0)
        complain(daemon, "a fact has the outcome of another");
    else if (outcome->intake != TIEJUN__V1__INTAKE__INTAKE_REFUSED && !kept)
        complain(daemon, "a fact was acknowledged before it was kept");
    // It may have been mended since, and kept as that.
    else if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED && kept &&
             strcmp(kept->fact->note, fact->note) == 0)
        complain(daemon, "a fact that is kept was refused");
}

const char *daemon_complaint(const struct daemon *daemon, bool at_end)
{
    for (const struct request *each = daemon->requests; each && at_end; each = each->next) {
        if (!each->is_answered)
            return "a request was never answered";
    }
    return daemon->complaint;
}

// ---- answers ----

static void send_answer(void *context, uint64_t a, uint64_t b)
{
    struct request *request = context;
    (void)a;
    (void)b;
    if (request->daemon->dead)
        return;
    Tiejun__V1__FactServiceLogResponse body = TIEJUN__V1__FACT_SERVICE_LOG_RESPONSE__INIT;
    Tiejun__V1__Error error = TIEJUN__V1__ERROR__INIT;
    Tiejun__V1__Response response = TIEJUN__V1__RESPONSE__INIT;
    Tiejun__V1__ServerFrame frame = TIEJUN__V1__SERVER_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE;
    frame.response = &response;
    response.has_id = response.has_status = true;
    response.id = request->id;
    response.status = request->status;
    response.has_body = request->status == TIEJUN__V1__STATUS__STATUS_OK;
    body.outcomes = request->ticket.outcomes;
    body.n_outcomes = response.has_body ? request->ticket.request->n_facts : 0;
    response.body.data = malloc(tiejun__v1__fact_service_log_response__get_packed_size(&body) + 1);
    response.body.len = tiejun__v1__fact_service_log_response__pack(&body, response.body.data);
    error.message = (char *)"Not now.";
    error.has_retry_after_ms = request->retry_after_ms > 0;
    error.retry_after_ms = request->retry_after_ms;
    response.error = response.has_body ? NULL : &error;
    uint8_t *bytes = malloc(tiejun__v1__server_frame__get_packed_size(&frame) + 1);
    request->answer(request->link, bytes, tiejun__v1__server_frame__pack(&frame, bytes));
    free(bytes);
    free(response.body.data);
}

static void answer_with(struct request *request, int status)
{
    struct world *world = request->daemon->world;
    if (request->is_answered)
        complain(request->daemon, "a request was answered twice");
    request->is_answered = true;
    request->status = status;
    if (status == TIEJUN__V1__STATUS__STATUS_BUSY)
        request->retry_after_ms = 100 + (uint32_t)world_below(world, 20000);
    world_after(world, (int64_t)world_below(world, 100), send_answer, request, 0, 0);
}

static void on_answered(struct intake_ticket *ticket, const struct job_error *error)
{
    static const struct caller nobody;
    struct request *request = (struct request *)ticket;
    if (request->daemon->dead) {
        request->is_answered = true;
        return;
    }
    for (size_t i = 0; i < ticket->request->n_facts && !error; i++)
        check_outcome(request, ticket->request->facts[i], ticket->outcomes[i]);
    const char *code = error ? fault_of(error, &nobody, "FactService.Log").code : NULL;
    if (code)
        world_trace(request->daemon->world, "daemon: %zu facts of person %d are not taken: %s",
                    ticket->request->n_facts, (int)ticket->actor_id, code);
    if (request->daemon->complaint)
        code = "internal";
    answer_with(request, code ? (int)refusal_find(code)->status : TIEJUN__V1__STATUS__STATUS_OK);
}

// ---- requests ----

static bool has_invalid(const Tiejun__V1__FactServiceLogRequest *request)
{
    for (size_t i = 0; i < request->n_facts; i++) {
        const char *note = request->facts[i]->note;
        if (note && strncmp(note, NOTE_INVALID, strlen(NOTE_INVALID)) == 0)
            return true;
    }
    return false;
}

// STATUS_OK, or why the intake is not even asked.
static int judge_request(const struct request *request)
{
    const struct daemon *daemon = request->daemon;
    if (has_invalid(request->ticket.request))
        return TIEJUN__V1__STATUS__STATUS_INVALID;
    if (daemon->closing)
        return TIEJUN__V1__STATUS__STATUS_UNAVAILABLE;
    return TIEJUN__V1__STATUS__STATUS_OK;
}

static bool unpack(struct request *request, const uint8_t *frame, size_t size)
{
    const Tiejun__V1__ClientFrame *sent = (const Tiejun__V1__ClientFrame *)message_unpack(
        &tiejun__v1__client_frame__descriptor, request->arena, frame, size, NULL, NULL);
    if (!sent || sent->frame_case != TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST)
        return false;
    request->id = sent->request->id;
    request->ticket.request = (const Tiejun__V1__FactServiceLogRequest *)message_unpack(
        &tiejun__v1__fact_service_log_request__descriptor, request->arena, sent->request->body.data,
        sent->request->body.len, NULL, NULL);
    return request->ticket.request != NULL;
}

// Memory may be short at any step of the intake.
static void allot_memory(struct request *request)
{
    struct world *world = request->daemon->world;
    if (!request->daemon->calm && world_chance(world, 3))
        request->scarce = arena_new(world_below(world, 6000));
    request->ticket.arena = request->scarce ? request->scarce : request->arena;
}

static Google__Protobuf__Timestamp now(const struct world *world)
{
    Google__Protobuf__Timestamp instant = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    instant.seconds = world_clock_ns(world) / NANOSECONDS;
    return instant;
}

void daemon_take(struct daemon *daemon, int64_t actor_id, const uint8_t *frame, size_t size,
                 daemon_answer *answer, void *link)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        abort();
    *request = (struct request){
        .ticket = {.actor_id = actor_id,
                   .came_at = now(daemon->world),
                   .address = "",
                   .device = "",
                   .answered = on_answered},
        .next = daemon->requests,
        .daemon = daemon,
        .arena = arena_new(BUDGET),
        .answer = answer,
        .link = link,
    };
    daemon->requests = request;
    if (!unpack(request, frame, size))
        abort();
    allot_memory(request);
    int status = judge_request(request);
    if (status != TIEJUN__V1__STATUS__STATUS_OK)
        answer_with(request, status);
    else if (!intake_take(daemon->intake, &request->ticket))
        answer_with(request, TIEJUN__V1__STATUS__STATUS_BUSY);
}
