#include "server/config.h"

#include "common/i18n.h"
#include "common/log.h"
#include "server/auth/hasher.h"
#include "server/auth/throttle.h"

#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    // The intake's lanes (server/rpc/intake.c), and one for all else.
    CONNECTIONS_DEFAULT = 5,
    STRANGERS = 4096,
    STRANGERS_OF_ADDRESS = 512,
    LOGIN_SECONDS = 10,
    BYTES_PER_SECOND = 1024,
};

const struct option_spec config_options[] = {
    {"private", 0, OPTION_STRING, N_("DIR"), N_("keep a PostgreSQL cluster of our own in DIR")},
    {"config", 0, OPTION_STRING, N_("FILE"), N_("use the PostgreSQL that FILE names")},
    {"listen", 0, OPTION_STRING, N_("ADDRESS:PORT"),
     N_("where clients connect, several with commas; default 127.0.0.1:7535, port 0 takes a "
        "free one")},
    {"tls-folder", 0, OPTION_STRING, N_("DIR"),
     N_("where our certificates lie; default tls/ in the private folder, or beside the file of "
        "--config")},
    {"log-level", 0, OPTION_STRING, N_("LEVEL"), N_("error, warning, notice, info or debug")},
    {"user", 0, OPTION_STRING, N_("NAME"), N_("whom to become when started as root: postgres")},
    {"version", 0, OPTION_FLAG, NULL, N_("print the version")},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

// The keys of the file, as SECTION.NAME.
static const struct key {
    const char *section;
    const char *name;
    size_t offset;
} keys[] = {
    {"daemon", "listen", offsetof(struct config, listeners[0].listen)},
    {"daemon", "private", offsetof(struct config, private_folder)},
    {"daemon", "log_level", offsetof(struct config, log_level)},
    {"database", "connection", offsetof(struct config, database)},
    {"database", "owner_connection", offsetof(struct config, database_owner)},
    {"tls", "folder", offsetof(struct config, tls_folder)},
    {"tls", "certificate", offsetof(struct config, certificate)},
    {"tls", "key", offsetof(struct config, key)},
    {"tls", "client_ca", offsetof(struct config, listeners[0].client_ca)},
};

// Those whose value is a number, and which numbers make sense.
static const struct number {
    const char *section;
    const char *name;
    size_t offset;
    long least;
    long most;
} numbers[] = {
    {"database", "connections", offsetof(struct config, connections), 1, 64},
    {"limits", "strangers", offsetof(struct config, limits.strangers), 1, 65536},
    {"limits", "strangers_of_address", offsetof(struct config, limits.strangers_of_address), 1,
     65536},
    {"limits", "login_seconds", offsetof(struct config, limits.login_seconds), 1, 3600},
    {"limits", "bytes_per_second", offsetof(struct config, limits.bytes_per_second), 1, 1 << 20},
    {"login", "address_tries_a_minute", offsetof(struct config, address_tries_a_minute),
     THROTTLE_TRIES_LEAST, THROTTLE_TRIES_MOST},
    {"login", "account_tries_an_hour", offsetof(struct config, account_tries_an_hour),
     THROTTLE_TRIES_LEAST, THROTTLE_TRIES_MOST},
    {"login", "hash_memory_kib", offsetof(struct config, hash_memory_kib), HASHER_MEMORY_KIB_LEAST,
     HASHER_MEMORY_KIB_MOST},
    {"login", "hash_passes", offsetof(struct config, hash_passes), 1, HASHER_PASSES_MOST},
};

#define LISTENER_SECTION "listener "

static bool set_text(char *place, const char *value)
{
    return snprintf(place, CONFIG_TEXT_MAX, "%s", value) < CONFIG_TEXT_MAX;
}

static bool set_number(const struct number *number, struct config *config, const char *value)
{
    char *end;
    errno = 0;
    long read = strtol(value, &end, 10);
    memcpy((char *)config + number->offset, &read, sizeof read);
    return end != value && !*end && !errno && read >= number->least && read <= number->most;
}

// The listener of a section "listener NAME", made when the section is new. NULL when there are too
// many or the name is too long.
static struct config_listener *find_listener(struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_listeners; i++) {
        if (strcmp(config->listeners[i].name, name) == 0) {
            return &config->listeners[i];
        }
    }
    struct config_listener *listener = &config->listeners[config->n_listeners];
    if (config->n_listeners == CONFIG_LISTENERS_MOST || strlen(name) >= sizeof listener->name) {
        return NULL;
    }
    memcpy(listener->name, name, strlen(name) + 1);
    config->n_listeners++;
    return listener;
}

static bool set_listener(struct config *config, const char *listener_name, const char *name,
                         const char *value)
{
    struct config_listener *listener = find_listener(config, listener_name);
    if (listener && strcmp(name, "listen") == 0) {
        return set_text(listener->listen, value);
    }
    return listener && strcmp(name, "client_ca") == 0 && set_text(listener->client_ca, value);
}

static int take_key(void *context, const char *section, const char *name, const char *value)
{
    struct config *config = context;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(section, numbers[i].section) == 0 && strcmp(name, numbers[i].name) == 0) {
            return set_number(&numbers[i], config, value);
        }
    }
    if (strncmp(section, LISTENER_SECTION, strlen(LISTENER_SECTION)) == 0) {
        return set_listener(config, section + strlen(LISTENER_SECTION), name, value);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(section, keys[i].section) == 0 && strcmp(name, keys[i].name) == 0) {
            return set_text((char *)config + keys[i].offset, value);
        }
    }
    return 0;
}

static bool read_file(struct config *config, const char *path)
{
    int line = ini_parse(path, take_key, config);
    if (line == -1) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot read %s: %s", path, strerror(errno));
    } else if (line > 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "%s line %d: not a key of tiejund or not a value for it; there are [daemon] "
                  "listen, private, log_level; [database] connection, owner_connection, "
                  "connections; [tls] folder, certificate, key, client_ca; [listener NAME] listen, "
                  "client_ca; [limits] strangers, strangers_of_address, login_seconds, "
                  "bytes_per_second; and [login] address_tries_a_minute, account_tries_an_hour, "
                  "hash_memory_kib, hash_passes",
                  path, line);
    }
    return line == 0;
}

static bool take_options(struct config *config, const struct options *options)
{
    static const struct {
        const char *name;
        size_t offset;
    } texts[] = {
        {"private", offsetof(struct config, private_folder)},
        {"listen", offsetof(struct config, listeners[0].listen)},
        {"tls-folder", offsetof(struct config, tls_folder)},
        {"log-level", offsetof(struct config, log_level)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = options_string(options, texts[i].name);
        if (value && !set_text((char *)config + texts[i].offset, value)) {
            log_event(LOG_LEVEL_ERROR, NULL, NULL, "--%s is too long", texts[i].name);
            return false;
        }
    }
    return true;
}

// Beside the file of settings, or within the private folder.
static bool place_tls_folder(struct config *config, const char *path)
{
    if (*config->tls_folder) {
        return true;
    }
    char place[CONFIG_TEXT_MAX] = ".";
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (*config->private_folder) {
        memcpy(place, config->private_folder, sizeof place);
    } else if (slash) {
        snprintf(place, sizeof place, "%.*s", (int)(slash - path), path);
    }
    return snprintf(config->tls_folder, CONFIG_TEXT_MAX, "%s/tls", place) < CONFIG_TEXT_MAX;
}

static bool check_tls(const struct config *config)
{
    if (!*config->certificate != !*config->key) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "[tls] certificate and key belong together: give both, or neither and tiejund "
                  "makes them");
        return false;
    }
    for (size_t i = 0; i < config->n_listeners; i++) {
        const struct config_listener *listener = &config->listeners[i];
        if (!listener->listen[strspn(listener->listen, CONFIG_LIST_BREAKS)]) {
            log_event(LOG_LEVEL_ERROR, NULL, NULL, "[%s%s] has no listen = ADDRESS:PORT",
                      i ? LISTENER_SECTION : "daemon", listener->name);
            return false;
        }
    }
    return true;
}

static bool check(struct config *config)
{
    if (!*config->private_folder && !*config->database) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "no database: give --private DIR, or --config FILE with [database] connection");
        return false;
    }
    if (!*config->database_owner) {
        set_text(config->database_owner, config->database);
    }
    enum log_level level = log_level_named(config->log_level);
    if (!level) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "no log level \"%s\": take error, warning, notice, info or debug",
                  config->log_level);
        return false;
    }
    log_set_level(level);
    return true;
}

bool config_read(struct config *config, const struct options *options)
{
    *config = (struct config){
        .listeners = {{.listen = "127.0.0.1:7535"}},
        .n_listeners = 1,
        .log_level = "info",
        .connections = CONNECTIONS_DEFAULT,
        .limits = {STRANGERS, STRANGERS_OF_ADDRESS, LOGIN_SECONDS, BYTES_PER_SECOND},

        .address_tries_a_minute = 10,
        .account_tries_an_hour = 60,
        .hash_memory_kib = HASHER_MEMORY_KIB,
        .hash_passes = HASHER_PASSES,
    };
    const char *path = options_string(options, "config");
    return (!path || read_file(config, path)) && take_options(config, options) &&
           place_tls_folder(config, path) && check_tls(config) && check(config);
}
