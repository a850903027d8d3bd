#include "client/agent/network_watch.h"

#include <event2/event.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE 16384

struct network_watch {
    int socket;
    struct event *readable;
    // Runs out a moment after the first sign: a network comes up with several of them.
    struct event *settled;
    void (*came)(void *context);
    void *context;
};

static bool is_sign(const struct nlmsghdr *message)
{
    return message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_NEWROUTE;
}

static bool has_sign(char *buffer, ssize_t size)
{
    int left = (int)size;
    for (struct nlmsghdr *message = (struct nlmsghdr *)buffer; NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
        if (is_sign(message))
            return true;
    }
    return false;
}

static void on_readable(evutil_socket_t socket, short events, void *context)
{
    static const struct timeval moment = {.tv_sec = 1};
    struct network_watch *watch = context;
    _Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
    (void)events;
    ssize_t size;
    while ((size = recv(socket, buffer, sizeof buffer, MSG_DONTWAIT)) > 0) {
        if (has_sign(buffer, size) && !event_pending(watch->settled, EV_TIMEOUT, NULL))
            event_add(watch->settled, &moment);
    }
}

static void on_settled(evutil_socket_t socket, short events, void *context)
{
    struct network_watch *watch = context;
    (void)socket;
    (void)events;
    watch->came(watch->context);
}

static int open_netlink(void)
{
    struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups =
            RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
    };
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

struct network_watch *network_watch_new(struct event_base *base, void (*came)(void *context),
                                        void *context)
{
    int descriptor = open_netlink();
    if (descriptor < 0)
        return NULL;
    struct network_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        abort();
    watch->socket = descriptor;
    watch->came = came;
    watch->context = context;
    watch->readable = event_new(base, descriptor, EV_READ | EV_PERSIST, on_readable, watch);
    watch->settled = evtimer_new(base, on_settled, watch);
    if (!watch->readable || !watch->settled)
        abort();
    event_add(watch->readable, NULL);
    return watch;
}

void network_watch_free(struct network_watch *watch)
{
    if (!watch)
        return;
    event_free(watch->readable);
    event_free(watch->settled);
    close(watch->socket);
    free(watch);
}
