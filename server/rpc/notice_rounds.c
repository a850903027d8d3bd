#include "server/rpc/notice_rounds.h"

#include "common/log.h"

#include <stdlib.h>

enum { EVERY_SECONDS = 60, UNTIL_READY_SECONDS = 1 };

struct notice_rounds {
    struct service *service;
    struct event *timer;
};

struct look {
    struct work work;
    struct notice_rounds *rounds;
    // Offices that had their round just now.
    long offices;
};

static void look_in(struct notice_rounds *rounds, long seconds)
{
    const struct timeval delay = {.tv_sec = seconds};
    event_add(rounds->timer, &delay);
}

static void on_result(struct work *work, size_t call, const PGresult *result)
{
    (void)call;
    struct look *look = (struct look *)work;
    look->offices = PQntuples(result) == 1 ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : 0;
}

// Others' requests come between one round and the next.
static void on_done(struct work *work, const struct job_error *error)
{
    struct look *look = (struct look *)work;
    if (error) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "what the offices' clocks say: %s",
                  error->message);
    } else if (look->offices > 0) {
        log_event(LOG_LEVEL_INFO, NULL, NULL, "%ld offices had their notices of the day",
                  look->offices);
        look_in(look->rounds, 0);
    }
    free(look);
}

static void on_timer(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct notice_rounds *rounds = context;
    struct service *service = rounds->service;
    bool ready = service_is_ready(service);
    look_in(rounds, ready ? EVERY_SECONDS : UNTIL_READY_SECONDS);
    struct look *look = ready && !service->stopping ? calloc(1, sizeof *look) : NULL;
    if (!look) {
        return;
    }
    look->rounds = rounds;
    look->work.result = on_result;
    look->work.done = on_done;
    look->work.job.n_calls = 1;
    look->work.job.calls[0].statement =
        registry_statement(service->registry, STATEMENT_NOTICE_ROUNDS);
    if (!service_submit(service, &look->work)) {
        free(look);
    }
}

struct notice_rounds *notice_rounds_new(struct event_base *base, struct service *service)
{
    struct notice_rounds *rounds = calloc(1, sizeof *rounds);
    if (!rounds) {
        return NULL;
    }
    rounds->service = service;
    rounds->timer = event_new(base, -1, 0, on_timer, rounds);
    if (!rounds->timer) {
        free(rounds);
        return NULL;
    }
    look_in(rounds, 0);
    return rounds;
}

void notice_rounds_free(struct notice_rounds *rounds)
{
    if (rounds) {
        event_free(rounds->timer);
        free(rounds);
    }
}
