#include "server/rpc/subscriber.h"

#include "common/log.h"
#include "common/message.h"
#include "server/db/notify.h"
#include "server/rpc/call.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum {
    PERSON_CHAINS = 4096,
    // Lists that are asked for at the same time, for all subscribers: requests come first.
    ASKING_MOST = 4,
    // Notices of one push.
    PAGE = 50,
    // A client that has not taken so many bytes gets no pushes until it has.
    UNSENT_MOST = 64 << 10,
    // Room for a question or a subscription, and for an answer while it is looked at.
    QUESTION_BUDGET = 256 << 10,
    ANSWER_BUDGET = 16 << 20,
    // After a question that the database did not answer.
    AGAIN_SECONDS = 2,
};

// QUIET: nothing is known to be new. DUE: in the queue. ASKING: the list is on its way; NEWS: and
// something was made meanwhile. FULL: something may be new, and the client has to take what it was
// sent first.
enum state { STATE_QUIET, STATE_DUE, STATE_ASKING, STATE_NEWS, STATE_FULL };

struct subscriber {
    struct id_link link;
    struct subscribers *house;
    LIST_ENTRY(subscriber) of_person;
    TAILQ_ENTRY(subscriber) place;
    enum state state;
    // The last notice that was pushed.
    int64_t after;
    // Holds all that is copied.
    struct arena *arena;
    struct caller caller;
    const Tiejun__V1__NoticeServiceSubscribeResponse *subscription;
    struct subscriber_peer peer;
};

LIST_HEAD(subscriber_list, subscriber);
TAILQ_HEAD(subscriber_queue, subscriber);

struct subscribers {
    struct service *service;
    struct notify *notify;
    struct id_map map;
    struct subscriber_list of_person[PERSON_CHAINS];
    struct subscriber_queue due;
    size_t asking;
    struct event *again;
    const struct registered *list;
};

static struct subscriber_list *chain_of(struct subscribers *house, const char *person)
{
    return &house->of_person[strtoull(person, NULL, 10) % PERSON_CHAINS];
}

static void change_state(struct subscriber *subscriber, enum state state)
{
    static const char *const names[] = {"quiet", "due", "asking", "news", "full"};
    struct subscriber_queue *due = &subscriber->house->due;
    log_event(LOG_LEVEL_DEBUG, subscriber->caller.address, subscriber->caller.handle,
              "subscriber %s -> %s", names[subscriber->state], names[state]);
    if (subscriber->state == STATE_DUE) {
        TAILQ_REMOVE(due, subscriber, place);
    }
    if (state == STATE_DUE) {
        TAILQ_INSERT_TAIL(due, subscriber, place);
    }
    subscriber->state = state;
}

static void look_later(struct subscribers *house)
{
    const struct timeval delay = {.tv_sec = AGAIN_SECONDS};
    event_add(house->again, &delay);
}

// Not from within the call of a session.
static void look_soon(struct subscribers *house)
{
    event_active(house->again, EV_TIMEOUT, 0);
}

static void on_listed(struct service *service, const struct call_answer *answer);

static const ProtobufCMessage *question(const struct subscriber *subscriber, struct arena *arena)
{
    Tiejun__V1__NoticeServiceListRequest *request = arena_alloc(arena, sizeof *request);
    const Tiejun__V1__NoticeServiceSubscribeResponse *subscription = subscriber->subscription;
    if (!request) {
        return NULL;
    }
    tiejun__v1__notice_service_list_request__init(request);
    request->n_topics = subscription->n_topics;
    request->topics = arena_alloc(arena, (subscription->n_topics + 1) * sizeof *request->topics);
    for (size_t i = 0; request->topics && i < subscription->n_topics; i++) {
        // The subscriber may be gone before the answer is there.
        request->topics[i] = arena_strdup(arena, subscription->topics[i]);
        if (!request->topics[i]) {
            return NULL;
        }
    }
    request->has_after = request->has_page_size = true;
    request->after = subscriber->after;
    request->page_size = PAGE;
    return request->topics ? &request->base : NULL;
}

// False when the daemon has too much to do.
static bool ask(struct subscriber *subscriber)
{
    struct subscribers *house = subscriber->house;
    const Tiejun__V1__Request request = TIEJUN__V1__REQUEST__INIT;
    struct arena *arena = arena_new(QUESTION_BUDGET);
    const ProtobufCMessage *input = arena ? question(subscriber, arena) : NULL;
    if (!input || !call_start(house->service, &subscriber->caller, house->list, arena, &request,
                              input, on_listed)) {
        arena_free(arena);
        return false;
    }
    house->asking++;
    return true;
}

static void ask_for_those_due(struct subscribers *house)
{
    struct subscriber *subscriber;
    while (!house->service->stopping && house->asking < ASKING_MOST &&
           (subscriber = TAILQ_FIRST(&house->due))) {
        if (subscriber->peer.unsent(subscriber->peer.context) > UNSENT_MOST) {
            change_state(subscriber, STATE_FULL);
        } else if (ask(subscriber)) {
            change_state(subscriber, STATE_ASKING);
        } else {
            // The others go first next time.
            change_state(subscriber, STATE_DUE);
            look_later(house);
            return;
        }
    }
}

// There may be something new for it.
static void stir(struct subscriber *subscriber)
{
    if (subscriber->state == STATE_QUIET) {
        change_state(subscriber, STATE_DUE);
    } else if (subscriber->state == STATE_ASKING) {
        change_state(subscriber, STATE_NEWS);
    }
}

// Pushes what was listed. True when there may be more of it.
static bool push(struct subscriber *subscriber, const struct call_answer *answer)
{
    struct arena *arena = arena_new(ANSWER_BUDGET);
    const Tiejun__V1__NoticeServiceListResponse *list =
        arena ? (const void *)message_unpack(&tiejun__v1__notice_service_list_response__descriptor,
                                             arena, answer->body, answer->body_size, NULL, NULL)
              : NULL;
    size_t n = list ? list->n_notices : 0;
    if (n > 0) {
        subscriber->after = list->notices[n - 1]->place;
        subscriber->peer.push(subscriber->peer.context, answer->body, answer->body_size);
    }
    arena_free(arena);
    return n == PAGE;
}

// The answer's session is the subscriber here, who may be gone.
static void on_listed(struct service *service, const struct call_answer *answer)
{
    struct subscribers *house = service->subscribers;
    struct subscriber *subscriber = id_map_find(&house->map, answer->session_id);
    house->asking--;
    if (!subscriber) {
        ask_for_those_due(house);
        return;
    }
    bool again = subscriber->state == STATE_NEWS;
    if (answer->status == TIEJUN__V1__STATUS__STATUS_OK) {
        again = push(subscriber, answer) || again;
        change_state(subscriber, again ? STATE_DUE : STATE_QUIET);
        ask_for_those_due(house);
    } else {
        change_state(subscriber, STATE_DUE);
        look_later(house);
    }
}

static void on_again(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    ask_for_those_due(context);
}

static void on_heard(void *context, const char *person)
{
    struct subscribers *house = context;
    struct subscriber *subscriber;
    LIST_FOREACH(subscriber, chain_of(house, person), of_person)
    {
        if (strcmp(subscriber->caller.actor, person) == 0) {
            stir(subscriber);
        }
    }
    ask_for_those_due(house);
}

static void stir_one(void *context, void *thing)
{
    (void)context;
    stir(thing);
}

// What was said before, nobody has heard.
static void on_listening(void *context)
{
    struct subscribers *house = context;
    id_map_each(&house->map, stir_one, NULL);
    ask_for_those_due(house);
}

struct subscribers *subscribers_new(struct event_base *base, struct service *service,
                                    const char *conninfo)
{
    struct subscribers *house = calloc(1, sizeof *house);
    if (!house) {
        return NULL;
    }
    const struct notify_settings settings = {
        .conninfo = conninfo,
        .channel = "tiejun_notice",
        .context = house,
        .listening = on_listening,
        .heard = on_heard,
    };
    house->service = service;
    house->list = registry_find(service->registry, "tiejun.v1.NoticeService.List");
    TAILQ_INIT(&house->due);
    house->again = event_new(base, -1, 0, on_again, house);
    house->notify = notify_new(base, &settings);
    if (!house->again || !house->notify) {
        subscribers_stop(house);
        subscribers_free(house);
        return NULL;
    }
    return house;
}

void subscribers_stop(struct subscribers *subscribers)
{
    if (subscribers) {
        notify_free(subscribers->notify);
        subscribers->notify = NULL;
    }
}

void subscribers_free(struct subscribers *subscribers)
{
    if (subscribers) {
        if (subscribers->again) {
            event_free(subscribers->again);
        }
        free(subscribers);
    }
}

struct subscriber *subscriber_new(struct subscribers *subscribers, const struct caller *caller,
                                  const uint8_t *subscription, size_t size,
                                  const struct subscriber_peer *peer)
{
    struct arena *arena = arena_new(QUESTION_BUDGET);
    struct subscriber *subscriber = arena ? arena_alloc(arena, sizeof *subscriber) : NULL;
    if (!subscriber || !caller_copy(&subscriber->caller, arena, caller) ||
        !(subscriber->subscription = (const void *)message_unpack(
              &tiejun__v1__notice_service_subscribe_response__descriptor, arena, subscription, size,
              NULL, NULL))) {
        arena_free(arena);
        return NULL;
    }
    subscriber->arena = arena;
    subscriber->house = subscribers;
    subscriber->after = subscriber->subscription->after;
    subscriber->peer = *peer;
    id_map_add(&subscribers->map, &subscriber->link);
    subscriber->caller.session_id = subscriber->link.id;
    LIST_INSERT_HEAD(chain_of(subscribers, subscriber->caller.actor), subscriber, of_person);
    // What was made since the answer, or before it behind that place.
    change_state(subscriber, STATE_DUE);
    look_soon(subscribers);
    return subscriber;
}

void subscriber_free(struct subscriber *subscriber)
{
    if (subscriber) {
        if (subscriber->state == STATE_DUE) {
            TAILQ_REMOVE(&subscriber->house->due, subscriber, place);
        }
        LIST_REMOVE(subscriber, of_person);
        id_map_remove(&subscriber->house->map, &subscriber->link);
        arena_free(subscriber->arena);
    }
}

void subscriber_go_on(struct subscriber *subscriber)
{
    if (subscriber && subscriber->state == STATE_FULL) {
        change_state(subscriber, STATE_DUE);
        ask_for_those_due(subscriber->house);
    }
}
