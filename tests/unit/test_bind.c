// Messages become SQL parameters by field name (architecture: "the daemon").
#include "common/arena.h"
#include "server/rpc/bind.h"
#include "server/rpc/steps.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BUDGET = 1 << 20 };

static int make_arena(void **state)
{
    *state = arena_new(BUDGET);
    return *state ? 0 : -1;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void the_statement_names_every_field_as_a_parameter(void **state)
{
    const char *text = bind_statement_text(*state, "person_move",
                                           &tiejun__v1__person_service_move_request__descriptor);
    assert_string_equal(text,
                        "SELECT * FROM person_move(person => $1, unit => $2, from_date => $3)");
}

static void what_is_absent_empty_or_unspecified_is_null(void **state)
{
    Tiejun__V1__PersonServiceAddRequest request = TIEJUN__V1__PERSON_SERVICE_ADD_REQUEST__INIT;
    request.handle = (char *)"li.wei";
    request.name = (char *)"";
    request.has_role = true;
    request.role = TIEJUN__V1__ROLE__ROLE_UNSPECIFIED;
    const char *const *values = bind_values(*state, &request.base);
    assert_string_equal(values[0], "li.wei");
    for (int i = 1; i < 5; i++) {
        assert_null(values[i]);
    }
}

static void numbers_enums_and_flags_are_text(void **state)
{
    Tiejun__V1__GoalServiceSetRequest request = TIEJUN__V1__GOAL_SERVICE_SET_REQUEST__INIT;
    request.has_target = true;
    request.target = INT64_MIN;
    request.has_locked = true;
    request.has_expected_version = true;
    request.expected_version = -7;
    const char *const *values = bind_values(*state, &request.base);
    assert_string_equal(values[5], "-9223372036854775808");
    assert_string_equal(values[8], "f");
    assert_string_equal(values[9], "-7");
}

static void hashes_are_bytea(void **state)
{
    uint8_t hash[] = {0x00, 0xff, 0x5c};
    Tiejun__V1__DeviceServiceAddRequest request = TIEJUN__V1__DEVICE_SERVICE_ADD_REQUEST__INIT;
    request.has_token_hash = true;
    request.token_hash = (ProtobufCBinaryData){sizeof hash, hash};
    assert_string_equal(bind_values(*state, &request.base)[1], "\\x00ff5c");
}

// Quotes and backslashes of a name pass two levels of quoting: array and composite.
static void rows_are_composites_in_an_array(void **state)
{
    Tiejun__V1__OrgRow row = TIEJUN__V1__ORG_ROW__INIT;
    Tiejun__V1__OrgRow *rows[] = {&row};
    row.has_line = true;
    row.line = 2;
    row.unit = (char *)"/a\"b\\c, {d}";
    row.has_role = true;
    row.role = TIEJUN__V1__ROLE__ROLE_REGION_MANAGER;
    Tiejun__V1__OrgServiceImportRequest request = TIEJUN__V1__ORG_SERVICE_IMPORT_REQUEST__INIT;
    request.n_rows = 1;
    request.rows = rows;
    assert_string_equal(bind_values(*state, &request.base)[0],
                        "{\"(\\\"2\\\",\\\"/a\\\\\\\"b\\\\\\\\c, {d}\\\",,,,"
                        "\\\"region_manager\\\",,)\"}");
}

static void a_list_inside_a_row_is_an_array_in_a_composite(void **state)
{
    char *reasons[] = {(char *)"no_purpose", (char *)"too_short"};
    Tiejun__Server__JudgedFact fact = TIEJUN__SERVER__JUDGED_FACT__INIT;
    Tiejun__Server__JudgedFact *facts[] = {&fact};
    fact.n_failed_reasons = 2;
    fact.failed_reasons = reasons;
    Tiejun__Server__FactPlan plan = TIEJUN__SERVER__FACT_PLAN__INIT;
    plan.n_facts = 1;
    plan.facts = facts;
    const char *text = bind_values(*state, &plan.base)[0];
    assert_non_null(strstr(text, "\\\"{\\\\\\\"no_purpose\\\\\\\",\\\\\\\"too_short\\\\\\\"}\\\""));
}

static void a_request_past_its_budget_is_not_bound(void **state)
{
    (void)state;
    struct arena *small = arena_new(64);
    Tiejun__V1__PersonServiceAddRequest request = TIEJUN__V1__PERSON_SERVICE_ADD_REQUEST__INIT;
    request.name = (char *)"a name that takes more than what is left of the sixty-four bytes";
    assert_null(bind_values(small, &request.base));
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_statement_names_every_field_as_a_parameter, make_arena,
                                        free_arena),
        cmocka_unit_test_setup_teardown(what_is_absent_empty_or_unspecified_is_null, make_arena,
                                        free_arena),
        cmocka_unit_test_setup_teardown(numbers_enums_and_flags_are_text, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(hashes_are_bytea, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(rows_are_composites_in_an_array, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(a_list_inside_a_row_is_an_array_in_a_composite, make_arena,
                                        free_arena),
        cmocka_unit_test(a_request_past_its_budget_is_not_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
