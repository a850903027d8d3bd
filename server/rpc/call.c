#include "server/rpc/call.h"

#include "common/frame.h"
#include "common/instant.h"
#include "common/log.h"
#include "common/message.h"
#include "server/rpc/audit_trail.h"
#include "server/rpc/bind.h"
#include "server/rpc/encode.h"
#include "server/rpc/fault.h"
#include "server/rpc/intake.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Room that an answer takes in memory while arithmetic works on it.
    ANSWER_BUDGET = 128 << 20,
    // Room for the envelope around an answer.
    ENVELOPE = 1024,
    // Times that a request is done again when others changed what it had read.
    AGAIN_MOST = 3,
    DIGEST_SIZE = crypto_generichash_BYTES_MIN,
};

struct call {
    struct work work;
    struct service *service;
    struct caller caller;
    const struct registered *row;
    struct arena *arena;
    uint64_t request_id;
    size_t request_memory;
    const ProtobufCMessage *input;
    // The digest of the answer that the client keeps, in the arena; NULL when it keeps none.
    const ProtobufCBinaryData *kept;
    call_answered *answered;
    // Of a request whose facts go through the intake.
    struct intake_ticket ticket;
    // Calls of the job before the steps: actor and rights.
    size_t first_step;
    bool writing;
    unsigned times_again;
    // What the statements of the running job have brought so far.
    struct buffer rows;
    // A column that fits no field: a fault of ours.
    const char *wrong_column;
};

static const char *scope_kind_text(enum scope_kind kind)
{
    switch (kind) {
    case SCOPE_UNIT:
        return "unit";
    case SCOPE_PERSON:
        return "person";
    case SCOPE_CUSTOMER:
        return "customer";
    case SCOPE_DEAL:
        return "deal";
    default:
        return "none";
    }
}

static void end(struct call *call, const struct call_answer *outcome)
{
    struct call_answer answer = *outcome;
    answer.session_id = call->caller.session_id;
    answer.request_id = call->request_id;
    answer.request_memory = call->request_memory;
    call->answered(call->service, &answer);
    buffer_release(&call->rows);
    arena_free(call->arena);
}

static void refuse(struct call *call, const char *code, const char *field, const char *arguments)
{
    const struct refusal *refusal = refusal_find(code);
    log_event(LOG_LEVEL_INFO, call->caller.address, call->caller.handle, "%s refused: %s",
              call->row->request->method, code);
    const struct call_answer answer = {
        .status = refusal->status,
        .error = refusal_error(call->arena, refusal, field, arguments, call->caller.language),
    };
    const struct audit_refusal note = {call->caller.actor,
                                       call->caller.device,
                                       call->caller.address,
                                       call->row->short_name,
                                       refusal,
                                       field,
                                       arguments};
    audit_refusal_add(call->service, &note);
    end(call, &answer);
}

static void refuse_for(struct call *call, const struct job_error *error)
{
    const struct fault fault = fault_of(error, &call->caller, call->row->request->method);
    refuse(call, fault.code, fault.field, fault.arguments);
}

// The refusal of arithmetic, or a fault of ours when it names none.
static void refuse_by(struct call *call, const struct workshop *workshop)
{
    if (!workshop->code) {
        log_event(LOG_LEVEL_ERROR, call->caller.address, call->caller.handle,
                  "%s: arithmetic failed, or its memory is out", call->row->request->method);
    }
    refuse(call, workshop->code ? workshop->code : "internal", workshop->field,
           workshop->arguments);
}

static void add_call(struct job *job, const struct statement *statement, const char *const *values)
{
    job->calls[job->n_calls++] = (struct job_call){statement, values};
}

static bool add_actor(struct call *call)
{
    const char **values = arena_alloc(call->arena, CALLER_VALUES * sizeof *values);
    if (values) {
        caller_values(&call->caller, call->row->short_name, values);
        add_call(&call->work.job, registry_statement(call->service->registry, STATEMENT_ACTOR),
                 values);
    }
    return values != NULL;
}

static const char *scope_target(const struct call *call, const struct scope *scope)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(call->row->input, scope->field);
    const char *text = *(char *const *)message_member(call->input, field);
    return text && *text ? text : NULL;
}

static bool add_authorize(struct call *call, const struct scope *scope, const char *target)
{
    const char **values = arena_alloc(call->arena, 4 * sizeof *values);
    if (values) {
        values[0] = call->row->roles;
        values[1] = scope->own ? "t" : "f";
        values[2] = scope_kind_text(scope->kind);
        values[3] = target;
        add_call(&call->work.job, registry_statement(call->service->registry, STATEMENT_AUTHORIZE),
                 values);
    }
    return values != NULL;
}

// The right is judged on every scope that the request names, and on the caller's own place when
// it names none.
static bool add_rights(struct call *call)
{
#ifdef TIEJUN_UNCHECKED
    (void)add_authorize;
    (void)scope_target;
    return true;
#endif
    const struct request *request = call->row->request;
    bool named = false;
    for (size_t i = 0; i < SCOPES_MAX && request->scopes[i].field; i++) {
        const char *target = scope_target(call, &request->scopes[i]);
        if (target) {
            named = true;
            if (!add_authorize(call, &request->scopes[i], target)) {
                return false;
            }
        }
    }
    return named || request->roles & ANYONE || add_authorize(call, &request->scopes[0], NULL);
}

static bool prepare_steps(struct call *call)
{
    const char *const *values = bind_values(call->arena, call->input);
    if (!values || !add_actor(call) || !add_rights(call)) {
        return false;
    }
    call->first_step = call->work.job.n_calls;
    // Several steps are parts of one picture; none of them writes.
    call->work.job.one_snapshot = call->row->n_steps > 1;
    for (size_t i = 0; i < call->row->n_steps; i++) {
        add_call(&call->work.job, call->row->steps[i], values);
    }
    return true;
}

static const ProtobufCMessageDescriptor *expected_message(const struct call *call)
{
    bool reading = call->row->request->plan && !call->writing;
    return reading ? call->row->request->ground : call->row->output;
}

static const struct step *running_step(const struct call *call, size_t index)
{
    const struct request *request = call->row->request;
    return call->writing ? &request->write : &request->steps[index];
}

static void on_result(struct work *work, size_t index, const PGresult *result)
{
    struct call *call = (struct call *)work;
    if (index < call->first_step || call->wrong_column) {
        return;
    }
    const struct step *step = running_step(call, index - call->first_step);
    call->wrong_column = encode_rows(&call->rows, expected_message(call), step->fills, result);
    if (call->wrong_column) {
        // The name dies with the result.
        call->wrong_column = arena_strdup(call->arena, call->wrong_column);
        log_event(LOG_LEVEL_ERROR, call->caller.address, call->caller.handle,
                  "%s: column %s does not fit %s", step->function,
                  call->wrong_column ? call->wrong_column : "?", expected_message(call)->name);
        call->wrong_column = "?";
    }
}

static void answer_rows(struct call *call)
{
    uint8_t digest[DIGEST_SIZE];
    struct call_answer answer = {
        .status = TIEJUN__V1__STATUS__STATUS_OK,
        .body = call->rows.data,
        .body_size = call->rows.length,
    };
    if (call->kept) {
        crypto_generichash(digest, sizeof digest, answer.body, answer.body_size, NULL, 0);
        answer.digest = digest;
        answer.digest_size = sizeof digest;
        answer.unchanged = call->kept->len == sizeof digest &&
                           memcmp(call->kept->data, digest, sizeof digest) == 0;
    }
    if (answer.unchanged) {
        answer.body_size = 0;
    }
    end(call, &answer);
}

static struct workshop workshop_of(struct call *call, struct arena *arena)
{
    return (struct workshop){.arena = arena, .language = call->caller.language};
}

// Lets the arithmetic fill the answer, and packs it in the place of the old bytes.
static bool fill_and_pack(struct call *call, struct workshop *workshop, ProtobufCMessage *answer)
{
    if (!answer || !call->row->request->finish(workshop, call->input, answer)) {
        return false;
    }
    size_t size = protobuf_c_message_get_packed_size(answer);
    if (size > call->rows.limit) {
        workshop->code = "answer_too_long";
        return false;
    }
    uint8_t *packed = malloc(size + 1);
    if (!packed) {
        return false;
    }
    protobuf_c_message_pack(answer, packed);
    call->rows.length = 0;
    buffer_append(&call->rows, packed, size);
    free(packed);
    return !call->rows.failed;
}

static bool finish_in(struct call *call, struct workshop *workshop)
{
    return fill_and_pack(call, workshop,
                         message_unpack(call->row->output, workshop->arena, call->rows.data,
                                        call->rows.length, NULL, NULL));
}

static void finish(struct call *call)
{
    if (!call->row->request->finish) {
        answer_rows(call);
        return;
    }
    struct arena *arena = arena_new(ANSWER_BUDGET);
    struct workshop workshop = workshop_of(call, arena);
    bool finished = arena && finish_in(call, &workshop);
    if (finished) {
        answer_rows(call);
    } else {
        refuse_by(call, &workshop);
    }
    arena_free(arena);
}

static ProtobufCMessage *new_message(struct arena *arena,
                                     const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);
    if (message) {
        protobuf_c_message_init(descriptor, message);
    }
    return message;
}

static bool plan_in(struct call *call, struct workshop *workshop)
{
    const struct request *request = call->row->request;
    ProtobufCMessage *plan = new_message(call->arena, request->plan_message);
    const ProtobufCMessage *ground = message_unpack(request->ground, call->arena, call->rows.data,
                                                    call->rows.length, NULL, NULL);
    if (!ground || !plan || !request->plan(workshop, call->input, ground, plan)) {
        return false;
    }
    const char *const *values = bind_values(call->arena, plan);
    call->work.job.n_calls = 0;
    call->work.job.one_snapshot = false;
    if (!values || !add_actor(call)) {
        return false;
    }
    call->first_step = call->work.job.n_calls;
    add_call(&call->work.job, call->row->write, values);
    return true;
}

static void start_writing(struct call *call)
{
    struct workshop workshop = workshop_of(call, call->arena);
    if (!plan_in(call, &workshop)) {
        refuse_by(call, &workshop);
        return;
    }
    call->writing = true;
    call->rows.length = 0;
    if (!service_submit(call->service, &call->work)) {
        refuse(call, "busy", NULL, NULL);
    }
}

// What was read has changed before it was written, and nothing was kept: all over again. False
// when the error is another one, or it was tried often enough.
static bool start_again(struct call *call, const struct job_error *error)
{
    if (strcmp(error->sqlstate, "40001") != 0 || call->times_again == AGAIN_MOST) {
        return false;
    }
    call->times_again++;
    call->writing = false;
    call->rows.length = 0;
    call->work.job.n_calls = 0;
    return prepare_steps(call) && service_submit(call->service, &call->work);
}

static void on_done(struct work *work, const struct job_error *error)
{
    struct call *call = (struct call *)work;
    if (error) {
        if (start_again(call, error)) {
            return;
        }
        refuse_for(call, error);
    } else if (call->wrong_column) {
        refuse(call, "internal", NULL, NULL);
    } else if (call->rows.failed) {
        refuse(call, "answer_too_long", NULL, NULL);
    } else if (call->row->request->plan && !call->writing) {
        start_writing(call);
    } else {
        finish(call);
    }
}

// A request of which some facts were refused leaves a row for that as well.
static void note_refused(struct call *call, const Tiejun__V1__FactServiceLogResponse *answer)
{
    const Tiejun__V1__FactOutcome *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < answer->n_outcomes; i++) {
        if (answer->outcomes[i]->code) {
            first = first ? first : answer->outcomes[i];
            n++;
        }
    }
    if (first) {
        const struct audit_refusal note = {
            call->caller.actor,
            call->caller.device,
            call->caller.address,
            call->row->short_name,
            refusal_find(first->code),
            first->field,
            arena_printf(call->arena, "%zu of %zu", n, answer->n_outcomes)};
        audit_refusal_add(call->service, &note);
    }
}

static void on_intake(struct intake_ticket *ticket, const struct job_error *error)
{
    struct call *call = (struct call *)((char *)ticket - offsetof(struct call, ticket));
    struct workshop workshop = workshop_of(call, call->arena);
    Tiejun__V1__FactServiceLogResponse answer = TIEJUN__V1__FACT_SERVICE_LOG_RESPONSE__INIT;
    answer.outcomes = ticket->outcomes;
    answer.n_outcomes = ticket->request->n_facts;
    if (!error) {
        note_refused(call, &answer);
    }
    if (error) {
        refuse_for(call, error);
    } else if (fill_and_pack(call, &workshop, &answer.base)) {
        answer_rows(call);
    } else {
        refuse_by(call, &workshop);
    }
}

static bool start_intake(struct call *call)
{
    call->ticket.request = (const Tiejun__V1__FactServiceLogRequest *)call->input;
    call->ticket.actor_id = strtoll(call->caller.actor, NULL, 10);
    google__protobuf__timestamp__init(&call->ticket.came_at);
    instant_now(&call->ticket.came_at.seconds, &call->ticket.came_at.nanos);
    call->ticket.address = call->caller.address;
    call->ticket.device = call->caller.device;
    call->ticket.arena = call->arena;
    call->ticket.answered = on_intake;
    return intake_take(call->service->intake, &call->ticket);
}

bool call_start(struct service *service, const struct caller *caller, const struct registered *row,
                struct arena *arena, const Tiejun__V1__Request *request,
                const ProtobufCMessage *input, call_answered *answered)
{
    struct call *call = arena_alloc(arena, sizeof *call);
    if (!call) {
        return false;
    }
    call->work.result = on_result;
    call->work.done = on_done;
    call->service = service;
    call->row = row;
    call->arena = arena;
    call->request_id = request->id;
    call->input = input;
    call->kept = request->has_kept ? &request->kept : NULL;
    call->answered = answered;
    call->rows.limit = FRAME_LIMIT_ANSWER - ENVELOPE;
    if (!caller_copy(&call->caller, arena, caller)) {
        return false;
    }
    bool started = row->request->intake
                       ? start_intake(call)
                       : prepare_steps(call) && service_submit(service, &call->work);
    call->request_memory = arena_used(arena);
    return started;
}
