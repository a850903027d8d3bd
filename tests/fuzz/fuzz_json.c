// JSON of every message of the contract, as tiejun call is given it: what fits is a sound message,
// and turns into the same JSON again and again; what does not is refused in a sentence.
// client/lib/json.h.

#include "client/lib/json.h"
#include "common/arena.h"
#include "common/message.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define ROOMY ((size_t)64 << 20)

// The JSON of a message, which must come back as the same JSON.
static void check_round_trip(const ProtobufCMessage *message)
{
    char error[512];
    json_t *first = json_from_message(message);
    PROMISE(first);
    struct arena *arena = arena_new(ROOMY);
    const ProtobufCMessage *again =
        json_to_message(message->descriptor, first, arena, error, sizeof error);
    PROMISE(again);
    json_t *second = json_from_message(again);
    PROMISE(json_equal(first, second));
    json_decref(first);
    json_decref(second);
    arena_free(arena);
}

// It goes over the wire, and the daemon finds nothing wrong with it.
static void check_wire(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = malloc(size + 1);
    struct arena *arena = arena_new(ROOMY);
    PROMISE(protobuf_c_message_pack(message, packed) == size);
    PROMISE(message_unpack(message->descriptor, arena, packed, size, NULL, NULL));
    arena_free(arena);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    const ProtobufCMessageDescriptor *descriptor = input_message(&input);
    size_t budget = input_budget(&input);
    char error[512] = "";
    struct arena *arena = arena_new(budget);
    const ProtobufCMessage *message = json_parse_message(descriptor, (const char *)input.data,
                                                         input.size, arena, error, sizeof error);
    PROMISE(arena_used(arena) <= budget);
    if (message) {
        PROMISE(message_validate(message, NULL, NULL));
        check_round_trip(message);
        check_wire(message);
    } else {
        PROMISE(*error && !strchr(error, '\n'));
    }
    arena_free(arena);
    return 0;
}
