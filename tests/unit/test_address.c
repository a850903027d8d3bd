// Addresses of server/net: what is read is written the same, and what is none is refused.
#include "server/net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_kept(const char *text)
{
    struct sockaddr_storage address = {0};
    int length = 0;
    char out[ADDRESS_SIZE];
    assert_true(address_parse(text, &address, &length));
    assert_in_range(length, sizeof(struct sockaddr_in), sizeof(struct sockaddr_in6));
    address_write((const struct sockaddr *)&address, out);
    assert_string_equal(out, text);
}

static void test_what_is_read_is_written_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "127.0.0.1:7535", "0.0.0.0:0", "255.255.255.255:65535",
        "[::1]:7535",     "[::]:0",    "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_kept(texts[i]);
    }
}

static void test_what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        ":",
                                        ":7535",
                                        "127.0.0.1",
                                        "127.0.0.1:",
                                        "127.0.0.1:65536",
                                        "127.0.0:1",
                                        "127.0.0.1:x",
                                        "::1:7535",
                                        "[::1]",
                                        "[::1:7535",
                                        "[127.0.0.1]:7535",
                                        "host:7535",
                                        "[]:7535",
                                        "[:1",
                                        "1.2.3.4:1x",
                                        "[::1]:999999",
                                        "1.2.3.4:99999999999999999999",
                                        "[2001:db8:1111:2222:3333:4444:5555:6666:7777:8888]:1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sockaddr_storage address = {0};
        int length = 0;
        assert_false(address_parse(texts[i], &address, &length));
    }
}

static void test_a_socket_of_another_family_has_no_address(void **state)
{
    (void)state;
    const struct sockaddr local = {.sa_family = AF_UNIX};
    char out[ADDRESS_SIZE];
    address_write(&local, out);
    assert_string_equal(out, "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_written_the_same),
        cmocka_unit_test(test_what_is_no_address_is_refused),
        cmocka_unit_test(test_a_socket_of_another_family_has_no_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
