#include "server/rpc/session.h"

#include "common/frame.h"
#include "common/i18n.h"
#include "common/instant.h"
#include "common/log.h"
#include "common/message.h"
#include "server/rpc/audit_trail.h"
#include "server/rpc/bind.h"
#include "server/rpc/call.h"
#include "server/rpc/device_login.h"
#include "server/rpc/subscriber.h"
#include "server/rpc/try.h"
#include "tiejun/v1/frame.pb-c.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROTOCOL_MAJOR = 1,
    PROTOCOL_MINOR = 0,
    TOKEN_SIZE = 32,
    // What one client may have under way: requests, and memory that they take.
    IN_FLIGHT_MOST = 64,
    IN_FLIGHT_BYTES_MOST = 32 << 20,
    // Entries of a list in a request; each is a row that the database works on.
    ENTRIES_MOST = 20000,
    // Answers that may wait for a client that does not take them, in bytes.
    UNSENT_MOST = 16 << 20,
    // Memory that one frame may unpack into, before the client is known and after.
    BUDGET_UNKNOWN = 64 << 10,
    BUDGET_KNOWN = 32 << 20,
    // Requests of a guest that are refused as they come; the last one ends it.
    GUEST_REFUSALS_MOST = 16,
};

// A session opens once; whatever is wrong with the protocol ends it. A GUEST has said Hello without
// a token, and logs in by what it calls.
enum state { STATE_NEW, STATE_GUEST, STATE_LOGGING_IN, STATE_OPEN, STATE_CLOSED };

static const char *const state_names[] = {"new", "guest", "logging in", "open", "closed"};

struct session {
    struct id_link link;
    struct service *service;
    struct session_peer peer;
    enum state state;
    const char *language;
    // The hash of the token that it logs in with, as text for the database.
    char token_hash[TOKEN_HASH_TEXT];
    // Empty until it has logged in.
    char actor[ID_TEXT_SIZE];
    char device[ID_TEXT_SIZE];
    char handle[HANDLE_SIZE];
    bool is_welcomed;
    unsigned refusals;
    size_t in_flight;
    size_t in_flight_bytes;
    bool paused;
    // The device may not act any more: what is in flight is answered, then it ends.
    bool ending;
    // NULL while nothing is subscribed to.
    struct subscriber *subscriber;
};

static void change_state(struct session *session, enum state state)
{
    log_event(LOG_LEVEL_DEBUG, session->peer.address, session->handle, "session %s -> %s",
              state_names[session->state], state_names[state]);
    session->state = state;
}

static void send_frame(struct session *session, const Tiejun__V1__ServerFrame *frame)
{
    size_t size = tiejun__v1__server_frame__get_packed_size(frame);
    uint8_t *bytes = malloc(FRAME_HEADER_MAX + size);
    if (!bytes) {
        session->peer.close(session->peer.context);
        return;
    }
    size_t header = frame_header_write(bytes, (uint32_t)size);
    tiejun__v1__server_frame__pack(frame, bytes + header);
    session->peer.send(session->peer.context, bytes, header + size);
    free(bytes);
}

static void send_response(struct session *session, Tiejun__V1__Response *response)
{
    Tiejun__V1__ServerFrame frame = TIEJUN__V1__SERVER_FRAME__INIT;
    frame.frame_case = TIEJUN__V1__SERVER_FRAME__FRAME_RESPONSE;
    frame.response = response;
    send_frame(session, &frame);
}

static void refuse(struct session *session, uint64_t request_id, const char *code,
                   const char *field, const char *arguments)
{
    struct arena *arena = arena_new(BUDGET_UNKNOWN);
    const struct refusal *refusal = refusal_find(code);
    Tiejun__V1__Response response = TIEJUN__V1__RESPONSE__INIT;
    response.has_id = true;
    response.id = request_id;
    response.has_status = true;
    response.status = refusal->status;
    response.error =
        arena ? refusal_error(arena, refusal, field, arguments, session->language) : NULL;
    log_event(LOG_LEVEL_INFO, session->peer.address, session->handle, "refused: %s", code);
    const struct audit_refusal note = {.actor = session->actor,
                                       .device = session->device,
                                       .address = session->peer.address,
                                       .refusal = refusal,
                                       .field = field,
                                       .arguments = arguments};
    audit_refusal_add(session->service, &note);
    send_response(session, &response);
    arena_free(arena);
}

// Tells the client what was wrong with the conversation itself, and ends it.
static enum session_verdict refuse_and_close(struct session *session, const char *code,
                                             const char *field, const char *arguments)
{
    if (session->state != STATE_CLOSED) {
        refuse(session, 0, code, field, arguments);
        change_state(session, STATE_CLOSED);
        session->peer.close(session->peer.context);
    }
    return SESSION_CLOSED;
}

static bool is_full(const struct session *session)
{
    size_t most = session->state == STATE_GUEST ? 1 : IN_FLIGHT_MOST;
    return session->in_flight >= most || session->in_flight_bytes >= IN_FLIGHT_BYTES_MOST;
}

static bool takes_requests(const struct session *session)
{
    return session->state == STATE_GUEST || session->state == STATE_OPEN;
}

static void resume_if_paused(struct session *session)
{
    if (session->paused && takes_requests(session) && !session->ending && !is_full(session)) {
        session->paused = false;
        session->peer.resume(session->peer.context);
    }
}

static void welcome(struct session *session, const char *name)
{
    Google__Protobuf__Timestamp clock = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__V1__Welcome body = TIEJUN__V1__WELCOME__INIT;
    Tiejun__V1__ServerFrame frame = TIEJUN__V1__SERVER_FRAME__INIT;
    instant_now(&clock.seconds, &clock.nanos);
    body.has_major = true;
    body.major = PROTOCOL_MAJOR;
    body.has_minor = true;
    body.minor = PROTOCOL_MINOR;
    body.server = (char *)"tiejund " TIEJUN_VERSION;
    body.clock = &clock;
    body.person = *session->handle ? session->handle : NULL;
    body.person_name = (char *)name;
    frame.frame_case = TIEJUN__V1__SERVER_FRAME__FRAME_WELCOME;
    frame.welcome = &body;
    send_frame(session, &frame);
    session->is_welcomed = true;
}

static void open_session(struct session *session, const struct device_owner *owner)
{
    memcpy(session->actor, owner->actor, sizeof session->actor);
    memcpy(session->device, owner->device, sizeof session->device);
    memcpy(session->handle, owner->handle, sizeof session->handle);
    change_state(session, STATE_OPEN);
    if (!session->is_welcomed) {
        welcome(session, owner->name);
    }
    resume_if_paused(session);
}

static void on_login(struct service *service, uint64_t session_id, const struct device_owner *owner,
                     const char *refusal, const char *field)
{
    struct session *session = id_map_find(&service->sessions, session_id);
    if (!session || session->state != STATE_LOGGING_IN) {
        return;
    }
    if (owner) {
        open_session(session, owner);
    } else {
        refuse_and_close(session, refusal, field, NULL);
    }
}

// The daemon knows the hash of a token alone, so that a stolen database opens no session.
static void note_hash(struct session *session, const uint8_t hash[static crypto_generichash_BYTES])
{
    memcpy(session->token_hash, "\\x", 2);
    sodium_bin2hex(session->token_hash + 2, sizeof session->token_hash - 2, hash,
                   crypto_generichash_BYTES);
}

// By session->token_hash.
static enum session_verdict start_login(struct session *session)
{
    if (!device_login(session->service, session->link.id, session->token_hash,
                      session->peer.address, on_login)) {
        return refuse_and_close(session, "busy", NULL, NULL);
    }
    change_state(session, STATE_LOGGING_IN);
    session->paused = true;
    return SESSION_PAUSE;
}

static enum session_verdict start_guest(struct session *session)
{
    change_state(session, STATE_GUEST);
    welcome(session, NULL);
    return SESSION_GO_ON;
}

static enum session_verdict take_hello(struct session *session, const Tiejun__V1__Hello *hello)
{
    session->language = i18n_offered(hello->locale);
    if (session->state != STATE_NEW) {
        return refuse_and_close(session, "hello_twice", NULL, NULL);
    }
    if (hello->major != PROTOCOL_MAJOR) {
        char versions[32];
        snprintf(versions, sizeof versions, "%d%c%u", PROTOCOL_MAJOR, REFUSAL_SEPARATOR,
                 hello->major);
        return refuse_and_close(session, "unknown_version", "major", versions);
    }
    if (!hello->has_device_token) {
        return start_guest(session);
    }
    if (hello->device_token.len != TOKEN_SIZE) {
        return refuse_and_close(session, "unknown_device", "device_token", NULL);
    }
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, hello->device_token.data, hello->device_token.len, NULL,
                       0);
    note_hash(session, hash);
    return start_login(session);
}

static void end_session(struct session *session)
{
    if (session->in_flight == 0) {
        refuse_and_close(session, "device_ended", NULL, NULL);
    }
}

static void send_answer(struct session *session, const struct call_answer *answer)
{
    Tiejun__V1__Response response = TIEJUN__V1__RESPONSE__INIT;
    response.has_id = true;
    response.id = answer->request_id;
    response.has_status = true;
    response.status = answer->status;
    response.error = (Tiejun__V1__Error *)answer->error;
    response.has_body = answer->status == TIEJUN__V1__STATUS__STATUS_OK && !answer->unchanged;
    response.body.data = (uint8_t *)answer->body;
    response.body.len = answer->body_size;
    response.has_digest = answer->digest_size > 0;
    response.digest.data = (uint8_t *)answer->digest;
    response.digest.len = answer->digest_size;
    response.has_unchanged = answer->unchanged;
    response.unchanged = answer->unchanged;
    send_response(session, &response);
}

// A client that asks and asks, and takes none of it, gets the reason in place of the answer.
static void answer(struct service *service, const struct call_answer *answer)
{
    struct session *session = id_map_find(&service->sessions, answer->session_id);
    if (!session) {
        return;
    }
    session->in_flight--;
    session->in_flight_bytes -= answer->request_memory;
    // A byte that stayed would stay for good, and in the end no request would be taken any more.
    assert(session->in_flight > 0 || session->in_flight_bytes == 0);
    size_t unsent = session->peer.unsent(session->peer.context);
    if (answer->body_size > 0 && unsent + answer->body_size > UNSENT_MOST) {
        refuse(session, answer->request_id, "answers_waiting", NULL, NULL);
    } else {
        send_answer(session, answer);
    }
    if (session->ending) {
        end_session(session);
    } else if (session->state == STATE_GUEST && answer->status == TIEJUN__V1__STATUS__STATUS_OK) {
        // All that a guest may call lets its device in.
        start_login(session);
    } else {
        resume_if_paused(session);
    }
}

// ---- pushes ----

static void push(void *context, const uint8_t *body, size_t size)
{
    struct session *session = context;
    Tiejun__V1__Push push = TIEJUN__V1__PUSH__INIT;
    Tiejun__V1__ServerFrame frame = TIEJUN__V1__SERVER_FRAME__INIT;
    if (session->state != STATE_OPEN || session->ending) {
        return;
    }
    push.topic = (char *)"notices";
    push.has_body = true;
    push.body.data = (uint8_t *)body;
    push.body.len = size;
    frame.frame_case = TIEJUN__V1__SERVER_FRAME__FRAME_PUSH;
    frame.push = &push;
    send_frame(session, &frame);
}

static size_t unsent(void *context)
{
    struct session *session = context;
    return session->peer.unsent(session->peer.context);
}

static struct caller caller_of(const struct session *session)
{
    return (struct caller){session->link.id,  session->actor,        session->device,
                           session->language, session->peer.address, session->handle};
}

// A subscription that was granted begins before its answer goes out: its pushes come behind that.
static void answer_subscription(struct service *service, const struct call_answer *granted)
{
    struct session *session = id_map_find(&service->sessions, granted->session_id);
    if (session && granted->status == TIEJUN__V1__STATUS__STATUS_OK) {
        const struct caller caller = caller_of(session);
        const struct subscriber_peer peer = {session, push, unsent};
        subscriber_free(session->subscriber);
        session->subscriber =
            subscriber_new(service->subscribers, &caller, granted->body, granted->body_size, &peer);
        if (!session->subscriber) {
            session->peer.close(session->peer.context);
        }
    }
    answer(service, granted);
}

void session_drained(struct session *session)
{
    subscriber_go_on(session->subscriber);
}

// ---- requests ----

// The device that a request of a guest is about to let in.
static void note_token(struct session *session, const ProtobufCMessage *input)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(input->descriptor, "token_hash");
    const ProtobufCBinaryData *hash = field ? message_member(input, field) : NULL;
    session->token_hash[0] = '\0';
    if (hash && hash->len == crypto_generichash_BYTES) {
        note_hash(session, hash->data);
    }
}

static bool start(struct session *session, const struct registered *row, struct arena *arena,
                  const Tiejun__V1__Request *request, const ProtobufCMessage *input,
                  const char **code)
{
    const struct caller caller = caller_of(session);
    call_answered *answered = row->request->subscribes ? answer_subscription : answer;
    if (session->state == STATE_GUEST) {
        note_token(session, input);
    }
    return row->request->try_kind
               ? try_start(session->service, &caller, row, arena, request, input, code, answer)
               : call_start(session->service, &caller, row, arena, request, input, answered);
}

// The first list of a request that is longer than any may be, NULL when none is; with the parts of
// the sentence that says so.
static const char *overlong_list(const ProtobufCMessage *input, struct arena *arena,
                                 const char **parts)
{
    for (unsigned i = 0; i < input->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &input->descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            continue;
        }
        size_t entries = message_count(input, field);
        if (entries > ENTRIES_MOST) {
            *parts = arena_printf(arena, "%s%c%zu%c%d", field->name, REFUSAL_SEPARATOR, entries,
                                  REFUSAL_SEPARATOR, ENTRIES_MOST);
            return field->name;
        }
    }
    return NULL;
}

static void note_start(struct session *session, size_t size)
{
    session->in_flight++;
    session->in_flight_bytes += size;
    session->paused = is_full(session);
}

// Each refusal is a row of the audit trail, which strangers do not fill at the pace of a loop.
static enum session_verdict go_on_unless_tiresome(struct session *session)
{
    if (session->state != STATE_GUEST || ++session->refusals < GUEST_REFUSALS_MOST) {
        return SESSION_GO_ON;
    }
    change_state(session, STATE_CLOSED);
    session->peer.close(session->peer.context);
    return SESSION_CLOSED;
}

// Takes over the arena, in which request lies.
static enum session_verdict take_request(struct session *session, struct arena *arena,
                                         const Tiejun__V1__Request *request)
{
    const char *code = NULL;
    const char *why = NULL;
    const char *field = NULL;
    const ProtobufCMessage *input = NULL;
    const struct registered *row =
        registry_find(session->service->registry, request->method ? request->method : "");
    if (!request->id) {
        code = "request_without_id";
    } else if (!row) {
        code = "unknown_method";
        why = request->method;
        field = "method";
    } else if (session->service->stopping) {
        code = "stopping";
    } else if (row->request->before_login != (session->state == STATE_GUEST)) {
        code = row->request->before_login ? "logged_in_already" : "not_logged_in";
    } else if (!(input = message_unpack(row->input, arena, request->body.data, request->body.len,
                                        &why, &field))) {
        code = "message_malformed";
        why = why ? i18n_in(session->language, why) : NULL;
    } else if ((field = overlong_list(input, arena, &why))) {
        code = "too_many_entries";
    } else {
        if (start(session, row, arena, request, input, &code)) {
            note_start(session, arena_used(arena));
            return session->paused ? SESSION_PAUSE : SESSION_GO_ON;
        }
        code = code ? code : "busy";
    }
    refuse(session, request->id, code, field, why);
    // It may hold a password.
    arena_wipe(arena);
    arena_free(arena);
    return go_on_unless_tiresome(session);
}

// Takes over the arena.
static enum session_verdict take_frame(struct session *session, struct arena *arena,
                                       const Tiejun__V1__ClientFrame *frame)
{
    if (takes_requests(session) && frame->frame_case == TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST) {
        return take_request(session, arena, frame->request);
    }
    enum session_verdict verdict = frame->frame_case == TIEJUN__V1__CLIENT_FRAME__FRAME_HELLO
                                       ? take_hello(session, frame->hello)
                                       : refuse_and_close(session, "hello_missing", NULL, NULL);
    arena_free(arena);
    return verdict;
}

enum session_verdict session_take(struct session *session, const uint8_t *body, size_t size)
{
    if (session->state == STATE_CLOSED) {
        return SESSION_CLOSED;
    }
    if (session->ending) {
        return SESSION_PAUSE;
    }
    struct arena *arena = arena_new(session->state == STATE_OPEN ? BUDGET_KNOWN : BUDGET_UNKNOWN);
    const char *why = "";
    const char *field = NULL;
    const ProtobufCMessage *frame = arena ? message_unpack(&tiejun__v1__client_frame__descriptor,
                                                           arena, body, size, &why, &field)
                                          : NULL;
    if (!frame) {
        arena_free(arena);
        return refuse_and_close(session, "message_malformed", field,
                                i18n_in(session->language, why));
    }
    return take_frame(session, arena, (const Tiejun__V1__ClientFrame *)frame);
}

void session_reject(struct session *session, const char *code)
{
    char limit[16];
    snprintf(limit, sizeof limit, "%u", session_frame_limit(session));
    refuse_and_close(session, code, NULL, limit);
}

uint32_t session_frame_limit(const struct session *session)
{
    return session->state == STATE_OPEN ? FRAME_LIMIT : FRAME_LIMIT_UNAUTHENTICATED;
}

bool session_is_open(const struct session *session)
{
    return session->state == STATE_OPEN;
}

size_t session_in_flight(const struct session *session)
{
    return session->in_flight;
}

struct session *session_new(struct service *service, const struct session_peer *peer)
{
    struct session *session = calloc(1, sizeof *session);
    if (session) {
        session->service = service;
        session->peer = *peer;
        session->language = "en";
        id_map_add(&service->sessions, &session->link);
    }
    return session;
}

void session_free(struct session *session)
{
    if (session) {
        id_map_remove(&session->service->sessions, &session->link);
        subscriber_free(session->subscriber);
        free(session);
    }
}

const char *session_device(const struct session *session)
{
    return session->state == STATE_OPEN ? session->device : "";
}

void session_end(struct session *session)
{
    session->ending = true;
    end_session(session);
}
