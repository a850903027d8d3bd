#include "server/host_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char wrong[HOST_NAME_SIZE];

static void test_lists_with_commas(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    assert_true(
        host_names_add(&hosts, "a.example,192.0.2.1,2001:db8::1,*.example,xn--fiq228c.cn", wrong));
    assert_int_equal(hosts.count, 5);
    assert_string_equal(hosts.names[2], "2001:db8::1");
}

static void test_each_name_once_whatever_its_case(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    assert_true(host_names_add(&hosts, "a.example,A.Example", wrong));
    assert_true(host_names_add(&hosts, "a.EXAMPLE", wrong));
    assert_int_equal(hosts.count, 1);
}

static void test_what_is_no_name(void **state)
{
    (void)state;
    static const char *const lists[] = {
        "",    "a,",    ",a",        "a,,b", "two words",    "a..b", ".a",    "-a",
        "a-",  "a-.b",  "a.-b",      "a.",   "a*",           "*",    "a.*.b", "a_b",
        "a:1", "[::1]", "https://a", "a/b",  "\xe4\xb8\xad", "a\nb", "a;b",
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct host_names hosts = {0};
        assert_false(host_names_add(&hosts, lists[i], wrong));
    }
}

static void test_the_wrong_one_is_named(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    assert_false(host_names_add(&hosts, "good.example,not good,other.example", wrong));
    assert_string_equal(wrong, "not good");
    assert_int_equal(hosts.count, 1);
}

static void test_long_labels_and_names(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    char name[HOST_NAME_SIZE + 1];
    memset(name, 'a', sizeof name);
    name[63] = '\0';
    assert_true(host_names_add(&hosts, name, wrong));
    name[63] = 'a';
    name[64] = '\0';
    assert_false(host_names_add(&hosts, name, wrong));
    name[64] = 'a';
    for (size_t i = 50; i < sizeof name; i += 50) {
        name[i] = '.';
    }
    name[HOST_NAME_SIZE] = '\0';
    assert_false(host_names_add(&hosts, name, wrong));
    name[HOST_NAME_SIZE - 1] = '\0';
    assert_true(host_names_add(&hosts, name, wrong));
}

static void test_more_than_there_is_room_for(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    char name[32];
    for (int i = 0; i < HOST_NAMES_MOST; i++) {
        snprintf(name, sizeof name, "host%d", i);
        assert_true(host_names_add(&hosts, name, wrong));
    }
    assert_true(host_names_add(&hosts, "host0", wrong));
    assert_false(host_names_add(&hosts, "one-more", wrong));
}

static void test_what_a_certificate_is_made_for_comes_back(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    struct host_names back = {0};
    assert_true(host_names_add(&hosts, "a.example,192.0.2.1,2001:db8::1", wrong));
    X509 *certificate = X509_new();
    GENERAL_NAMES *names = host_names_general(&hosts);
    assert_int_equal(
        X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT), 1);
    host_names_add_certified(&back, certificate);
    assert_memory_equal(&hosts, &back, sizeof hosts);
    GENERAL_NAMES_free(names);
    X509_free(certificate);
}

static void test_this_machine_is_reached_by_loopback(void **state)
{
    (void)state;
    struct host_names hosts = {0};
    host_names_add_own(&hosts);
    assert_true(hosts.count >= 3);
    assert_string_equal(hosts.names[0], "localhost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_with_commas),
        cmocka_unit_test(test_each_name_once_whatever_its_case),
        cmocka_unit_test(test_what_is_no_name),
        cmocka_unit_test(test_the_wrong_one_is_named),
        cmocka_unit_test(test_long_labels_and_names),
        cmocka_unit_test(test_more_than_there_is_room_for),
        cmocka_unit_test(test_what_a_certificate_is_made_for_comes_back),
        cmocka_unit_test(test_this_machine_is_reached_by_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
