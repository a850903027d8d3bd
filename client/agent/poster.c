#include "client/agent/poster.h"

#include "common/log.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define POST_TIMEOUT_S 20
#define ANSWER_MOST 4096
// To one host, which may be that of several robots; others wait for their turn, and none for
// another host.
#define CONNECTIONS_MOST 8
// That are under way or wait; beyond them the robots are too slow for what there is to say.
#define POSTS_MOST 512
// How long what is under way may take when the agent ends.
#define LAST_MS 2000L

// What a robot says is a line; what is longer is none.
struct answer {
    char text[ANSWER_MOST];
    size_t length;
};

struct post {
    CURL *easy;
    char *robot;
    char *who;
    struct answer answer;
    LIST_ENTRY(post) link;
};

struct poster {
    struct event_base *base;
    CURLM *multi;
    struct curl_slist *headers;
    // Of libcurl's own clock.
    struct event *timer;
    LIST_HEAD(, post) posts;
    int count;
};

// ---- what is done ----

// A robot that refuses, a wrong signature say, answers 200 all the same, with
// {"errcode":310000,"errmsg":"..."} (DingTalk, WeCom) or {"code":19021,"msg":"..."} (Feishu).
static void log_refusal(const struct post *post)
{
    json_int_t code = 0;
    const char *message = "";
    json_t *json = json_loadb(post->answer.text, post->answer.length, 0, NULL);
    json_unpack(json, "{s?I, s?I, s?s, s?s}", "errcode", &code, "code", &code, "errmsg", &message,
                "msg", &message);
    if (code != 0)
        log_event(LOG_LEVEL_WARNING, NULL, post->who, "webhook %s refused it: %lld %s", post->robot,
                  (long long)code, message);
    json_decref(json);
}

static void finish(struct poster *poster, struct post *post, CURLcode code)
{
    if (code != CURLE_OK)
        log_event(LOG_LEVEL_WARNING, NULL, post->who, "webhook %s: %s", post->robot,
                  curl_easy_strerror(code));
    else
        log_refusal(post);
    curl_multi_remove_handle(poster->multi, post->easy);
    curl_easy_cleanup(post->easy);
    LIST_REMOVE(post, link);
    poster->count--;
    free(post->robot);
    free(post->who);
    free(post);
}

static void finish_done(struct poster *poster)
{
    int left;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(poster->multi, &left))) {
        char *post;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &post);
        if (message->msg == CURLMSG_DONE)
            finish(poster, (struct post *)post, message->data.result);
    }
}

// ---- libcurl's sockets and clock in the loop ----

static void on_ready(evutil_socket_t socket, short events, void *context)
{
    int running;
    struct poster *poster = context;
    int action =
        (events & EV_READ ? CURL_CSELECT_IN : 0) | (events & EV_WRITE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(poster->multi, socket, action, &running);
    finish_done(poster);
}

static void on_timer(evutil_socket_t descriptor, short events, void *context)
{
    int running;
    struct poster *poster = context;
    (void)descriptor;
    (void)events;
    curl_multi_socket_action(poster->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish_done(poster);
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *watched)
{
    struct poster *poster = context;
    struct event *event = NULL;
    (void)easy;
    if (watched)
        event_free(watched);
    if (what != CURL_POLL_REMOVE) {
        short events = EV_PERSIST;
        events |= what & CURL_POLL_IN ? EV_READ : 0;
        events |= what & CURL_POLL_OUT ? EV_WRITE : 0;
        event = event_new(poster->base, socket, events, on_ready, poster);
        if (!event)
            abort();
        event_add(event, NULL);
    }
    curl_multi_assign(poster->multi, socket, event);
    return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct poster *poster = context;
    const struct timeval delay = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
    (void)multi;
    if (timeout_ms < 0)
        event_del(poster->timer);
    else
        event_add(poster->timer, &delay);
    return 0;
}

// ---- posting ----

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

static CURL *prepare(struct poster *poster, const char *url, const char *body)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        abort();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, poster->headers);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)POST_TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // The loop does not wait for a thread that still looks a name up.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    return easy;
}

void poster_post(struct poster *poster, const char *robot, const char *who, const char *url,
                 const char *body)
{
    if (poster->count == POSTS_MOST) {
        log_event(LOG_LEVEL_WARNING, NULL, who, "webhook %s: too many wait already", robot);
        return;
    }
    struct post *post = calloc(1, sizeof *post);
    if (!post || !(post->robot = strdup(robot)) || !(post->who = strdup(who)))
        abort();
    post->easy = prepare(poster, url, body);
    curl_easy_setopt(post->easy, CURLOPT_PRIVATE, post);
    curl_easy_setopt(post->easy, CURLOPT_WRITEDATA, &post->answer);
    LIST_INSERT_HEAD(&poster->posts, post, link);
    poster->count++;
    if (curl_multi_add_handle(poster->multi, post->easy) != CURLM_OK)
        finish(poster, post, CURLE_OUT_OF_MEMORY);
}

// ---- beginning and end ----

struct poster *poster_new(struct event_base *base)
{
    struct poster *poster = calloc(1, sizeof *poster);
    if (!poster)
        abort();
    poster->base = base;
    poster->multi = curl_multi_init();
    poster->headers = curl_slist_append(NULL, "Content-Type: application/json");
    poster->timer = evtimer_new(base, on_timer, poster);
    if (!poster->multi || !poster->headers || !poster->timer)
        abort();
    curl_multi_setopt(poster->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(poster->multi, CURLMOPT_SOCKETDATA, poster);
    curl_multi_setopt(poster->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(poster->multi, CURLMOPT_TIMERDATA, poster);
    curl_multi_setopt(poster->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_MOST);
    return poster;
}

static void on_last_moment(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    *(bool *)context = true;
}

// The loop goes on for the posts alone.
static void give_last_moment(struct poster *poster)
{
    bool over = false;
    const struct timeval moment = {LAST_MS / 1000, LAST_MS % 1000 * 1000};
    struct event *end = evtimer_new(poster->base, on_last_moment, &over);
    if (!end)
        abort();
    event_add(end, &moment);
    while (poster->count > 0 && !over)
        event_base_loop(poster->base, EVLOOP_ONCE);
    event_free(end);
}

void poster_free(struct poster *poster)
{
    if (!poster)
        return;
    give_last_moment(poster);
    for (struct post *next, *post = LIST_FIRST(&poster->posts); post; post = next) {
        next = LIST_NEXT(post, link);
        finish(poster, post, CURLE_OPERATION_TIMEDOUT);
    }
    curl_multi_cleanup(poster->multi);
    curl_slist_free_all(poster->headers);
    event_free(poster->timer);
    free(poster);
}
