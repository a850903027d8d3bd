#include "server/net/tally.h"

#include "common/log.h"

#include <stdlib.h>

enum { WINDOW_SECONDS = 10, LOGGED_MOST = 5 };

static const char *const words[TALLY_REASONS] = {
    [TALLY_FULL] = "no room for another connection",
    [TALLY_CROWD] = "the oldest of too many that have not logged in",
    [TALLY_CROWD_OF_ADDRESS] = "the oldest of too many of its address that have not logged in",
    [TALLY_HANDSHAKE] = "no TLS handshake",
    [TALLY_LOGIN] = "did not log in in time",
    [TALLY_SLOW] = "sends too slowly",
    [TALLY_READS_NOTHING] = "takes no answers",
    [TALLY_BROKEN] = "the connection broke",
};

struct tally {
    size_t totals[TALLY_REASONS];
    // Of the present window, which ends when the event comes.
    size_t recent[TALLY_REASONS];
    struct event *window;
};

static void on_window(evutil_socket_t socket, short events, void *context)
{
    (void)socket;
    (void)events;
    struct tally *tally = context;
    for (int reason = 0; reason < TALLY_REASONS; reason++) {
        if (tally->recent[reason] > LOGGED_MOST) {
            log_event(LOG_LEVEL_WARNING, NULL, NULL, "%s: %zu more within %d s; %zu in all",
                      words[reason], tally->recent[reason] - LOGGED_MOST, WINDOW_SECONDS,
                      tally->totals[reason]);
        }
        tally->recent[reason] = 0;
    }
}

struct tally *tally_new(struct event_base *base)
{
    struct tally *tally = calloc(1, sizeof *tally);
    if (tally) {
        tally->window = event_new(base, -1, 0, on_window, tally);
    }
    if (tally && !tally->window) {
        free(tally);
        return NULL;
    }
    return tally;
}

void tally_free(struct tally *tally)
{
    if (tally) {
        event_free(tally->window);
        free(tally);
    }
}

void tally_count(struct tally *tally, enum tally_reason reason, const char *peer, const char *more)
{
    tally->totals[reason]++;
    if (++tally->recent[reason] <= LOGGED_MOST) {
        log_event(LOG_LEVEL_INFO, peer, NULL, "%s%s%s", words[reason], more ? ": " : "",
                  more ? more : "");
    }
    if (!event_pending(tally->window, EV_TIMEOUT, NULL)) {
        const struct timeval window = {.tv_sec = WINDOW_SECONDS};
        event_add(tally->window, &window);
    }
}
