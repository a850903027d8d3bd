#include "client/agent/notice.h"

#include "client/agent/poster.h"
#include "client/agent/settings.h"
#include "client/lib/notice_text.h"
#include "common/i18n.h"
#include "common/log.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct notifier {
    const struct settings *settings;
    struct poster *poster;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void notify_send(const char *who, const char *text)
{
    pid_t child;
    char *arguments[] = {(char *)"notify-send", (char *)"--app-name=tiejun",
                         (char *)"--",          (char *)who,
                         (char *)text,          NULL};
    int fault = posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ);
    if (fault)
        log_event(LOG_LEVEL_WARNING, NULL, who, "notify-send cannot be started: %s",
                  strerror(fault));
}

static void call_webhook(struct poster *poster, const struct settings_webhook *target,
                         const char *who, const char *text)
{
    int64_t now = now_ms();
    char *url = webhook_url(&target->webhook, now);
    char *body = webhook_body(&target->webhook, text, now);
    poster_post(poster, target->name, who, url, body);
    free(url);
    free(body);
}

// Who reads it, a group at a robot above all, has to know whose it is.
static char *addressed(const struct settings *settings, const char *who, const char *text)
{
    char *whole;
    int length = settings->for_oneself ? asprintf(&whole, "%s", text)
                                       : asprintf(&whole, "%s%s%s", who, _(": "), text);
    if (length < 0)
        abort();
    return whole;
}

void notice_send(struct notifier *notifier, const char *who, const char *topic, const char *text)
{
    const struct settings *settings = notifier->settings;
    char *whole = addressed(settings, who, text);
    if (settings->terminal) {
        printf("%s\n", whole);
        fflush(stdout);
    } else {
        log_event(LOG_LEVEL_NOTICE, NULL, who, "%s: %.*s", topic, (int)strcspn(text, "\n"), text);
    }
    if (settings->notify_send)
        notify_send(settings->for_oneself ? "tiejun" : who, text);
    for (size_t i = 0; i < settings->webhook_count; i++) {
        if (notice_topics_name(settings->webhooks[i].topics, topic))
            call_webhook(notifier->poster, &settings->webhooks[i], who, whole);
    }
    free(whole);
}

struct notifier *notifier_new(struct event_base *base, const struct settings *settings)
{
    struct notifier *notifier = calloc(1, sizeof *notifier);
    if (!notifier)
        abort();
    notifier->settings = settings;
    notifier->poster = poster_new(base);
    return notifier;
}

void notifier_free(struct notifier *notifier)
{
    if (!notifier)
        return;
    poster_free(notifier->poster);
    free(notifier);
}
