#include "client/agent/person.h"

#include "client/agent/announcer.h"
#include "client/agent/link.h"
#include "client/agent/office_time.h"
#include "client/agent/reminders.h"
#include "client/agent/settings.h"
#include "client/lib/backoff.h"
#include "client/lib/outbox.h"
#include "client/lib/refresh.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "client/lib/sync.h"
#include "client/lib/sync_session.h"
#include "client/lib/token_file.h"
#include "common/i18n.h"
#include "common/log.h"

#include <errno.h>
#include <event2/event.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

// How long it waits for another program that is sending, or still writing.
static const struct timeval moment = {.tv_usec = 300000};
static const struct timeval minute = {.tv_sec = 60};
// Tidying keeps as many days of what was synced.
#define KEPT_DAYS 7

struct person {
    const struct settings *settings;
    struct notifier *notifier;
    const char *name;
    struct outbox *outbox;
    struct copy *copy;
    struct link *link;
    struct sync *sync;
    struct reminders *reminders;
    struct announcer *announcer;
    bool is_subscribed;
    // To connect again, when there are no facts to send that would.
    struct event *reconnect;
    // In a row.
    unsigned failures;
    bool locked;
    // Said last, so that the log does not repeat it at every attempt.
    char fault[256];
    uint64_t synced;
    uint64_t refused;
    // Of the inotify that watches the outbox.
    int watch;
    struct event *changed;
    struct event *due;
    struct event *later;
    struct event *each_minute;
    // Of the copy, while one is under way.
    struct refresh *refresh;
    int minutes_to_refresh;
};

// In a moment; who asks again meanwhile does not put it off.
static void look_again(struct person *person)
{
    if (!event_pending(person->later, EV_TIMEOUT, NULL))
        event_add(person->later, &moment);
}

static void log_progress(struct person *person)
{
    struct sync_counts counts = sync_counts(person->sync);
    if (counts.synced > person->synced)
        log_event(LOG_LEVEL_INFO, NULL, person->name, "%llu facts synced",
                  (unsigned long long)(counts.synced - person->synced));
    person->synced = counts.synced;
    if (counts.refused > person->refused)
        reminders_look(person->reminders, person->outbox, person->copy, person->is_subscribed);
    person->refused = counts.refused;
    const char *fault = sync_fault(person->sync);
    if (*fault && strncmp(fault, person->fault, sizeof person->fault - 1) != 0)
        log_event(LOG_LEVEL_WARNING, NULL, person->name, "%s", fault);
    snprintf(person->fault, sizeof person->fault, "%s", fault);
}

static bool is_refresh_due(const struct person *person)
{
    return person->minutes_to_refresh <= 0 && !person->refresh && link_is_open(person->link);
}

// After everything that the core was told.
static void settle_down(struct person *person)
{
    enum sync_state state = sync_state(person->sync);
    log_progress(person);
    if (person->locked && (state == SYNC_IDLE || state == SYNC_RESTING)) {
        outbox_unlock(person->outbox);
        person->locked = false;
    }
    // Without a session there is nothing to refresh from; on_subscribed looks when one has come.
    if (state == SYNC_IDLE && is_refresh_due(person))
        look_again(person);
    int64_t due = sync_due(person->sync);
    if (due == INT64_MAX) {
        event_del(person->due);
        return;
    }
    int64_t left = due - sync_machine_clock().steady_ms(NULL);
    struct timeval delay = {.tv_sec = left > 0 ? left / 1000 : 0,
                            .tv_usec = left > 0 ? left % 1000 * 1000 : 0};
    event_add(person->due, &delay);
}

// One program at a time sends an outbox; a command that is at it will be through in a moment.
static bool take_lock(struct person *person)
{
    if (!person->locked)
        person->locked = outbox_lock(person->outbox, 0);
    if (!person->locked)
        look_again(person);
    return person->locked;
}

// Does what there is to do: new facts, or an attempt that is due. One that finds the outbox locked
// comes back in a moment.
static void go_on(struct person *person)
{
    if (!take_lock(person))
        return;
    sync_wake(person->sync);
    sync_tick(person->sync);
    settle_down(person);
}

void person_hurry(struct person *person)
{
    link_connect(person->link);
    if (!take_lock(person))
        return;
    sync_hurry(person->sync);
    settle_down(person);
}

// ---- events ----

static void on_changed(evutil_socket_t descriptor, short events, void *context)
{
    char buffer[4096];
    (void)events;
    while (read(descriptor, buffer, sizeof buffer) > 0)
        continue;
    // And once more in a moment, for a writer that does not close it.
    look_again(context);
    go_on(context);
}

static void on_due(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    go_on(context);
}

static void on_opened(void *context, uint64_t connection, const struct clock_fix *fix)
{
    struct person *person = context;
    sync_opened(person->sync, connection, fix);
    settle_down(person);
}

static void on_answered(void *context, uint64_t connection, uint64_t request_id,
                        const struct sync_answer *answer)
{
    struct person *person = context;
    sync_answered(person->sync, connection, request_id, answer);
    settle_down(person);
}

static void on_lost(void *context, uint64_t connection, const char *why, uint32_t retry_after_ms)
{
    struct person *person = context;
    sync_lost(person->sync, connection, why, retry_after_ms);
    settle_down(person);
}

// ---- what is subscribed to ----

static void show_notices(struct person *person)
{
    struct office_time now = office_time_now(person->outbox, person->copy);
    announcer_show(person->announcer, &now);
}

static void subscribe(struct person *person)
{
    Tiejun__V1__NoticeServiceSubscribeRequest request =
        TIEJUN__V1__NOTICE_SERVICE_SUBSCRIBE_REQUEST__INIT;
    announcer_ask(person->announcer, &request);
    link_subscribe(person->link, &request);
}

static void on_ready(void *context)
{
    struct person *person = context;
    person->failures = 0;
    event_del(person->reconnect);
    subscribe(person);
}

static void end_refresh(struct person *person, int minutes_to_next)
{
    refresh_free(person->refresh);
    person->refresh = NULL;
    person->minutes_to_refresh = minutes_to_next;
}

static void on_gone(void *context, const char *why, uint32_t retry_after_ms)
{
    struct person *person = context;
    struct sync_clock clock = sync_machine_clock();
    int64_t delay = backoff_delay(++person->failures, retry_after_ms, clock.random(clock.context));
    const struct timeval later = {delay / 1000, delay % 1000 * 1000};
    if (person->failures == 1)
        log_event(LOG_LEVEL_INFO, NULL, person->name, "no connection: %s", why);
    person->is_subscribed = false;
    if (person->refresh)
        end_refresh(person, 1);
    announcer_end(person->announcer);
    event_add(person->reconnect, &later);
}

static void on_reconnect(evutil_socket_t descriptor, short events, void *context)
{
    struct person *person = context;
    (void)descriptor;
    (void)events;
    link_connect(person->link);
}

// What was decided about a fact since it was sent, the daemon says when it is sent once more.
static void ask_again(struct person *person)
{
    if (outbox_ask_again(person->outbox))
        go_on(person);
}

static void on_subscribed(void *context, const Tiejun__V1__NoticeServiceSubscribeResponse *answer)
{
    struct person *person = context;
    person->is_subscribed = answer != NULL;
    if (answer) {
        announcer_begin(person->announcer, answer);
        ask_again(person);
    }
    if (person->minutes_to_refresh <= 0)
        look_again(person);
}

static void on_pushed(void *context, const uint8_t *body, size_t size)
{
    struct person *person = context;
    if (announcer_take(person->announcer, body, size))
        ask_again(person);
    show_notices(person);
}

// ---- the copy ----

static void ask_next(struct person *person)
{
    const struct refresh_call *call = refresh_next(person->refresh);
    if (call) {
        link_ask(person->link, call->method, call->request, call->digest);
        return;
    }
    end_refresh(person, person->settings->refresh_minutes);
    // Something may have waited for what is known now.
    reminders_look(person->reminders, person->outbox, person->copy, person->is_subscribed);
}

static void on_told(void *context, enum session_result result, const ProtobufCMessage *response,
                    struct session_error *error)
{
    struct person *person = context;
    if (refresh_take(person->refresh, result, response, error)) {
        ask_next(person);
        return;
    }
    log_event(LOG_LEVEL_DEBUG, NULL, person->name, "no fresh copy: %s", error->message);
    // Not before the next minute: what was refused would be refused again.
    end_refresh(person, 1);
}

// Not before the facts, which it would show as not synced.
static void refresh(struct person *person)
{
    if (sync_state(person->sync) != SYNC_IDLE || !is_refresh_due(person))
        return;
    person->refresh = refresh_new(person->copy);
    ask_next(person);
}

static void on_later(evutil_socket_t descriptor, short events, void *context)
{
    struct person *person = context;
    (void)descriptor;
    (void)events;
    go_on(person);
    refresh(person);
}

static void on_minute(evutil_socket_t descriptor, short events, void *context)
{
    struct person *person = context;
    (void)descriptor;
    (void)events;
    if (--person->minutes_to_refresh <= 0)
        look_again(person);
    outbox_tidy(person->outbox, KEPT_DAYS);
    reminders_look(person->reminders, person->outbox, person->copy, person->is_subscribed);
    announcer_tidy(person->announcer);
    show_notices(person);
    // It was refused by a daemon that was busy, perhaps.
    if (!person->is_subscribed && link_is_open(person->link))
        subscribe(person);
    go_on(person);
}

// ---- beginning and end ----

static bool open_folder(struct person *person, const uint8_t token[SESSION_TOKEN_SIZE])
{
    char reason[256];
    char *folder = state_folder_of(token);
    person->outbox = outbox_open(folder, reason, sizeof reason);
    if (person->outbox) {
        person->copy = copy_open(folder);
        person->announcer = announcer_new(person->settings, person->notifier, person->name, folder,
                                          person->reminders);
        person->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        // A writer commits after its last write that can be seen; it closes the file after that.
        if (person->watch >= 0)
            inotify_add_watch(person->watch, folder, IN_MODIFY | IN_CREATE | IN_CLOSE_WRITE);
    } else {
        log_event(LOG_LEVEL_ERROR, NULL, person->name, "outbox in %s: %s", folder, reason);
    }
    free(folder);
    return person->outbox && person->announcer;
}

static void listen_to(struct person *person, struct event_base *base)
{
    person->due = evtimer_new(base, on_due, person);
    person->later = evtimer_new(base, on_later, person);
    person->each_minute = event_new(base, -1, EV_PERSIST, on_minute, person);
    person->reconnect = evtimer_new(base, on_reconnect, person);
    if (!person->due || !person->later || !person->each_minute || !person->reconnect)
        abort();
    event_add(person->each_minute, &minute);
    event_active(person->each_minute, EV_TIMEOUT, 0);
    // Without it, what commands leave in the outbox is found at the next minute.
    if (person->watch < 0)
        return;
    person->changed = event_new(base, person->watch, EV_READ | EV_PERSIST, on_changed, person);
    if (!person->changed)
        abort();
    event_add(person->changed, NULL);
}

static void make_core(struct person *person)
{
    struct sync_ports ports = {
        .clock = sync_machine_clock(),
        .transport = link_transport(person->link),
        .store = outbox_store(person->outbox),
    };
    person->sync = sync_new(&ports);
    if (!person->sync)
        abort();
}

static const char *fault_text(enum token_fault fault)
{
    switch (fault) {
    case TOKEN_IS_ANOTHERS:
        return _("it belongs to another user");
    case TOKEN_IS_OPEN_TO_OTHERS:
        return _("others can read it");
    case TOKEN_IS_NO_HEX:
        return _("it does not hold 64 hexadecimal digits");
    default:
        return strerror(errno);
    }
}

static bool read_token(const struct settings_person *enrolled, uint8_t token[SESSION_TOKEN_SIZE])
{
    enum token_fault fault = token_file_read(enrolled->token_file, token);
    if (fault != TOKEN_IS_GOOD)
        log_event(LOG_LEVEL_ERROR, NULL, enrolled->name, "%s: %s", enrolled->token_file,
                  fault_text(fault));
    return fault == TOKEN_IS_GOOD;
}

struct person *person_new(struct event_base *base, const struct settings *settings,
                          struct notifier *notifier, const struct settings_person *enrolled)
{
    static const struct link_events events = {on_opened, on_answered,   on_lost,   on_ready,
                                              on_gone,   on_subscribed, on_pushed, on_told};
    uint8_t token[SESSION_TOKEN_SIZE];
    if (!read_token(enrolled, token))
        return NULL;
    struct person *person = calloc(1, sizeof *person);
    if (!person)
        abort();
    person->settings = settings;
    person->notifier = notifier;
    person->name = enrolled->name;
    person->watch = -1;
    person->reminders = reminders_new(settings, notifier, enrolled->name);
    const char *server = enrolled->server ? enrolled->server : settings->server;
    person->link = link_new(base, server, token, &events, person);
    bool opened = open_folder(person, token);
    sodium_memzero(token, sizeof token);
    if (!opened) {
        person_free(person);
        return NULL;
    }
    make_core(person);
    listen_to(person, base);
    link_connect(person->link);
    go_on(person);
    return person;
}

static void drop_event(struct event *event)
{
    if (event)
        event_free(event);
}

void person_free(struct person *person)
{
    if (!person)
        return;
    drop_event(person->changed);
    drop_event(person->due);
    drop_event(person->later);
    drop_event(person->each_minute);
    drop_event(person->reconnect);
    sync_free(person->sync);
    link_free(person->link);
    refresh_free(person->refresh);
    announcer_free(person->announcer);
    reminders_free(person->reminders);
    copy_close(person->copy);
    outbox_close(person->outbox);
    if (person->watch >= 0)
        close(person->watch);
    free(person);
}
