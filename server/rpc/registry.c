#include "server/rpc/registry.h"

#include "common/contract.h"
#include "common/log.h"
#include "server/rpc/bind.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BUDGET = 1 << 20, METHODS_MAX = 256, STATEMENTS_MAX = METHODS_MAX * STEPS_MAX };

// One a line, so that additions do not meet.
// clang-format off
static const struct request *const tables[] = {
    audit_requests,
    calendar_requests,
    competitor_requests,
    customer_requests,
    fact_requests,
    goal_requests,
    notice_requests,
    objective_requests,
    org_requests,
    pace_requests,
    report_requests,
    setting_requests,
    solve_requests,
};
// clang-format on

struct registry {
    struct arena *arena;
    struct registered methods[METHODS_MAX];
    size_t n_methods;
    struct statement statements[STATEMENTS_MAX];
    size_t n_statements;
};

#define TRY_END(function)                                                                          \
    "SELECT * FROM " function "(person_id => $1, good => $2, verifier => $3, code_hash => $4,"     \
    " token_hash => $5, device_name => $6, kinds => $7, subjects => $8, checked => $9)"

static const struct statement common_statements[] = {
    [STATEMENT_ACTOR] = {"actor",
                         "SELECT actor_enter(person_id => $1, address => $2, device => $3,"
                         " method => $4)",
                         4},
    [STATEMENT_AUTHORIZE] = {"authorize",
                             "SELECT authorize(roles => $1, own => $2, kind => $3, target => $4)",
                             4},
    [STATEMENT_REFUSAL] = {"refusal",
                           "SELECT audit_refusal(address => $1, method => $2, code => $3,"
                           " field => $4, object => $5)",
                           5},
    [STATEMENT_EXPIRE] = {"expire", "SELECT audit_expire()", 0},
    [STATEMENT_NOTICE_ROUNDS] = {"notice_rounds", "SELECT notice_rounds()", 0},
    [STATEMENT_NOTICE_EXPIRE] = {"notice_expire", "SELECT notice_expire()", 0},
    [STATEMENT_RENAME] = {"rename", "SELECT org_rename()", 0},
    [STATEMENT_FACTS_READ] = {"facts_read",
                              "SELECT * FROM fact_log_read(facts => $1, actors => $2)", 2},
    [STATEMENT_FACTS_WRITE] =
        {"facts_write",
         "SELECT * FROM fact_log_write(facts => $1, actors => $2, dry_run => $3,"
         " senders => $4, ground => $5, totals => $6)",
         6},
    [STATEMENT_DEVICE] = {"device", "SELECT * FROM device_login(token_hash => $1, address => $2)",
                          2},
    [STATEMENT_DEVICES_ENDED] = {"devices_ended", "SELECT * FROM devices_ended(devices => $1)", 1},
    [STATEMENT_TRY_BEGIN] = {"try_begin", "SELECT * FROM try_begin(handle => $1)", 1},
    [STATEMENT_TRY_RESERVE] = {"try_reserve",
                               "SELECT * FROM try_reserve(handle => $1, code_hash => $2,"
                               " kinds => $3, subjects => $4, tries => $5, versions => $6)",
                               6},
    [STATEMENT_TRY_LOGIN] = {"try_end_login", TRY_END("try_end_login"), 9},
    [STATEMENT_TRY_ENROL] = {"try_end_enrol", TRY_END("try_end_enrol"), 9},
    [STATEMENT_TRY_CHANGE] = {"try_end_change", TRY_END("try_end_change"), 9},
    [STATEMENT_LOGIN_PRUNE] = {"login_prune", "SELECT login_prune()", 0},
};

// A function that several methods call with the same message is one statement.
static const struct statement *find_statement(const struct registry *registry, const char *name,
                                              const char *text)
{
    for (size_t i = 0; i < registry->n_statements; i++) {
        const struct statement *statement = &registry->statements[i];
        if (strcmp(statement->name, name) == 0 && strcmp(statement->text, text) == 0) {
            return statement;
        }
    }
    return NULL;
}

static const struct statement *add_statement(struct registry *registry, const struct step *step,
                                             const ProtobufCMessageDescriptor *parameters)
{
    const char *text = bind_statement_text(registry->arena, step->function, parameters);
    const struct statement *known = text ? find_statement(registry, step->function, text) : NULL;
    if (!text || known || registry->n_statements == STATEMENTS_MAX) {
        return known;
    }
    struct statement *statement = &registry->statements[registry->n_statements++];
    statement->name = step->function;
    statement->text = text;
    statement->parameters = (int)parameters->n_fields;
    return statement;
}

// The names of the roles, as an array for the database.
static const char *roles_text(struct arena *arena, unsigned roles)
{
    static const struct {
        enum role role;
        const char *name;
    } names[] = {
        {ROLE_SUPERVISOR, "supervisor"},
        {ROLE_REGION_MANAGER, "region_manager"},
        {ROLE_DIRECTOR, "director"},
        {ROLE_ADMIN, "admin"},
    };
    const char *text = "";
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++) {
        if (roles & names[i].role) {
            text = arena_printf(arena, "%s%s%s", text, *text ? "," : "", names[i].name);
        }
    }
    return text ? arena_printf(arena, "{%s}", text) : NULL;
}

static bool scopes_are_fields(const struct request *request,
                              const ProtobufCMessageDescriptor *input)
{
    for (size_t i = 0; i < SCOPES_MAX && request->scopes[i].field; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(input, request->scopes[i].field);
        if (!field || field->type != PROTOBUF_C_TYPE_STRING ||
            field->label == PROTOBUF_C_LABEL_REPEATED) {
            return false;
        }
    }
    return true;
}

static bool add_statements(struct registry *registry, struct registered *row)
{
    const struct request *request = row->request;
    for (size_t i = 0; i < STEPS_MAX && request->steps[i].function; i++) {
        row->steps[row->n_steps] = add_statement(registry, &request->steps[i], row->input);
        if (!row->steps[row->n_steps++]) {
            return false;
        }
    }
    if (request->plan) {
        row->write = add_statement(registry, &request->write, request->plan_message);
        return row->write != NULL;
    }
    return row->n_steps > 0 || request->intake || request->try_kind;
}

static bool add_request(struct registry *registry, const struct request *request)
{
    const ProtobufCMethodDescriptor *method = contract_method(request->method, NULL);
    if (!method || registry->n_methods == METHODS_MAX) {
        return false;
    }
    struct registered *row = &registry->methods[registry->n_methods++];
    row->request = request;
    row->input = method->input;
    row->output = method->output;
    row->short_name = request->method + strlen("tiejun.v1.");
    row->roles = roles_text(registry->arena, request->roles);
    return row->roles && request->roles && scopes_are_fields(request, method->input) &&
           add_statements(registry, row);
}

static bool add_tables(struct registry *registry)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct request *request = tables[i]; request->method; request++) {
            if (!add_request(registry, request)) {
                log_event(LOG_LEVEL_ERROR, NULL, NULL, "the row of %s is wrong", request->method);
                return false;
            }
        }
    }
    return true;
}

static bool contract_is_covered(const struct registry *registry)
{
    char name[128];
    for (const ProtobufCServiceDescriptor *const *service = contract_services; *service;
         service++) {
        for (unsigned i = 0; i < (*service)->n_methods; i++) {
            snprintf(name, sizeof name, "%s.%s", (*service)->name, (*service)->methods[i].name);
            if (!registry_find(registry, name)) {
                log_event(LOG_LEVEL_ERROR, NULL, NULL, "no row for the method %s", name);
                return false;
            }
        }
    }
    return true;
}

static int compare_methods(const void *a, const void *b)
{
    const struct registered *left = a;
    const struct registered *right = b;
    return strcmp(left->request->method, right->request->method);
}

struct registry *registry_new(void)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (!registry) {
        return NULL;
    }
    registry->arena = arena_new(ARENA_BUDGET);
    memcpy(registry->statements, common_statements, sizeof common_statements);
    registry->n_statements = sizeof common_statements / sizeof *common_statements;
    bool good = registry->arena && add_tables(registry);
    qsort(registry->methods, registry->n_methods, sizeof *registry->methods, compare_methods);
    if (!good || !contract_is_covered(registry)) {
        registry_free(registry);
        return NULL;
    }
    return registry;
}

void registry_free(struct registry *registry)
{
    if (registry) {
        arena_free(registry->arena);
        free(registry);
    }
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct registered *)row)->request->method);
}

const struct registered *registry_find(const struct registry *registry, const char *method)
{
    return bsearch(method, registry->methods, registry->n_methods, sizeof *registry->methods,
                   compare_name);
}

const struct statement *registry_statement(const struct registry *registry,
                                           enum common_statement which)
{
    return &registry->statements[which];
}

const struct statement *registry_statements(const struct registry *registry, size_t *n)
{
    *n = registry->n_statements;
    return registry->statements;
}
