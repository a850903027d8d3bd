#include "client/lib/session.h"

#include "client/lib/transport.h"
#include "client/lib/wire.h"
#include "common/arena.h"
#include "common/contract.h"
#include "common/i18n.h"
#include "common/instant.h"
#include "common/message.h"
#include "tiejun/v1/frame.pb-c.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_DEFAULT_MS 60000
#define CONNECT_TIMEOUT_MS 5000
#define BUSY_ATTEMPTS 6
#define BUSY_DELAY_MAX_MS 2000

// A request whose answer is still to come.
struct pending {
    uint64_t id;
    const ProtobufCMessageDescriptor *response;
    // Of the answer that is kept: goes out with the request, and comes in with the answer. Or NULL.
    struct session_digest *kept;
};

struct session {
    struct wire wire;
    // The rest of opening: whom to say hello to as whom.
    struct session_settings settings;
    struct server_name name;
    bool greeted;
    uint64_t last_id;
    struct pending *pending;
    size_t pending_count;
    size_t pending_capacity;
    char person[128];
    struct device_instant hello_at;
    struct clock_fix clock;
    session_pushed *pushed;
    void *listener;
};

static void copy_error(const Tiejun__V1__Response *response, struct session_error *error)
{
    const Tiejun__V1__Error *cause = response->error;
    wire_fail(error, response->status, cause ? cause->hint : NULL, "%s",
              cause && cause->message ? cause->message
                                      : _("The daemon refused and did not say why."));
    if (!cause)
        return;
    snprintf(error->code, sizeof error->code, "%s", cause->code ? cause->code : "");
    snprintf(error->field, sizeof error->field, "%s", cause->field ? cause->field : "");
    error->retry_after_ms = cause->retry_after_ms;
}

static bool greet(struct session *session, struct session_error *error)
{
    struct session_settings *settings = &session->settings;
    Google__Protobuf__Timestamp clock = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    instant_now(&clock.seconds, &clock.nanos);
    device_clock_now(&session->hello_at);
    Tiejun__V1__Hello hello = TIEJUN__V1__HELLO__INIT;
    hello.has_major = hello.has_minor = true;
    hello.major = 1;
    hello.client = (char *)settings->client;
    hello.locale = (char *)i18n_language();
    hello.clock = &clock;
    hello.has_device_token = !settings->guest;
    hello.device_token = (ProtobufCBinaryData){SESSION_TOKEN_SIZE, settings->token};
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_HELLO;
    frame.hello = &hello;
    bool sent = wire_send(&session->wire, &frame.base, error);
    sodium_memzero(settings->token, sizeof settings->token);
    return sent;
}

// A daemon that does not say its time is taken to agree with this machine.
static void note_clock(struct session *session, const Google__Protobuf__Timestamp *clock)
{
    struct device_instant now;
    device_clock_now(&now);
    session->clock.device = device_clock_between(&session->hello_at, &now);
    session->clock.daemon_ns =
        clock ? clock->seconds * INT64_C(1000000000) + clock->nanos : session->clock.device.wall_ns;
}

// Takes the daemon's first frame. False with error.
static bool take_welcome(struct session *session, struct session_error *error)
{
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    Tiejun__V1__ServerFrame *frame = arena ? wire_receive(&session->wire, arena, error) : NULL;
    bool welcome = frame && frame->frame_case == TIEJUN__V1__SERVER_FRAME__FRAME_WELCOME;
    if (welcome) {
        const char *person = frame->welcome->person;
        snprintf(session->person, sizeof session->person, "%s", person ? person : "");
        note_clock(session, frame->welcome->clock);
    } else if (frame && frame->frame_case == TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE) {
        copy_error(frame->response, error);
    } else if (frame) {
        wire_babbles(&session->wire, error);
    }
    arena_free(arena);
    return welcome;
}

static int connect_patience(const struct session *session)
{
    return session->wire.timeout_ms < CONNECT_TIMEOUT_MS ? session->wire.timeout_ms
                                                         : CONNECT_TIMEOUT_MS;
}

static void fail_transport(const struct session *session, const struct transport_fault *fault,
                           struct session_error *error)
{
    if (*fault->untrusted.message) {
        wire_fail(error, TIEJUN__V1__STATUS__STATUS_UNAUTHENTICATED, fault->untrusted.hint, "%s",
                  fault->untrusted.message);
        snprintf(error->code, sizeof error->code, "untrusted_server");
    } else {
        wire_fail(error, 0, _("TIEJUN_SERVER or --server says where the daemon is."),
                  _("The daemon at %s cannot be reached: %s."), session->wire.server,
                  fault->reason);
    }
}

struct session *session_start(const struct session_settings *settings, struct session_error *error)
{
    struct transport_fault fault = {0};
    struct trust trust = settings->trust ? *settings->trust : (struct trust){0};
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        abort();
    session->wire.server = strdup(settings->server);
    session->settings = *settings;
    session->wire.timeout_ms = settings->timeout_ms ? settings->timeout_ms : TIMEOUT_DEFAULT_MS;
    session->wire.queues = settings->queues;
    trust_take_environment(&trust);
    if (!server_name_parse(settings->server, &session->name))
        snprintf(fault.reason, sizeof fault.reason, "%s", _("this is not HOST:PORT"));
    else
        session->wire.transport =
            transport_start(&session->name, &trust, connect_patience(session), &fault);
    if (session->wire.transport)
        return session;
    fail_transport(session, &fault, error);
    session_close(session);
    return NULL;
}

static enum session_progress progress_transport(struct session *session,
                                                struct session_error *error)
{
    struct transport_fault fault;
    enum transport_progress progress = transport_progress(session->wire.transport, &fault);
    if (progress == TRANSPORT_OPENING)
        return SESSION_OPENING;
    if (progress == TRANSPORT_FAILED) {
        fail_transport(session, &fault, error);
        return SESSION_FAILED;
    }
    // A few bytes, which a fresh connection always takes.
    session->greeted = greet(session, error);
    return session->greeted ? SESSION_OPENING : SESSION_FAILED;
}

enum session_progress session_progress(struct session *session, struct session_error *error)
{
    enum session_progress progress = SESSION_OPENING;
    if (!session->greeted)
        progress = progress_transport(session, error);
    if (progress == SESSION_FAILED || !session->greeted)
        return progress;
    int found = wire_flush(&session->wire, error) ? wire_look(&session->wire, error) : -1;
    if (found < 0)
        return SESSION_FAILED;
    if (found > 0)
        return take_welcome(session, error) ? SESSION_OPEN : SESSION_FAILED;
    if (session_patience(session) > 0)
        return SESSION_OPENING;
    wire_lost(&session->wire, error, _("it is silent"));
    return SESSION_FAILED;
}

bool session_writes(const struct session *session)
{
    if (session->greeted)
        return wire_holds_output(&session->wire);
    return transport_wants(session->wire.transport) == TRANSPORT_WRITABLE;
}

bool session_flush(struct session *session, struct session_error *error)
{
    return wire_flush(&session->wire, error);
}

int session_patience(const struct session *session)
{
    struct device_instant now;
    if (!session->greeted)
        return transport_patience(session->wire.transport);
    device_clock_now(&now);
    int64_t left =
        session->wire.timeout_ms - (now.boot_ns - session->hello_at.boot_ns) / INT64_C(1000000);
    return left > 0 ? (int)left : 0;
}

struct session *session_open(const struct session_settings *settings, struct session_error *error)
{
    struct session *session = session_start(settings, error);
    enum session_progress progress = SESSION_OPENING;
    while (session && (progress = session_progress(session, error)) == SESSION_OPENING)
        transport_wait(session->wire.transport, TRANSPORT_READABLE, session_patience(session));
    if (session && progress == SESSION_OPEN)
        return session;
    session_close(session);
    return NULL;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    sodium_memzero(&session->settings, sizeof session->settings);
    wire_close(&session->wire);
    free(session->pending);
    free(session);
}

const char *session_person(const struct session *session)
{
    return session->person;
}

const struct clock_fix *session_clock(const struct session *session)
{
    return &session->clock;
}

static bool remember(struct session *session, const ProtobufCMessageDescriptor *response,
                     struct session_digest *kept)
{
    if (session->pending_count == session->pending_capacity) {
        size_t capacity = session->pending_capacity ? session->pending_capacity * 2 : 16;
        struct pending *pending =
            reallocarray(session->pending, capacity, sizeof session->pending[0]);
        if (!pending)
            return false;
        session->pending = pending;
        session->pending_capacity = capacity;
    }
    session->pending[session->pending_count++] =
        (struct pending){.id = ++session->last_id, .response = response, .kept = kept};
    return true;
}

// The request of this id, which is answered with it. False when there is none.
static bool recall(struct session *session, uint64_t id, struct pending *request)
{
    for (size_t i = 0; i < session->pending_count; i++) {
        if (session->pending[i].id == id) {
            *request = session->pending[i];
            session->pending[i] = session->pending[--session->pending_count];
            return true;
        }
    }
    return false;
}

static bool send_request(struct session *session, const char *method, ProtobufCBinaryData body,
                         struct session_digest *kept, struct session_error *error)
{
    Tiejun__V1__Request request = TIEJUN__V1__REQUEST__INIT;
    request.has_id = request.has_body = true;
    request.id = session->last_id;
    request.method = (char *)method;
    request.body = body;
    if (kept) {
        request.has_kept = true;
        request.kept = (ProtobufCBinaryData){kept->size, kept->bytes};
    }
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST;
    frame.request = &request;
    return wire_send(&session->wire, &frame.base, error);
}

bool session_send_kept(struct session *session, const char *method, const ProtobufCMessage *request,
                       struct session_digest *digest, uint64_t *id, struct session_error *error)
{
    struct pending unsent;
    const ProtobufCMethodDescriptor *found = contract_method(method, NULL);
    // Names come from our own tables, or from `tiejun call`, which has looked them up.
    if (!found || found->input != request->descriptor)
        abort();
    ProtobufCBinaryData body = {.len = protobuf_c_message_get_packed_size(request)};
    body.data = malloc(body.len + 1);
    if (!body.data || !remember(session, found->output, digest)) {
        free(body.data);
        wire_lost(&session->wire, error, strerror(ENOMEM));
        return false;
    }
    protobuf_c_message_pack(request, body.data);
    *id = session->last_id;
    bool sent = send_request(session, method, body, digest, error);
    sodium_memzero(body.data, body.len);
    free(body.data);
    if (!sent)
        recall(session, *id, &unsent);
    return sent;
}

bool session_send(struct session *session, const char *method, const ProtobufCMessage *request,
                  uint64_t *id, struct session_error *error)
{
    return session_send_kept(session, method, request, NULL, id, error);
}

static void note_digest(struct session_digest *kept, const Tiejun__V1__Response *response)
{
    kept->size = response->digest.len <= sizeof kept->bytes ? response->digest.len : 0;
    if (kept->size > 0)
        memcpy(kept->bytes, response->digest.data, kept->size);
}

static enum session_result understand(struct session *session, const Tiejun__V1__Response *response,
                                      struct arena *arena, ProtobufCMessage **message,
                                      struct session_error *error)
{
    struct pending request;
    if (!recall(session, response->id, &request)) {
        // With id 0 the daemon says what is wrong with the connection before it closes it.
        copy_error(response, error);
        if (response->id != 0)
            wire_babbles(&session->wire, error);
        return SESSION_BROKEN;
    }
    if (response->status != TIEJUN__V1__STATUS__STATUS_OK) {
        copy_error(response, error);
        return SESSION_REFUSED;
    }
    *message = NULL;
    if (request.kept && response->unchanged)
        return SESSION_OK;
    if (request.kept)
        note_digest(request.kept, response);
    *message = message_unpack(request.response, arena, response->body.data, response->body.len,
                              NULL, NULL);
    if (*message) {
        // Of a newer daemon; nobody here can read them, and the answer may be kept.
        message_forget_unknown(*message);
        return SESSION_OK;
    }
    wire_babbles(&session->wire, error);
    return SESSION_BROKEN;
}

enum session_result session_receive(struct session *session, struct arena *arena, uint64_t *id,
                                    ProtobufCMessage **response, struct session_error *error)
{
    for (;;) {
        Tiejun__V1__ServerFrame *frame = wire_receive(&session->wire, arena, error);
        if (!frame)
            return SESSION_BROKEN;
        if (frame->frame_case == TIEJUN__V1__SERVER_FRAME__FRAME_PUSH && session->pushed) {
            const Tiejun__V1__Push *push = frame->push;
            session->pushed(session->listener, push->topic ? push->topic : "", push->body.data,
                            push->body.len);
            return SESSION_PUSHED;
        }
        // Without a listener, or of a newer daemon whose frames are new to us.
        if (frame->frame_case != TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE)
            continue;
        *id = frame->response->id;
        return understand(session, frame->response, arena, response, error);
    }
}

static void pause_for(uint32_t milliseconds)
{
    if (milliseconds > BUSY_DELAY_MAX_MS)
        milliseconds = BUSY_DELAY_MAX_MS;
    struct timespec delay = {.tv_sec = milliseconds / 1000,
                             .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&delay, &delay) != 0 && errno == EINTR)
        continue;
}

enum session_result session_renew(struct session *session, const char *method,
                                  const ProtobufCMessage *request, struct session_digest *digest,
                                  struct arena *arena, ProtobufCMessage **response,
                                  struct session_error *error)
{
    uint32_t delay = 50;
    for (int attempt = 1;; attempt++, delay *= 2) {
        uint64_t id;
        if (!session_send_kept(session, method, request, digest, &id, error))
            return error->status ? SESSION_REFUSED : SESSION_BROKEN;
        enum session_result result;
        do
            result = session_receive(session, arena, &id, response, error);
        while (result == SESSION_PUSHED);
        if (result != SESSION_REFUSED || error->status != TIEJUN__V1__STATUS__STATUS_BUSY ||
            attempt == BUSY_ATTEMPTS || error->retry_after_ms > BUSY_DELAY_MAX_MS)
            return result;
        pause_for(error->retry_after_ms > delay ? error->retry_after_ms : delay);
    }
}

enum session_result session_call(struct session *session, const char *method,
                                 const ProtobufCMessage *request, struct arena *arena,
                                 ProtobufCMessage **response, struct session_error *error)
{
    return session_renew(session, method, request, NULL, arena, response, error);
}

void session_listen(struct session *session, session_pushed *pushed, void *context)
{
    session->pushed = pushed;
    session->listener = context;
}

size_t session_in_flight(const struct session *session)
{
    return session->pending_count;
}

int session_descriptor(const struct session *session)
{
    return transport_descriptor(session->wire.transport);
}

bool session_ready(struct session *session)
{
    struct session_error error;
    return wire_look(&session->wire, &error) != 0;
}
