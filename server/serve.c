#include "server/serve.h"

#include "common/log.h"
#include "server/confine.h"
#include "server/db/blocking.h"
#include "server/db/cluster.h"
#include "server/db/keeper.h"
#include "server/db/migrate.h"
#include "server/doors.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum {
    WORK_MOST = 4096,
    START_TRIES = 1500,
    START_POLL_US = 10000,
    STOP_SECONDS = 20,
};

struct daemon {
    const struct config *config;
    struct event_base *base;
    struct cluster *cluster;
    struct keeper *keeper;
    struct service *service;
    struct doors *doors;
    bool is_open;
    struct event *terminate;
    struct event *interrupt;
    struct event *child;
    struct event *start;
    struct event *stop_deadline;
    int start_tries;
    int exit_code;
};

// Files beside the private cluster, by which scripts find the daemon.
static void write_note(const struct daemon *daemon, const char *name, const char *text)
{
    if (!*daemon->config->private_folder) {
        return;
    }
    char path[CONFIG_TEXT_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", daemon->config->private_folder, name);
    FILE *file = fopen(path, "we");
    if (!file || fprintf(file, "%s\n", text) < 0 || fclose(file) != 0) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "cannot write %s: %s", path, strerror(errno));
    }
}

static void remove_note(const struct daemon *daemon, const char *name)
{
    char path[CONFIG_TEXT_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", daemon->config->private_folder, name);
    if (*daemon->config->private_folder) {
        unlink(path);
    }
}

static void remove_notes(const struct daemon *daemon)
{
    remove_note(daemon, "tiejund.address");
    remove_note(daemon, "tiejund.pid");
}

static void leave_loop(void *context)
{
    struct daemon *daemon = context;
    event_base_loopexit(daemon->base, NULL);
}

static void give_up(struct daemon *daemon)
{
    daemon->exit_code = EXIT_FAILURE;
    leave_loop(daemon);
}

static void announce(struct daemon *daemon)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    write_note(daemon, "tiejund.pid", pid);
    write_note(daemon, "tiejund.address", doors_address(daemon->doors));
    sd_notify(0, "READY=1");
}

// While the database gets on, or may yet be reached.
static bool may_become_ready(struct daemon *daemon)
{
    return !service_is_misfit(daemon->service) &&
           (++daemon->start_tries < START_TRIES || service_is_preparing(daemon->service));
}

// Clients are let in when every statement has been prepared: before that, nothing could be
// answered.
static void on_start(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct daemon *daemon = context;
    if (!service_is_ready(daemon->service)) {
        const struct timeval delay = {.tv_usec = START_POLL_US};
        if (may_become_ready(daemon)) {
            event_add(daemon->start, &delay);
        } else {
            log_event(LOG_LEVEL_ERROR, NULL, NULL, "the database cannot be used; giving up");
            give_up(daemon);
        }
        return;
    }
    daemon->is_open = doors_open(daemon->doors, daemon->base, daemon->service);
    if (daemon->is_open) {
        announce(daemon);
    } else {
        give_up(daemon);
    }
}

static void on_stop(evutil_socket_t signal, short events, void *context)
{
    (void)events;
    struct daemon *daemon = context;
    if (daemon->service->stopping || !daemon->is_open) {
        leave_loop(daemon);
        return;
    }
    log_event(LOG_LEVEL_INFO, NULL, NULL, "stopping on signal %d: %zu connections", (int)signal,
              doors_connections(daemon->doors));
    sd_notify(0, "STOPPING=1");
    daemon->service->stopping = true;
    const struct timeval delay = {.tv_sec = STOP_SECONDS};
    event_add(daemon->stop_deadline, &delay);
    doors_drain(daemon->doors, leave_loop, daemon);
}

static void on_stop_deadline(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    log_event(LOG_LEVEL_WARNING, NULL, NULL, "clients did not take their answers in time");
    leave_loop(context);
}

static void on_child(evutil_socket_t signal, short events, void *context)
{
    (void)signal;
    (void)events;
    struct daemon *daemon = context;
    pid_t child;
    while ((child = waitpid(-1, NULL, WNOHANG)) > 0) {
        if (keeper_is(daemon->keeper, child)) {
            log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "the keeper has ended; ending too");
            give_up(daemon);
        }
    }
}

// Every client takes a descriptor.
static void allow_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool watch(struct daemon *daemon)
{
    struct event_base *base = daemon->base;
    daemon->terminate = evsignal_new(base, SIGTERM, on_stop, daemon);
    daemon->interrupt = evsignal_new(base, SIGINT, on_stop, daemon);
    daemon->child = evsignal_new(base, SIGCHLD, on_child, daemon);
    daemon->start = event_new(base, -1, 0, on_start, daemon);
    daemon->stop_deadline = event_new(base, -1, 0, on_stop_deadline, daemon);
    if (!daemon->terminate || !daemon->interrupt || !daemon->child || !daemon->start ||
        !daemon->stop_deadline) {
        return false;
    }
    event_add(daemon->terminate, NULL);
    event_add(daemon->interrupt, NULL);
    event_add(daemon->child, NULL);
    // One may have ended before anybody watched.
    event_active(daemon->child, EV_SIGNAL, 1);
    event_active(daemon->start, EV_TIMEOUT, 0);
    return true;
}

static bool migrate_as(const char *conninfo)
{
    PGconn *connection = blocking_connect(conninfo);
    bool done = connection && migrate(connection);
    PQfinish(connection);
    return done;
}

static bool open_database(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    const char *owner = config->database_owner;
    const char *conninfo = config->database;
    if (*config->private_folder) {
        daemon->cluster = cluster_new(config->private_folder);
        if (!daemon->cluster || !(daemon->keeper = keeper_start(daemon->cluster))) {
            return false;
        }
        owner = cluster_owner_conninfo(daemon->cluster);
        conninfo = cluster_daemon_conninfo(daemon->cluster);
    }
    const struct service_settings settings = {
        .conninfo = conninfo,
        .connections = (size_t)config->connections,
        .work_max = WORK_MOST,
        .login = {.address_tries_a_minute = (int32_t)config->address_tries_a_minute,
                  .account_tries_an_hour = (int32_t)config->account_tries_an_hour,
                  .hash_memory_kib = (size_t)config->hash_memory_kib,
                  .hash_passes = (unsigned)config->hash_passes},
    };
    return migrate_as(owner) && (daemon->service = service_new(daemon->base, &settings));
}

static void free_event(struct event *event)
{
    if (event) {
        event_free(event);
    }
}

static void close_all(struct daemon *daemon)
{
    remove_notes(daemon);
    doors_free(daemon->doors);
    service_free(daemon->service);
    free_event(daemon->terminate);
    free_event(daemon->interrupt);
    free_event(daemon->child);
    free_event(daemon->start);
    free_event(daemon->stop_deadline);
    if (daemon->base) {
        event_base_free(daemon->base);
    }
    keeper_stop(daemon->keeper);
    cluster_free(daemon->cluster);
    log_event(LOG_LEVEL_INFO, NULL, NULL, "stopped");
}

int serve(const struct config *config)
{
    struct daemon daemon = {.config = config, .exit_code = EXIT_SUCCESS};
    signal(SIGPIPE, SIG_IGN);
    allow_descriptors();
    daemon.base = event_base_new();
    if (daemon.base && (daemon.doors = doors_new(config)) && open_database(&daemon) &&
        watch(&daemon) && confine()) {
        event_base_dispatch(daemon.base);
    } else {
        daemon.exit_code = EXIT_FAILURE;
    }
    close_all(&daemon);
    return daemon.exit_code;
}
