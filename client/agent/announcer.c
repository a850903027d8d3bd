#include "client/agent/announcer.h"

#include "client/agent/notice.h"
#include "client/agent/reminders.h"
#include "client/agent/settings.h"
#include "client/lib/notice_text.h"
#include "client/lib/notices.h"
#include "common/arena.h"
#include "common/log.h"
#include "common/message.h"

#include <stdlib.h>
#include <string.h>

// For one push.
#define BUDGET ((size_t)64 << 20)
#define KEPT_DAYS 14

struct announcer {
    const struct settings *settings;
    struct notifier *notifier;
    const char *name;
    const struct reminders *reminders;
    struct notices *notices;
    bool is_subscribed;
};

struct announcer *announcer_new(const struct settings *settings, struct notifier *notifier,
                                const char *name, const char *folder,
                                const struct reminders *reminders)
{
    struct announcer *announcer = calloc(1, sizeof *announcer);
    if (!announcer)
        abort();
    announcer->settings = settings;
    announcer->notifier = notifier;
    announcer->name = name;
    announcer->reminders = reminders;
    announcer->notices = notices_open(folder);
    if (announcer->notices)
        return announcer;
    log_event(LOG_LEVEL_ERROR, NULL, name, "notices.sqlite in %s cannot be opened", folder);
    free(announcer);
    return NULL;
}

void announcer_free(struct announcer *announcer)
{
    if (!announcer)
        return;
    announcer_end(announcer);
    notices_close(announcer->notices);
    free(announcer);
}

void announcer_ask(struct announcer *announcer, Tiejun__V1__NoticeServiceSubscribeRequest *request)
{
    request->has_after = notices_last(announcer->notices, &request->after);
}

void announcer_begin(struct announcer *announcer,
                     const Tiejun__V1__NoticeServiceSubscribeResponse *granted)
{
    int64_t last;
    announcer->is_subscribed = true;
    if (!notices_last(announcer->notices, &last) || granted->after < last)
        notices_begin(announcer->notices, granted->after);
}

void announcer_end(struct announcer *announcer)
{
    if (announcer->is_subscribed)
        notices_heard(announcer->notices);
    announcer->is_subscribed = false;
}

static bool are_about_facts(const Tiejun__V1__NoticeServiceListResponse *pushed)
{
    for (size_t i = 0; i < pushed->n_notices; i++) {
        if (pushed->notices[i]->fact)
            return true;
    }
    return false;
}

bool announcer_take(struct announcer *announcer, const uint8_t *body, size_t size)
{
    struct arena *arena = arena_new(BUDGET);
    const Tiejun__V1__NoticeServiceListResponse *pushed =
        arena ? (const void *)message_unpack(&tiejun__v1__notice_service_list_response__descriptor,
                                             arena, body, size, NULL, NULL)
              : NULL;
    if (pushed)
        notices_keep(announcer->notices, pushed);
    else
        log_event(LOG_LEVEL_WARNING, NULL, announcer->name, "a push that cannot be read");
    bool about_facts = pushed && are_about_facts(pushed);
    arena_free(arena);
    return about_facts;
}

// Whether a minute lies in the quiet hours, which may go over midnight.
static bool is_quiet(const struct settings_quiet *quiet, int minute)
{
    if (quiet->from <= quiet->to)
        return minute >= quiet->from && minute < quiet->to;
    return minute >= quiet->from || minute < quiet->to;
}

// What a reminder of today has said already, while the daemon was away, is not said again.
static bool is_wanted(const struct announcer *announcer, const Tiejun__V1__Notice *notice)
{
    const char *topic = notice->topic ? notice->topic : "";
    bool said = strcmp(topic, "pace") == 0 && notice->from_date &&
                reminders_said_pace(announcer->reminders, notice->from_date);
    return !said && notice_topics_name(announcer->settings->notice_topics, topic);
}

static void show(const struct announcer *announcer, struct arena *arena,
                 const Tiejun__V1__NoticeServiceListResponse *one)
{
    const Tiejun__V1__Notice *notice = one->n_notices ? one->notices[0] : NULL;
    if (notice && is_wanted(announcer, notice))
        notice_send(announcer->notifier, announcer->name, notice->topic,
                    notice_text(arena, notice, one));
}

void announcer_show(struct announcer *announcer, const struct office_time *now)
{
    const Tiejun__V1__NoticeServiceListResponse *next;
    if (is_quiet(&announcer->settings->quiet, now->minute))
        return;
    do {
        struct arena *arena = arena_new(BUDGET);
        if (!arena)
            return;
        next = notices_next(announcer->notices, arena);
        if (next)
            show(announcer, arena, next);
        arena_free(arena);
    } while (next);
}

void announcer_tidy(struct announcer *announcer)
{
    notices_tidy(announcer->notices, KEPT_DAYS);
}
