#include "server/rpc/audit_trail.h"

#include "common/log.h"

#include <stdlib.h>
#include <string.h>

enum { UNDER_WAY_MOST = 256, ENTRY_BUDGET = 4096, TEXT_MOST = 300 };

struct entry {
    struct work work;
    struct service *service;
    struct arena *arena;
    const char *actor[4];
    const char *values[5];
};

static void on_done(struct work *work, const struct job_error *error)
{
    struct entry *entry = (struct entry *)work;
    entry->service->refusals_under_way--;
    if (error) {
        log_event(LOG_LEVEL_WARNING, entry->values[0], NULL, "a refusal was not kept: %s",
                  error->message);
    }
    arena_free(entry->arena);
}

// Whatever a client wrote into it, only its beginning is kept; a character that is cut in two goes
// whole.
static const char *copy(struct arena *arena, const char *text)
{
    if (!text || !*text) {
        return NULL;
    }
    size_t length = strnlen(text, TEXT_MOST);
    while (text[length] && length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
        length--;
    }
    return arena_printf(arena, "%.*s", (int)length, text);
}

static void add_call(struct job *job, const struct statement *statement, const char *const *values)
{
    job->calls[job->n_calls++] = (struct job_call){statement, values};
}

static struct entry *new_entry(struct service *service, const struct audit_refusal *note)
{
    struct arena *arena = arena_new(ENTRY_BUDGET);
    struct entry *entry = arena ? arena_alloc(arena, sizeof *entry) : NULL;
    if (!entry) {
        arena_free(arena);
        return NULL;
    }
    entry->work.done = on_done;
    entry->service = service;
    entry->arena = arena;
    entry->values[0] = copy(arena, note->address);
    entry->values[1] = copy(arena, note->method);
    entry->values[2] = note->refusal->code;
    entry->values[3] = copy(arena, note->field);
    entry->values[4] = copy(arena, note->arguments);
    struct job *job = &entry->work.job;
    if (note->actor && *note->actor) {
        entry->actor[0] = copy(arena, note->actor);
        entry->actor[1] = entry->values[0];
        entry->actor[2] = copy(arena, note->device);
        entry->actor[3] = entry->values[1];
        add_call(job, registry_statement(service->registry, STATEMENT_ACTOR), entry->actor);
    }
    add_call(job, registry_statement(service->registry, STATEMENT_REFUSAL), entry->values);
    return entry;
}

// One line for the first of a row of them, and one that says how many they were.
static void drop(struct service *service)
{
    if (service->refusals_dropped++ == 0) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL,
                  "refusals come faster than they can be kept: some are left out");
    }
}

static void tell_dropped(struct service *service)
{
    if (service->refusals_dropped > 0) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "%zu refusals were not kept",
                  service->refusals_dropped);
        service->refusals_dropped = 0;
    }
}

void audit_refusal_add(struct service *service, const struct audit_refusal *note)
{
    if (note->refusal->status == TIEJUN__V1__STATUS__STATUS_BUSY ||
        note->refusal->status == TIEJUN__V1__STATUS__STATUS_UNAVAILABLE) {
        return;
    }
    struct entry *entry =
        service->refusals_under_way < UNDER_WAY_MOST ? new_entry(service, note) : NULL;
    if (!entry) {
        drop(service);
        return;
    }
    service->refusals_under_way++;
    if (!service_submit(service, &entry->work)) {
        service->refusals_under_way--;
        arena_free(entry->arena);
        drop(service);
        return;
    }
    tell_dropped(service);
}
