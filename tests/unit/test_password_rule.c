// Which passwords are taken: length counts, and the obvious ones are not.
#include "server/auth/password_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_fault(const char *text, const char *fault)
{
    const char *found = password_fault(text, "li.weiguang", "李 伟光先生 Weiguang");
    if (fault) {
        assert_non_null(found);
        assert_string_equal(found, fault);
    } else {
        assert_null(found);
    }
}

static void ten_characters_are_enough_whatever_they_are(void **state)
{
    (void)state;
    assert_fault("", "password_short");
    assert_fault("nine char", "password_short");
    assert_fault("ten chars.", NULL);
    assert_fault("九个字的密码不够长", "password_short");
    assert_fault("十个字的密码就够长了", NULL);
}

static void bytes_are_bounded(void **state)
{
    (void)state;
    char text[PASSWORD_BYTES_MOST + 2];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 7);
    }
    text[PASSWORD_BYTES_MOST] = '\0';
    assert_fault(text, NULL);
    text[PASSWORD_BYTES_MOST] = 'x';
    text[PASSWORD_BYTES_MOST + 1] = '\0';
    assert_fault(text, "password_long");
}

static void what_anybody_would_try_first_is_not_taken(void **state)
{
    (void)state;
    assert_fault("1234567890", "password_obvious");
    assert_fault("QwertyUiop", "password_obvious");
    assert_fault("aaaaaaaaaaaaaaaa", "password_obvious");
    assert_fault("ababababab", "password_obvious");
    assert_fault("LI.WEIGUANG", "password_obvious");
    assert_fault("李 伟光先生 weiguang", "password_obvious");
    assert_fault("li.weiguang and more", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_characters_are_enough_whatever_they_are),
        cmocka_unit_test(bytes_are_bounded),
        cmocka_unit_test(what_anybody_would_try_first_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
