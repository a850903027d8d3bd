#include "common/uuid.h"

#include "common/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_version_7_is_ordered_and_well_formed(void **state)
{
    (void)state;
    char before[UUID_TEXT_SIZE] = "", uuid[UUID_TEXT_SIZE];
    for (int i = 0; i < 100000; i++) {
        uuid_v7(uuid);
        assert_true(uuid_valid(uuid));
        assert_int_equal(uuid[14], '7');
        assert_non_null(strchr("89ab", uuid[19]));
        assert_true(strcmp(before, uuid) < 0);
        strcpy(before, uuid);
    }
}

static void test_version_7_begins_with_the_milliseconds(void **state)
{
    (void)state;
    int64_t seconds;
    char uuid[UUID_TEXT_SIZE], digits[13] = "";
    uuid_v7(uuid);
    instant_now(&seconds, NULL);
    memcpy(digits, uuid, 8);
    memcpy(digits + 8, uuid + 9, 4);
    long long made = strtoll(digits, NULL, 16) / 1000;
    assert_in_range(seconds - made + 5, 0, 10);
}

// Worked out with Python's hashlib.
static void test_named_uuids_never_change(void **state)
{
    (void)state;
    char uuid[UUID_TEXT_SIZE];
    uuid_named("import.deal", "CRM-1041", uuid);
    assert_string_equal(uuid, "2d23c02e-0e04-8634-967f-331fa3ab85b8");
    uuid_named("a", "b", uuid);
    assert_string_equal(uuid, "f2c67fb7-55da-8d22-9ea0-0c49aa161fa4");
}

static void test_space_and_name_are_kept_apart(void **state)
{
    (void)state;
    char one[UUID_TEXT_SIZE], other[UUID_TEXT_SIZE];
    uuid_named("ab", "c", one);
    uuid_named("a", "bc", other);
    assert_string_not_equal(one, other);
}

static void test_form(void **state)
{
    (void)state;
    assert_true(uuid_valid("0190B6C4-5E2A-7C3D-8E4F-001122334455"));
    assert_false(uuid_valid(NULL));
    assert_false(uuid_valid(""));
    assert_false(uuid_valid("0190b6c45e2a7c3d8e4f001122334455"));
    assert_false(uuid_valid("0190b6c4-5e2a-7c3d-8e4f-00112233445g"));
    assert_false(uuid_valid("0190b6c4-5e2a-7c3d-8e4f-0011223344556"));
    assert_false(uuid_valid("0190b6c4-5e2a-7c3d-8e4f-00112233445"));
    assert_false(uuid_valid("0190b6c4-5e2a-7c3d-8e4f+001122334455"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_7_is_ordered_and_well_formed),
        cmocka_unit_test(test_version_7_begins_with_the_milliseconds),
        cmocka_unit_test(test_named_uuids_never_change),
        cmocka_unit_test(test_space_and_name_are_kept_apart),
        cmocka_unit_test(test_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
