#include "server/rpc/try.h"

#include "common/frame.h"
#include "common/invite_code.h"
#include "common/log.h"
#include "server/auth/password_rule.h"
#include "server/auth/throttle.h"
#include "server/rpc/audit_trail.h"
#include "server/rpc/encode.h"
#include "server/rpc/fault.h"
#include "tiejun/v1/org.pb-c.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    // Counts of tries that one try touches: at an account, and from an address.
    THROTTLES_MOST = 2,
    // Times that a try is judged again when others came between.
    AGAIN_MOST = 3,
    TOKEN_HASH_SIZE = 32,
    // Until a queue of passwords is likely to be shorter.
    BUSY_MS = 1000,
};

// BEGIN: how often was it tried? RESERVE: this try counts. HASH: on a thread. END: what follows.
enum stage { STAGE_BEGIN, STAGE_RESERVE, STAGE_HASH, STAGE_END };

// A row of login_throttle, as it was read.
struct throttle {
    const char *kind;
    const char *subject;
    const char *version;
    int32_t tries;
};

struct
try {
    struct work work;
    struct service *service;
    struct caller caller;
    const struct registered *row;
    struct arena *arena;
    uint64_t request_id;
    size_t request_memory;
    call_answered *answered;
    enum stage stage;
    unsigned times_again;
    // What the request says. handle: at whose password; NULL for a code. The hashes are hex.
    const char *handle;
    const char *code_hash;
    const char *password;
    const char *fresh;
    const char *token_hash;
    const char *device_name;
    struct throttle throttles[THROTTLES_MOST];
    size_t n_throttles;
    int64_t wait_ms;
    // Whom it is about, when there is somebody.
    const char *person_id;
    const char *person;
    const char *name;
    const char *verifier;
    struct hasher_outcome outcome;
    struct buffer rows;
    const char *wrong_column;
};

// What is said of a try that was not good, and what ends a good one.
static const struct {
    enum common_statement end;
    const char *refusal;
    const char *field;
} kinds[] = {
    [TRY_LOGIN] = {STATEMENT_TRY_LOGIN, "bad_login", "password"},
    [TRY_ENROL] = {STATEMENT_TRY_ENROL, "bad_code", "code"},
    [TRY_CHANGE] = {STATEMENT_TRY_CHANGE, "wrong_password", "old_password"},
};

static void end(struct try *try, const struct call_answer *outcome)
{
    struct call_answer answer = *outcome;
    answer.session_id = try->caller.session_id;
    answer.request_id = try->request_id;
    answer.request_memory = try->request_memory;
    try->answered(try->service, &answer);
    buffer_release(&try->rows);
    // The try lies in its own arena, with the password.
    struct arena *arena = try->arena;
    arena_wipe(arena);
    arena_free(arena);
}

static void refuse_for_now(struct try *try, const char *code, const char *field,
                           const char *arguments, uint32_t retry_after_ms)
{
    const struct refusal *refusal = refusal_find(code);
    log_event(LOG_LEVEL_INFO, try->caller.address, try->caller.handle, "%s refused: %s",
              try->row->request->method, code);
    Tiejun__V1__Error *error =
        refusal_error(try->arena, refusal, field, arguments, try->caller.language);
    if (error && retry_after_ms > 0) {
        error->has_retry_after_ms = true;
        error->retry_after_ms = retry_after_ms;
    }
    // Whose account it was tried at, for those who look after it.
    const struct audit_refusal note = {try->caller.actor,
                                       try->caller.device,
                                       try->caller.address,
                                       try->row->short_name,
                                       refusal,
                                       field,
                                       arguments ? arguments : try->person};
    audit_refusal_add(try->service, &note);
    end(try, &(struct call_answer){.status = refusal->status, .error = error});
}

static void refuse(struct try *try, const char *code, const char *field, const char *arguments)
{
    refuse_for_now(try, code, field, arguments, 0);
}

static void refuse_busy(struct try *try)
{
    refuse_for_now(try, "busy", NULL, NULL, BUSY_MS);
}

// ---- the three transactions ----

// The values are in the arena, or constants.
static bool submit(struct try *try, enum stage stage, enum common_statement which,
                   const char *const *values)
{
    const char **actor = arena_alloc(try->arena, CALLER_VALUES * sizeof *actor);
    const struct registry *registry = try->service->registry;
    if (!actor) {
        return false;
    }
    caller_values(&try->caller, try->row->short_name, actor);
    try->stage = stage;
    try->work.job.n_calls = 2;
    try->work.job.calls[0] =
        (struct job_call){registry_statement(registry, STATEMENT_ACTOR), actor};
    try->work.job.calls[1] = (struct job_call){registry_statement(registry, which), values};
    return service_submit(try->service, &try->work);
}

static const char **new_values(struct try *try, size_t n)
{
    return arena_alloc(try->arena, n * sizeof(char *));
}

static bool begin(struct try *try)
{
    const char **values = new_values(try, 1);
    if (!values) {
        return false;
    }
    values[0] = try->handle;
    try->n_throttles = 0;
    try->wait_ms = 0;
    return submit(try, STAGE_BEGIN, STATEMENT_TRY_BEGIN, values);
}

enum column { COLUMN_KIND, COLUMN_SUBJECT, COLUMN_VERSION, COLUMN_TRIES };

// One member of every throttle, as an array for the database. None has a character to be quoted.
static const char *array_of(struct try *try, enum column column)
{
    const char *text = "";
    for (size_t i = 0; text && i < try->n_throttles; i++) {
        const struct throttle *throttle = &try->throttles[i];
        const char *members[] = {throttle->kind, throttle->subject, throttle->version,
                                 arena_printf(try->arena, "%d", throttle->tries + 1)};
        text = arena_printf(try->arena, "%s%s%s", text, i ? "," : "",
                            members[column] ? members[column] : "");
    }
    return text ? arena_printf(try->arena, "{%s}", text) : NULL;
}

static bool reserve(struct try *try)
{
    const char **values = new_values(try, 6);
    if (!values) {
        return false;
    }
    values[0] = try->handle;
    values[1] = try->code_hash;
    values[2] = array_of(try, COLUMN_KIND);
    values[3] = array_of(try, COLUMN_SUBJECT);
    values[4] = array_of(try, COLUMN_TRIES);
    values[5] = array_of(try, COLUMN_VERSION);
    return values[2] && values[3] && values[4] && values[5] &&
           submit(try, STAGE_RESERVE, STATEMENT_TRY_RESERVE, values);
}

static bool finish(struct try *try)
{
    const char **values = new_values(try, 9);
    if (!values) {
        return false;
    }
    values[0] = try->person_id;
    values[1] = try->outcome.good ? "t" : "f";
    values[2] = *try->outcome.verifier ? try->outcome.verifier : NULL;
    values[3] = try->code_hash;
    values[4] = try->token_hash;
    values[5] = try->device_name;
    values[6] = array_of(try, COLUMN_KIND);
    values[7] = array_of(try, COLUMN_SUBJECT);
    values[8] = try->verifier;
    return values[6] && values[7] &&
           submit(try, STAGE_END, kinds[try->row->request->try_kind].end, values);
}

// ---- what they bring ----

static const char *column(struct try *try, const PGresult *rows, int row, const char *name)
{
    int number = PQfnumber(rows, name);
    return PQgetisnull(rows, row, number) ? NULL
                                          : arena_strdup(try->arena, PQgetvalue(rows, row, number));
}

static struct throttle_limit limit_of(const struct try *try, const char *kind)
{
    const struct login_settings *settings = &try->service->login;
    return strcmp(kind, "address") == 0
               ? (struct throttle_limit){settings->address_tries_a_minute, INT64_C(60000)}
               : (struct throttle_limit){settings->account_tries_an_hour, INT64_C(3600000)};
}

static void take_throttles(struct try *try, const PGresult *rows)
{
    for (int row = 0; row < PQntuples(rows) && row < THROTTLES_MOST; row++) {
        struct throttle *throttle = &try->throttles[row];
        throttle->kind = column(try, rows, row, "kind");
        throttle->subject = column(try, rows, row, "subject");
        throttle->version = column(try, rows, row, "version");
        const char *tries = column(try, rows, row, "tries");
        const char *idle = column(try, rows, row, "idle_ms");
        if (!throttle->kind || !throttle->subject || !throttle->version || !tries || !idle) {
            return;
        }
        int64_t idle_ms = strtoll(idle, NULL, 10);
        int32_t count = (int32_t)strtol(tries, NULL, 10);
        struct throttle_limit limit = limit_of(try, throttle->kind);
        int64_t wait = throttle_wait_ms(limit, count, idle_ms);
        try->wait_ms = wait > try->wait_ms ? wait : try->wait_ms;
        throttle->tries = throttle_count(limit, count, idle_ms);
        try->n_throttles++;
    }
}

static void take_person(struct try *try, const PGresult *rows)
{
    if (PQntuples(rows) == 1) {
        try->person_id = column(try, rows, 0, "person_id");
        try->person = column(try, rows, 0, "person");
        try->name = column(try, rows, 0, "name");
        try->verifier = column(try, rows, 0, "verifier");
    }
}

static void on_result(struct work *work, size_t index, const PGresult *result)
{
    struct try *try = (struct try *)work;
    if (index == 0) {
        return;
    }
    if (try->stage == STAGE_BEGIN) {
        take_throttles(try, result);
    } else if (try->stage == STAGE_RESERVE) {
        take_person(try, result);
    } else {
        try->wrong_column = encode_rows(&try->rows, try->row->output, NULL, result);
    }
}

// ---- from one to the next ----

static void judge(struct try *try)
{
    size_t expected = try->row->request->try_kind == TRY_LOGIN ? THROTTLES_MOST : 1;
    if (try->n_throttles != expected) {
        refuse(try, "internal", NULL, NULL);
    } else if (try->wait_ms > 0) {
        int64_t seconds = (try->wait_ms + 999) / 1000;
        refuse_for_now(try, "too_many_tries", NULL,
                       arena_printf(try->arena, "%lld", (long long)seconds),
                       (uint32_t)try->wait_ms);
    } else if (!reserve(try)) {
        refuse_busy(try);
    }
}

// A code that is unknown needs no hashing: nobody finds one of 100 bits by the clock.
static void start_hashing(struct try *try)
{
    enum try_kind kind = try->row->request->try_kind;
    const char *fault = NULL;
    if (kind == TRY_ENROL && !try->person_id) {
        refuse(try, kinds[kind].refusal, kinds[kind].field, NULL);
        return;
    }
    if (try->fresh) {
        fault =
            password_fault(try->fresh, try->person ? try->person : "", try->name ? try->name : "");
    }
    if (fault) {
        refuse(try, fault, "password", NULL);
        return;
    }
    const char *verifier = kind == TRY_ENROL ? NULL : try->verifier ? try->verifier : "";
    try->stage = STAGE_HASH;
    if (!service_hash(try->service, &try->work, try->password, verifier, try->fresh)) {
        refuse_busy(try);
    }
}

static void on_hashed(struct work *work, const struct hasher_outcome *outcome)
{
    struct try *try = (struct try *)work;
    try->outcome = *outcome;
    if (!finish(try)) {
        refuse_busy(try);
    }
}

static void answer_rows(struct try *try)
{
    enum try_kind kind = try->row->request->try_kind;
    if (try->wrong_column || try->rows.failed) {
        refuse(try, "internal", NULL, NULL);
    } else if (try->rows.length == 0) {
        refuse(try, kinds[kind].refusal, kinds[kind].field, NULL);
    } else {
        log_event(LOG_LEVEL_INFO, try->caller.address, try->person, "%s done",
                  try->row->request->method);
        end(try, &(struct call_answer){.status = TIEJUN__V1__STATUS__STATUS_OK,
                                       .body = try->rows.data,
                                       .body_size = try->rows.length});
    }
}

static void on_done(struct work *work, const struct job_error *error)
{
    struct try *try = (struct try *)work;
    if (error && strcmp(error->sqlstate, "40001") == 0 && try->times_again < AGAIN_MOST &&
        try->stage == STAGE_RESERVE) {
        try->times_again++;
        if (!begin(try)) {
            refuse_busy(try);
        }
    } else if (error) {
        const struct fault fault = fault_of(error, &try->caller, try->row->request->method);
        refuse(try, fault.code, fault.field, fault.arguments);
    } else if (try->stage == STAGE_BEGIN) {
        judge(try);
    } else if (try->stage == STAGE_RESERVE) {
        start_hashing(try);
    } else {
        answer_rows(try);
    }
}

// ---- what the requests say ----

static const char *hex_of(struct try *try, const uint8_t *data, size_t size)
{
    char *hex = arena_alloc(try->arena, 2 * size + 3);
    if (hex) {
        memcpy(hex, "\\x", 2);
        sodium_bin2hex(hex + 2, 2 * size + 1, data, size);
    }
    return hex;
}

static const char *take_login(struct try *try, const Tiejun__V1__SessionServiceLoginRequest *input)
{
    try->handle = input->person ? input->person : "";
    try->password = input->password ? input->password : "";
    try->token_hash = hex_of(try, input->token_hash.data, input->token_hash.len);
    try->device_name = input->device_name;
    return input->token_hash.len == TOKEN_HASH_SIZE ? NULL : "bad_token_hash";
}

static const char *take_enrol(struct try *try, const Tiejun__V1__SessionServiceEnrolRequest *input)
{
    uint8_t hash[INVITE_CODE_HASH];
    try->fresh = input->password ? input->password : "";
    try->token_hash = hex_of(try, input->token_hash.data, input->token_hash.len);
    try->device_name = input->device_name;
    if (input->token_hash.len != TOKEN_HASH_SIZE) {
        return "bad_token_hash";
    }
    if (!invite_code_hash(input->code ? input->code : "", hash)) {
        return "bad_code";
    }
    try->code_hash = hex_of(try, hash, sizeof hash);
    return password_fault(try->fresh, "", "");
}

static const char *take_change(struct try *try,
                               const Tiejun__V1__SessionServiceChangePasswordRequest *input)
{
    try->handle = try->caller.handle;
    try->password = input->old_password ? input->old_password : "";
    try->fresh = input->password ? input->password : "";
    return password_fault(try->fresh, try->handle, "");
}

static const char *take(struct try *try, const ProtobufCMessage *input)
{
    switch (try->row->request->try_kind) {
    case TRY_LOGIN:
        return take_login(try, (const Tiejun__V1__SessionServiceLoginRequest *)input);
    case TRY_ENROL:
        return take_enrol(try, (const Tiejun__V1__SessionServiceEnrolRequest *)input);
    default:
        return take_change(try, (const Tiejun__V1__SessionServiceChangePasswordRequest *)input);
    }
}

bool try_start(struct service *service, const struct caller *caller, const struct registered *row,
               struct arena *arena, const Tiejun__V1__Request *request,
               const ProtobufCMessage *input, const char **code, call_answered *answered)
{
    struct try *try = arena_alloc(arena, sizeof *try);
    if (!try) {
        return false;
    }
    try->work.result = on_result;
    try->work.done = on_done;
    try->work.hashed = on_hashed;
    try->service = service;
    try->row = row;
    try->arena = arena;
    try->request_id = request->id;
    try->answered = answered;
    try->rows.limit = FRAME_LIMIT_UNAUTHENTICATED;
    if (!caller_copy(&try->caller, arena, caller)) {
        return false;
    }
    *code = take(try, input);
    if (*code) {
        return false;
    }
    bool begun = begin(try);
    try->request_memory = arena_used(arena);
    return begun;
}
