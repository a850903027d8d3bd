// A conversation with the daemon: blocking, with pipelining for those who want it.
//
// One request at a time:
//     session_call(session, "tiejun.v1.GoalService.Set", &request.base, arena, &response, &error)
// Many in flight: session_send as often as wanted, session_receive for each; answers may come in
// any order and carry the id of their request. While session_send waits for room it takes in
// answers, so neither side can block the other; an importer still bounds what it has in flight
// (session_in_flight) to bound its own memory.
#pragma once

#include "client/lib/device_clock.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct session;
struct trust;

#define SESSION_SERVER_DEFAULT "127.0.0.1:7535"
#define SESSION_TOKEN_SIZE 32

// Enough for every response of FRAME_LIMIT_ANSWER bytes; for arena_new. Only what is used is taken.
#define SESSION_ARENA_BUDGET ((size_t)1 << 30)

enum session_result {
    SESSION_OK,
    // The daemon answered and refused. The session goes on.
    SESSION_REFUSED,
    // The daemon cannot be reached, went away, fell silent, or does not speak our protocol. The
    // session is of no more use.
    SESSION_BROKEN,
    // A push came, which the session's listener has taken; only where there is one.
    SESSION_PUSHED,
};

struct session_error {
    // A Tiejun__V1__Status; 0 when the fault is the connection's.
    int status;
    // Stable word; empty when the fault is the connection's.
    char code[64];
    // Sentences in the user's language, without a newline.
    char message[1024];
    char hint[512];
    // The field at fault, in the request's own names, or empty.
    char field[64];
    // For STATUS_BUSY.
    uint32_t retry_after_ms;
};

struct session_settings {
    // HOST, HOST:PORT or [IPV6]:PORT.
    const char *server;
    uint8_t token[SESSION_TOKEN_SIZE];
    // There is no token yet: all that can be called is what logs in.
    bool guest;
    // NULL: what the environment says. See trust.h.
    const struct trust *trust;
    // Program and version, for the daemon's log.
    const char *client;
    // Longest silence that is borne before the session counts as broken; 0: 60 s. Connecting takes
    // no longer either, and 5 s at most for each address.
    int timeout_ms;
    // For an event loop: what cannot go out at once waits for session_flush.
    bool queues;
};

// Connects, says Hello and waits for Welcome. NULL when that fails, with error filled in: refused
// (status is not 0; with the code "untrusted_server" it was we who refused) or unreachable. Free
// with session_close.
struct session *session_open(const struct session_settings *settings, struct session_error *error);
void session_close(struct session *session);

// The same without waiting: it begins, and each session_progress does what can be done, to be
// called when session_descriptor, which may be another one after each call, can be read (or
// written, as session_writes says), and in session_patience milliseconds at the latest. What
// settings point to must stay for as long. NULL with error when there is nothing to begin with.
struct session *session_start(const struct session_settings *settings, struct session_error *error);

enum session_progress {
    SESSION_OPEN,
    SESSION_OPENING,
    // With error filled in, as of session_open; only session_close is legal.
    SESSION_FAILED,
};

enum session_progress session_progress(struct session *session, struct session_error *error);
bool session_writes(const struct session *session);
int session_patience(const struct session *session);

// The handle of whom the token belongs to, as Welcome said. Good until session_close.
const char *session_person(const struct session *session);

// The device's clocks and the daemon's, as Hello and Welcome measured them.
const struct clock_fix *session_clock(const struct session *session);

// Sends a request and waits for its answer, which is unpacked into the arena. A daemon that is
// busy is asked again a few times. Only legal with nothing else in flight.
enum session_result session_call(struct session *session, const char *method,
                                 const ProtobufCMessage *request, struct arena *arena,
                                 ProtobufCMessage **response, struct session_error *error);

// What an answer that is kept is known by: the daemon's, for the daemon alone to compare.
struct session_digest {
    uint8_t bytes[64];
    size_t size;
};

// As session_call, for an answer that is kept. digest is that of the one kept, of size 0 when there
// is none; SESSION_OK with NULL for response means that it is still the same, else digest is now
// the new answer's. NULL: of one that is not.
enum session_result session_renew(struct session *session, const char *method,
                                  const ProtobufCMessage *request, struct session_digest *digest,
                                  struct arena *arena, ProtobufCMessage **response,
                                  struct session_error *error);

// Sends a request without waiting for the answer; id is what the answer will carry. method is a
// full name of the contract. False when the session is broken or the request is too long for a
// frame (error->status is 0, or STATUS_INVALID and then the session goes on).
bool session_send(struct session *session, const char *method, const ProtobufCMessage *request,
                  uint64_t *id, struct session_error *error);

// The same for an answer that is kept, as of session_renew; digest has to stay until it is
// received.
bool session_send_kept(struct session *session, const char *method, const ProtobufCMessage *request,
                       struct session_digest *digest, uint64_t *id, struct session_error *error);

// Waits for the next answer, whichever it is, or push. id is set for SESSION_OK and
// SESSION_REFUSED; response, unpacked into the arena, for SESSION_OK alone.
enum session_result session_receive(struct session *session, struct arena *arena, uint64_t *id,
                                    ProtobufCMessage **response, struct session_error *error);

// Who takes pushes: topic and body as the contract has them, good for the call alone. Without one
// they are let go.
typedef void session_pushed(void *context, const char *topic, const uint8_t *body, size_t size);
void session_listen(struct session *session, session_pushed *pushed, void *context);

// Requests sent whose answers were not received yet.
size_t session_in_flight(const struct session *session);

// Of one that queues: sends what can go out, to be called when session_descriptor can be written
// for as long as session_writes says so. False with error when the session is broken.
bool session_flush(struct session *session, struct session_error *error);

// For an event loop: becomes readable when an answer may have come, which session_ready tells.
int session_descriptor(const struct session *session);

// Whether an answer can be had without waiting.
bool session_ready(struct session *session);
