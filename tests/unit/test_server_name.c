#include "client/lib/server_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_name(const char *text, const char *host, const char *port, const char *whole)
{
    struct server_name name;
    assert_true(server_name_parse(text, &name));
    assert_string_equal(name.host, host);
    assert_string_equal(name.port, port);
    assert_string_equal(name.whole, whole);
}

static void test_what_people_write(void **state)
{
    (void)state;
    assert_name("tiejun.example", "tiejun.example", "7535", "tiejun.example:7535");
    assert_name("tiejun.example:80", "tiejun.example", "80", "tiejun.example:80");
    assert_name("192.0.2.1:80", "192.0.2.1", "80", "192.0.2.1:80");
    assert_name("[2001:db8::1]:80", "2001:db8::1", "80", "[2001:db8::1]:80");
    assert_name("[2001:db8::1]", "2001:db8::1", "7535", "[2001:db8::1]:7535");
    assert_name("2001:db8::1", "2001:db8::1", "7535", "[2001:db8::1]:7535");
}

static void test_one_server_has_one_whole_form(void **state)
{
    (void)state;
    assert_name("TieJun.Example", "tiejun.example", "7535", "tiejun.example:7535");
    assert_name("TIEJUN.EXAMPLE:7535", "tiejun.example", "7535", "tiejun.example:7535");
    assert_name("2001:DB8::1", "2001:db8::1", "7535", "[2001:db8::1]:7535");
}

static void test_what_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",      ":80",      "host:",       "[]:80",
                                        "[::1",  "[::1]80",  "[::1]x:80",   "a b",
                                        "a\n:1", "host:8 0", "host:\t7535", "[a b]:1"};
    struct server_name name;
    char long_name[SERVER_HOST_SIZE + 1];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(server_name_parse(wrong[i], &name));
    }
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(server_name_parse(long_name, &name));
    assert_true(server_name_parse(long_name + 1, &name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_people_write),
        cmocka_unit_test(test_one_server_has_one_whole_form),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
