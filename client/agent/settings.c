#include "client/agent/settings.h"

#include "client/lib/login_files.h"
#include "client/lib/notice_text.h"
#include "client/lib/session.h"
#include "common/i18n.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PERSON_PREFIX "person "
#define WEBHOOK_PREFIX "webhook "

static bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("tiejun-agent: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return false;
}

static bool take_text(char **place, const char *value)
{
    free(*place);
    *place = strdup(value);
    return *value != '\0';
}

// "~/..." is the user's home.
static bool take_path(char **place, const char *value)
{
    const char *home = getenv("HOME");
    free(*place);
    *place = NULL;
    if (strncmp(value, "~/", 2) == 0 && home) {
        if (asprintf(place, "%s%s", home, value + 1) < 0)
            abort();
        return true;
    }
    *place = strdup(value);
    return *value != '\0';
}

static bool take_number(int *place, const char *value, int least, int most)
{
    char *end;
    long number = strtol(value, &end, 10);
    *place = (int)number;
    return end != value && !*end && number >= least && number <= most;
}

// "12:00", or "never".
static bool take_time(int *minutes, const char *value)
{
    struct tm clock = {0};
    *minutes = -1;
    if (strcmp(value, "never") == 0)
        return true;
    const char *end = strptime(value, "%H:%M", &clock);
    *minutes = clock.tm_hour * 60 + clock.tm_min;
    return end && !*end;
}

// "20:00-08:00", or "never".
static bool take_quiet(struct settings_quiet *quiet, const char *value)
{
    char from[8];
    size_t length = strcspn(value, "-");
    *quiet = (struct settings_quiet){0};
    if (strcmp(value, "never") == 0)
        return true;
    snprintf(from, sizeof from, "%.*s", (int)length, value);
    return length < sizeof from && value[length] == '-' && take_time(&quiet->from, from) &&
           take_time(&quiet->to, value + length + 1) && quiet->from >= 0 && quiet->to >= 0;
}

static bool take_flag(bool *flag, const char *value)
{
    *flag = strcmp(value, "yes") == 0;
    return *flag || strcmp(value, "no") == 0;
}

// A name that is none would never be heard of.
static bool take_topics(char **place, const char *value, const char *besides)
{
    return take_text(place, value) && notice_topics_known(value, besides);
}

static bool take_agent(struct settings *settings, const char *name, const char *value)
{
    if (strcmp(name, "server") == 0)
        return take_text(&settings->server, value);
    if (strcmp(name, "ca") == 0)
        return take_path(&settings->ca, value);
    if (strcmp(name, "refresh_minutes") == 0)
        return take_number(&settings->refresh_minutes, value, 1, 1440);
    return false;
}

static bool take_reminders(struct settings *settings, const char *name, const char *value)
{
    if (strcmp(name, "pace") == 0)
        return take_time(&settings->times.pace, value);
    if (strcmp(name, "morning") == 0)
        return take_time(&settings->times.morning, value);
    if (strcmp(name, "evening") == 0)
        return take_time(&settings->times.evening, value);
    if (strcmp(name, "unsynced_hours") == 0)
        return take_number(&settings->unsynced_hours, value, 0, 1000);
    if (strcmp(name, "terminal") == 0)
        return take_flag(&settings->terminal, value);
    if (strcmp(name, "notify_send") == 0)
        return take_flag(&settings->notify_send, value);
    return false;
}

static bool take_notices(struct settings *settings, const char *name, const char *value)
{
    if (strcmp(name, "topics") == 0)
        return take_topics(&settings->notice_topics, value, "all");
    if (strcmp(name, "quiet") == 0)
        return take_quiet(&settings->quiet, value);
    return false;
}

// The person of a section, made when the section begins.
static struct settings_person *person_named(struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->person_count; i++) {
        if (strcmp(settings->people[i].name, name) == 0)
            return &settings->people[i];
    }
    if (settings->person_count == SETTINGS_PEOPLE_MOST)
        return NULL;
    struct settings_person *person = &settings->people[settings->person_count++];
    person->name = strdup(name);
    return person;
}

static bool take_person(struct settings_person *person, const char *name, const char *value)
{
    if (!person)
        return false;
    if (strcmp(name, "token_file") == 0)
        return take_path(&person->token_file, value);
    if (strcmp(name, "server") == 0)
        return take_text(&person->server, value);
    return false;
}

static struct settings_webhook *webhook_named(struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->webhook_count; i++) {
        if (strcmp(settings->webhooks[i].name, name) == 0)
            return &settings->webhooks[i];
    }
    if (settings->webhook_count == SETTINGS_WEBHOOKS_MOST)
        return NULL;
    struct settings_webhook *webhook = &settings->webhooks[settings->webhook_count++];
    webhook->name = strdup(name);
    webhook->topics = strdup("all");
    return webhook;
}

static bool take_webhook(struct settings_webhook *webhook, const char *name, const char *value)
{
    if (!webhook)
        return false;
    if (strcmp(name, "form") == 0)
        return webhook_form_named(value, &webhook->webhook.form);
    if (strcmp(name, "url") == 0)
        return take_text((char **)&webhook->webhook.url, value);
    if (strcmp(name, "secret") == 0)
        return take_text((char **)&webhook->webhook.secret, value);
    if (strcmp(name, "markdown") == 0)
        return take_flag(&webhook->webhook.markdown, value);
    if (strcmp(name, "topics") == 0)
        return take_topics(&webhook->topics, value, "reminder");
    return false;
}

static int take_key(void *context, const char *section, const char *name, const char *value)
{
    struct settings *settings = context;
    if (strcmp(section, "agent") == 0)
        return take_agent(settings, name, value);
    if (strcmp(section, "reminders") == 0)
        return take_reminders(settings, name, value);
    if (strcmp(section, "notices") == 0)
        return take_notices(settings, name, value);
    if (strncmp(section, PERSON_PREFIX, strlen(PERSON_PREFIX)) == 0)
        return take_person(person_named(settings, section + strlen(PERSON_PREFIX)), name, value);
    if (strncmp(section, WEBHOOK_PREFIX, strlen(WEBHOOK_PREFIX)) == 0)
        return take_webhook(webhook_named(settings, section + strlen(WEBHOOK_PREFIX)), name, value);
    return 0;
}

static bool read_file(struct settings *settings, const char *path)
{
    int line = ini_parse(path, take_key, settings);
    if (line < 0)
        return complain(_("%s cannot be read: %s."), path, strerror(errno));
    if (line > 0)
        return complain(_("%s, line %d: there is no such setting, or not with this value; the "
                          "example tiejun-agent.ini has them all."),
                        path, line);
    return true;
}

static bool is_whole(const struct settings *settings)
{
    for (size_t i = 0; i < settings->person_count; i++) {
        if (!settings->people[i].token_file)
            return complain(_("[person %s] needs a token_file."), settings->people[i].name);
    }
    for (size_t i = 0; i < settings->webhook_count; i++) {
        if (!settings->webhooks[i].webhook.url)
            return complain(_("[webhook %s] needs a url."), settings->webhooks[i].name);
    }
    return true;
}

// As `tiejun` finds them: what the environment says, else what the last login has left.
static char *own_server(void)
{
    const char *server = getenv("TIEJUN_SERVER");
    char *last = server && *server ? strdup(server) : login_server();
    return last ? last : strdup(SESSION_SERVER_DEFAULT);
}

static char *own_token_file(const char *server)
{
    const char *file = getenv("TIEJUN_TOKEN_FILE");
    return file && *file ? strdup(file) : login_token_found(server);
}

// Nobody is named: whoever runs the agent.
static void add_oneself(struct settings *settings)
{
    person_named(settings, "me")->token_file = own_token_file(settings->server);
    settings->for_oneself = true;
}

bool settings_read(struct settings *settings, const char *path)
{
    *settings = (struct settings){.server = own_server(),
                                  .times = {12 * 60, -1, -1},
                                  .unsynced_hours = 4,
                                  .refresh_minutes = 15,
                                  .notice_topics = strdup("all"),
                                  .terminal = true};
    if (path && !read_file(settings, path))
        return false;
    if (settings->person_count == 0)
        add_oneself(settings);
    return is_whole(settings);
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < settings->person_count; i++) {
        free(settings->people[i].name);
        free(settings->people[i].token_file);
        free(settings->people[i].server);
    }
    for (size_t i = 0; i < settings->webhook_count; i++) {
        free(settings->webhooks[i].name);
        free(settings->webhooks[i].topics);
        free((char *)settings->webhooks[i].webhook.url);
        free((char *)settings->webhooks[i].webhook.secret);
    }
    free(settings->server);
    free(settings->ca);
    free(settings->notice_topics);
}
