// Text for people: what a terminal and the log are given, and in which language.
#include "common/text.h"

#include "common/i18n.h"
#include "common/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const char *const valid[] = {"",  "a",      "é",      "铁军",
                                        "😀", "\u07ff", "\uffff", "\U0010ffff"};
    static const char *const invalid[] = {"\x80",
                                          "\xc0\x80",
                                          "\xc1\xbf",
                                          "\xc3",
                                          "\xe9\x93",
                                          "\xe0\x80\x80",
                                          "\xed\xa0\x80",
                                          "\xf0\x80\x80\x80",
                                          "\xf4\x90\x80\x80",
                                          "\xf5\x80",
                                          "\xff",
                                          "a\xc3(",
                                          "\xe9\x93"
                                          "a"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        assert_true(utf8_valid(valid[i], strlen(valid[i])));
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_false(utf8_valid(invalid[i], strlen(invalid[i])));
    assert_true(utf8_valid("a\0b", 3));
    assert_false(utf8_valid("铁", 2));
}

static void test_width_counts_columns_in_any_locale(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("visit"), 5);
    assert_int_equal(text_width("铁军"), 4);
    assert_int_equal(text_width("，"), 2);
    assert_int_equal(text_width("é"), 1);
    assert_int_equal(text_width("e\u0301"), 1);
    assert_int_equal(text_width("a\x1b\n\x7f"), 1);
    assert_int_equal(text_width("\xff\xfe"), 2);
    assert_int_equal(text_width("▁▂█"), 3);
}

static void test_a_prefix_never_splits_a_character(void **state)
{
    (void)state;
    assert_int_equal(text_fit("铁军", 0), 0);
    assert_int_equal(text_fit("铁军", 1), 0);
    assert_int_equal(text_fit("铁军", 3), 3);
    assert_int_equal(text_fit("铁军", 4), 6);
    assert_int_equal(text_fit("e\u0301x", 1), 3);
    assert_int_equal(text_fit("abc", 10), 3);
}

static void test_lines_break_at_blanks_or_beside_wide_characters(void **state)
{
    (void)state;
    assert_int_equal(text_line("sets one goal", 8), 8);
    assert_int_equal(text_line("sets one goal", 10), 8);
    assert_int_equal(text_line("sets one goal", 13), 13);
    assert_int_equal(text_line("unbreakable", 5), 5);
    assert_int_equal(text_line("a unbreakable", 5), 1);
    assert_int_equal(text_line("/North/North_1", 8), 7);
    assert_int_equal(text_line("/North/North_1", 13), 13);
    assert_int_equal(text_line("/unbreakable", 5), 5);
    assert_int_equal(text_line("目标分解", 5), 6);
    assert_int_equal(text_line("见tiejun帮助", 6), 3);
    // The full stop stays with its character.
    assert_int_equal(text_line("目标。分解", 4), 3);
    assert_int_equal(text_line("目标", 1), 3);
    assert_int_equal(text_line("", 5), 0);
}

static void test_the_longest_word(void **state)
{
    (void)state;
    assert_int_equal(text_word_width(""), 0);
    assert_int_equal(text_word_width("sets one_goal  now"), 8);
    assert_int_equal(text_word_width("目标分解"), 2);
    assert_int_equal(text_word_width("见tiejun帮助"), 6);
}

static void check_trim(const char *text, const char *expected)
{
    char copy[64];
    strcpy(copy, text);
    assert_string_equal(text_trim(copy), expected);
}

static void test_trim(void **state)
{
    (void)state;
    check_trim("", "");
    check_trim(" \t\n", "");
    check_trim("  li wei \r\n", "li wei");
    check_trim("\u3000铁军\u00a0\u3000", "铁军");
    check_trim("a", "a");
}

static void test_a_log_event_stays_one_safe_line(void **state)
{
    (void)state;
    char line[256];
    size_t length = log_line(line, sizeof line, LOG_LEVEL_INFO, "::1", "li wei",
                             "客户 a\nerror - - forged\x1b[2J \xff \u202e");
    assert_string_equal(line, "info ::1 li\\x20wei 客户 a\\x0aerror - - forged\\x1b[2J \\xff "
                              "\\xe2\\x80\\xae\n");
    assert_int_equal(length, strlen(line));
    log_line(line, sizeof line, LOG_LEVEL_ERROR, NULL, "", "x");
    assert_string_equal(line, "error - - x\n");
}

static void test_a_long_log_event_is_cut_between_characters(void **state)
{
    (void)state;
    char names[1000], message[4000], line[4096];
    memset(names, '\n', sizeof names - 1);
    names[sizeof names - 1] = '\0';
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = "铁"[i % 3];
    message[3999] = '\0';
    for (size_t size = 64; size < sizeof line; size++) {
        size_t length = log_line(line, size, LOG_LEVEL_WARNING, names, names, message);
        assert_true(length < size && line[length] == '\0' && line[length - 1] == '\n');
        assert_true(utf8_valid(line, length));
        assert_ptr_equal(strchr(line, '\n'), line + length - 1);
    }
}

static void test_levels_by_name(void **state)
{
    (void)state;
    assert_int_equal(log_level_named("debug"), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_named("error"), LOG_LEVEL_ERROR);
    assert_int_equal(log_level_named("loud"), 0);
    log_set_level(LOG_LEVEL_NOTICE);
    assert_true(log_enabled(LOG_LEVEL_NOTICE));
    assert_false(log_enabled(LOG_LEVEL_INFO));
}

static void test_offered_languages(void **state)
{
    (void)state;
    static const char *const chinese[] = {"zh",         "zh_CN",        "zh_CN.UTF-8",
                                          "zh.UTF-8",   "zh-CN",        "zh_SG",
                                          "zh_Hans_HK", "zh_CN@pinyin", "zh_SG.UTF-8"};
    static const char *const english[] = {"en",    "en_GB.UTF-8", "C",     "POSIX",
                                          "",      "zh_TW.UTF-8", "zh_HK", "zha",
                                          "de_DE", "../../zh_CN"};
    for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++)
        assert_string_equal(i18n_offered(chinese[i]), "zh_CN");
    for (size_t i = 0; i < sizeof english / sizeof *english; i++)
        assert_string_equal(i18n_offered(english[i]), "en");
    assert_string_equal(i18n_offered(NULL), "en");
}

static void test_flat_text_is_one_line(void **state)
{
    (void)state;
    char text[] = "a\nb\x1b[1m铁\t\x7f";
    text_flatten(text);
    assert_string_equal(text, "a b [1m铁  ");
    // CSI in one character, a text that turns around, bytes that are no character, a cut one.
    char sly[] = "a\302\2331mb\u202ec\xff \xe9";
    text_flatten(sly);
    assert_string_equal(sly, "a  1mb   c\xff \xe9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_is_told_from_other_bytes),
        cmocka_unit_test(test_width_counts_columns_in_any_locale),
        cmocka_unit_test(test_a_prefix_never_splits_a_character),
        cmocka_unit_test(test_lines_break_at_blanks_or_beside_wide_characters),
        cmocka_unit_test(test_the_longest_word),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_flat_text_is_one_line),
        cmocka_unit_test(test_a_log_event_stays_one_safe_line),
        cmocka_unit_test(test_a_long_log_event_is_cut_between_characters),
        cmocka_unit_test(test_levels_by_name),
        cmocka_unit_test(test_offered_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
