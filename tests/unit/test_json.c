// The JSON mapping: every message of the contract with random content comes back the same, and
// what does not fit is refused with its path.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka needs the four above first.
#include <cmocka.h>

#include "client/lib/json.h"
#include "common/arena.h"
#include "common/contract.h"
#include "common/i18n.h"
#include "common/message.h"
#include "tiejun/v1/calendar.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/frame.pb-c.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 40
#define ARENA_BUDGET ((size_t)64 << 20)
#define SECONDS_MIN INT64_C(-62135596800)
#define SECONDS_MAX INT64_C(253402300799)

static uint64_t seed = 20260715;

// xorshift64*: the same numbers on every machine.
static uint64_t random_bits(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * UINT64_C(2685821657736338717);
}

static size_t random_below(size_t limit)
{
    return (size_t)(random_bits() % limit);
}

static int64_t random_int64(void)
{
    static const int64_t extremes[] = {INT64_MIN, INT64_MAX, 0, -1, INT64_C(9007199254740993)};
    size_t choice = random_below(10);
    return choice < 5 ? extremes[choice] : (int64_t)random_bits();
}

static char *random_text(struct arena *arena)
{
    static const char *const pieces[] = {"a", "\"", "\\", "/", "\n", "\t",     "\x01", "\x7f",
                                         "é", "铁", "军", "😀", "{}", "\u2028", "null", " "};
    char text[256] = "";
    for (size_t left = random_below(12); left > 0; left--)
        strcat(text, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
    return arena_strdup(arena, text);
}

static ProtobufCMessage *random_message(const ProtobufCMessageDescriptor *descriptor,
                                        struct arena *arena);

static void random_value(const ProtobufCFieldDescriptor *field, void *value, struct arena *arena)
{
    const ProtobufCEnumDescriptor *values = field->descriptor;
    ProtobufCBinaryData bytes;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)value = random_int64();
        break;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
        *(int32_t *)value = (int32_t)random_int64();
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)value = random_below(2) != 0;
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)value = values->values[random_below(values->n_values)].value;
        break;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)value = random_text(arena);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        // With NULs in it.
        bytes = (ProtobufCBinaryData){random_below(9), arena_alloc(arena, 9)};
        for (size_t i = 0; i < bytes.len; i++)
            bytes.data[i] = (uint8_t)(random_below(3) ? random_bits() : 0);
        *(ProtobufCBinaryData *)value = bytes;
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)value = random_message(field->descriptor, arena);
        break;
    default:
        fail_msg("the contract has a new type in %s", field->name);
    }
}

static void random_list(const ProtobufCFieldDescriptor *field, ProtobufCMessage *message,
                        struct arena *arena)
{
    size_t count = random_below(4);
    size_t step = message_value_size(field->type);
    char *values = arena_alloc(arena, count * step + 1);
    for (size_t i = 0; i < count; i++)
        random_value(field, values + i * step, arena);
    *(void **)((char *)message + field->offset) = values;
    *(size_t *)((char *)message + field->quantifier_offset) = count;
}

static void random_field(const ProtobufCFieldDescriptor *field, ProtobufCMessage *message,
                         struct arena *arena)
{
    void *quantifier = (char *)message + field->quantifier_offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        random_list(field, message, arena);
        return;
    }
    if (random_below(3) == 0)
        return;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        if (*(uint32_t *)quantifier)
            return;
        *(uint32_t *)quantifier = field->id;
    } else if (field->quantifier_offset) {
        *(protobuf_c_boolean *)quantifier = true;
    }
    random_value(field, (char *)message + field->offset, arena);
}

static void random_instant(Google__Protobuf__Timestamp *instant)
{
    static const int32_t nanos[] = {0, 500000000, 123000000, 123456000, 1, 999999999};
    instant->nanos = nanos[random_below(sizeof nanos / sizeof nanos[0])];
    instant->seconds = SECONDS_MIN + (int64_t)(random_bits() % (SECONDS_MAX - SECONDS_MIN + 1));
}

static ProtobufCMessage *random_message(const ProtobufCMessageDescriptor *descriptor,
                                        struct arena *arena)
{
    ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);
    assert_non_null(message);
    descriptor->message_init(message);
    if (descriptor == &google__protobuf__timestamp__descriptor) {
        random_instant((Google__Protobuf__Timestamp *)message);
        return message;
    }
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        random_field(&descriptor->fields[i], message, arena);
    return message;
}

static void assert_same_bytes(const ProtobufCMessage *one, const ProtobufCMessage *other)
{
    size_t size = protobuf_c_message_get_packed_size(one);
    assert_int_equal(size, protobuf_c_message_get_packed_size(other));
    uint8_t *left = malloc(size + 1);
    uint8_t *right = malloc(size + 1);
    protobuf_c_message_pack(one, left);
    protobuf_c_message_pack(other, right);
    assert_memory_equal(left, right, size);
    free(left);
    free(right);
}

static void round_trip(const ProtobufCMessageDescriptor *descriptor)
{
    struct arena *arena = arena_new(ARENA_BUDGET);
    ProtobufCMessage *message = random_message(descriptor, arena);
    json_t *json = json_from_message(message);
    assert_non_null(json);
    char *text = json_dumps(json, JSON_INDENT(2));
    char error[512] = "";
    ProtobufCMessage *back =
        json_parse_message(descriptor, text, strlen(text), arena, error, sizeof error);
    if (!back)
        fail_msg("%s: %s\n%s", descriptor->name, error, text);
    assert_same_bytes(message, back);
    free(text);
    json_decref(json);
    arena_free(arena);
}

static void test_every_message_comes_back_the_same(void **state)
{
    (void)state;
    for (const ProtobufCServiceDescriptor *const *service = contract_services; *service;
         service++) {
        for (unsigned i = 0; i < (*service)->n_methods; i++) {
            for (int round = 0; round < ROUNDS; round++) {
                round_trip((*service)->methods[i].input);
                round_trip((*service)->methods[i].output);
            }
        }
    }
    for (int round = 0; round < ROUNDS * 10; round++) {
        round_trip(&tiejun__v1__client_frame__descriptor);
        round_trip(&tiejun__v1__server_frame__descriptor);
    }
}

static ProtobufCMessage *parse(const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                               const char *text, char error[512])
{
    error[0] = '\0';
    return json_parse_message(descriptor, text, strlen(text), arena, error, 512);
}

static void test_other_spellings_that_the_mapping_allows(void **state)
{
    (void)state;
    char error[512];
    struct arena *arena = arena_new(ARENA_BUDGET);
    Tiejun__V1__Fact *fact = (Tiejun__V1__Fact *)parse(
        &tiejun__v1__fact__descriptor, arena,
        "{\"amount_minor\": 12, \"kind\": 3, \"minutes\": \"15\", \"note\": null,"
        " \"occurredAt\": \"2026-07-01T14:30:00+08:00\"}",
        error);
    assert_string_equal(error, "");
    assert_int_equal(fact->amount_minor, 12);
    assert_int_equal(fact->kind, TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT);
    assert_int_equal(fact->minutes, 15);
    assert_null(fact->note);
    assert_int_equal(fact->occurred_at->seconds, 1782887400);
    Tiejun__V1__CalendarDay *day = (Tiejun__V1__CalendarDay *)parse(
        &tiejun__v1__calendar_day__descriptor, arena, "{\"factorMilli\": 1e3}", error);
    assert_int_equal(day->factor_milli, 1000);
    arena_free(arena);
}

static void assert_refused(const ProtobufCMessageDescriptor *descriptor, const char *text,
                           const char *expected)
{
    char error[512];
    struct arena *arena = arena_new(ARENA_BUDGET);
    assert_null(parse(descriptor, arena, text, error));
    if (!strstr(error, expected))
        fail_msg("%s: \"%s\" should have \"%s\" in it", text, error, expected);
    assert_null(strchr(error, '\n'));
    arena_free(arena);
}

static void test_what_does_not_fit_is_refused_with_its_path(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *log = &tiejun__v1__fact_service_log_request__descriptor;
    assert_refused(log, "{\"fact\": []}", "fact: FactServiceLogRequest has no such field");
    assert_refused(log, "{\"facts\": [{}, {\"kidn\": 1}]}",
                   "facts[1].kidn: Fact has no such field");
    assert_refused(log, "{\"facts\": {}}", "facts: a list is expected");
    assert_refused(log, "{\"facts\": [1]}", "facts[0]: an object is expected");
    assert_refused(log, "{\"dryRun\": \"yes\"}", "dryRun: true or false is expected");
    assert_refused(log, "{\"dryRun\": true, \"dry_run\": true}", "the field is there twice");
    assert_refused(log, "{\"facts\": [{\"kind\": \"VISIT\"}]}", "facts[0].kind: ");
    assert_refused(log, "{\"facts\": [{\"kind\": 99}]}", "facts[0].kind: ");
    assert_refused(log, "{\"facts\": [{\"minutes\": 1.5}]}", "minutes: a whole number is expected");
    assert_refused(log, "{\"facts\": [{\"minutes\": 4294967296}]}", "minutes: the number is too");
    assert_refused(log, "{\"facts\": [{\"minutes\": \"\"}]}",
                   "minutes: a whole number is expected");
    assert_refused(log, "{\"facts\": [{\"amountMinor\": \"9223372036854775808\"}]}",
                   "facts[0].amountMinor: the number is too large");
    assert_refused(log, "{\"facts\": [{\"note\": 5}]}", "note: a text is expected");
    assert_refused(log, "{\"facts\": [{\"note\": \"a\\u0000b\"}]}", "note: the text has a NUL");
    assert_refused(log, "{\"facts\": [{\"occurredAt\": \"2026-07-01\"}]}",
                   "occurredAt: an instant is expected");
    assert_refused(log, "{\"facts\": [", "This is not JSON");
    assert_refused(log, "{} {}", "This is not JSON");
    assert_refused(log, "{\"dryRun\": true, \"dryRun\": true}", "This is not JSON");
    assert_refused(log, "[]", "an object is expected");
    assert_refused(log, "{\"fa\\ncts\": []}", "fa cts: FactServiceLogRequest has no such field");
    assert_refused(log, "{\"dry\nRun\": true}", "This is not JSON");
    assert_refused(&tiejun__v1__hello__descriptor, "{\"deviceToken\": \"*\"}",
                   "deviceToken: base64 text is expected");
    assert_refused(&tiejun__v1__client_frame__descriptor, "{\"hello\": {}, \"request\": {}}",
                   "only one of these fields");
}

static void test_names(void **state)
{
    (void)state;
    char name[16];
    json_name("win_rate_closed_milli", name, sizeof name);
    assert_string_equal(name, "winRateClosedMi");
    json_name("id", name, sizeof name);
    assert_string_equal(name, "id");
}

int main(void)
{
    i18n_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_message_comes_back_the_same),
        cmocka_unit_test(test_other_spellings_that_the_mapping_allows),
        cmocka_unit_test(test_what_does_not_fit_is_refused_with_its_path),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
