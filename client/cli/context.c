#include "client/cli/context.h"

#include "client/cli/command.h"
#include "client/cli/first_contact.h"
#include "client/cli/say.h"
#include "client/cli/token.h"
#include "client/cli/when.h"
#include "client/lib/json.h"
#include "client/lib/login_files.h"
#include "client/lib/pages.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "client/lib/trust.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/money.h"
#include "tiejun/v1/calendar.pb-c.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct context {
    const struct options *options;
    enum output_mode mode;
    struct arena *arena;
    struct session *session;
    const char *server;
    bool guest;
    // Why there is none, once it was tried.
    bool unreachable;
    struct session_error session_error;
    int patience_ms;
    const Tiejun__V1__SessionServiceWhoAmIResponse *whoami;
    const Tiejun__V1__MetricServiceListResponse *metrics;
};

// A program has one. Known here so that what it holds is no leak when a refusal ends the program.
static struct context *current;

const struct option_spec context_options[] = {
    {"json", 0, OPTION_FLAG, NULL, N_("Print the daemon's answer as JSON")},
    {"csv", 0, OPTION_FLAG, NULL, N_("Print the table as CSV")},
    {"server", 0, OPTION_STRING, N_("HOST:PORT"),
     N_("The daemon; TIEJUN_SERVER or that of the last login when left out")},
    {"token-file", 0, OPTION_STRING, N_("FILE"),
     N_("Your token; TIEJUN_TOKEN_FILE or the login's when left out")},
    {"ca", 0, OPTION_STRING, N_("FILE"), N_("The CA of the daemon; TIEJUN_CA when left out")},
    {"fingerprint", 0, OPTION_STRING, N_("HEX"),
     N_("Without a CA: trust this certificate, now and later")},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

struct context *context_new(const struct options *options)
{
    struct context *context = calloc(1, sizeof *context);
    if (!context)
        abort();
    current = context;
    context->options = options;
    context->arena = arena_new(SESSION_ARENA_BUDGET);
    if (!context->arena)
        abort();
    bool json = options_flag(options, "json");
    bool csv = options_flag(options, "csv");
    if (json && csv)
        refuse_usage(_("--json and --csv are two different outputs; choose one."));
    context->mode = json ? OUTPUT_JSON : csv ? OUTPUT_CSV : OUTPUT_TABLE;
    return context;
}

void context_free(struct context *context)
{
    session_close(context->session);
    arena_free(context->arena);
    free(context);
    current = NULL;
}

enum output_mode context_mode(const struct context *context)
{
    return context->mode;
}

struct arena *context_arena(struct context *context)
{
    return context->arena;
}

void *context_room(struct context *context, size_t count, size_t size)
{
    void *room =
        count < SIZE_MAX / (size + 1) ? arena_alloc(context->arena, (count + 1) * size) : NULL;
    if (!room)
        abort();
    return room;
}

void context_set_patience(struct context *context, int milliseconds)
{
    context->patience_ms = milliseconds;
}

char *context_token_path(struct context *context, bool for_login)
{
    return token_path_for(options_string(context->options, "token-file"), context_server(context),
                          for_login);
}

void context_token(struct context *context, uint8_t token[SESSION_TOKEN_SIZE])
{
    char *path = context_token_path(context, false);
    token_read(path, context_server(context), token);
    free(path);
}

void context_as_guest(struct context *context)
{
    session_close(context->session);
    context->session = NULL;
    context->unreachable = false;
    context->guest = true;
}

// NULL when there was no login.
static const char *last_server(struct context *context)
{
    char *server = login_server();
    const char *kept = server ? context_text(context, "%s", server) : NULL;
    free(server);
    return kept;
}

const char *context_server(struct context *context)
{
    const char *server = options_string(context->options, "server");
    if (!server || !*server)
        server = getenv("TIEJUN_SERVER");
    if (!server || !*server)
        server = context->server ? context->server : last_server(context);
    context->server = server && *server ? server : SESSION_SERVER_DEFAULT;
    return context->server;
}

void context_remember_server(struct context *context)
{
    if (login_remember_server(context_server(context)))
        return;
    int cause = errno;
    char *path = state_path("server");
    complain(_("Say which daemon it is with --server, or TIEJUN_SERVER."),
             _("The file %s cannot be written: %s."), path, strerror(cause));
    free(path);
}

struct session *context_reach(struct context *context, struct session_error *error)
{
    if (!context->session && !context->unreachable) {
        const struct trust trust = {.ca = options_string(context->options, "ca"),
                                    .fingerprint = options_string(context->options, "fingerprint"),
                                    .ask = first_contact_possible() ? first_contact_ask : NULL};
        struct session_settings settings = {.client = "tiejun " TIEJUN_VERSION,
                                            .server = context_server(context),
                                            .trust = &trust,
                                            .timeout_ms = context->patience_ms};
        settings.guest = context->guest;
        if (!settings.guest)
            context_token(context, settings.token);
        context->session = session_open(&settings, &context->session_error);
        context->unreachable = !context->session;
        sodium_memzero(settings.token, sizeof settings.token);
    }
    *error = context->session_error;
    return context->session;
}

struct session *context_session(struct context *context)
{
    struct session_error error;
    struct session *session = context_reach(context, &error);
    if (!session)
        exit(context_complain(&error));
    return session;
}

void *context_try(struct context *context, const char *method, const ProtobufCMessage *request,
                  int *code)
{
    ProtobufCMessage *response = NULL;
    struct session_error error;
    struct session *session = context_session(context);
    *code = COMMAND_DONE;
    if (session_call(session, method, request, context->arena, &response, &error) == SESSION_OK)
        return response;
    *code = context_complain(&error);
    return NULL;
}

void *context_call(struct context *context, const char *method, const ProtobufCMessage *request)
{
    int code;
    void *response = context_try(context, method, request, &code);
    if (!response)
        exit(code);
    return response;
}

// ---- what went wrong ----

// The field at fault as the user wrote it: "evidence" of a request is --evidence here, where the
// command has such an option.
static const char *in_the_users_words(const struct session_error *error)
{
    static const char *const quotes[][2] = {{"\"", "\""}, {"“", "”"}};
    static char sentence[sizeof error->message + sizeof error->field];
    char option[sizeof error->field];
    snprintf(option, sizeof option, "%s", error->field);
    for (char *dash = option; (dash = strchr(dash, '_'));)
        *dash = '-';
    if (!*option || !current || !options_known(current->options, option))
        return error->message;
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        char quoted[sizeof error->field + 8];
        int length =
            snprintf(quoted, sizeof quoted, "%s%s%s", quotes[i][0], error->field, quotes[i][1]);
        const char *place = strstr(error->message, quoted);
        if (place) {
            snprintf(sentence, sizeof sentence, "%.*s--%s%s", (int)(place - error->message),
                     error->message, option, place + length);
            return sentence;
        }
    }
    return error->message;
}

int context_complain(const struct session_error *error)
{
    complain(error->hint, "%s", in_the_users_words(error));
    return error->status ? COMMAND_REFUSED : COMMAND_UNREACHABLE;
}

void context_complain_of(const char *sentence)
{
    if (*sentence)
        complain(NULL, "%s", sentence);
}

// ---- pages ----

static ProtobufCMessage *call_page(void *context, const char *method,
                                   const ProtobufCMessage *request)
{
    return context_call(context, method, request);
}

void *context_call_pages(struct context *context, const char *method, ProtobufCMessage *request,
                         int64_t limit)
{
    return pages_gather(call_page, context, context->arena, method, request, limit);
}

// ---- output ----

void context_dump(const ProtobufCMessage *message)
{
    json_t *json = json_from_message(message);
    if (!json)
        abort();
    json_dumpf(json, stdout, JSON_INDENT(2));
    json_decref(json);
    fputc('\n', stdout);
}

bool context_print_json(struct context *context, const ProtobufCMessage *response)
{
    if (context->mode == OUTPUT_JSON)
        context_dump(response);
    return context->mode == OUTPUT_JSON;
}

void context_print_table(struct context *context, struct table *table)
{
    if (context->mode == OUTPUT_CSV)
        table_print_csv(table, stdout);
    else if (context->mode == OUTPUT_TABLE && table_rows(table) > 0)
        table_print(table, stdout);
    table_free(table);
}

char *context_text(struct context *context, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    char *kept = length < 0 ? NULL : arena_strdup(context->arena, text);
    free(text);
    if (!kept)
        abort();
    return kept;
}

// ---- what is asked of the daemon ----

const Tiejun__V1__SessionServiceWhoAmIResponse *context_whoami(struct context *context)
{
    Tiejun__V1__SessionServiceWhoAmIRequest request =
        TIEJUN__V1__SESSION_SERVICE_WHO_AM_IREQUEST__INIT;
    if (!context->whoami)
        context->whoami = context_call(context, "tiejun.v1.SessionService.WhoAmI", &request.base);
    return context->whoami;
}

bool context_metric_is_money(struct context *context, const char *metric)
{
    Tiejun__V1__MetricServiceListRequest request = TIEJUN__V1__METRIC_SERVICE_LIST_REQUEST__INIT;
    if (!context->metrics)
        context->metrics = context_call(context, "tiejun.v1.MetricService.List", &request.base);
    for (size_t i = 0; i < context->metrics->n_metrics; i++) {
        if (strcmp(or_empty(context->metrics->metrics[i]->metric), metric) == 0)
            return context->metrics->metrics[i]->is_money;
    }
    refuse(_("List the metrics with: tiejun metric list"), _("There is no metric \"%s\"."), metric);
}

const char *context_currency(struct context *context, const struct options *options)
{
    const char *currency = options_string(options, "currency");
    if (!currency)
        currency = context_whoami(context)->currency;
    if (!currency)
        refuse_usage(_("The office's currency is not known yet, and the daemon is away: add "
                       "--currency CODE."));
    if (!currency_valid(currency))
        refuse_usage(_("A currency is three capital letters, such as CNY."));
    return currency;
}

void context_set_whoami(struct context *context, Tiejun__V1__SessionServiceWhoAmIResponse *self,
                        int64_t now)
{
    Google__Protobuf__Timestamp instant = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    instant.seconds = now;
    context->whoami = self;
    self->today = context_day_of(context, &instant);
}
