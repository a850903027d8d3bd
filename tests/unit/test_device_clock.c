#include "client/lib/backoff.h"
#include "client/lib/device_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)
#define NOON (INT64_C(1790000000) * SECOND)

#define BOOT_A "aaaaaaaa-0000-4000-8000-000000000000"
#define BOOT_B "bbbbbbbb-0000-4000-8000-000000000000"

static struct device_instant device(int64_t wall, int64_t since_boot, const char *boot)
{
    struct device_instant instant = {.wall_ns = wall, .boot_ns = since_boot};
    strcpy(instant.boot, boot);
    return instant;
}

// Recorded 100 s before the hello of the same boot: whatever the wall clock said or was set to.
static void test_within_a_boot_the_wall_clock_does_not_matter(void **state)
{
    (void)state;
    static const int64_t steps[] = {0, DAY, -30 * DAY, 400 * DAY, 1};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct device_instant recorded = device(NOON + steps[i], 50 * SECOND, BOOT_A);
        struct clock_fix fix = {device(NOON - steps[i], 150 * SECOND, BOOT_A), NOON};
        assert_int_equal(device_clock_corrected(&recorded, NULL, &fix), NOON - 100 * SECOND);
    }
}

static void test_a_fix_of_its_own_boot_is_as_good(void **state)
{
    (void)state;
    struct device_instant recorded = device(NOON - 30 * DAY, 500 * SECOND, BOOT_A);
    struct clock_fix own = {device(NOON, 100 * SECOND, BOOT_A), NOON};
    struct clock_fix now = {device(NOON + DAY, 3 * SECOND, BOOT_B), NOON + DAY};
    assert_int_equal(device_clock_corrected(&recorded, &own, &now), NOON + 400 * SECOND);
}

static void test_after_a_boot_the_clock_was_as_far_off_as_it_is(void **state)
{
    (void)state;
    struct device_instant recorded = device(NOON + 30 * DAY, 500 * SECOND, BOOT_A);
    struct clock_fix now = {device(NOON + 31 * DAY, 3 * SECOND, BOOT_B), NOON + DAY};
    assert_int_equal(device_clock_corrected(&recorded, NULL, &now), NOON);
    struct clock_fix other = {device(NOON, SECOND, "cccccccc-0000-4000-8000-000000000000"), 0};
    assert_int_equal(device_clock_corrected(&recorded, &other, &now), NOON);
}

static void test_boots_without_a_name_are_not_the_same(void **state)
{
    (void)state;
    struct device_instant recorded = device(NOON + 10, 500, "");
    struct clock_fix now = {device(NOON + 100, 3, ""), NOON};
    assert_int_equal(device_clock_corrected(&recorded, NULL, &now), NOON - 90);
}

static void test_halfway(void **state)
{
    (void)state;
    struct device_instant before = device(NOON, 100, BOOT_A);
    struct device_instant after = device(NOON + 40, 140, BOOT_A);
    struct device_instant middle = device_clock_between(&before, &after);
    assert_int_equal(middle.boot_ns, 120);
    assert_int_equal(middle.wall_ns, NOON + 20);
    assert_string_equal(middle.boot, BOOT_A);
}

static void test_this_machine_has_clocks(void **state)
{
    (void)state;
    struct device_instant first;
    struct device_instant second;
    device_clock_now(&first);
    device_clock_now(&second);
    assert_true(first.boot_ns > 0 && second.boot_ns >= first.boot_ns);
    assert_string_equal(first.boot, second.boot);
}

// Between half of the doubled delay and all of it, never above a minute, never below what was
// asked.
static void test_backoff_doubles_up_to_a_minute(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252ULL;
    int64_t whole = BACKOFF_FIRST_MS;
    for (unsigned failures = 1; failures < 100; failures++) {
        for (int i = 0; i < 1000; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            int64_t delay = backoff_delay(failures, 0, random);
            assert_in_range(delay, (whole < BACKOFF_MOST_MS ? whole : BACKOFF_MOST_MS) / 2,
                            whole < BACKOFF_MOST_MS ? whole : BACKOFF_MOST_MS);
            int64_t asked = backoff_delay(failures, 40000, random);
            assert_in_range(asked, 40000, BACKOFF_MOST_MS);
        }
        whole = whole < BACKOFF_MOST_MS ? whole * 2 : whole;
    }
    assert_int_equal(backoff_delay(1, UINT32_MAX, 0), BACKOFF_MOST_MS);
    assert_int_equal(backoff_delay(UINT32_MAX, 0, UINT64_MAX) <= BACKOFF_MOST_MS, 1);
}

static void test_backoff_spreads(void **state)
{
    (void)state;
    assert_int_not_equal(backoff_delay(5, 0, 1), backoff_delay(5, 0, 2));
    assert_int_not_equal(backoff_delay(1, 30000, 1), backoff_delay(1, 30000, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within_a_boot_the_wall_clock_does_not_matter),
        cmocka_unit_test(test_a_fix_of_its_own_boot_is_as_good),
        cmocka_unit_test(test_after_a_boot_the_clock_was_as_far_off_as_it_is),
        cmocka_unit_test(test_boots_without_a_name_are_not_the_same),
        cmocka_unit_test(test_halfway),
        cmocka_unit_test(test_this_machine_has_clocks),
        cmocka_unit_test(test_backoff_doubles_up_to_a_minute),
        cmocka_unit_test(test_backoff_spreads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
