// Says when the network may be back: an address or a route was added (netlink).
#pragma once

struct event_base;
struct network_watch;

// came: called at most once a second. NULL when the kernel offers no such thing; the agent then
// waits for its timers alone.
struct network_watch *network_watch_new(struct event_base *base, void (*came)(void *context),
                                        void *context);
void network_watch_free(struct network_watch *watch);
