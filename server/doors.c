#include "server/doors.h"

#include "common/log.h"
#include "common/tls.h"
#include "server/authority.h"
#include "server/net/listener.h"

#include <stdlib.h>
#include <string.h>

enum { DOORS_MOST = 32 };

// One address.
struct door {
    const struct config_listener *settings;
    char address[CONFIG_TEXT_MAX];
    SSL_CTX *tls;
    struct listener *listener;
};

struct doors {
    const struct config *config;
    struct door doors[DOORS_MOST];
    size_t count;
    struct gate *gate;
    // Listeners that still have connections, while draining.
    size_t busy;
    void (*drained)(void *context);
    void *drained_context;
};

// Appends the addresses of a list with commas.
static bool add_doors(struct doors *doors, const struct config_listener *settings)
{
    char list[CONFIG_TEXT_MAX];
    char *rest;
    memcpy(list, settings->listen, sizeof list);
    for (char *address = strtok_r(list, CONFIG_LIST_BREAKS, &rest); address;
         address = strtok_r(NULL, CONFIG_LIST_BREAKS, &rest)) {
        if (doors->count == DOORS_MOST) {
            log_event(LOG_LEVEL_ERROR, NULL, NULL, "more than %d addresses to listen on",
                      DOORS_MOST);
            return false;
        }
        struct door *door = &doors->doors[doors->count++];
        door->settings = settings;
        snprintf(door->address, sizeof door->address, "%s", address);
        if (!listener_check(address)) {
            return false;
        }
    }
    return true;
}

static bool load_certificates(struct door *door, const char *named_certificate,
                              struct tls_files files)
{
    struct tls_fault fault;
    files.ca = *door->settings->client_ca ? door->settings->client_ca : NULL;
    door->tls = tls_context_new(TLS_SERVER, &files, &fault);
    if (!door->tls) {
        bool is_ours = files.ca != fault.file && !*named_certificate;
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot use %s: %s%s", fault.file, fault.what,
                  is_ours ? "; run: tiejund certificate" : "");
    }
    return door->tls != NULL;
}

struct doors *doors_new(const struct config *config)
{
    static const struct host_names own_names_alone;
    char certificate[AUTHORITY_PATH_SIZE];
    char key[AUTHORITY_PATH_SIZE];
    struct tls_files files = {config->certificate, config->key, NULL};
    struct doors *doors = calloc(1, sizeof *doors);
    if (!doors) {
        return NULL;
    }
    doors->config = config;
    bool good = true;
    // All are looked at before anything is made.
    for (size_t i = 0; good && i < config->n_listeners; i++) {
        good = add_doors(doors, &config->listeners[i]);
    }
    if (!*config->certificate) {
        authority_path(config->tls_folder, "server.pem", certificate);
        authority_path(config->tls_folder, "server.key", key);
        files = (struct tls_files){certificate, key, NULL};
        good = good && authority_ensure(config->tls_folder, &own_names_alone);
    }
    for (size_t i = 0; good && i < doors->count; i++) {
        good = load_certificates(&doors->doors[i], config->certificate, files);
    }
    if (!good) {
        doors_free(doors);
        return NULL;
    }
    return doors;
}

bool doors_open(struct doors *doors, struct event_base *base, struct service *service)
{
    doors->gate = gate_new(base, &doors->config->limits);
    for (size_t i = 0; i < doors->count && doors->gate; i++) {
        struct door *door = &doors->doors[i];
        const struct connection_house house = {base, service, doors->gate, door->tls};
        door->listener = listener_new(&house, door->address);
        if (!door->listener) {
            return false;
        }
        log_event(LOG_LEVEL_INFO, NULL, NULL, "serving on %s", listener_address(door->listener));
    }
    return doors->gate != NULL;
}

const char *doors_address(const struct doors *doors)
{
    return doors->doors[0].listener ? listener_address(doors->doors[0].listener) : "";
}

size_t doors_connections(const struct doors *doors)
{
    size_t connections = 0;
    for (size_t i = 0; i < doors->count; i++) {
        connections += listener_connections(doors->doors[i].listener);
    }
    return connections;
}

static void on_drained(void *context)
{
    struct doors *doors = context;
    if (--doors->busy == 0) {
        doors->drained(doors->drained_context);
    }
}

void doors_drain(struct doors *doors, void (*drained)(void *context), void *context)
{
    doors->drained = drained;
    doors->drained_context = context;
    doors->busy = doors->count;
    for (size_t i = 0; i < doors->count; i++) {
        listener_drain(doors->doors[i].listener, on_drained, doors);
    }
}

void doors_free(struct doors *doors)
{
    if (!doors) {
        return;
    }
    for (size_t i = 0; i < doors->count; i++) {
        listener_free(doors->doors[i].listener);
        SSL_CTX_free(doors->doors[i].tls);
    }
    gate_free(doors->gate);
    free(doors);
}
