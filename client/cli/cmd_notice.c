// tiejun notice: what one is told without having asked.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/notice_text.h"
#include "client/lib/notices.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "common/arena.h"
#include "common/message.h"

#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTICES_MOST 200

static const struct option_spec list_options[] = {
    {"topic", 0, OPTION_STRING, N_("TOPIC,..."), N_("Of these topics alone, as in goal,pace")},
    LIMIT_OPTION,
    OPTIONS_END,
};

// "goal,pace" as a list; how many there are.
static size_t read_topics(struct context *context, const struct options *options, char ***topics)
{
    size_t count = 0;
    const char *text = options_string(options, "topic");
    char *rest = text ? context_text(context, "%s", text) : NULL;
    *topics = context_room(context, text ? strlen(text) + 1 : 1, sizeof **topics);
    for (char *topic; (topic = strsep(&rest, ", "));) {
        if (*topic)
            (*topics)[count++] = topic;
    }
    return count;
}

// ---- list ----

enum { NOTICE_TIME, NOTICE_TOPIC, NOTICE_WHAT };

static const struct table_column columns[] = {
    [NOTICE_TIME] = {"made_at", N_("time"), 0},
    [NOTICE_TOPIC] = {"topic", N_("topic"), TABLE_CSV_ONLY},
    [NOTICE_WHAT] = {"text", N_("notice"), TABLE_WRAP},
    {NULL, NULL, 0},
};

static void fill_notice(struct context *context, struct table *table,
                        const Tiejun__V1__Notice *notice,
                        const Tiejun__V1__NoticeServiceListResponse *list)
{
    size_t row = table_add(table);
    char *text = notice_text(context_arena(context), notice, list);
    char *shown = context_text(context, "%s", "");
    for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
        shown = context_text(context, "%s%s%s", shown, *shown ? _("; ") : "", line);
    table_set(table, row, NOTICE_TIME, context_time_of(context, notice->made_at));
    table_set(table, row, NOTICE_TOPIC, notice->topic);
    table_set(table, row, NOTICE_WHAT, shown);
}

static int print_list(struct context *context, const Tiejun__V1__NoticeServiceListResponse *list)
{
    if (context_print_json(context, &list->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < list->n_notices; i++)
        fill_notice(context, table, list->notices[i], list);
    size_t rows = table_rows(table);
    context_print_table(context, table);
    if (rows == 0)
        say(context, "%s", _("There are no notices."));
    say_more(context, list->next_cursor);
    return COMMAND_DONE;
}

// What the agent of this machine has, when the daemon is away.
static int list_kept(struct context *context, const struct session_error *error, int most,
                     const char *topics)
{
    uint8_t token[SESSION_TOKEN_SIZE];
    int64_t heard = 0;
    context_token(context, token);
    char *folder = state_folder_of(token);
    sodium_memzero(token, sizeof token);
    struct notices *notices = notices_open(folder);
    free(folder);
    const Tiejun__V1__NoticeServiceListResponse *list =
        notices ? notices_list(notices, most, topics, context_arena(context), &heard) : NULL;
    notices_close(notices);
    if (!list)
        return context_complain(error);
    offline_say_age(context, error, heard);
    return print_list(context, list);
}

static int notice_list(struct context *context, const struct options *options)
{
    Tiejun__V1__NoticeServiceListRequest request = TIEJUN__V1__NOTICE_SERVICE_LIST_REQUEST__INIT;
    struct session_error error;
    const char *topics = options_string(options, "topic");
    int64_t limit = context_limit(options);
    if (limit > NOTICES_MOST)
        refuse_usage(_("--limit is a number of notices, 1 to %d."), NOTICES_MOST);
    bool online = offline_reach(context, &error);
    offline_know_self(context);
    if (!online)
        return list_kept(context, &error, (int)limit, topics ? topics : "all");
    request.n_topics = read_topics(context, options, &request.topics);
    request.has_page_size = true;
    request.page_size = (int32_t)limit;
    return print_list(context,
                      context_call(context, "tiejun.v1.NoticeService.List", &request.base));
}

// ---- follow ----

static void print_pushed(void *listener, const char *topic, const uint8_t *body, size_t size)
{
    struct context *context = listener;
    struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
    (void)topic;
    const Tiejun__V1__NoticeServiceListResponse *list =
        arena ? (const void *)message_unpack(&tiejun__v1__notice_service_list_response__descriptor,
                                             arena, body, size, NULL, NULL)
              : NULL;
    if (list && context_mode(context) == OUTPUT_JSON)
        context_dump(&list->base);
    for (size_t i = 0; list && i < list->n_notices; i++) {
        char *text = notice_text(arena, list->notices[i], list);
        say_in(context, TABLE_DIM, "%s", context_time_of(context, list->notices[i]->made_at));
        for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
            say(context, "%s", line);
    }
    fflush(stdout);
    arena_free(arena);
}

static const struct option_spec follow_options[] = {
    {"topic", 0, OPTION_STRING, N_("TOPIC,..."), N_("Of these topics alone, as in goal,pace")},
    OPTIONS_END,
};

// Until the connection ends, or the user ends it.
static int notice_follow(struct context *context, const struct options *options)
{
    Tiejun__V1__NoticeServiceSubscribeRequest request =
        TIEJUN__V1__NOTICE_SERVICE_SUBSCRIBE_REQUEST__INIT;
    struct session_error error = {0};
    enum session_result result = SESSION_PUSHED;
    struct session *session = context_session(context);
    request.n_topics = read_topics(context, options, &request.topics);
    context_whoami(context);
    session_listen(session, print_pushed, context);
    context_call(context, "tiejun.v1.NoticeService.Subscribe", &request.base);
    while (result != SESSION_BROKEN) {
        uint64_t id;
        ProtobufCMessage *response;
        struct pollfd readable = {.fd = session_descriptor(session), .events = POLLIN};
        struct arena *arena = arena_new(SESSION_ARENA_BUDGET);
        if (!arena)
            abort();
        if (session_ready(session))
            result = session_receive(session, arena, &id, &response, &error);
        else
            poll(&readable, 1, -1);
        arena_free(arena);
    }
    return context_complain(&error);
}

const struct command notice_commands[] = {
    {"notice", "list", N_("What you were told: goals, roles, the day's pace; newest first"),
     N_("[--topic TOPIC,...] [--limit N]"), "tiejun notice list --topic goal,pace", list_options, 0,
     0, notice_list},
    {"notice", "follow", N_("Prints each notice as it is made"), N_("[--topic TOPIC,...]"),
     "tiejun notice follow", follow_options, 0, 0, notice_follow},
    {0},
};
