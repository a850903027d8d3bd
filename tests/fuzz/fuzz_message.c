// Every message of the contract from bytes of the wire: unpacked within its budget, valid in all
// its strings and choices, packed to the same bytes again and again, and turned into PostgreSQL's
// text as the daemon does. common/message.h, server/rpc/bind.h, client/lib/json.h.

#include "client/lib/json.h"
#include "common/arena.h"
#include "common/message.h"
#include "server/rpc/bind.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

// A message with unknown fields must not be packed again, by our own rule.
static bool has_unknown(const ProtobufCMessage *message)
{
    if (message->n_unknown_fields > 0)
        return true;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || !message_has(message, field))
            continue;
        bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
        size_t count = repeated ? message_count(message, field) : 1;
        for (size_t j = 0; j < count; j++) {
            const void *place =
                repeated ? message_element(message, field, j) : message_member(message, field);
            if (has_unknown(*(const ProtobufCMessage *const *)place))
                return true;
        }
    }
    return false;
}

// What we pack unpacks to what packs the same.
static void check_packing(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *first = malloc(size + 1);
    uint8_t *second = malloc(size + 1);
    struct arena *arena = arena_new((size_t)256 << 20);
    PROMISE(protobuf_c_message_pack(message, first) == size);
    const ProtobufCMessage *again =
        message_unpack(message->descriptor, arena, first, size, NULL, NULL);
    PROMISE(again);
    PROMISE(protobuf_c_message_get_packed_size(again) == size);
    PROMISE(protobuf_c_message_pack(again, second) == size);
    PROMISE(memcmp(first, second, size) == 0);
    arena_free(arena);
    free(first);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    const ProtobufCMessageDescriptor *descriptor = input_message(&input);
    size_t budget = input_budget(&input);
    const char *why = NULL;
    struct arena *arena = arena_new(budget);
    const ProtobufCMessage *message =
        message_unpack(descriptor, arena, input.data, input.size, &why, NULL);
    PROMISE((message != NULL) == (why == NULL));
    if (message) {
        PROMISE(protobuf_c_message_check(message));
        PROMISE(message_validate(message, NULL, NULL));
        (void)bind_values(arena, message);
        json_t *json = json_from_message(message);
        PROMISE(json);
        json_decref(json);
        if (!has_unknown(message))
            check_packing(message);
    }
    PROMISE(arena_used(arena) <= budget);
    arena_free(arena);
    return 0;
}
