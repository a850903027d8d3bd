#include "server/rpc/endings.h"

#include "common/log.h"
#include "server/db/notify.h"
#include "server/rpc/buffer.h"
#include "server/rpc/session.h"

#include <stdlib.h>
#include <string.h>

// 20 digits for each session, and more of them than there are descriptors.
enum { QUESTION_MOST = 32 << 20 };

// Which devices of all open sessions have ended while nobody listened.
struct question {
    struct work work;
    struct service *service;
    struct buffer devices;
    const char *values[1];
};

struct ended {
    const char *device;
    size_t sessions;
};

static void end_if_of(void *context, void *thing)
{
    struct ended *ended = context;
    if (strcmp(session_device(thing), ended->device) == 0) {
        session_end(thing);
        ended->sessions++;
    }
}

static void end_sessions(struct service *service, const char *device)
{
    struct ended ended = {.device = device};
    service->endings++;
    id_map_each(&service->sessions, end_if_of, &ended);
    log_event(LOG_LEVEL_INFO, NULL, NULL, "device %s may not act any more: %zu sessions end",
              device, ended.sessions);
}

static void on_heard(void *context, const char *payload)
{
    if (*payload) {
        end_sessions(context, payload);
    }
}

static void add_device(void *context, void *thing)
{
    struct buffer *devices = context;
    const char *device = session_device(thing);
    if (*device) {
        buffer_append(devices, devices->length ? "," : "{", 1);
        buffer_append(devices, device, strlen(device));
    }
}

static void on_result(struct work *work, size_t call, const PGresult *result)
{
    (void)call;
    struct question *question = (struct question *)work;
    for (int row = 0; row < PQntuples(result); row++) {
        end_sessions(question->service, PQgetvalue(result, row, 0));
    }
}

static void forget(struct question *question)
{
    buffer_release(&question->devices);
    free(question);
}

static void on_done(struct work *work, const struct job_error *error)
{
    struct question *question = (struct question *)work;
    // The database went away once more: it is asked again when it is back.
    if (error) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "not known which devices have ended: %s",
                  error->message);
    }
    forget(question);
}

static void on_listening(void *context)
{
    struct service *service = context;
    service->endings++;
    struct question *question = calloc(1, sizeof *question);
    if (!question) {
        return;
    }
    question->service = service;
    question->devices.limit = QUESTION_MOST;
    id_map_each(&service->sessions, add_device, &question->devices);
    bool any = question->devices.length > 0;
    buffer_append(&question->devices, "}", 2);
    question->values[0] = (const char *)question->devices.data;
    question->work.result = on_result;
    question->work.done = on_done;
    question->work.job.n_calls = 1;
    question->work.job.calls[0] = (struct job_call){
        registry_statement(service->registry, STATEMENT_DEVICES_ENDED), question->values};
    if (!any || question->devices.failed || !service_submit(service, &question->work)) {
        forget(question);
    }
}

struct notify *endings_listen(struct event_base *base, struct service *service,
                              const char *conninfo)
{
    const struct notify_settings settings = {
        .conninfo = conninfo,
        .channel = "tiejun_device_ended",
        .context = service,
        .listening = on_listening,
        .heard = on_heard,
    };
    return notify_new(base, &settings);
}
