// Pushes notices to sessions that have subscribed (NoticeService.Subscribe), whichever daemon they
// were made through: the database tells all of them for whom there are new ones.
//
// A push is what NoticeService.List answers for the person at that moment, behind the last notice
// that was pushed: rights are judged anew each time, and nothing is kept here for a client that
// does not take its pushes. It is asked for again when the client has taken them.
#pragma once

#include "server/rpc/caller.h"
#include "server/rpc/service.h"
#include "tiejun/v1/notice.pb-c.h"

#include <stddef.h>
#include <stdint.h>

// All subscribers of a daemon.
struct subscribers;
struct subscriber;

// The session's side. Its functions are never called from within a function of this file that the
// session calls, but for subscriber_go_on().
struct subscriber_peer {
    void *context;
    // A NoticeServiceListResponse to be pushed.
    void (*push)(void *context, const uint8_t *body, size_t size);
    // Bytes that the client has not taken yet.
    size_t (*unsent)(void *context);
};

// NULL when memory is out.
struct subscribers *subscribers_new(struct event_base *base, struct service *service,
                                    const char *conninfo);
// Listens no more, while what was asked of the database still comes in.
void subscribers_stop(struct subscribers *subscribers);
// All subscribers must be gone.
void subscribers_free(struct subscribers *subscribers);

// What the caller's Subscribe was answered with; all of it is copied. NULL when memory is out.
struct subscriber *subscriber_new(struct subscribers *subscribers, const struct caller *caller,
                                  const uint8_t *subscription, size_t size,
                                  const struct subscriber_peer *peer);
// NULL is legal.
void subscriber_free(struct subscriber *subscriber);

// The client has taken what was sent; NULL is legal.
void subscriber_go_on(struct subscriber *subscriber);
