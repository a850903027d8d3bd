// The stream of a client, as a connection and its session take it: frames, the envelope, the body
// of the request. common/frame.h, message.h, arena.h, contract.h.

#include "common/arena.h"
#include "common/contract.h"
#include "common/frame.h"
#include "common/message.h"
#include "tests/fuzz/fuzz.h"
#include "tiejun/v1/frame.pb-c.h"

// What is told of a frame does not depend on how many of its bytes have come.
static void check_peek(const struct input *stream, uint32_t limit)
{
    size_t header, body, early_header, early_body;
    enum frame_state state = frame_peek(stream->data, stream->size, limit, &header, &body);
    for (size_t have = 0; have < stream->size && have < FRAME_HEADER_MAX + 2; have++) {
        enum frame_state early = frame_peek(stream->data, have, limit, &early_header, &early_body);
        PROMISE(early == FRAME_INCOMPLETE || early == state);
        PROMISE(early_header == 0 || (early_header == header && early_body == body));
    }
    if (state != FRAME_READY)
        return;
    uint8_t written[FRAME_HEADER_MAX];
    PROMISE(body <= limit && body <= stream->size - header);
    // Ours is the shortest form.
    PROMISE(frame_header_write(written, (uint32_t)body) <= header);
}

static const ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *descriptor,
                                      struct arena *arena, const uint8_t *data, size_t size,
                                      size_t budget)
{
    const char *why = NULL;
    const char *field = NULL;
    const ProtobufCMessage *message = message_unpack(descriptor, arena, data, size, &why, &field);
    PROMISE(arena_used(arena) <= budget);
    PROMISE((message != NULL) == (why == NULL));
    PROMISE(!message || protobuf_c_message_check(message));
    return message;
}

static void take_body(const uint8_t *data, size_t size, size_t budget)
{
    struct arena *arena = arena_new(budget);
    const Tiejun__V1__ClientFrame *frame = (const Tiejun__V1__ClientFrame *)unpack(
        &tiejun__v1__client_frame__descriptor, arena, data, size, budget);
    if (frame && frame->frame_case == TIEJUN__V1__CLIENT_FRAME__FRAME_REQUEST) {
        const Tiejun__V1__Request *request = frame->request;
        const ProtobufCMethodDescriptor *method =
            contract_method(request->method ? request->method : "", NULL);
        if (method)
            unpack(method->input, arena, request->body.data, request->body.len, budget);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input stream = {data, size};
    size_t budget = input_budget(&stream);
    for (;;) {
        size_t header, body;
        check_peek(&stream, FRAME_LIMIT_UNAUTHENTICATED);
        check_peek(&stream, FRAME_LIMIT);
        if (frame_peek(stream.data, stream.size, FRAME_LIMIT, &header, &body) != FRAME_READY)
            return 0;
        take_body(stream.data + header, body, budget);
        stream.data += header + body;
        stream.size -= header + body;
    }
}
