#include "client/cli/offline.h"

#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/when.h"
#include "client/lib/copy.h"
#include "client/lib/device_clock.h"
#include "client/lib/own_sets.h"
#include "client/lib/refresh.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "tiejun/v1/frame.pb-c.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// For another program that sends the same outbox: it is likely to be through in a moment.
#define LOCK_TIMEOUT_MS 3000

#define NANOSECONDS INT64_C(1000000000)
#define COPY_AGE_MAX_NS (3600 * NANOSECONDS)

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

// Says why there is none, where it cannot be opened.
static const char *open_current(struct context *context)
{
    uint8_t token[SESSION_TOKEN_SIZE];
    char reason[256];
    const char *fault = NULL;
    if (current)
        return NULL;
    context_token(context, token);
    char *folder = state_folder_of(token);
    sodium_memzero(token, sizeof token);
    current = outbox_open(folder, reason, sizeof reason);
    if (current) {
        current_copy = copy_open(folder);
        atexit(close_current);
    } else {
        fault = context_text(context, _("The outbox in %s cannot be opened: %s."), folder, reason);
    }
    free(folder);
    return fault;
}

struct outbox *offline_outbox(struct context *context)
{
    const char *fault = open_current(context);
    if (fault)
        refuse(_("Until that is mended, nothing is kept on this computer."), "%s", fault);
    return current;
}

struct outbox *offline_outbox_if_any(struct context *context)
{
    static bool said;
    const char *fault = open_current(context);
    if (fault && !said)
        complain(_("Until that is mended, nothing is kept on this computer."), "%s", fault);
    said = said || fault;
    return current;
}

struct copy *offline_copy(struct context *context)
{
    offline_outbox_if_any(context);
    return current_copy;
}

// This machine's clock, put right as far as it is known to be off.
static int64_t clock_ns(void)
{
    struct device_instant now;
    device_clock_now(&now);
    return current ? outbox_clock(current) : now.wall_ns;
}

Google__Protobuf__Timestamp *offline_put_right(struct context *context,
                                               const Google__Protobuf__Timestamp *by_this_clock)
{
    struct device_instant now;
    Google__Protobuf__Timestamp *right = arena_alloc(context_arena(context), sizeof *right);
    if (!right)
        abort();
    google__protobuf__timestamp__init(right);
    device_clock_now(&now);
    int64_t ahead_ns = now.wall_ns - clock_ns();
    int64_t ns = by_this_clock->seconds * NANOSECONDS + by_this_clock->nanos - ahead_ns;
    right->seconds = ns / NANOSECONDS;
    right->nanos = (int32_t)(ns % NANOSECONDS);
    return right;
}

// ---- who the caller is ----

void offline_know_self(struct context *context)
{
    int64_t came;
    struct session_error error;
    Tiejun__V1__SessionServiceWhoAmIResponse *self =
        kept_self(offline_copy(context), context_arena(context), &came);
    // What is asked now is kept when the command is done.
    if (!self && context_reach(context, &error))
        return;
    if (!self) {
        self = arena_alloc(context_arena(context), sizeof *self);
        if (!self)
            abort();
        tiejun__v1__session_service_who_am_iresponse__init(self);
    }
    context_set_whoami(context, self, clock_ns() / NANOSECONDS);
}

// ---- the copy ----

static int64_t age_ns(int64_t came_ns)
{
    struct device_instant now;
    device_clock_now(&now);
    return now.wall_ns - came_ns;
}

static bool is_copy_old(struct context *context)
{
    int64_t came = 0;
    return !own_sets_came(offline_copy(context), &came) || age_ns(came) > COPY_AGE_MAX_NS;
}

void offline_renew_all(struct context *context)
{
    struct session_error error;
    struct session *session = context_reach(context, &error);
    if (session && offline_copy(context))
        refresh_copy(offline_copy(context), session, &error);
}

void offline_renew(struct context *context)
{
    // The user need not wait for this to see what was printed.
    fflush(stdout);
    if (is_copy_old(context))
        offline_renew_all(context);
}

void offline_renew_day(struct context *context)
{
    struct session_error error;
    struct session *session = context_reach(context, &error);
    fflush(stdout);
    if (is_copy_old(context))
        offline_renew_all(context);
    else if (session && offline_copy(context))
        refresh_day(offline_copy(context), session, &error);
}

// A clock that was set back since makes an age of less than nothing, which is left out.
static const char *as_of(struct context *context, const char *time, int64_t age)
{
    long long minutes = age / NANOSECONDS / 60;
    if (age < 0)
        return context_text(context, _("This is as of %s."), time);
    if (minutes == 0)
        return context_text(context, _("This is as of %s, less than a minute ago."), time);
    if (minutes < 60)
        return context_text(context, _("This is as of %s, %lld min ago."), time, minutes);
    if (minutes < 24 * 60LL)
        return context_text(context, _("This is as of %s, %lld h %lld min ago."), time,
                            minutes / 60, minutes % 60);
    return context_text(context, _("This is as of %s, %lld d %lld h ago."), time,
                        minutes / (24 * 60LL), minutes / 60 % 24);
}

void offline_say_age(struct context *context, const struct session_error *error, int64_t came_ns)
{
    Google__Protobuf__Timestamp came = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    came.seconds = came_ns / NANOSECONDS;
    context_complain_of(error->message);
    const char *time = context_time_of(context, offline_put_right(context, &came));
    context_complain_of(as_of(context, time, age_ns(came_ns)));
}

bool offline_reach(struct context *context, struct session_error *error)
{
    context_set_patience(context, OFFLINE_PATIENCE_MS);
    if (context_reach(context, error))
        return true;
    bool away = error->status == 0 || error->status == TIEJUN__V1__STATUS__STATUS_UNAVAILABLE ||
                error->status == TIEJUN__V1__STATUS__STATUS_BUSY;
    if (!away)
        exit(context_complain(error));
    return false;
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

uint64_t offline_ask_again(struct context *context)
{
    struct session_error error;
    struct flush_result result;
    Tiejun__Client__OutboxStatus status;
    struct outbox *outbox = offline_outbox(context);
    context_set_patience(context, OFFLINE_PATIENCE_MS);
    if (!outbox_status(outbox, context_arena(context), &status) || status.pending == 0 ||
        !context_reach(context, &error) || !outbox_ask_again(outbox))
        return 0;
    offline_flush(context, &result);
    return result.counts.refused;
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
