#include "common/message.h"

#include "common/arena.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/frame.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BUDGET 65536

static struct arena *arena;
static const char *why;
static const char *wrong_field;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_new(BUDGET);
    return arena == NULL;
}

static int drop_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void *unpack(const ProtobufCMessageDescriptor *descriptor, const char *bytes, size_t size)
{
    return message_unpack(descriptor, arena, (const uint8_t *)bytes, size, &why, &wrong_field);
}

#define UNPACK(descriptor, literal) unpack(&(descriptor), literal, sizeof(literal) - 1)

static const ProtobufCFieldDescriptor *field_of(const void *message, const char *name)
{
    const ProtobufCMessageDescriptor *descriptor = ((const ProtobufCMessage *)message)->descriptor;
    return protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
}

static void test_a_sound_message_is_unpacked(void **state)
{
    (void)state;
    Tiejun__V1__HeldRole roles[2] = {TIEJUN__V1__HELD_ROLE__INIT, TIEJUN__V1__HELD_ROLE__INIT};
    Tiejun__V1__HeldRole *pointers[2] = {&roles[0], &roles[1]};
    roles[1].has_role = 1;
    roles[1].role = TIEJUN__V1__ROLE__ROLE_DIRECTOR;
    Tiejun__V1__SessionServiceWhoAmIResponse sent =
        TIEJUN__V1__SESSION_SERVICE_WHO_AM_IRESPONSE__INIT;
    sent.person = "li.wei";
    sent.name = "李伟";
    sent.n_roles = 2;
    sent.roles = pointers;
    uint8_t bytes[256];
    size_t size = protobuf_c_message_pack(&sent.base, bytes);

    Tiejun__V1__SessionServiceWhoAmIResponse *got =
        (void *)message_unpack(sent.base.descriptor, arena, bytes, size, NULL, NULL);
    assert_non_null(got);
    assert_string_equal(got->name, "李伟");
    assert_int_equal(got->n_roles, 2);
    assert_false(got->roles[0]->has_role);
    assert_int_equal(got->roles[1]->role, TIEJUN__V1__ROLE__ROLE_DIRECTOR);
    assert_null(got->unit);

    for (size_t cut = 0; cut < size; cut++)
        message_unpack(sent.base.descriptor, arena, bytes, cut, &why, &wrong_field);
}

static void test_no_bytes_are_an_empty_message(void **state)
{
    (void)state;
    Tiejun__V1__Hello *hello =
        (void *)message_unpack(&tiejun__v1__hello__descriptor, arena, NULL, 0, &why, &wrong_field);
    assert_non_null(hello);
    assert_false(hello->has_major);
    assert_null(why);
}

static void test_a_string_with_a_nul_is_refused_at_any_depth(void **state)
{
    (void)state;
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x1a\x03"
                                                      "a\0b"));
    assert_string_equal(wrong_field, "client");
    assert_non_null(why);
    assert_null(UNPACK(tiejun__v1__client_frame__descriptor, "\x0a\x03\x1a\x01\0"));
    assert_string_equal(wrong_field, "client");
    // Bytes may have any.
    assert_non_null(UNPACK(tiejun__v1__hello__descriptor, "\x32\x02\0\0"));
}

static void test_a_string_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    assert_null(UNPACK(tiejun__v1__client_frame__descriptor, "\x0a\x04\x22\x02\xc0\x80"));
    assert_string_equal(wrong_field, "locale");
    // Element 1 of a repeated string.
    assert_null(UNPACK(tiejun__v1__report_service_rollup_request__descriptor, "\x2a\x01"
                                                                              "a\x2a\x01\xff"));
    assert_string_equal(wrong_field, "metrics");
}

static void test_an_enum_value_that_is_not_known_is_refused(void **state)
{
    (void)state;
    assert_non_null(UNPACK(tiejun__v1__held_role__descriptor, "\x08\x05"));
    assert_null(UNPACK(tiejun__v1__held_role__descriptor, "\x08\x06"));
    assert_string_equal(wrong_field, "role");
    assert_null(
        UNPACK(tiejun__v1__held_role__descriptor, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    // Inside a repeated message.
    assert_null(UNPACK(tiejun__v1__session_service_who_am_iresponse__descriptor,
                       "\x3a\x02\x08\x01\x3a\x02\x08\x09"));
    assert_string_equal(wrong_field, "role");
}

// Field 99, a varint, in the message and in a message inside it.
static void test_unknown_fields_can_be_let_go(void **state)
{
    (void)state;
    Tiejun__V1__SessionServiceWhoAmIResponse *answer =
        UNPACK(tiejun__v1__session_service_who_am_iresponse__descriptor,
               "\x0A\x01x\x98\x06\x01\x3A\x05\x08\x04\x98\x06\x01");
    assert_non_null(answer);
    assert_int_equal(answer->base.n_unknown_fields, 1);
    assert_int_equal(answer->roles[0]->base.n_unknown_fields, 1);
    message_forget_unknown(&answer->base);
    uint8_t packed[16];
    assert_int_equal(protobuf_c_message_pack(&answer->base, packed), 7);
    assert_memory_equal(packed, "\x0A\x01x\x3A\x02\x08\x04", 7);
}

static void test_unknown_fields_are_counted_over_the_whole_message(void **state)
{
    (void)state;
    char bytes[128];
    size_t size = 0;
    // In the inner message and behind it, field 15 as a varint and as bytes.
    bytes[size++] = 0x0a;
    bytes[size++] = 2 * 8;
    for (int i = 0; i < 8; i++) {
        bytes[size++] = 0x78;
        bytes[size++] = 1;
    }
    for (int i = 0; i < 8; i++) {
        bytes[size++] = 0x7a;
        bytes[size++] = 0;
    }
    assert_non_null(unpack(&tiejun__v1__client_frame__descriptor, bytes, size));
    bytes[size++] = 0x7d;
    memset(bytes + size, 0, 4);
    size += 4;
    assert_null(unpack(&tiejun__v1__client_frame__descriptor, bytes, size));
    assert_non_null(strstr(why, "unknown"));
}

static void test_what_is_no_message_is_refused(void **state)
{
    (void)state;
    // Groups, tag 0, a length beyond the end, an endless varint, wire types that do not exist, a
    // string sent as a number.
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x7b\x7c"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x00\x01"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x1a\x05"
                                                      "ab"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                                      "ab"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor,
                       "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x7e\x01"));
    assert_null(UNPACK(tiejun__v1__hello__descriptor, "\x18\x01"));
    assert_non_null(why);
    assert_null(wrong_field);
}

static void test_amplification_ends_at_the_budget(void **state)
{
    (void)state;
    enum { SIZE = 32768 };
    static char bytes[SIZE];
    for (size_t i = 0; i < SIZE; i += 2) {
        // facts[], each of them empty.
        bytes[i] = 0x0a;
        bytes[i + 1] = 0;
    }
    assert_null(unpack(&tiejun__v1__fact_service_log_request__descriptor, bytes, SIZE));
    assert_true(arena_used(arena) <= BUDGET);
}

// Any bytes end in a message or a refusal; the sanitizers watch how.
static void test_bytes_by_chance_do_no_harm(void **state)
{
    (void)state;
    srand(20260715);
    for (int round = 0; round < 100000; round++) {
        char bytes[48];
        size_t size = (size_t)rand() % sizeof bytes;
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)(rand() % 3 ? "\x0a\x12\x1a\x22\x08\x02\x04\x01\x00\x7a"[rand() % 10]
                                         : rand());
        struct arena *own = arena_new(4096);
        message_unpack(round % 2 ? &tiejun__v1__client_frame__descriptor
                                 : &tiejun__v1__fact_service_log_request__descriptor,
                       own, (const uint8_t *)bytes, size, &why, &wrong_field);
        arena_free(own);
    }
}

static void test_presence(void **state)
{
    (void)state;
    Tiejun__V1__Hello hello = TIEJUN__V1__HELLO__INIT;
    Google__Protobuf__Timestamp clock = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    const ProtobufCMessage *message = &hello.base;
    static const char *const names[] = {"major", "client", "clock", "device_token"};
    for (int i = 0; i < 4; i++)
        assert_false(message_has(message, field_of(message, names[i])));
    hello.has_major = 1;
    hello.client = "";
    hello.clock = &clock;
    hello.has_device_token = 1;
    for (int i = 0; i < 4; i++)
        assert_true(message_has(message, field_of(message, names[i])));
    assert_ptr_equal(message_member(message, field_of(message, "client")), &hello.client);
}

static void test_presence_in_a_oneof(void **state)
{
    (void)state;
    Tiejun__V1__ClientFrame frame = TIEJUN__V1__CLIENT_FRAME__INIT;
    Tiejun__V1__Request request = TIEJUN__V1__REQUEST__INIT;
    assert_false(message_has(&frame.base, field_of(&frame, "request")));
    frame.frame_case = TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST;
    frame.request = &request;
    assert_true(message_has(&frame.base, field_of(&frame, "request")));
    assert_false(message_has(&frame.base, field_of(&frame, "hello")));
}

static void test_presence_in_proto3(void **state)
{
    (void)state;
    Google__Protobuf__Timestamp clock = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    assert_false(message_has(&clock.base, field_of(&clock, "seconds")));
    clock.seconds = (int64_t)1 << 40;
    assert_true(message_has(&clock.base, field_of(&clock, "seconds")));
    assert_false(message_has(&clock.base, field_of(&clock, "nanos")));
}

static void test_repeated_fields(void **state)
{
    (void)state;
    int64_t trend[] = {3, 5, 8};
    Tiejun__V1__RollupRow row = TIEJUN__V1__ROLLUP_ROW__INIT;
    const ProtobufCFieldDescriptor *field = field_of(&row, "trend");
    assert_false(message_has(&row.base, field));
    row.n_trend = 3;
    row.trend = trend;
    assert_true(message_has(&row.base, field));
    assert_int_equal(message_count(&row.base, field), 3);
    assert_int_equal(*(const int64_t *)message_element(&row.base, field, 2), 8);

    char *metrics[] = {"visits", "signings"};
    Tiejun__V1__ReportServiceRollupRequest request =
        TIEJUN__V1__REPORT_SERVICE_ROLLUP_REQUEST__INIT;
    request.n_metrics = 2;
    request.metrics = metrics;
    assert_string_equal(
        *(char *const *)message_element(&request.base, field_of(&request, "metrics"), 1),
        "signings");
}

static void test_enum_words(void **state)
{
    (void)state;
    const ProtobufCEnumDescriptor *kinds = &tiejun__v1__fact_kind__descriptor;
    char word[32];
    int value = -1;
    assert_true(message_enum_text(kinds, 2, word, sizeof word));
    assert_string_equal(word, "new_customer");
    assert_false(message_enum_text(kinds, 0, word, sizeof word));
    assert_string_equal(word, "");
    assert_false(message_enum_text(kinds, 99, word, sizeof word));
    assert_false(message_enum_text(kinds, 2, word, 12));
    assert_true(message_enum_value(kinds, "new_customer", &value));
    assert_int_equal(value, 2);
    assert_true(message_enum_value(kinds, "Competitor-Sighting", &value));
    assert_int_equal(value, 8);
    assert_false(message_enum_value(kinds, "unspecified", &value));
    assert_false(message_enum_value(kinds, "new", &value));
    assert_false(message_enum_value(kinds, "", &value));
    assert_false(message_enum_value(kinds, NULL, &value));
    assert_true(message_enum_text(&tiejun__v1__role__descriptor, 3, word, sizeof word));
    assert_string_equal(word, "region_manager");
    assert_true(message_enum_text(&tiejun__v1__intake__descriptor, 1, word, sizeof word));
    assert_string_equal(word, "accepted");
}

// What the copy points at is its own: the original is overwritten before the two are compared.
static void test_a_copy_shares_nothing(void **state)
{
    (void)state;
    struct arena *first = arena_new(BUDGET);
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__V1__Fact fact = TIEJUN__V1__FACT__INIT;
    Tiejun__V1__Fact *facts[] = {&fact, &fact};
    Tiejun__V1__FactServiceLogRequest request = TIEJUN__V1__FACT_SERVICE_LOG_REQUEST__INIT;
    uint8_t before[256];
    uint8_t after[256];
    at.seconds = 1767225600;
    fact.id = arena_strdup(first, "0198c0de-0000-7000-8000-000000000001");
    fact.customer = arena_strdup(first, "Acme");
    fact.has_minutes = true;
    fact.minutes = 40;
    fact.occurred_at = &at;
    request.n_facts = 2;
    request.facts = facts;
    size_t size = protobuf_c_message_pack(&request.base, before);

    ProtobufCMessage *copy = message_copy(arena, &request.base);
    assert_non_null(copy);
    at.seconds = 0;
    facts[0] = facts[1] = NULL;
    arena_wipe(first);
    arena_free(first);
    assert_int_equal(protobuf_c_message_pack(copy, after), size);
    assert_memory_equal(before, after, size);

    struct arena *small = arena_new(sizeof(Tiejun__V1__FactServiceLogRequest) + 64);
    assert_null(message_copy(small, copy));
    arena_free(small);
}

static void test_what_two_types_have_in_common_is_shared(void **state)
{
    (void)state;
    Tiejun__V1__StatedWeight weight = TIEJUN__V1__STATED_WEIGHT__INIT;
    Tiejun__V1__StatedWeight *weights[] = {&weight};
    Tiejun__V1__GoalServiceSplitRequest from = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    Tiejun__V1__GoalServiceSplitAlongRequest to =
        TIEJUN__V1__GOAL_SERVICE_SPLIT_ALONG_REQUEST__INIT;
    from.metric = "visits";
    from.n_weights = 1;
    from.weights = weights;
    from.has_deep = from.deep = true;
    from.has_periods = true;
    to.person = "li.wei";
    to.reason = "before";
    to.has_expected_version = true;
    to.expected_version = 3;
    message_share(&from.base, &to.base);
    assert_ptr_equal(to.metric, from.metric);
    assert_true(to.n_weights == 1 && to.weights == weights);
    assert_true(to.has_deep && to.deep);
    // What is absent there is absent here; what the other type does not have stays.
    assert_true(!to.reason && !to.has_expected_version && !to.has_part);
    assert_string_equal(to.person, "li.wei");
    // Fields of one name and two types are two fields.
    Tiejun__V1__Goal *goals[1] = {NULL};
    Tiejun__V1__GoalServiceListResponse list = TIEJUN__V1__GOAL_SERVICE_LIST_RESPONSE__INIT;
    Tiejun__V1__GoalServiceShowResponse show = TIEJUN__V1__GOAL_SERVICE_SHOW_RESPONSE__INIT;
    list.n_goals = 1;
    list.goals = goals;
    message_share(&list.base, &show.base);
    assert_true(show.n_goals == 0 && !show.goals);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, make_arena, drop_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(test_a_sound_message_is_unpacked),
        WITH_ARENA(test_no_bytes_are_an_empty_message),
        WITH_ARENA(test_a_string_with_a_nul_is_refused_at_any_depth),
        WITH_ARENA(test_a_string_that_is_not_utf8_is_refused),
        WITH_ARENA(test_an_enum_value_that_is_not_known_is_refused),
        WITH_ARENA(test_unknown_fields_are_counted_over_the_whole_message),
        WITH_ARENA(test_unknown_fields_can_be_let_go),
        WITH_ARENA(test_what_is_no_message_is_refused),
        WITH_ARENA(test_amplification_ends_at_the_budget),
        WITH_ARENA(test_a_copy_shares_nothing),
        cmocka_unit_test(test_bytes_by_chance_do_no_harm),
        cmocka_unit_test(test_what_two_types_have_in_common_is_shared),
        cmocka_unit_test(test_presence),
        cmocka_unit_test(test_presence_in_a_oneof),
        cmocka_unit_test(test_presence_in_proto3),
        cmocka_unit_test(test_repeated_fields),
        cmocka_unit_test(test_enum_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
