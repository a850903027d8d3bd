#include "client/cli/context.h"

#include "client/cli/command.h"
#include "client/cli/first_contact.h"
#include "client/cli/token.h"
#include "client/lib/json.h"
#include "client/lib/pages.h"
#include "client/lib/session.h"
#include "client/lib/state_folder.h"
#include "client/lib/trust.h"
#include "client/lib/words.h"
#include "client/lib/zone.h"
#include "common/arena.h"
#include "common/instant.h"
#include "common/message.h"
#include "common/money.h"
#include "common/period.h"
#include "common/text.h"
#include "tiejun/v1/calendar.pb-c.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_DEFAULT 200
#define SERVER_SIZE 300

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

// ---- words to the user ----

// Control characters of whoever wrote a text must not reach the terminal.
static void print_clean(FILE *stream, const char *text, size_t length)
{
    while (length > 0) {
        uint32_t character;
        size_t size = utf8_decode(text, length, &character);
        if (size == 0 || terminal_driven_by(character))
            fputc('?', stream);
        else
            fwrite(text, 1, size, stream);
        text += size ? size : 1;
        length -= size ? size : 1;
    }
}

static void print_wrapped(const char *text, enum table_colour colour)
{
    int width = terminal_width();
    if (!*text)
        fputc('\n', stdout);
    while (*text) {
        size_t length = text_line(text, width);
        if (length == 0)
            break;
        if (colour != TABLE_PLAIN)
            fputs(terminal_escape(colour), stdout);
        print_clean(stdout, text, length);
        if (colour != TABLE_PLAIN)
            fputs(terminal_escape(TABLE_PLAIN), stdout);
        fputc('\n', stdout);
        text += length;
        text += strspn(text, " ");
    }
}

static void say_list(const struct context *context, enum table_colour colour, const char *format,
                     va_list arguments)
{
    char *text = NULL;
    if (context->mode != OUTPUT_TABLE || vasprintf(&text, format, arguments) < 0)
        return;
    print_wrapped(text, colour);
    free(text);
}

void say(const struct context *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_list(context, TABLE_PLAIN, format, arguments);
    va_end(arguments);
}

void say_in(const struct context *context, enum table_colour colour, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_list(context, colour, format, arguments);
    va_end(arguments);
}

// A line of standard error after a mark; on a terminal broken at its width, the rest two columns
// in.
static void complain_line(const char *mark, const char *text)
{
    bool broken = isatty(STDERR_FILENO) == 1;
    int width = terminal_width();
    int start = text_width(mark);
    fputs(mark, stderr);
    while (*text) {
        size_t length = broken ? text_line(text, width - start) : strlen(text);
        if (length == 0)
            length = strlen(text);
        print_clean(stderr, text, length);
        text += length;
        text += strspn(text, " ");
        start = 2;
        if (*text)
            fputs("\n  ", stderr);
    }
    fputc('\n', stderr);
}

static void complain_list(const char *hint, const char *format, va_list arguments)
{
    char *text = NULL;
    fflush(stdout);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    complain_line("tiejun: ", text);
    free(text);
    if (hint && *hint)
        complain_line("  ", hint);
}

void refuse_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(NULL, format, arguments);
    va_end(arguments);
    exit(COMMAND_USAGE);
}

void refuse(const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(hint, format, arguments);
    va_end(arguments);
    exit(COMMAND_REFUSED);
}

static void complain(const char *hint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain_list(hint, format, arguments);
    va_end(arguments);
}

void context_complain_of(const char *sentence)
{
    if (*sentence)
        complain(NULL, "%s", sentence);
}

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

// ---- the context itself ----

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
    token_read(path, token);
    free(path);
}

void context_as_guest(struct context *context)
{
    session_close(context->session);
    context->session = NULL;
    context->unreachable = false;
    context->guest = true;
}

// The line in the file of the last login; NULL when there was none.
static const char *last_server(struct context *context)
{
    char line[SERVER_SIZE] = "";
    char *path = state_path("server");
    FILE *file = fopen(path, "re");
    bool read = file && fgets(line, sizeof line, file);
    if (file)
        fclose(file);
    free(path);
    line[strcspn(line, "\n")] = '\0';
    return read && *line ? context_text(context, "%s", line) : NULL;
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
    char *path = state_path("server");
    char *fresh = context_text(context, "%s.new", path);
    FILE *file = state_make_folders(path) ? fopen(fresh, "we") : NULL;
    bool written = file && fprintf(file, "%s\n", context_server(context)) > 0;
    written = file && fclose(file) == 0 && written && rename(fresh, path) == 0;
    if (!written)
        complain(_("Say which daemon it is with --server, or TIEJUN_SERVER."),
                 _("The file %s cannot be written: %s."), path, strerror(errno));
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

int64_t context_limit(const struct options *options)
{
    int64_t limit = options_integer(options, "limit", LIMIT_DEFAULT);
    if (limit < 1 || limit > INT32_MAX)
        refuse_usage(_("--limit is a number of rows, 1 or more."));
    return limit;
}

void say_more(const struct context *context, const char *next_cursor)
{
    if (next_cursor && *next_cursor)
        say_in(context, TABLE_DIM, _("There are more; --limit N shows more rows."));
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
    else if (table_rows(table) > 0)
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

// ---- values as typed ----

int64_t context_money(const char *text, const char *currency)
{
    int64_t minor;
    if (!money_parse(text, currency, &minor))
        refuse_usage(_("\"%s\" is no amount in %s; write it like 12,500.00"), text, currency);
    return minor;
}

int64_t context_target(const char *text, const char *currency)
{
    int64_t count;
    if (currency)
        return context_money(text, currency);
    // A currency without decimals is written just as a count is.
    if (!money_parse(text, "JPY", &count))
        refuse_usage(_("\"%s\" is no whole number."), text);
    return count;
}

char *option_text(const struct options *options, const char *name)
{
    return (char *)options_string(options, name);
}

char *argument_text(const struct options *options, size_t index)
{
    return index < options->argument_count ? (char *)options->arguments[index] : NULL;
}

char *unit_text(const struct options *options)
{
    char *argument = argument_text(options, 0);
    char *option = option_text(options, "unit");
    if (argument && option)
        refuse_usage(_("The unit is there twice: \"%s\" and --unit %s."), argument, option);
    return argument ? argument : option;
}

int enum_value(const char *text, const ProtobufCEnumDescriptor *descriptor)
{
    int value;
    if (message_enum_value(descriptor, text, &value))
        return value;
    char known[512] = "";
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        char name[64];
        size_t length = strlen(known);
        if (message_enum_text(descriptor, descriptor->values[i].value, name, sizeof name))
            snprintf(known + length, sizeof known - length, "%s%s", length ? ", " : "", name);
    }
    refuse_usage(_("\"%s\" is none of: %s."), text, known);
}

int option_enum(const struct options *options, const char *name,
                const ProtobufCEnumDescriptor *descriptor)
{
    const char *text = options_string(options, name);
    return text ? enum_value(text, descriptor) : 0;
}

// ---- time ----

char *context_day(struct context *context, date_day day)
{
    char text[DATE_TEXT_SIZE];
    date_format(day, text);
    return context_text(context, "%s", text);
}

static date_day office_today(struct context *context)
{
    date_day today;
    const char *text = context_whoami(context)->today;
    return text && date_parse(text, &today) ? today : date_today_local();
}

// "2026-02-30" and "2026-13-01..2026-13-05" are days that there are not, rather than no periods.
static bool looks_like_days(const char *text)
{
    static const char form[] = "####-##-##";
    size_t length = sizeof form - 1;
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '#' ? !digit : text[i] != form[i])
            return false;
    }
    return text[length] == '\0' ||
           (strncmp(text + length, "..", 2) == 0 && looks_like_days(text + length + 2));
}

static void refuse_period(const char *text) __attribute__((noreturn));

static void refuse_period(const char *text)
{
    if (looks_like_days(text))
        refuse_usage(_("There is no such day, or the end is before the beginning: %s"), text);
    refuse_usage(_("\"%s\" is no period; write it like 2026-Q3, 2026-07-15 or A..B."), text);
}

void context_period(struct context *context, const char *text, date_day *from, date_day *to)
{
    date_day other_from;
    date_day other_to;
    // Some day or other: a text that means the same on another one needs no today.
    date_day someday = date_today_utc();
    if (!period_parse(text, someday, from, to))
        refuse_period(text);
    if (period_parse(text, someday - 1000, &other_from, &other_to) && other_from == *from &&
        other_to == *to)
        return;
    if (!period_parse(text, office_today(context), from, to))
        refuse_period(text);
}

char *context_date(struct context *context, const char *text)
{
    date_day first;
    date_day last;
    if (!text)
        return NULL;
    bool is_period = period_parse(text, date_today_utc(), &first, &last);
    if (is_period || looks_like_days(text))
        context_period(context, text, &first, &last);
    if (!is_period || first != last)
        refuse_usage(_("\"%s\" is no day; write it like 2026-07-15, or today."), text);
    return context_day(context, first);
}

char *option_date(struct context *context, const struct options *options, const char *name)
{
    return context_date(context, options_string(options, name));
}

bool context_range(struct context *context, const struct options *options, char **from, char **to)
{
    date_day first;
    date_day last;
    *from = option_date(context, options, "from");
    *to = option_date(context, options, "to");
    if (!options_given(options, "period"))
        return *from || *to;
    if (*from || *to)
        refuse_usage(_("--period says it all; leave --from and --to out."));
    context_period(context, options_string(options, "period"), &first, &last);
    *from = context_day(context, first);
    *to = context_day(context, last);
    return true;
}

void context_range_or_month(struct context *context, const struct options *options, char **from,
                            char **to)
{
    if (context_range(context, options, from, to))
        return;
    date_day first;
    date_day last;
    period_around(PERIOD_MONTH, office_today(context), &first, &last);
    *from = context_day(context, first);
    *to = context_day(context, last);
}

// Reads "YYYY-MM-DD HH:MM", "YYYY-MM-DDTHH:MM", each with or without ":SS", or "HH:MM" of today.
static bool read_clock(const char *text, const char *today, struct tm *clock)
{
    static const char *const forms[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%dT%H:%M"};
    char whole[64];
    bool hour_only = strlen(text) <= strlen("HH:MM");
    snprintf(whole, sizeof whole, "%s%s%s", hour_only ? today : "", hour_only ? " " : "", text);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        *clock = (struct tm){.tm_isdst = -1};
        const char *end = strptime(whole, forms[i], clock);
        if (end && !*end)
            return true;
    }
    return false;
}

// mktime in another zone. False when there is no such time there: the hour that summer time skips,
// or the 31st of June.
static bool clock_in_zone(struct tm *clock, const char *zone, int64_t *seconds)
{
    struct tm asked = *clock;
    char *before = zone_enter(zone);
    *seconds = mktime(clock);
    zone_leave(before);
    return clock->tm_mday == asked.tm_mday && clock->tm_hour == asked.tm_hour;
}

static struct tm local_clock(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    char *before = zone_enter(context_whoami(context)->time_zone);
    time_t seconds = (time_t)instant->seconds;
    struct tm clock = {0};
    localtime_r(&seconds, &clock);
    zone_leave(before);
    return clock;
}

char *context_day_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    struct tm clock = local_clock(context, instant);
    return context_text(context, "%04d-%02d-%02d", clock.tm_year + 1900, clock.tm_mon + 1,
                        clock.tm_mday);
}

char *context_clock_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    struct tm clock = local_clock(context, instant);
    return context_text(context, "%02d:%02d", clock.tm_hour, clock.tm_min);
}

char *context_time_of(struct context *context, const Google__Protobuf__Timestamp *instant)
{
    if (!instant)
        return NULL;
    return context_text(context, "%s %s", context_day_of(context, instant),
                        context_clock_of(context, instant));
}

void context_set_whoami(struct context *context, Tiejun__V1__SessionServiceWhoAmIResponse *self,
                        int64_t now)
{
    Google__Protobuf__Timestamp instant = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    instant.seconds = now;
    context->whoami = self;
    self->today = context_day_of(context, &instant);
}

Google__Protobuf__Timestamp *context_instant(struct context *context, const char *text)
{
    Google__Protobuf__Timestamp *instant = arena_alloc(context->arena, sizeof *instant);
    if (!instant)
        abort();
    google__protobuf__timestamp__init(instant);
    if (instant_parse(text, &instant->seconds, &instant->nanos))
        return instant;
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = context_whoami(context);
    struct tm clock;
    if (!read_clock(text, self->today ? self->today : "", &clock) ||
        !clock_in_zone(&clock, self->time_zone, &instant->seconds))
        refuse_usage(_("\"%s\" is no time; write it like \"2026-07-01 14:30\" or 14:30"), text);
    return instant;
}
