#include "client/agent/notice.h"

#include "client/agent/settings.h"
#include "client/lib/notice_text.h"
#include "common/log.h"

#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define POST_TIMEOUT_S 20
#define ANSWER_MOST 4096

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

struct answer {
    char text[ANSWER_MOST];
    size_t length;
};

// A robot's answer is a line; what is longer is none.
static size_t take_answer(char *data, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t length = size * count;
    size_t room = sizeof answer->text - answer->length;
    size_t taken = length < room ? length : room;
    memcpy(answer->text + answer->length, data, taken);
    answer->length += taken;
    return length;
}

// A robot that refuses, a wrong signature say, answers 200 all the same, with
// {"errcode":310000,"errmsg":"..."} (DingTalk, WeCom) or {"code":19021,"msg":"..."} (Feishu).
static void log_refusal(const char *who, const char *webhook, const struct answer *answer)
{
    json_int_t code = 0;
    const char *message = "";
    json_t *json = json_loadb(answer->text, answer->length, 0, NULL);
    json_unpack(json, "{s?I, s?I, s?s, s?s}", "errcode", &code, "code", &code, "errmsg", &message,
                "msg", &message);
    if (code != 0)
        log_event(LOG_LEVEL_WARNING, NULL, who, "webhook %s refused it: %lld %s", webhook,
                  (long long)code, message);
    json_decref(json);
}

static CURLcode post(const char *url, const char *body, struct answer *answer)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!curl || !headers)
        return CURLE_OUT_OF_MEMORY;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)POST_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code;
}

static void call_webhook(const struct settings_webhook *target, const char *who, const char *text)
{
    int64_t now = now_ms();
    char *url = webhook_url(&target->webhook, now);
    char *body = webhook_body(&target->webhook, text, now);
    struct answer answer = {.length = 0};
    CURLcode code = post(url, body, &answer);
    // The address holds a key, and stays out of the log.
    if (code != CURLE_OK)
        log_event(LOG_LEVEL_WARNING, NULL, who, "webhook %s: %s", target->name,
                  curl_easy_strerror(code));
    else
        log_refusal(who, target->name, &answer);
    free(url);
    free(body);
}

static void call_webhook_apart(const struct settings_webhook *target, const char *who,
                               const char *text)
{
    pid_t child = fork();
    if (child == 0) {
        // Of the agent's files none stays open in it: a lock on an outbox would outlive the agent.
        close_range(STDERR_FILENO + 1, ~0U, 0);
        // Whatever keeps it, it ends.
        alarm(2 * POST_TIMEOUT_S);
        call_webhook(target, who, text);
        _exit(0);
    }
    if (child < 0)
        log_event(LOG_LEVEL_WARNING, NULL, who, "webhook %s: %s", target->name, strerror(errno));
}

void notice_send(const struct settings *settings, const char *who, const char *topic,
                 const char *text)
{
    log_event(LOG_LEVEL_NOTICE, NULL, who, "%s: %.*s", topic, (int)strcspn(text, "\n"), text);
    if (settings->terminal) {
        printf("%s\n", text);
        fflush(stdout);
    }
    if (settings->notify_send)
        notify_send(who, text);
    for (size_t i = 0; i < settings->webhook_count; i++) {
        if (notice_topics_name(settings->webhooks[i].topics, topic))
            call_webhook_apart(&settings->webhooks[i], who, text);
    }
}
