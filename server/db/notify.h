// Listens to PostgreSQL's NOTIFY on one channel, over a connection of its own that connects again
// by itself. What was said while it was away is lost: whoever listens looks for itself then.
#pragma once

#include <event2/event.h>

struct notify;

struct notify_settings {
    // libpq connection string. Host names in it resolve with a blocking call: use addresses.
    const char *conninfo;
    // A word of letters and underscores.
    const char *channel;
    void *context;
    // Listening has begun, at the start and after each loss.
    void (*listening)(void *context);
    // Something was said.
    void (*heard)(void *context, const char *payload);
};

// settings is copied, what it points to is not. NULL when memory is out.
struct notify *notify_new(struct event_base *base, const struct notify_settings *settings);
void notify_free(struct notify *notify);
