#include "server/db/keeper.h"

#include "common/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEND_MS = 250 };

struct keeper {
    pid_t process;
    // Between daemon and keeper: a byte says that PostgreSQL answers, its end that the daemon
    // stops.
    int line;
};

// Waits a moment. The daemon never writes: what can be read is that it stops.
static bool daemon_goes_on(int line)
{
    struct pollfd end = {.fd = line, .events = POLLIN};
    return poll(&end, 1, TEND_MS) <= 0;
}

// The keeper's whole life. It dies with a daemon that is killed, and PostgreSQL with it, so that
// their place is free at once. Signals for the daemon's group are the daemon's to handle.
static void keep(struct cluster *cluster, int line, pid_t daemon)
{
    prctl(PR_SET_NAME, "tiejund-keeper");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != daemon) {
        _exit(EXIT_FAILURE);
    }
    setpgid(0, 0);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    bool started = cluster_start(cluster);
    if (started && write(line, "", 1) == 1) {
        while (daemon_goes_on(line)) {
            cluster_tend(cluster);
        }
    }
    cluster_free(cluster);
    _exit(started ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool start_process(struct keeper *keeper, struct cluster *cluster)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    pid_t self = getpid();
    keeper->process = fork();
    if (keeper->process == 0) {
        close(ends[0]);
        keep(cluster, ends[1], self);
    }
    close(ends[1]);
    keeper->line = ends[0];
    return keeper->process > 0;
}

static bool wait_for_word(const struct keeper *keeper)
{
    char word;
    ssize_t got;
    while ((got = read(keeper->line, &word, 1)) < 0 && errno == EINTR) {
    }
    return got == 1;
}

struct keeper *keeper_start(struct cluster *cluster)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    if (!keeper) {
        return NULL;
    }
    keeper->line = -1;
    if (!start_process(keeper, cluster)) {
        log_event(LOG_LEVEL_ERROR, "postgresql", NULL, "cannot start a process: %s",
                  strerror(errno));
    } else if (wait_for_word(keeper)) {
        return keeper;
    }
    keeper_stop(keeper);
    return NULL;
}

void keeper_stop(struct keeper *keeper)
{
    if (!keeper) {
        return;
    }
    if (keeper->line >= 0) {
        close(keeper->line);
    }
    if (keeper->process > 0) {
        waitpid(keeper->process, NULL, 0);
    }
    free(keeper);
}

bool keeper_is(const struct keeper *keeper, pid_t child)
{
    return keeper && keeper->process == child;
}
