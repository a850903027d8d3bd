#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/lib/plot.h"

static void a_line_goes_from_corner_to_corner(void **state)
{
    (void)state;
    char row[64];
    struct plot *plot = plot_new(2, 1);
    plot_line(plot, 0, 0, PLOT_SIDE, PLOT_SIDE, 1);
    assert_string_equal(plot_row(plot, 0, row, sizeof row), "⡠⠊");
    plot_free(plot);
}

static void rows_are_counted_from_above(void **state)
{
    (void)state;
    char row[64];
    struct plot *plot = plot_new(1, 2);
    plot_line(plot, 0, PLOT_SIDE, PLOT_SIDE, PLOT_SIDE, 1);
    assert_string_equal(plot_row(plot, 0, row, sizeof row), "⠉");
    assert_string_equal(plot_row(plot, 1, row, sizeof row), "⠀");
    plot_free(plot);
}

static void a_dotted_line_leaves_out_columns(void **state)
{
    (void)state;
    char row[64];
    struct plot *plot = plot_new(3, 1);
    plot_line(plot, 0, 0, PLOT_SIDE, 0, 3);
    assert_string_equal(plot_row(plot, 0, row, sizeof row), "⡀⢀⠀");
    plot_free(plot);
}

static void what_lies_beyond_is_drawn_on_the_edge(void **state)
{
    (void)state;
    char row[64];
    struct plot *plot = plot_new(1, 1);
    plot_line(plot, INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX, 1);
    plot_line(plot, -1, PLOT_SIDE + 1, -1, PLOT_SIDE + 1, 1);
    assert_string_equal(plot_row(plot, 0, row, sizeof row), "⡝");
    plot_free(plot);
}

static void a_small_buffer_ends_in_whole_characters(void **state)
{
    (void)state;
    char row[8];
    struct plot *plot = plot_new(5, 1);
    assert_string_equal(plot_row(plot, 0, row, sizeof row), "⠀⠀");
    plot_free(plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_goes_from_corner_to_corner),
        cmocka_unit_test(rows_are_counted_from_above),
        cmocka_unit_test(a_dotted_line_leaves_out_columns),
        cmocka_unit_test(what_lies_beyond_is_drawn_on_the_edge),
        cmocka_unit_test(a_small_buffer_ends_in_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
