#include "server/rpc/device_login.h"

#include "common/log.h"

#include <stdlib.h>
#include <string.h>

struct login {
    struct work work;
    struct service *service;
    uint64_t session_id;
    device_answered *answered;
    char token_hash[TOKEN_HASH_TEXT];
    char address[64];
    const char *values[2];
    // As service->endings was when the database was asked.
    uint64_t endings;
    // Without an actor: nobody's.
    struct device_owner owner;
};

static void on_result(struct work *work, size_t call, const PGresult *result)
{
    (void)call;
    struct device_owner *owner = &((struct login *)work)->owner;
    if (PQntuples(result) == 1) {
        snprintf(owner->actor, sizeof owner->actor, "%s", PQgetvalue(result, 0, 0));
        snprintf(owner->handle, sizeof owner->handle, "%s", PQgetvalue(result, 0, 1));
        snprintf(owner->name, sizeof owner->name, "%s", PQgetvalue(result, 0, 2));
        snprintf(owner->device, sizeof owner->device, "%s", PQgetvalue(result, 0, 3));
    }
}

static bool ask(struct login *login)
{
    login->owner.actor[0] = '\0';
    login->endings = login->service->endings;
    return service_submit(login->service, &login->work);
}

static void refuse(const struct login *login, const char *refusal, const char *field)
{
    login->answered(login->service, login->session_id, NULL, refusal, field);
}

static void on_done(struct work *work, const struct job_error *error)
{
    struct login *login = (struct login *)work;
    if (!id_map_find(&login->service->sessions, login->session_id)) {
        free(login);
        return;
    }
    if (!error && login->endings != login->service->endings && ask(login)) {
        // Some device was ended meanwhile, which may have been this one.
        return;
    }
    if (error) {
        log_event(LOG_LEVEL_ERROR, login->address, NULL, "login: %s", error->message);
        refuse(login, "database_away", NULL);
    } else if (!*login->owner.actor) {
        refuse(login, "unknown_device", "device_token");
    } else {
        login->answered(login->service, login->session_id, &login->owner, NULL, NULL);
    }
    free(login);
}

bool device_login(struct service *service, uint64_t session_id,
                  const char token_hash[TOKEN_HASH_TEXT], const char *address,
                  device_answered *answered)
{
    struct login *login = calloc(1, sizeof *login);
    if (!login) {
        return false;
    }
    login->service = service;
    login->session_id = session_id;
    login->answered = answered;
    login->work.result = on_result;
    login->work.done = on_done;
    memcpy(login->token_hash, token_hash, sizeof login->token_hash);
    snprintf(login->address, sizeof login->address, "%s", address);
    login->values[0] = login->token_hash;
    login->values[1] = login->address;
    login->work.job.n_calls = 1;
    login->work.job.calls[0] =
        (struct job_call){registry_statement(service->registry, STATEMENT_DEVICE), login->values};
    if (!ask(login)) {
        free(login);
        return false;
    }
    return true;
}
