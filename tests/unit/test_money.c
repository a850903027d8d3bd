#include "common/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_amounts_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *currency;
        int64_t minor;
    } amounts[] = {
        {"0", "CNY", 0},
        {"1234.5", "CNY", 123450},
        {"1,234.50", "CNY", 123450},
        {"12,345,678", "CNY", 1234567800},
        {"-12", "CNY", -1200},
        {"+12", "CNY", 1200},
        {" 12 ", "CNY", 1200},
        {"￥12", "CNY", 1200},
        {"¥12", "JPY", 12},
        {"-$1,000.01", "USD", -100001},
        {"USD 12", "USD", 1200},
        {"€-3", "EUR", -300},
        {"12", "JPY", 12},
        {"1.234", "KWD", 1234},
        {"12.3", NULL, 1230},
        {"92233720368547758.07", "CNY", INT64_MAX},
        {"-92,233,720,368,547,758.08", "CNY", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        int64_t minor = -7;
        if (!money_parse(amounts[i].text, amounts[i].currency, &minor) || minor != amounts[i].minor)
            fail_msg("%s gives %lld", amounts[i].text, (long long)minor);
    }
}

static void test_what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *currency;
    } wrong[] = {
        {"", "CNY"},
        {"-", "CNY"},
        {"1.234", "CNY"},
        {"1.0", "JPY"},
        {"1.", "CNY"},
        {".5", "CNY"},
        {"1,23", "CNY"},
        {"1234,567", "CNY"},
        {"1,2345", "CNY"},
        {",123", "CNY"},
        {"1,,234", "CNY"},
        {"1,234,", "CNY"},
        {"12 34", "CNY"},
        {"1e3", "CNY"},
        {"0x10", "CNY"},
        {"￥12", "USD"},
        {"USD 12", "CNY"},
        {"--1", "CNY"},
        {"12元", "CNY"},
        {"12万", "CNY"},
        {"92233720368547758.08", "CNY"},
        {"-92233720368547758.09", "CNY"},
        {"100000000000000000000", "JPY"},
        {"9223372036854775807", "CNY"},
    };
    int64_t minor = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (money_parse(wrong[i].text, wrong[i].currency, &minor))
            fail_msg("%s is taken", wrong[i].text);
    assert_false(money_parse(NULL, "CNY", &minor));
    assert_int_equal(minor, 7);
}

static void check_format(int64_t minor, const char *currency, const char *expected)
{
    char text[MONEY_TEXT_SIZE];
    money_format(minor, currency, text, sizeof text);
    assert_string_equal(text, expected);
    int64_t back;
    assert_true(money_parse(text, currency, &back));
    assert_int_equal(back, minor);
}

static void test_amounts_are_written_and_read_back(void **state)
{
    (void)state;
    check_format(0, "CNY", "0.00");
    check_format(5, "CNY", "0.05");
    check_format(-5, "CNY", "-0.05");
    check_format(100, "CNY", "1.00");
    check_format(99999, "CNY", "999.99");
    check_format(123456, "CNY", "1,234.56");
    check_format(-123456789, "CNY", "-1,234,567.89");
    check_format(0, "JPY", "0");
    check_format(999, "JPY", "999");
    check_format(1234567, "JPY", "1,234,567");
    check_format(1234567, "KWD", "1,234.567");
    check_format(INT64_MAX, "JPY", "9,223,372,036,854,775,807");
    check_format(INT64_MIN, "CNY", "-92,233,720,368,547,758.08");
    check_format(INT64_MIN, "CLF", "-922,337,203,685,477.5808");
}

static void test_currencies(void **state)
{
    (void)state;
    assert_int_equal(currency_digits("CNY"), 2);
    assert_int_equal(currency_digits("JPY"), 0);
    assert_int_equal(currency_digits("KWD"), 3);
    assert_int_equal(currency_digits(NULL), 2);
    assert_int_equal(currency_digits("PY "), 2);
    assert_int_equal(currency_digits(""), 2);
    assert_true(currency_valid("CNY"));
    assert_false(currency_valid("cny"));
    assert_false(currency_valid("CN"));
    assert_false(currency_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_are_read),
        cmocka_unit_test(test_what_is_no_amount_is_refused),
        cmocka_unit_test(test_amounts_are_written_and_read_back),
        cmocka_unit_test(test_currencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
