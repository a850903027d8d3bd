#include "tests/sim/centre.h"

#include "common/arena.h"
#include "common/message.h"
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
#define NOON_NS (INT64_C(1790000000) * 1000000000)

// A request on its way through a daemon.
struct intake {
    struct intake *next;
    struct centre *centre;
    unsigned daemon;
    uint64_t daemon_life;
    uint64_t device;
    uint64_t id;
    struct arena *arena;
    const Tiejun__V1__FactServiceLogRequest *request;
    Tiejun__V1__FactOutcome **outcomes;
    int status;
    uint32_t retry_after_ms;
    centre_answer answer;
    void *link;
};

struct centre {
    struct world *world;
    struct arena *arena;
    struct centre_row *rows;
    size_t row_count;
    size_t row_capacity;
    uint64_t lives[CENTRE_DAEMONS];
    uint64_t last_life;
    bool calm;
    struct intake *intakes;
};

struct centre *centre_new(struct world *world)
{
    struct centre *centre = calloc(1, sizeof *centre);
    if (!centre)
        abort();
    centre->world = world;
    centre->arena = arena_new(BUDGET);
    for (unsigned i = 0; i < CENTRE_DAEMONS; i++)
        centre_start(centre, i);
    return centre;
}

void centre_free(struct centre *centre)
{
    while (centre->intakes) {
        struct intake *next = centre->intakes->next;
        arena_free(centre->intakes->arena);
        free(centre->intakes);
        centre->intakes = next;
    }
    arena_free(centre->arena);
    free(centre->rows);
    free(centre);
}

void centre_calm(struct centre *centre)
{
    centre->calm = true;
}

uint64_t centre_life(const struct centre *centre, unsigned daemon)
{
    return centre->lives[daemon];
}

void centre_stop(struct centre *centre, unsigned daemon)
{
    centre->lives[daemon] = 0;
}

void centre_start(struct centre *centre, unsigned daemon)
{
    if (!centre->lives[daemon])
        centre->lives[daemon] = ++centre->last_life;
}

int64_t centre_clock_ns(const struct centre *centre)
{
    return NOON_NS + world_now(centre->world) * 1000000;
}

size_t centre_rows(const struct centre *centre, const struct centre_row **rows)
{
    *rows = centre->rows;
    return centre->row_count;
}

// ---- the database ----

static bool is_known(const struct centre *centre, const char *id)
{
    for (size_t i = 0; i < centre->row_count; i++) {
        if (strcmp(centre->rows[i].id, id) == 0)
            return true;
    }
    return false;
}

static void insert(struct centre *centre, uint64_t device, const Tiejun__V1__Fact *fact)
{
    size_t size = tiejun__v1__fact__get_packed_size(fact);
    uint8_t *body = arena_alloc(centre->arena, size + 1);
    if (centre->row_count == centre->row_capacity) {
        centre->row_capacity = centre->row_capacity ? centre->row_capacity * 2 : 64;
        centre->rows = reallocarray(centre->rows, centre->row_capacity, sizeof *centre->rows);
    }
    if (!body || !centre->rows)
        abort();
    tiejun__v1__fact__pack(fact, body);
    struct centre_row *row = &centre->rows[centre->row_count++];
    row->fact = (Tiejun__V1__Fact *)message_unpack(&tiejun__v1__fact__descriptor, centre->arena,
                                                   body, size, NULL, NULL);
    if (!row->fact)
        abort();
    row->id = row->fact->id;
    row->device = device;
}

static bool note_begins(const Tiejun__V1__Fact *fact, const char *word)
{
    return fact->note && strncmp(fact->note, word, strlen(word)) == 0;
}

static Tiejun__V1__Intake keep(struct centre *centre, uint64_t device, const Tiejun__V1__Fact *fact)
{
    if (is_known(centre, fact->id))
        return TIEJUN__V1__INTAKE__INTAKE_KNOWN;
    if (note_begins(fact, NOTE_REFUSED) || (fact->voids && !is_known(centre, fact->voids)))
        return TIEJUN__V1__INTAKE__INTAKE_REFUSED;
    insert(centre, device, fact);
    return TIEJUN__V1__INTAKE__INTAKE_ACCEPTED;
}

// ---- a daemon ----

static bool daemon_lives(const struct intake *intake)
{
    return intake->centre->lives[intake->daemon] == intake->daemon_life;
}

static void send_answer(void *context, uint64_t a, uint64_t b)
{
    struct intake *intake = context;
    (void)a;
    (void)b;
    if (!daemon_lives(intake))
        return;
    Tiejun__V1__FactServiceLogResponse body = TIEJUN__V1__FACT_SERVICE_LOG_RESPONSE__INIT;
    Tiejun__V1__Error error = TIEJUN__V1__ERROR__INIT;
    Tiejun__V1__Response response = TIEJUN__V1__RESPONSE__INIT;
    Tiejun__V1__ServerFrame frame = TIEJUN__V1__SERVER_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE;
    frame.response = &response;
    response.has_id = response.has_status = true;
    response.id = intake->id;
    response.status = intake->status;
    body.outcomes = intake->outcomes;
    body.n_outcomes = intake->outcomes ? intake->request->n_facts : 0;
    uint8_t *packed = malloc(tiejun__v1__fact_service_log_response__get_packed_size(&body) + 1);
    response.has_body = intake->status == TIEJUN__V1__STATUS__STATUS_OK;
    response.body =
        (ProtobufCBinaryData){tiejun__v1__fact_service_log_response__pack(&body, packed), packed};
    error.message = (char *)"Not now.";
    error.has_retry_after_ms = true;
    error.retry_after_ms = intake->retry_after_ms;
    response.error = response.has_body ? NULL : &error;
    uint8_t *bytes = malloc(tiejun__v1__server_frame__get_packed_size(&frame) + 1);
    intake->answer(intake->link, bytes, tiejun__v1__server_frame__pack(&frame, bytes));
    free(bytes);
    free(packed);
}

static void answer_after(struct intake *intake, int64_t most_ms)
{
    struct world *world = intake->centre->world;
    world_after(world, (int64_t)world_below(world, (uint64_t)most_ms + 1), send_answer, intake, 0,
                0);
}

static void commit(void *context, uint64_t a, uint64_t b)
{
    struct intake *intake = context;
    const Tiejun__V1__FactServiceLogRequest *request = intake->request;
    (void)a;
    (void)b;
    if (!daemon_lives(intake))
        return;
    for (size_t i = 0; i < request->n_facts; i++) {
        Tiejun__V1__FactOutcome *outcome = intake->outcomes[i];
        outcome->has_intake = true;
        outcome->intake = keep(intake->centre, intake->device, request->facts[i]);
        world_trace(intake->centre->world, "centre: %s of device %u %s", request->facts[i]->id,
                    (unsigned)intake->device,
                    outcome->intake == TIEJUN__V1__INTAKE__INTAKE_ACCEPTED ? "is new"
                    : outcome->intake == TIEJUN__V1__INTAKE__INTAKE_KNOWN  ? "is known"
                                                                           : "is refused");
    }
    answer_after(intake, 100);
}

static bool prepare_outcomes(struct intake *intake)
{
    size_t count = intake->request->n_facts;
    intake->outcomes = arena_alloc(intake->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count && intake->outcomes; i++) {
        intake->outcomes[i] = arena_alloc(intake->arena, sizeof **intake->outcomes);
        if (!intake->outcomes[i])
            return false;
        tiejun__v1__fact_outcome__init(intake->outcomes[i]);
        intake->outcomes[i]->id = intake->request->facts[i]->id;
    }
    return intake->outcomes != NULL;
}

static bool has_invalid(const Tiejun__V1__FactServiceLogRequest *request)
{
    for (size_t i = 0; i < request->n_facts; i++) {
        if (note_begins(request->facts[i], NOTE_INVALID))
            return true;
    }
    return false;
}

// STATUS_OK, or why the request is not even tried.
static int judge_request(struct intake *intake)
{
    struct centre *centre = intake->centre;
    if (has_invalid(intake->request))
        return TIEJUN__V1__STATUS__STATUS_INVALID;
    if (centre->calm || !world_chance(centre->world, 8))
        return TIEJUN__V1__STATUS__STATUS_OK;
    if (world_chance(centre->world, 30))
        return TIEJUN__V1__STATUS__STATUS_UNAVAILABLE;
    if (world_chance(centre->world, 20))
        return TIEJUN__V1__STATUS__STATUS_INTERNAL;
    intake->retry_after_ms = 100 + (uint32_t)world_below(centre->world, 20000);
    return TIEJUN__V1__STATUS__STATUS_BUSY;
}

static bool unpack(struct intake *intake, const uint8_t *frame, size_t size)
{
    const Tiejun__V1__ClientFrame *sent = (const Tiejun__V1__ClientFrame *)message_unpack(
        &tiejun__v1__client_frame__descriptor, intake->arena, frame, size, NULL, NULL);
    if (!sent || sent->frame_case != TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST)
        return false;
    intake->id = sent->request->id;
    intake->request = (const Tiejun__V1__FactServiceLogRequest *)message_unpack(
        &tiejun__v1__fact_service_log_request__descriptor, intake->arena, sent->request->body.data,
        sent->request->body.len, NULL, NULL);
    return intake->request != NULL;
}

void centre_take(struct centre *centre, unsigned daemon, uint64_t device, const uint8_t *frame,
                 size_t size, centre_answer answer, void *link)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake)
        abort();
    *intake = (struct intake){.next = centre->intakes,
                              .centre = centre,
                              .daemon = daemon,
                              .daemon_life = centre->lives[daemon],
                              .device = device,
                              .arena = arena_new(BUDGET),
                              .answer = answer,
                              .link = link};
    centre->intakes = intake;
    if (!unpack(intake, frame, size))
        abort();
    intake->status = judge_request(intake);
    if (intake->status != TIEJUN__V1__STATUS__STATUS_OK) {
        answer_after(intake, 50);
        return;
    }
    if (!prepare_outcomes(intake))
        abort();
    world_after(centre->world, (int64_t)world_below(centre->world, 200), commit, intake, 0, 0);
}
