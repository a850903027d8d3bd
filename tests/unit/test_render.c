// What a person reads: bars, sparklines, figures, and tables that fit.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka needs the four above first.
#include <cmocka.h>

#include "client/lib/render.h"
#include "client/lib/table.h"
#include "common/i18n.h"
#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_bar(int64_t done, int64_t target, int cells, const char *expected)
{
    char out[256];
    assert_string_equal(render_bar(done, target, cells, out, sizeof out), expected);
    assert_int_equal(text_width(out), cells);
}

static void test_bar(void **state)
{
    (void)state;
    assert_bar(0, 8, 8, "░░░░░░░░");
    assert_bar(4, 8, 8, "████░░░░");
    assert_bar(8, 8, 8, "████████");
    assert_bar(9, 16, 8, "████▌░░░");
    // Something is never nothing, nor nearly all everything.
    assert_bar(1, 1000000, 4, "▏░░░");
    assert_bar(999999, 1000000, 4, "███▉");
    assert_bar(20, 8, 4, "████");
    assert_bar(0, 0, 4, "░░░░");
    assert_bar(1, 0, 4, "████");
    assert_bar(-3, 8, 4, "░░░░");
    assert_bar(INT64_MAX - 1, INT64_MAX, 4, "███▉");
}

static void test_bar_in_a_small_buffer_keeps_whole_characters(void **state)
{
    (void)state;
    char out[8];
    render_bar(8, 8, 8, out, sizeof out);
    assert_true(utf8_valid(out, strlen(out)));
    assert_string_equal(out, "██");
}

static void test_sparkline(void **state)
{
    (void)state;
    char out[64];
    const int64_t rising[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const int64_t nothing[] = {0, 0, 0};
    const int64_t large[] = {INT64_MAX, INT64_MIN, INT64_MAX / 2};
    assert_string_equal(render_sparkline(rising, 8, out, sizeof out), "▁▂▃▄▅▆▇█");
    assert_string_equal(render_sparkline(nothing, 3, out, sizeof out), "▁▁▁");
    assert_string_equal(render_sparkline(large, 3, out, sizeof out), "█▁▅");
    assert_string_equal(render_sparkline(NULL, 0, out, sizeof out), "");
}

static void test_figures(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(render_percent(825, out, sizeof out), "82.5%");
    assert_string_equal(render_percent(0, out, sizeof out), "0.0%");
    assert_string_equal(render_percent(-5, out, sizeof out), "-0.5%");
    assert_string_equal(render_percent(12345678, out, sizeof out), "1,234,567.8%");
    assert_string_equal(render_count(-1234567, out, sizeof out), "-1,234,567");
    assert_string_equal(render_money(1250000, "CNY", out, sizeof out), "12,500.00 CNY");
    assert_string_equal(render_money(1250000, "JPY", out, sizeof out), "1,250,000 JPY");
    assert_string_equal(render_money(1250000, NULL, out, sizeof out), "1,250,000");
    assert_string_equal(render_money_plain(-1250050, "CNY", out, sizeof out), "-12500.50");
    assert_string_equal(render_money_plain(INT64_MIN, "CNY", out, sizeof out),
                        "-92233720368547758.08");
    assert_string_equal(render_milli(21500, out, sizeof out), "21.5");
    assert_string_equal(render_milli(21000, out, sizeof out), "21");
    assert_string_equal(render_milli(-500, out, sizeof out), "-0.5");
    assert_string_equal(render_date("2026-07-15", out, sizeof out), "2026-07-15 Wed");
    assert_string_equal(render_date("soon", out, sizeof out), "soon");
    assert_string_equal(render_date(NULL, out, sizeof out), "");
}

enum { NAME, AMOUNT, BAR, HIDDEN };

static const struct table_column columns[] = {
    {"name", "name", TABLE_TRUNCATE},
    {"amount", "amount", TABLE_RIGHT},
    {"bar", "", TABLE_SCREEN_ONLY},
    {"hidden", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

static char *printed(struct table *table, void (*print)(struct table *, FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    print(table, stream);
    fclose(stream);
    table_free(table);
    return text;
}

static struct table *sample(const char *name)
{
    struct table *table = table_new(columns);
    size_t row = table_add(table);
    table_set(table, row, NAME, name);
    table_set_money(table, row, AMOUNT, 123456789, "CNY");
    table_set(table, row, BAR, "████");
    table_set(table, row, HIDDEN, "said \"no\", twice");
    size_t total = table_add_total(table, NAME);
    table_set_money(table, total, AMOUNT, 123456789, "CNY");
    return table;
}

static void assert_fits(const char *text, int width)
{
    while (*text) {
        char line[1024];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        assert_true(text_width(line) <= width);
        text += length + (text[length] == '\n');
    }
}

static void test_table_fits(void **state)
{
    (void)state;
    setenv("COLUMNS", "60", 1);
    char name[600] = "";
    for (int i = 0; i < 60; i++)
        strcat(name, i % 2 ? "铁军" : "ab");
    char *text = printed(sample(name), table_print);
    assert_fits(text, 60);
    assert_non_null(strstr(text, "1,234,567.89"));
    assert_non_null(strstr(text, "铁军"));
    assert_null(strstr(text, "twice"));
    assert_null(strstr(text, " \n"));
    free(text);
    unsetenv("COLUMNS");
}

static void test_control_characters_do_not_reach_the_terminal(void **state)
{
    (void)state;
    char *text = printed(sample("\033[2Jevil\nline"), table_print);
    assert_null(strchr(text, '\033'));
    free(text);
}

static void test_csv(void **state)
{
    (void)state;
    char *text = printed(sample("Acme, Ltd"), table_print_csv);
    assert_string_equal(text, "name,amount,hidden\n"
                              "\"Acme, Ltd\",1234567.89,\"said \"\"no\"\", twice\"\n");
    free(text);
}

// Decimals are dropped by all amounts of a table, or by none.
static void test_decimals_of_a_table(void **state)
{
    (void)state;
    setenv("COLUMNS", "60", 1);
    struct table *table = table_new(columns);
    table_set_money(table, table_add(table), AMOUNT, 123400, "CNY");
    table_set_money(table, table_add(table), AMOUNT, 5000, "KWD");
    table_set_money_words(table, table_add(table), NAME, "short by %s!", -98700, "CNY");
    table_set_money(table, 0, HIDDEN, 1, "CNY");
    char *text = printed(table, table_print);
    assert_non_null(strstr(text, "1,234"));
    assert_null(strchr(text, '.'));
    assert_non_null(strstr(text, "short by -987!"));
    free(text);
    table = table_new(columns);
    table_set_money(table, table_add(table), AMOUNT, 123400, "CNY");
    table_set_money(table, table_add(table), AMOUNT, 1, "CNY");
    text = printed(table, table_print);
    assert_non_null(strstr(text, "1,234.00"));
    free(text);
}

// A cell that is hidden on the screen is in a file all the same.
static void test_hidden_cells(void **state)
{
    (void)state;
    struct table *table = sample("Acme");
    table_hide(table, 0, AMOUNT);
    char *text = printed(table, table_print_csv);
    assert_non_null(strstr(text, "Acme,1234567.89,"));
    free(text);
}

static void test_estimate(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(render_estimate(99999, "CNY", out, sizeof out), "999.99 CNY");
    assert_string_equal(render_estimate(100050, "CNY", out, sizeof out), "1,001 CNY");
    assert_string_equal(render_estimate(-100050, "CNY", out, sizeof out), "-1,001 CNY");
    assert_string_equal(render_estimate(100050, "JPY", out, sizeof out), "100,050 JPY");
    assert_string_equal(render_estimate(100050, NULL, out, sizeof out), "100,050");
    assert_string_equal(render_estimate(INT64_MAX, "CNY", out, sizeof out),
                        "92,233,720,368,547,758 CNY");
}

int main(void)
{
    i18n_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bar),
        cmocka_unit_test(test_bar_in_a_small_buffer_keeps_whole_characters),
        cmocka_unit_test(test_sparkline),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_table_fits),
        cmocka_unit_test(test_control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_decimals_of_a_table),
        cmocka_unit_test(test_hidden_cells),
        cmocka_unit_test(test_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
