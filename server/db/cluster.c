#include "server/db/cluster.h"

#include "common/log.h"
#include "server/db/blocking.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNINFO_MAX = PATH_MAX + 256,
    START_SECONDS = 60,
    FAILURES_MOST = 20,
    AFTER_FAILURE_MS = 300,
    POLL_MS = 20,
    // After PostgreSQL ended: the first pause, and the longest.
    REST_FIRST_MS = 250,
    REST_MOST_MS = 15000,
    // What lived so long did not end because of how it was started.
    HEALTHY_MS = 60000,
};

struct cluster {
    char folder[PATH_MAX];
    char data[PATH_MAX];
    char programs[PATH_MAX];
    char daemon_conninfo[CONNINFO_MAX];
    char owner_conninfo[CONNINFO_MAX];
    // 0 when somebody else's PostgreSQL is used.
    pid_t postmaster;
    // When it was started, and when it may be started again; of the monotonic clock.
    int64_t started_ms;
    int64_t start_again_ms;
    int64_t rest_ms;
};

static void log_cluster(enum log_level level, const char *what, const char *detail)
{
    log_event(level, "postgresql", NULL, "%s%s", what, detail);
}

static void pause_ms(long milliseconds)
{
    const struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_program(const char *folder, const char *name)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length < (int)sizeof path && access(path, X_OK) == 0;
}

// Debian keeps each major version in a folder of its own, off the PATH: the newest one is taken.
static bool find_debian_programs(char found[PATH_MAX])
{
    static const char versions[] = "/usr/lib/postgresql";
    long newest = 0;
    DIR *listing = opendir(versions);
    if (!listing) {
        return false;
    }
    for (struct dirent *entry; (entry = readdir(listing));) {
        char folder[PATH_MAX];
        long version = strtol(entry->d_name, NULL, 10);
        snprintf(folder, sizeof folder, "%s/%s/bin", versions, entry->d_name);
        if (version > newest && is_program(folder, "postgres")) {
            newest = version;
            snprintf(found, PATH_MAX, "%s", folder);
        }
    }
    closedir(listing);
    return newest > 0;
}

static bool find_programs(char found[PATH_MAX])
{
    const char *named = getenv("TIEJUN_POSTGRESQL_BIN");
    if (named) {
        snprintf(found, PATH_MAX, "%s", named);
        return is_program(found, "postgres");
    }
    return find_debian_programs(found);
}

// Runs in the child: never returns. PostgreSQL must not outlive us, or it would hold the folder.
static void become(char *const arguments[], const char *log_path, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent) {
        _exit(127);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    // In a group of its own: Ctrl-C at the daemon's terminal is the daemon's to handle.
    setpgid(0, 0);
    int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log >= 0 && null >= 0 && dup2(null, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0) {
        execv(arguments[0], arguments);
    }
    _exit(127);
}

static pid_t spawn(const struct cluster *cluster, char *const arguments[])
{
    char log_path[PATH_MAX + 32];
    snprintf(log_path, sizeof log_path, "%s/postgresql.log", cluster->folder);
    pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) {
        become(arguments, log_path, self);
    }
    if (child < 0) {
        log_cluster(LOG_LEVEL_ERROR, "cannot start a process: ", strerror(errno));
    }
    return child;
}

// Makes a cluster in folder.
static bool run_initdb(const struct cluster *cluster, char *folder)
{
    char program[PATH_MAX + 16];
    snprintf(program, sizeof program, "%s/initdb", cluster->programs);
    char *const arguments[] = {
        program,      "--pgdata", folder,     "--username", "tiejun_owner",     "--auth", "trust",
        "--encoding", "UTF8",     "--locale", "C.UTF-8",    "--data-checksums", NULL};
    pid_t child = spawn(cluster, arguments);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        log_cluster(LOG_LEVEL_ERROR, "initdb failed; see postgresql.log in ", cluster->folder);
        return false;
    }
    return true;
}

static bool data_exists(const struct cluster *cluster)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/PG_VERSION", cluster->data);
    return access(path, F_OK) == 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

// Under a name of its own until it is whole: what an initdb that was killed has left is nobody's.
static bool make_fresh_data(const struct cluster *cluster)
{
    char fresh[PATH_MAX + 32];
    snprintf(fresh, sizeof fresh, "%s.new", cluster->data);
    if (access(fresh, F_OK) == 0 && nftw(fresh, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0) {
        log_cluster(LOG_LEVEL_ERROR, "cannot be removed: ", fresh);
        return false;
    }
    if (!run_initdb(cluster, fresh)) {
        return false;
    }
    if (rename(fresh, cluster->data) != 0) {
        log_cluster(LOG_LEVEL_ERROR, "cannot be renamed to postgresql: ", fresh);
        return false;
    }
    return true;
}

// One process at a time, under a lock of the folder, which initdb's own processes inherit: those of
// one that was killed are waited for.
static bool make_data(const struct cluster *cluster)
{
    int folder = open(cluster->folder, O_RDONLY | O_DIRECTORY);
    bool made = folder >= 0 && flock(folder, LOCK_EX) == 0 &&
                (data_exists(cluster) || make_fresh_data(cluster));
    if (folder >= 0) {
        close(folder);
    }
    return made;
}

static bool start_postmaster(struct cluster *cluster)
{
    char program[PATH_MAX + 16];
    char sockets[PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/postgres", cluster->programs);
    snprintf(sockets, sizeof sockets, "--unix_socket_directories=%s", cluster->folder);
    // JIT pays for queries of seconds; ours take milliseconds.
    char *const arguments[] = {
        program,
        "-D",
        cluster->data,
        "--listen_addresses=",
        sockets,
        "--unix_socket_permissions=0700",
        "--shared_buffers=128MB",
        "--jit=off",
        NULL,
    };
    pid_t child = spawn(cluster, arguments);
    cluster->postmaster = child > 0 ? child : 0;
    cluster->started_ms = monotonic_ms();
    return child > 0;
}

// The process that holds the cluster by its own account, 0 when none does or it is dead. One that
// we may not signal is another user's, which only got the number of a dead one.
static pid_t running_postmaster(const struct cluster *cluster)
{
    char path[PATH_MAX + 32];
    char line[32] = "";
    snprintf(path, sizeof path, "%s/postmaster.pid", cluster->data);
    FILE *file = fopen(path, "re");
    if (file) {
        (void)!fgets(line, sizeof line, file);
        (void)fclose(file);
    }
    pid_t pid = (pid_t)strtol(line, NULL, 10);
    return pid > 0 && kill(pid, 0) == 0 ? pid : 0;
}

static bool answers(const struct cluster *cluster)
{
    return PQping(cluster->owner_conninfo) == PQPING_OK;
}

static bool own_child_ended(struct cluster *cluster)
{
    int status;
    if (cluster->postmaster > 0 && waitpid(cluster->postmaster, &status, WNOHANG) != 0) {
        cluster->postmaster = 0;
        return true;
    }
    return false;
}

// An orphan of a killed daemon is on its way out: then its place is free soon. One that keeps
// answering belongs to a daemon that runs.
static bool wait_for_answer(struct cluster *cluster)
{
    int failures = 0;
    for (int waited = 0; waited < START_SECONDS * 1000; waited += POLL_MS) {
        if (answers(cluster)) {
            return true;
        }
        // Ours may have come second to that of a daemon which starts at the same time, or met the
        // last processes of one that is just ending: the next try may do.
        if (own_child_ended(cluster)) {
            if (++failures == FAILURES_MOST) {
                break;
            }
            pause_ms(AFTER_FAILURE_MS);
        }
        if (cluster->postmaster == 0 && !running_postmaster(cluster) &&
            !start_postmaster(cluster)) {
            break;
        }
        pause_ms(POLL_MS);
    }
    log_cluster(LOG_LEVEL_ERROR, "PostgreSQL does not start; see postgresql.log in ",
                cluster->folder);
    return false;
}

static bool create_database(const struct cluster *cluster)
{
    char conninfo[CONNINFO_MAX];
    snprintf(conninfo, sizeof conninfo, "host=%s user=tiejun_owner dbname=postgres",
             cluster->folder);
    PGconn *connection = blocking_connect(conninfo);
    if (!connection) {
        return false;
    }
    PGresult *result =
        blocking_query(connection, "SELECT FROM pg_database WHERE datname = 'tiejun'", 0, NULL);
    bool done = result && (PQntuples(result) > 0 ||
                           (blocking_run(connection, "CREATE ROLE tiejun_daemon LOGIN") &&
                            blocking_run(connection, "CREATE DATABASE tiejun")));
    PQclear(result);
    PQfinish(connection);
    return done;
}

static bool name_places(struct cluster *cluster, const char *folder)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        log_cluster(LOG_LEVEL_ERROR, "cannot make the folder: ", strerror(errno));
        return false;
    }
    if (!realpath(folder, cluster->folder)) {
        log_cluster(LOG_LEVEL_ERROR, "no such folder: ", folder);
        return false;
    }
    // The kernel's limit for the path of a unix socket, less the name that PostgreSQL gives it.
    if (strlen(cluster->folder) > 80) {
        log_cluster(LOG_LEVEL_ERROR,
                    "the path is too long for a socket, take a shorter one: ", cluster->folder);
        return false;
    }
    snprintf(cluster->data, sizeof cluster->data, "%.80s/postgresql", cluster->folder);
    static const char form[] = "host=%s user=%s dbname=tiejun";
    snprintf(cluster->daemon_conninfo, CONNINFO_MAX, form, cluster->folder, "tiejun_daemon");
    snprintf(cluster->owner_conninfo, CONNINFO_MAX, form, cluster->folder, "tiejun_owner");
    return true;
}

struct cluster *cluster_new(const char *folder)
{
    struct cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster || !name_places(cluster, folder)) {
        free(cluster);
        return NULL;
    }
    return cluster;
}

bool cluster_exists(const struct cluster *cluster)
{
    return data_exists(cluster);
}

bool cluster_start(struct cluster *cluster)
{
    if (!find_programs(cluster->programs)) {
        log_cluster(LOG_LEVEL_ERROR, "PostgreSQL is not installed: apt-get install postgresql-15",
                    "");
        return false;
    }
    return (data_exists(cluster) || make_data(cluster)) && wait_for_answer(cluster) &&
           create_database(cluster);
}

void cluster_free(struct cluster *cluster)
{
    if (!cluster) {
        return;
    }
    if (cluster->postmaster > 0) {
        // SIGINT is PostgreSQL's "fast" stop: sessions are ended, nothing is lost.
        kill(cluster->postmaster, SIGINT);
        waitpid(cluster->postmaster, NULL, 0);
    }
    free(cluster);
}

// Notices that PostgreSQL has ended, and says when it may be started again.
static void reap(struct cluster *cluster)
{
    if (!own_child_ended(cluster)) {
        return;
    }
    int64_t now = monotonic_ms();
    bool healthy = now - cluster->started_ms > HEALTHY_MS;
    int64_t rest = healthy || !cluster->rest_ms ? REST_FIRST_MS : 2 * cluster->rest_ms;
    cluster->rest_ms = rest < REST_MOST_MS ? rest : REST_MOST_MS;
    cluster->start_again_ms = now + cluster->rest_ms;
    log_cluster(LOG_LEVEL_WARNING, "PostgreSQL ended unasked; see postgresql.log in ",
                cluster->folder);
}

void cluster_tend(struct cluster *cluster)
{
    reap(cluster);
    if (cluster->postmaster > 0 || monotonic_ms() < cluster->start_again_ms ||
        running_postmaster(cluster)) {
        return;
    }
    log_cluster(LOG_LEVEL_INFO, "starting PostgreSQL", "");
    if (!start_postmaster(cluster)) {
        cluster->start_again_ms = monotonic_ms() + REST_MOST_MS;
    }
}

const char *cluster_daemon_conninfo(const struct cluster *cluster)
{
    return cluster->daemon_conninfo;
}

const char *cluster_owner_conninfo(const struct cluster *cluster)
{
    return cluster->owner_conninfo;
}
