#include "client/lib/known_servers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define TWOS "2222222222222222222222222222222222222222222222222222222222222222"

static char folder[] = "/tmp/known_servers.XXXXXX";
static char path[64];
static char found[TLS_FINGERPRINT_SIZE];

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_file(const char *text)
{
    char there[1024] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    there[fread(there, 1, sizeof there - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_string_equal(there, text);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/made/known_servers", folder);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    return rmdir(folder);
}

static void test_nobody_is_known_without_a_file(void **state)
{
    (void)state;
    assert_false(known_servers_find(path, "a:1", found));
}

static void test_who_is_remembered_is_found(void **state)
{
    (void)state;
    struct stat status;
    assert_true(known_servers_remember(path, "a:1", ONES));
    assert_true(known_servers_find(path, "a:1", found));
    assert_string_equal(found, ONES);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_file("a:1 " ONES "\n");
}

static void test_a_server_has_one_line_and_leaves_the_others(void **state)
{
    (void)state;
    write_file("# a note\na:1 " ONES "\nb:1 " ONES "\n\nnonsense");
    assert_true(known_servers_remember(path, "a:1", TWOS));
    assert_file("# a note\nb:1 " ONES "\n\nnonsense\na:1 " TWOS "\n");
    assert_true(known_servers_remember(path, "a:1", TWOS));
    assert_true(known_servers_find(path, "b:1", found));
    assert_string_equal(found, ONES);
}

static void test_names_are_whole_names(void **state)
{
    (void)state;
    write_file("aa:1 " ONES "\na:11 " ONES "\n# a:1 " ONES "\na:1" ONES "\n");
    assert_false(known_servers_find(path, "a:1", found));
    assert_false(known_servers_find(path, "a", found));
}

static void test_a_line_that_was_cut_off_counts_for_nothing(void **state)
{
    (void)state;
    write_file("a:1 1111\na:1 " ONES ONES ONES "\na:1\na:1 \n");
    assert_false(known_servers_find(path, "a:1", found));
    write_file("a:1  " ONES "\n");
    assert_false(known_servers_find(path, "a:1", found));
}

static void test_a_note_behind_the_fingerprint_is_let_be(void **state)
{
    (void)state;
    write_file("a:1 " ONES " # the one in the cellar\r\n");
    assert_true(known_servers_find(path, "a:1", found));
    assert_string_equal(found, ONES);
}

static void test_where_nothing_can_be_written_it_says_so(void **state)
{
    (void)state;
    assert_false(known_servers_remember("/proc/none/known_servers", "a:1", ONES));
}

static void test_fingerprints_as_people_have_them(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",         "11",          ONES "1",       ":" ONES,
                                        "1:1" ONES, "AB:cd:" ONES, "SHA256:" ONES, ONES " "};
    char text[TLS_FINGERPRINT_SIZE];
    char colons[3 * 32 + 1];
    for (size_t i = 0; i < 32; i++) {
        snprintf(colons + 3 * i, 4, "%02X%s", 0xAB, i < 31 ? ":" : "");
    }
    assert_true(tls_fingerprint_parse(colons, text));
    assert_int_equal(strspn(text, "ab"), 64);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(tls_fingerprint_parse(wrong[i], text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_is_known_without_a_file),
        cmocka_unit_test(test_who_is_remembered_is_found),
        cmocka_unit_test(test_a_server_has_one_line_and_leaves_the_others),
        cmocka_unit_test(test_names_are_whole_names),
        cmocka_unit_test(test_a_line_that_was_cut_off_counts_for_nothing),
        cmocka_unit_test(test_a_note_behind_the_fingerprint_is_let_be),
        cmocka_unit_test(test_where_nothing_can_be_written_it_says_so),
        cmocka_unit_test(test_fingerprints_as_people_have_them),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
