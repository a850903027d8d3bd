#include "server/auth/hasher.h"

#include "common/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <unistd.h>

enum { THREADS_MOST = 16, NICENESS = 10 };

// password and fresh are wiped with the rest when it ends.
struct job {
    TAILQ_ENTRY(job) entry;
    uint64_t id;
    char *password;
    char *fresh;
    // Empty: the stand-in is checked, and the answer is no.
    char verifier[HASHER_VERIFIER_SIZE];
    struct hasher_outcome outcome;
};

TAILQ_HEAD(job_list, job);

// Everything below the lock is of the event loop and the threads together.
struct hasher {
    struct hasher_settings settings;
    // What nobody's password is checked against: of the same costs as the others.
    char stand_in[HASHER_VERIFIER_SIZE];
    struct event *wake;
    int wake_fd;
    pthread_t threads[THREADS_MOST];
    size_t n_threads;
    // A thread that has begun and whoever started it meet here.
    pthread_barrier_t begun;
    pthread_mutex_t lock;
    pthread_cond_t some_work;
    struct job_list waiting;
    // Waiting or being worked on.
    size_t n_open;
    struct job_list finished;
    bool stopping;
};

static void wipe(char *text)
{
    if (text) {
        sodium_memzero(text, strlen(text));
    }
    free(text);
}

static void job_free(struct job *job)
{
    wipe(job->password);
    wipe(job->fresh);
    sodium_memzero(job, sizeof *job);
    free(job);
}

static bool make_verifier(const struct hasher *hasher, const char *password,
                          char verifier[HASHER_VERIFIER_SIZE])
{
    const struct hasher_settings *settings = &hasher->settings;
    if (crypto_pwhash_str_alg(verifier, password, strlen(password), settings->passes,
                              settings->memory_kib << 10, crypto_pwhash_ALG_ARGON2ID13) == 0) {
        return true;
    }
    log_event(LOG_LEVEL_ERROR, NULL, NULL, "no memory to hash a password");
    verifier[0] = '\0';
    return false;
}

static bool is_of_other_costs(const struct hasher *hasher, const char *verifier)
{
    return crypto_pwhash_str_needs_rehash(verifier, hasher->settings.passes,
                                          hasher->settings.memory_kib << 10) != 0;
}

static void work(const struct hasher *hasher, struct job *job)
{
    struct hasher_outcome *outcome = &job->outcome;
    outcome->good = true;
    if (job->password) {
        const char *verifier = *job->verifier ? job->verifier : hasher->stand_in;
        bool matches =
            crypto_pwhash_str_verify(verifier, job->password, strlen(job->password)) == 0;
        outcome->good = matches && *job->verifier;
    }
    if (!outcome->good) {
        return;
    }
    if (job->fresh) {
        outcome->good = make_verifier(hasher, job->fresh, outcome->verifier);
    } else if (job->password && is_of_other_costs(hasher, job->verifier)) {
        // Without it, the old one goes on.
        (void)make_verifier(hasher, job->password, outcome->verifier);
    }
}

static struct job *take_first(struct job_list *list)
{
    struct job *job = TAILQ_FIRST(list);
    if (job) {
        TAILQ_REMOVE(list, job, entry);
    }
    return job;
}

static struct job *wait_for_work(struct hasher *hasher)
{
    struct job *job = NULL;
    pthread_mutex_lock(&hasher->lock);
    while (!hasher->stopping && !(job = take_first(&hasher->waiting))) {
        pthread_cond_wait(&hasher->some_work, &hasher->lock);
    }
    pthread_mutex_unlock(&hasher->lock);
    return job;
}

static void hand_back(struct hasher *hasher, struct job *job)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&hasher->lock);
    TAILQ_INSERT_TAIL(&hasher->finished, job, entry);
    pthread_mutex_unlock(&hasher->lock);
    while (write(hasher->wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

// Of this thread alone: whoever has logged in is answered first.
static void step_back(void)
{
    if (getpriority(PRIO_PROCESS, 0) < NICENESS && setpriority(PRIO_PROCESS, 0, NICENESS) != 0) {
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "passwords are hashed at full speed: %s",
                  strerror(errno));
    }
}

static void *run(void *context)
{
    struct hasher *hasher = context;
    struct job *job;
    step_back();
    pthread_barrier_wait(&hasher->begun);
    while ((job = wait_for_work(hasher))) {
        work(hasher, job);
        hand_back(hasher, job);
    }
    return NULL;
}

static void on_wake(evutil_socket_t descriptor, short events, void *context)
{
    (void)events;
    struct hasher *hasher = context;
    struct job_list finished = TAILQ_HEAD_INITIALIZER(finished);
    struct job *job;
    uint64_t count;
    if (read(descriptor, &count, sizeof count) < 0) {
        return;
    }
    pthread_mutex_lock(&hasher->lock);
    TAILQ_CONCAT(&finished, &hasher->finished, entry);
    pthread_mutex_unlock(&hasher->lock);
    while ((job = take_first(&finished))) {
        hasher->n_open--;
        hasher->settings.done(hasher->settings.context, job->id, &job->outcome);
        job_free(job);
    }
}

// Signals are the event loop's. Each thread is waited for until it has stepped back, which the
// daemon, once it is confined, lets nobody do.
static bool start_threads(struct hasher *hasher)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int fault = 0;
    while (!fault && hasher->n_threads < hasher->settings.threads) {
        fault = pthread_create(&hasher->threads[hasher->n_threads], NULL, run, hasher);
        if (!fault) {
            hasher->n_threads++;
            pthread_barrier_wait(&hasher->begun);
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (fault) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "no thread for passwords: %s", strerror(fault));
    }
    return fault == 0;
}

// Nobody knows what it is made of.
static bool make_stand_in(struct hasher *hasher)
{
    char nobody[2 * crypto_pwhash_SALTBYTES + 1];
    unsigned char random[crypto_pwhash_SALTBYTES];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(nobody, sizeof nobody, random, sizeof random);
    return make_verifier(hasher, nobody, hasher->stand_in);
}

static bool watch(struct hasher *hasher, struct event_base *base)
{
    hasher->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    hasher->wake = hasher->wake_fd < 0
                       ? NULL
                       : event_new(base, hasher->wake_fd, EV_READ | EV_PERSIST, on_wake, hasher);
    return hasher->wake && event_add(hasher->wake, NULL) == 0;
}

struct hasher *hasher_new(struct event_base *base, const struct hasher_settings *settings)
{
    struct hasher *hasher = calloc(1, sizeof *hasher);
    if (!hasher) {
        return NULL;
    }
    hasher->settings = *settings;
    if (hasher->settings.threads > THREADS_MOST) {
        hasher->settings.threads = THREADS_MOST;
    }
    TAILQ_INIT(&hasher->waiting);
    TAILQ_INIT(&hasher->finished);
    pthread_barrier_init(&hasher->begun, NULL, 2);
    pthread_mutex_init(&hasher->lock, NULL);
    pthread_cond_init(&hasher->some_work, NULL);
    if (!watch(hasher, base) || !make_stand_in(hasher) || !start_threads(hasher)) {
        hasher_free(hasher);
        return NULL;
    }
    return hasher;
}

// What was not come to is no good.
static void give_up(struct hasher *hasher, struct job_list *list)
{
    const struct hasher_outcome no_good = {.good = false};
    struct job *job;
    while ((job = take_first(list))) {
        hasher->settings.done(hasher->settings.context, job->id, &no_good);
        job_free(job);
    }
}

void hasher_free(struct hasher *hasher)
{
    if (!hasher) {
        return;
    }
    pthread_mutex_lock(&hasher->lock);
    hasher->stopping = true;
    pthread_cond_broadcast(&hasher->some_work);
    pthread_mutex_unlock(&hasher->lock);
    while (hasher->n_threads > 0) {
        pthread_join(hasher->threads[--hasher->n_threads], NULL);
    }
    give_up(hasher, &hasher->finished);
    give_up(hasher, &hasher->waiting);
    if (hasher->wake) {
        event_free(hasher->wake);
    }
    if (hasher->wake_fd >= 0) {
        close(hasher->wake_fd);
    }
    pthread_cond_destroy(&hasher->some_work);
    pthread_mutex_destroy(&hasher->lock);
    pthread_barrier_destroy(&hasher->begun);
    free(hasher);
}

static char *copy(const char *text, bool *good)
{
    char *mine = text ? strdup(text) : NULL;
    *good = *good && (!text || mine);
    return mine;
}

static struct job *job_new(uint64_t id, const char *password, const char *verifier,
                           const char *fresh)
{
    struct job *job = calloc(1, sizeof *job);
    bool good = job != NULL;
    if (!job) {
        return NULL;
    }
    job->id = id;
    job->password = copy(verifier ? password : NULL, &good);
    job->fresh = copy(fresh, &good);
    if (verifier) {
        size_t length = strlen(verifier);
        good = good && length < sizeof job->verifier;
        memcpy(job->verifier, verifier, good ? length : 0);
    }
    if (!good) {
        job_free(job);
        return NULL;
    }
    return job;
}

bool hasher_submit(struct hasher *hasher, uint64_t id, const char *password, const char *verifier,
                   const char *fresh)
{
    struct job *job =
        hasher->n_open < hasher->settings.queue_max ? job_new(id, password, verifier, fresh) : NULL;
    if (!job) {
        return false;
    }
    hasher->n_open++;
    pthread_mutex_lock(&hasher->lock);
    TAILQ_INSERT_TAIL(&hasher->waiting, job, entry);
    pthread_cond_signal(&hasher->some_work);
    pthread_mutex_unlock(&hasher->lock);
    return true;
}
