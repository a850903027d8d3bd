// The agent hears of a network that comes up: in a network namespace of the test's own.
#include "client/agent/network_watch.h"

#include <errno.h>
#include <event2/event.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct ear {
    struct event_base *base;
    int heard;
};

static void on_came(void *context)
{
    struct ear *ear = context;
    ear->heard++;
    event_base_loopbreak(ear->base);
}

// The namespace's only link, which is there from its beginning, and down.
static void set_link(bool up)
{
    struct ifreq link = {.ifr_name = "lo"};
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(ioctl(descriptor, SIOCGIFFLAGS, &link), 0);
    link.ifr_flags = (short)(up ? link.ifr_flags | IFF_UP : link.ifr_flags & ~IFF_UP);
    assert_int_equal(ioctl(descriptor, SIOCSIFFLAGS, &link), 0);
    close(descriptor);
}

// Listens until it hears something, or for so many seconds.
static void listen_for(struct ear *ear, int seconds)
{
    struct timeval patience = {.tv_sec = seconds};
    event_base_loopexit(ear->base, &patience);
    event_base_dispatch(ear->base);
}

static void test_each_time_the_network_comes_up_it_is_said_once(void **state)
{
    (void)state;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        fprintf(stderr, "skipped: no network namespace can be made here: %s\n", strerror(errno));
        skip();
    }
    struct ear ear = {.base = event_base_new()};
    struct network_watch *watch = network_watch_new(ear.base, on_came, &ear);
    assert_non_null(watch);
    for (int times = 1; times <= 2; times++) {
        set_link(true);
        listen_for(&ear, 60);
        assert_int_equal(ear.heard, times);
        // It comes with several signs, of addresses and of routes; going down is none.
        set_link(false);
        listen_for(&ear, 2);
        assert_int_equal(ear.heard, times);
    }
    network_watch_free(watch);
    event_base_free(ear.base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_time_the_network_comes_up_it_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
