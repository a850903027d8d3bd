#include "server/rpc/intake_link.h"

#include "common/arena.h"
#include "common/log.h"
#include "common/message.h"
#include "server/rpc/bind.h"
#include "server/rpc/encode.h"
#include "server/rpc/intake.h"
#include "server/rpc/service.h"

#include <stdlib.h>

// What the rows of an answer may take.
enum { ROWS_MOST = 64 << 20 };

struct intake_link {
    struct service *service;
    struct event *bell;
};

// An errand as work for the database, in the errand's arena.
struct errand_work {
    struct work work;
    struct intake_errand *errand;
    struct buffer rows;
    bool failed;
};

static void on_result(struct work *work, size_t call, const PGresult *result)
{
    (void)call;
    struct errand_work *mine = (struct errand_work *)work;
    const char *wrong = encode_rows(&mine->rows, mine->errand->answer, NULL, result);
    if (wrong) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "intake: column %s does not fit %s", wrong,
                  mine->errand->answer->name);
    }
    mine->failed = mine->failed || wrong || mine->rows.failed;
}

static void on_done(struct work *work, const struct job_error *error)
{
    struct errand_work *mine = (struct errand_work *)work;
    struct intake_errand *errand = mine->errand;
    const ProtobufCMessage *answer =
        error || mine->failed ? NULL
                              : message_unpack(errand->answer, errand->arena, mine->rows.data,
                                               mine->rows.length, NULL, NULL);
    buffer_release(&mine->rows);
    errand->done(errand, answer, error);
}

static bool submit(struct intake_link *link, struct intake_errand *errand,
                   enum common_statement which, const ProtobufCMessage *parameters)
{
    struct service *service = link->service;
    struct errand_work *mine = arena_alloc(errand->arena, sizeof *mine);
    if (!mine) {
        return false;
    }
    mine->errand = errand;
    mine->rows.limit = ROWS_MOST;
    mine->work.result = on_result;
    mine->work.done = on_done;
    struct job *job = &mine->work.job;
    job->calls[0].statement = registry_statement(service->registry, which);
    job->calls[0].values = bind_values(errand->arena, parameters);
    job->n_calls = 1;
    return job->calls[0].values && service_submit(service, &mine->work);
}

static bool read_facts(void *context, struct intake_errand *errand,
                       const Tiejun__Server__FactRead *facts)
{
    return submit(context, errand, STATEMENT_FACTS_READ, &facts->base);
}

static bool write_facts(void *context, struct intake_errand *errand,
                        const Tiejun__Server__FactPlan *plan)
{
    return submit(context, errand, STATEMENT_FACTS_WRITE, &plan->base);
}

static void ring(void *context)
{
    struct intake_link *link = context;
    event_active(link->bell, EV_TIMEOUT, 0);
}

static void on_bell(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct intake_link *link = context;
    intake_go(link->service->intake);
}

struct intake_link *intake_link_new(struct event_base *base, struct service *service)
{
    struct intake_link *link = calloc(1, sizeof *link);
    if (!link || !(link->bell = event_new(base, -1, 0, on_bell, link))) {
        free(link);
        return NULL;
    }
    link->service = service;
    return link;
}

void intake_link_free(struct intake_link *link)
{
    if (link) {
        event_free(link->bell);
        free(link);
    }
}

struct intake_ports intake_link_ports(struct intake_link *link)
{
    return (struct intake_ports){.store = {link, read_facts, write_facts}, .bell = {link, ring}};
}
