#include "common/options.h"

#include "common/date.h"
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct option_spec goal_set[] = {
    {"unit", 'u', OPTION_STRING, "UNIT", "the unit whose goal it is"},
    {"weight", 'w', OPTION_LIST, "CHILD=N", "weight of a child; may be repeated"},
    {"target", 't', OPTION_INTEGER, "N",
     "目标值：数量，或者以货币最小单位计的金额。冲刺目标"
     "在分解之前乘上去，单独显示出来，不改变原来的目标"},
    {"from", 0, OPTION_DATE, "DAY", "first day"},
    {"period", 'p', OPTION_PERIOD, "PERIOD",
     "2026, 2026-Q3, 2026-07, 2026-W30, this-month, or two days with .. between them"},
    {"dry-run", 'n', OPTION_FLAG, NULL, "work everything out and change nothing"},
    {"a-very-long-name-of-an-option", 0, OPTION_STRING, "VALUE", "on its own line"},
    {0},
};

static const struct option_spec shared[] = {
    {"json", 'j', OPTION_FLAG, NULL, "print JSON"},
    {0},
};

static struct options options;
static char error[256];

// Parses words separated by blanks.
static bool parse(const char *line)
{
    static char words[256], *argv[32];
    int argc = 0;
    options_release(&options);
    strcpy(words, line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    return options_parse(&options, goal_set, shared, "tiejun goal set", argc, argv, error,
                         sizeof error);
}

static int release(void **state)
{
    (void)state;
    options_release(&options);
    return 0;
}

static void test_every_way_to_give_a_value(void **state)
{
    (void)state;
    static const char *const lines[] = {"--unit=/West", "--unit /West", "-u /West",
                                        "-u/West",      "-nu /West",    "--unit=/East -ju/West"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_true(parse(lines[i]));
        assert_string_equal(options_string(&options, "unit"), "/West");
        assert_int_equal(options.argument_count, 0);
    }
    assert_true(parse("--unit="));
    assert_string_equal(options_string(&options, "unit"), "");
    assert_true(parse("--unit --json"));
    assert_string_equal(options_string(&options, "unit"), "--json");
}

static void test_absent_options(void **state)
{
    (void)state;
    assert_true(parse(""));
    assert_null(options_string(&options, "unit"));
    assert_false(options_flag(&options, "json"));
    assert_false(options_given(&options, "target"));
    assert_int_equal(options_integer(&options, "target", -3), -3);
    assert_int_equal(options_list(&options, "weight", NULL, 0), 0);
    assert_null(options_string(&options, "period"));
    assert_null(options.arguments[0]);
}

static void test_typed_values(void **state)
{
    (void)state;
    date_day from;
    assert_true(parse("-t -42 --from 2026-07-15 -p 2026-Q3 -n"));
    assert_int_equal(options_integer(&options, "target", 0), -42);
    assert_string_equal(options_string(&options, "from"), "2026-07-15");
    assert_string_equal(options_string(&options, "period"), "2026-Q3");
    assert_true(options_flag(&options, "dry-run"));
    assert_true(parse("--from today"));
    assert_true(date_parse(options_string(&options, "from"), &from));
}

static void test_lists_keep_their_order(void **state)
{
    (void)state;
    const char *list[2];
    assert_true(parse("-w a=1 --weight=b=2 -wc=3"));
    assert_int_equal(options_list(&options, "weight", list, 2), 3);
    assert_string_equal(list[0], "a=1");
    assert_string_equal(list[1], "b=2");
}

static void test_arguments_are_mixed_with_options(void **state)
{
    (void)state;
    assert_true(parse("one -n - two -- --unit -x"));
    static const char *const expected[] = {"one", "-", "two", "--unit", "-x"};
    assert_int_equal(options.argument_count, 5);
    for (int i = 0; i < 5; i++)
        assert_string_equal(options.arguments[i], expected[i]);
    assert_null(options.arguments[5]);
}

static void test_help(void **state)
{
    (void)state;
    static const char *const lines[] = {"--help", "-h", "-nh", "one --help --foo"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_true(parse(lines[i]));
        assert_true(options.help);
    }
    assert_true(parse("-- --help"));
    assert_false(options.help);
}

static void test_errors_name_the_option_and_the_mend(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"--foo", "unknown option --foo; see tiejun goal set --help"},
        {"--foo=bar", "unknown option --foo; see tiejun goal set --help"},
        {"--uni=x", "unknown option --uni; see tiejun goal set --help"},
        {"-nx", "unknown option -x; see tiejun goal set --help"},
        {"--unit", "option --unit wants a value: --unit=UNIT"},
        {"-nu", "option --unit wants a value: --unit=UNIT"},
        {"--json=1", "option --json takes no value; write --json alone"},
        {"-t 3x", "option --target wants a whole number, not \"3x\""},
        {"-t 99999999999999999999",
         "option --target wants a whole number, not \"99999999999999999999\""},
        {"--from 2026-07",
         "option --from wants a day such as 2026-07-15 or today, not \"2026-07\""},
        {"-p soon", "option --period wants a period such as 2026-07, 2026-Q3, 2026-W30, "
                    "this-month or 2026-07-01..2026-07-15, not \"soon\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(parse(cases[i][0]));
        assert_string_equal(error, cases[i][1]);
    }
}

static void test_help_fits_the_screen(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    options_print(stream, goal_set);
    fclose(stream);
    int lines = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
        assert_in_range(text_width(line), 1, 80);
        if (lines == 0)
            assert_string_equal(line, "  -u, --unit=UNIT       the unit whose goal it is");
        if (strstr(line, "on its own line"))
            assert_string_equal(line, "                        on its own line");
    }
    assert_int_equal(lines, 10);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_to_give_a_value),
        cmocka_unit_test(test_absent_options),
        cmocka_unit_test(test_typed_values),
        cmocka_unit_test(test_lists_keep_their_order),
        cmocka_unit_test(test_arguments_are_mixed_with_options),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_errors_name_the_option_and_the_mend),
        cmocka_unit_test(test_help_fits_the_screen),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
