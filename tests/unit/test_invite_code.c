// A code is told by telephone and typed by hand: only its symbols count.
#include "common/invite_code.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_same(const char *text, const char *other)
{
    uint8_t hash[INVITE_CODE_HASH];
    uint8_t other_hash[INVITE_CODE_HASH];
    assert_true(invite_code_hash(text, hash));
    assert_true(invite_code_hash(other, other_hash));
    assert_memory_equal(hash, other_hash, sizeof hash);
}

static void a_code_is_read_as_people_write_it(void **state)
{
    (void)state;
    assert_same("01234-56789-ABCDE-FGHJK", "0123456789ABCDEFGHJK");
    assert_same("01234-56789-ABCDE-FGHJK", "o l234 56789 abcde fghjk");
    assert_same("11111-11111-11111-11111", "iIlL1-iIlL1-iIlL1-iIlL1");
}

static void what_is_no_code_is_refused(void **state)
{
    (void)state;
    uint8_t hash[INVITE_CODE_HASH];
    const char *const wrong[] = {
        "",
        "-",
        "0123456789ABCDEFGHJ",
        "0123456789ABCDEFGHJKM",
        "0123456789ABCDEFGHJU",
        "0123456789ABCDEFGHJ\xc3",
        "0123456789ABCDEFGHJ.",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(invite_code_hash(wrong[i], hash));
    }
}

static void each_code_is_another_one_and_is_read(void **state)
{
    (void)state;
    char code[INVITE_CODE_SIZE];
    char before[INVITE_CODE_SIZE] = "";
    uint8_t hash[INVITE_CODE_HASH];
    for (int i = 0; i < 100; i++) {
        invite_code_make(code);
        assert_int_equal(strlen(code), INVITE_CODE_SIZE - 1);
        assert_true(invite_code_hash(code, hash));
        assert_string_not_equal(code, before);
        memcpy(before, code, sizeof before);
    }
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_read_as_people_write_it),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(each_code_is_another_one_and_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
