#include "client/cli/offline.h"

#include "client/cli/context.h"
#include "client/lib/copy.h"
#include "client/lib/device_clock.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "common/arena.h"
#include "common/i18n.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// For another program that sends the same outbox: it is likely to be through in a moment.
#define LOCK_TIMEOUT_MS 3000

#define WHOAMI "tiejun.v1.SessionService.WhoAmI"
#define SELF_AGE_MAX_NS (INT64_C(86400) * 1000000000)

// A program has one of each. Here so that every way out of the program finds them.
static struct outbox *current;
static struct copy *current_copy;

static void close_current(void)
{
    outbox_close(current);
    copy_close(current_copy);
    current = NULL;
    current_copy = NULL;
}

struct outbox *offline_outbox(struct context *context)
{
    uint8_t token[SESSION_TOKEN_SIZE];
    char reason[256];
    if (current)
        return current;
    context_token(context, token);
    char *folder = state_folder_of(token);
    sodium_memzero(token, sizeof token);
    current = outbox_open(folder, reason, sizeof reason);
    if (!current)
        refuse(NULL, _("The outbox in %s cannot be opened: %s."), folder, reason);
    current_copy = copy_open(folder);
    free(folder);
    atexit(close_current);
    return current;
}

struct copy *offline_copy(struct context *context)
{
    offline_outbox(context);
    return current_copy;
}

// ---- who the caller is ----

static Tiejun__V1__SessionServiceWhoAmIResponse *kept_self(struct context *context, int64_t *came)
{
    Tiejun__V1__SessionServiceWhoAmIRequest request =
        TIEJUN__V1__SESSION_SERVICE_WHO_AM_IREQUEST__INIT;
    return (Tiejun__V1__SessionServiceWhoAmIResponse *)copy_get(
        offline_copy(context), WHOAMI, &request.base, context_arena(context), came);
}

void offline_renew_self(struct context *context)
{
    int64_t came = 0;
    struct device_instant now;
    device_clock_now(&now);
    if (kept_self(context, &came) && now.wall_ns - came < SELF_AGE_MAX_NS)
        return;
    Tiejun__V1__SessionServiceWhoAmIRequest request =
        TIEJUN__V1__SESSION_SERVICE_WHO_AM_IREQUEST__INIT;
    int code;
    const ProtobufCMessage *self = context_try(context, WHOAMI, &request.base, &code);
    if (self)
        copy_put(offline_copy(context), WHOAMI, &request.base, self);
}

void offline_know_self(struct context *context)
{
    int64_t came;
    struct session_error error;
    Tiejun__V1__SessionServiceWhoAmIResponse *self = kept_self(context, &came);
    if (!self && context_reach(context, &error)) {
        offline_renew_self(context);
        return;
    }
    if (!self) {
        self = arena_alloc(context_arena(context), sizeof *self);
        if (!self)
            abort();
        tiejun__v1__session_service_who_am_iresponse__init(self);
    }
    context_set_whoami(context, self);
}

// ---- sending ----

static struct session *reach(void *context, char *why, size_t why_size)
{
    struct session_error error;
    struct session *session = context_reach(context, &error);
    if (!session)
        snprintf(why, why_size, "%s", error.message);
    return session;
}

void offline_flush(struct context *context, struct flush_result *result)
{
    struct outbox *outbox = offline_outbox(context);
    if (!outbox_lock(outbox, LOCK_TIMEOUT_MS)) {
        *result = (struct flush_result){0};
        snprintf(result->fault, sizeof result->fault, "%s",
                 _("Another program is sending the outbox."));
        return;
    }
    flush_outbox(outbox, reach, context, result);
    outbox_unlock(outbox);
}

void offline_say_refused(struct context *context, uint64_t count)
{
    if (count == 0)
        return;
    say_in(context, TABLE_WARN,
           ngettext("%llu fact was refused; see it with: tiejun sync rejected",
                    "%llu facts were refused; see them with: tiejun sync rejected",
                    (unsigned long)count),
           (unsigned long long)count);
}
