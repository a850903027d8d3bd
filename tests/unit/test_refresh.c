// A refresh of the copy, call by call, with a daemon that answers or refuses.
#include "client/lib/refresh.h"

#include "common/contract.h"
#include "tiejun/v1/frame.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PACE "tiejun.v1.PaceService.Show"

// Answers each call with nothing in it, and that one with a status. Returns how many came; 0 when
// there was no going on.
static unsigned answer_all(struct copy *copy, const char *refused, int status)
{
    unsigned count = 0;
    bool good = true;
    struct refresh *refresh = refresh_new(copy);
    const struct refresh_call *call;
    while (good && (call = refresh_next(refresh))) {
        const ProtobufCMessageDescriptor *type = contract_method(call->method, NULL)->output;
        ProtobufCMessage *nothing = calloc(1, type->sizeof_message);
        struct session_error error = {.status = status};
        bool is_refused = strcmp(call->method, refused) == 0;
        assert_non_null(nothing);
        protobuf_c_message_init(type, nothing);
        good = refresh_take(refresh, is_refused ? SESSION_REFUSED : SESSION_OK,
                            is_refused ? NULL : nothing, &error);
        free(nothing);
        count++;
    }
    refresh_free(refresh);
    return good ? count : 0;
}

static int open_copy(void **state)
{
    static char folder[] = "/tmp/tiejun-refresh-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    *state = copy_open(".");
    return *state ? 0 : -1;
}

static int drop_copy(void **state)
{
    static const char *const files[] = {"copy.sqlite", "copy.sqlite-wal", "copy.sqlite-shm"};
    char folder[64];
    copy_close(*state);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    return getcwd(folder, sizeof folder) ? rmdir(folder) : -1;
}

static void test_what_not_everybody_has_is_left_out(void **state)
{
    unsigned all = answer_all(*state, "", 0);
    assert_in_range(all, 5, 10);
    assert_int_equal(answer_all(*state, PACE, TIEJUN__V1__STATUS__STATUS_NOT_FOUND), all);
}

static void test_what_may_be_had_in_a_moment_is_not_left_out(void **state)
{
    assert_int_equal(answer_all(*state, PACE, TIEJUN__V1__STATUS__STATUS_BUSY), 0);
    assert_int_equal(answer_all(*state, PACE, TIEJUN__V1__STATUS__STATUS_UNAVAILABLE), 0);
}

static void test_without_ones_own_there_is_no_going_on(void **state)
{
    assert_int_equal(
        answer_all(*state, "tiejun.v1.DealService.Changes", TIEJUN__V1__STATUS__STATUS_NOT_FOUND),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_not_everybody_has_is_left_out),
        cmocka_unit_test(test_what_may_be_had_in_a_moment_is_not_left_out),
        cmocka_unit_test(test_without_ones_own_there_is_no_going_on),
    };
    return cmocka_run_group_tests(tests, open_copy, drop_copy);
}
