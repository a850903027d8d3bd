// Rows become messages by column name (architecture: "the daemon").
#include "common/arena.h"
#include "common/message.h"
#include "server/rpc/encode.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BUDGET = 1 << 20, COLUMNS_MAX = 8, LIMIT = 1 << 16 };

// A result as PostgreSQL would give it: the first row names the columns; NULL is NULL.
static PGresult *make_rows(int columns, int rows, const char *const *cells)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc names[COLUMNS_MAX] = {0};
    for (int i = 0; i < columns; i++) {
        names[i].name = (char *)cells[i];
    }
    assert_true(PQsetResultAttrs(result, columns, names));
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            const char *cell = cells[(row + 1) * columns + column];
            assert_true(
                PQsetvalue(result, row, column, (char *)cell, cell ? (int)strlen(cell) : -1));
        }
    }
    return result;
}

struct case_state {
    struct arena *arena;
    struct buffer out;
};

static int set_up(void **state)
{
    static struct case_state fresh;
    fresh = (struct case_state){.arena = arena_new(BUDGET), .out = {.limit = LIMIT}};
    *state = &fresh;
    return 0;
}

static int tear_down(void **state)
{
    struct case_state *fresh = *state;
    arena_free(fresh->arena);
    buffer_release(&fresh->out);
    return 0;
}

static const char *encode(void **state, const ProtobufCMessageDescriptor *answer, const char *fills,
                          int columns, int rows, const char *const *cells)
{
    struct case_state *fresh = *state;
    PGresult *result = make_rows(columns, rows, cells);
    static char wrong[64];
    const char *name = encode_rows(&fresh->out, answer, fills, result);
    snprintf(wrong, sizeof wrong, "%s", name ? name : "");
    PQclear(result);
    return name ? wrong : NULL;
}

static const void *unpack(void **state, const ProtobufCMessageDescriptor *answer)
{
    struct case_state *fresh = *state;
    const void *message =
        message_unpack(answer, fresh->arena, fresh->out.data, fresh->out.length, NULL, NULL);
    assert_non_null(message);
    return message;
}

static void rows_and_header_come_from_one_statement(void **state)
{
    const char *const cells[] = {"handle", "role",       "next_cursor", //
                                 "li.wei", "supervisor", "a",           //
                                 "王芳",   NULL,         "b"};
    assert_null(
        encode(state, &tiejun__v1__person_service_list_response__descriptor, NULL, 3, 2, cells));
    const Tiejun__V1__PersonServiceListResponse *answer =
        unpack(state, &tiejun__v1__person_service_list_response__descriptor);
    assert_int_equal(answer->n_people, 2);
    assert_int_equal(answer->people[0]->role, TIEJUN__V1__ROLE__ROLE_SUPERVISOR);
    assert_string_equal(answer->people[1]->handle, "王芳");
    assert_false(answer->people[1]->has_role);
    assert_string_equal(answer->next_cursor, "b");
}

static void a_row_of_nulls_beside_a_header_is_no_row(void **state)
{
    const char *const cells[] = {"handle", "next_cursor", NULL, "b"};
    assert_null(
        encode(state, &tiejun__v1__person_service_list_response__descriptor, NULL, 2, 1, cells));
    const Tiejun__V1__PersonServiceListResponse *answer =
        unpack(state, &tiejun__v1__person_service_list_response__descriptor);
    assert_int_equal(answer->n_people, 0);
    assert_string_equal(answer->next_cursor, "b");
}

static void several_statements_fill_several_fields(void **state)
{
    const char *const header[] = {"person", "factor_milli", "li.wei", "500"};
    const char *const metrics[] = {"metric", "done", "visits", "8", "signings", "-1"};
    const ProtobufCMessageDescriptor *type =
        &tiejun__v1__fact_service_show_day_response__descriptor;
    assert_null(encode(state, type, NULL, 2, 1, header));
    assert_null(encode(state, type, "metrics", 2, 2, metrics));
    const Tiejun__V1__FactServiceShowDayResponse *answer = unpack(state, type);
    assert_int_equal(answer->factor_milli, 500);
    assert_int_equal(answer->n_metrics, 2);
    assert_int_equal(answer->metrics[1]->done, -1);
}

static void instants_and_lists_are_read(void **state)
{
    const char *const cells[] = {"occurred_at",
                                 "failed_reasons",
                                 "effective", //
                                 "2026-07-01 02:30:00.25+00",
                                 "{no_purpose,\"a \\\"b\\\"\"}",
                                 "f"};
    const ProtobufCMessageDescriptor *type = &tiejun__v1__fact_service_list_response__descriptor;
    assert_null(encode(state, type, NULL, 3, 1, cells));
    const Tiejun__V1__FactServiceListResponse *answer = unpack(state, type);
    assert_int_equal(answer->facts[0]->occurred_at->seconds, 1782873000);
    assert_int_equal(answer->facts[0]->occurred_at->nanos, 250000000);
    assert_int_equal(answer->facts[0]->n_failed_reasons, 2);
    assert_string_equal(answer->facts[0]->failed_reasons[1], "a \"b\"");
    assert_true(answer->facts[0]->has_effective);
    assert_false(answer->facts[0]->effective);
}

static void a_list_of_numbers_is_read(void **state)
{
    const char *const cells[] = {"metric", "trend", "visits", "{1,-2,9223372036854775807}"};
    const ProtobufCMessageDescriptor *type =
        &tiejun__v1__report_service_rollup_response__descriptor;
    assert_null(encode(state, type, "rows", 2, 1, cells));
    const Tiejun__V1__ReportServiceRollupResponse *answer = unpack(state, type);
    assert_int_equal(answer->rows[0]->n_trend, 3);
    assert_true(answer->rows[0]->trend[2] == INT64_MAX);
}

static void a_column_that_is_no_field_is_named(void **state)
{
    const char *const cells[] = {"handle", "salary", "li.wei", "1"};
    assert_string_equal(
        encode(state, &tiejun__v1__person_service_list_response__descriptor, NULL, 2, 1, cells),
        "salary");
}

static void a_value_that_does_not_fit_names_its_column(void **state)
{
    const char *const cells[] = {"handle", "role", "li.wei", "emperor"};
    assert_string_equal(
        encode(state, &tiejun__v1__person_service_list_response__descriptor, NULL, 2, 1, cells),
        "role");
}

static void an_answer_past_its_limit_fails_as_a_whole(void **state)
{
    struct case_state *fresh = *state;
    fresh->out.limit = 8;
    const char *const cells[] = {"handle", "a handle that is longer than eight bytes"};
    assert_null(
        encode(state, &tiejun__v1__person_service_list_response__descriptor, NULL, 1, 1, cells));
    assert_true(fresh->out.failed);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(rows_and_header_come_from_one_statement),
        CASE(a_row_of_nulls_beside_a_header_is_no_row),
        CASE(several_statements_fill_several_fields),
        CASE(instants_and_lists_are_read),
        CASE(a_list_of_numbers_is_read),
        CASE(a_column_that_is_no_field_is_named),
        CASE(a_value_that_does_not_fit_names_its_column),
        CASE(an_answer_past_its_limit_fails_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
