// The hosts of a connection string: each alone, with all else that the string says.
#include "server/db/hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libpq-fe.h>
#include <string.h>

enum { HOSTS_MOST = 4 };

static struct hosts *hosts_in(const char *conninfo)
{
    struct hosts *hosts = hosts_of(conninfo);
    assert_non_null(hosts);
    return hosts;
}

// What libpq reads in a string; NULL where it reads nothing.
static void check_option(const char *conninfo, const char *keyword, const char *value)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    assert_non_null(options);
    const PQconninfoOption *option = options;
    while (strcmp(option->keyword, keyword) != 0) {
        option++;
    }
    if (value) {
        assert_non_null(option->val);
        assert_string_equal(option->val, value);
    } else {
        assert_null(option->val);
    }
    PQconninfoFree(options);
}

static void test_each_host_alone_with_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *conninfo;
        size_t count;
        const char *host[HOSTS_MOST];
        const char *hostaddr[HOSTS_MOST];
        const char *port[HOSTS_MOST];
    } rows[] = {
        {"host=a,b", 2, {"a", "b"}, {NULL}, {NULL}},
        {"host=a,b,c port=1,2,3", 3, {"a", "b", "c"}, {NULL}, {"1", "2", "3"}},
        {"host=a,b port=5", 2, {"a", "b"}, {NULL}, {"5", "5"}},
        {"host=a,b port=1,", 2, {"a", "b"}, {NULL}, {"1", NULL}},
        {"host=,b", 2, {NULL, "b"}, {NULL}, {NULL}},
        {"host=/run/a,b", 2, {"/run/a", "b"}, {NULL}, {NULL}},
        {"hostaddr=10.0.0.1,::1", 2, {NULL}, {"10.0.0.1", "::1"}, {NULL}},
        {"host=a,b hostaddr=10.0.0.1,10.0.0.2", 2, {"a", "b"}, {"10.0.0.1", "10.0.0.2"}, {NULL}},
        {"host=a,b hostaddr=,10.0.0.2", 2, {"a", "b"}, {NULL, "10.0.0.2"}, {NULL}},
        {"postgresql://me@a:1,[::1]:2/d", 2, {"a", "::1"}, {NULL}, {"1", "2"}},
        {"postgres://a,b/d", 2, {"a", "b"}, {NULL}, {NULL}},
        {"host=a,a", 2, {"a", "a"}, {NULL}, {NULL}},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        struct hosts *hosts = hosts_in(rows[row].conninfo);
        assert_int_equal(hosts->count, rows[row].count);
        for (size_t i = 0; i < hosts->count; i++) {
            check_option(hosts->conninfos[i], "host", rows[row].host[i]);
            check_option(hosts->conninfos[i], "hostaddr", rows[row].hostaddr[i]);
            check_option(hosts->conninfos[i], "port", rows[row].port[i]);
        }
        hosts_free(hosts);
    }
}

static void test_all_else_is_kept_for_each(void **state)
{
    (void)state;
    static const char awkward[] = "it's a \\ 口令 = ' '";
    struct hosts *hosts =
        hosts_in("user=me password='it\\'s a \\\\ 口令 = \\' \\'' host=a,b dbname=d sslmode=require"
                 " target_session_attrs=primary");
    assert_int_equal(hosts->count, 2);
    for (size_t i = 0; i < hosts->count; i++) {
        check_option(hosts->conninfos[i], "user", "me");
        check_option(hosts->conninfos[i], "password", awkward);
        check_option(hosts->conninfos[i], "dbname", "d");
        check_option(hosts->conninfos[i], "sslmode", "require");
        check_option(hosts->conninfos[i], "target_session_attrs", "primary");
        check_option(hosts->conninfos[i], "connect_timeout", NULL);
    }
    hosts_free(hosts);
}

static void test_what_is_one_or_does_not_fit_together_stays_as_it_is(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "dbname=d",
        "host=a port=1",
        "service=s connect_timeout=3",
        "host=a,b port=1,2,3",
        "host=a,b hostaddr=10.0.0.1",
        "host=a port=1,2",
        "nonsense",
        "host='a",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct hosts *hosts = hosts_in(texts[i]);
        assert_int_equal(hosts->count, 1);
        assert_string_equal(hosts->conninfos[0], texts[i]);
        hosts_free(hosts);
    }
}

static void test_how_long_a_host_may_be_silent(void **state)
{
    (void)state;
    static const struct {
        const char *conninfo;
        unsigned silence_ms;
    } rows[] = {
        {"host=a,b", 2000},
        {"host=a", 10000},
        {"hostaddr=10.0.0.1", 10000},
        {"dbname=d", 0},
        {"service=s", 0},
        {"service=s connect_timeout=3", 3000},
        {"host=a,b connect_timeout=7", 7000},
        {"host=a connect_timeout=7", 7000},
        {"host=a,b connect_timeout=0", 0},
        {"host=a,b connect_timeout=-1", 0},
        {"host=a,b connect_timeout=99999999999999999999", 3600000},
        {"host=a,b connect_timeout=soon", 0},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        struct hosts *hosts = hosts_in(rows[row].conninfo);
        assert_int_equal(hosts->silence_ms, rows[row].silence_ms);
        hosts_free(hosts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_host_alone_with_its_own),
        cmocka_unit_test(test_all_else_is_kept_for_each),
        cmocka_unit_test(test_what_is_one_or_does_not_fit_together_stays_as_it_is),
        cmocka_unit_test(test_how_long_a_host_may_be_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
