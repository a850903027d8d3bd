#include "client/lib/wire.h"

#include "client/lib/session.h"
#include "client/lib/transport.h"
#include "common/frame.h"
#include "common/i18n.h"
#include "common/message.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_SIZE ((size_t)64 << 10)

void wire_fail(struct session_error *error, int status, const char *hint, const char *format, ...)
{
    *error = (struct session_error){.status = status};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    snprintf(error->hint, sizeof error->hint, "%s", hint ? hint : "");
}

void wire_lost(const struct wire *wire, struct session_error *error, const char *reason)
{
    wire_fail(error, 0,
              _("What was sent may have been done or not; look before you send it again."),
              _("The connection to the daemon at %s was lost: %s."), wire->server, reason);
}

void wire_babbles(const struct wire *wire, struct session_error *error)
{
    wire_fail(error, 0, _("Is it tiejund that listens there?"),
              _("What answers at %s does not speak tiejun's protocol."), wire->server);
}

static bool reserve(struct wire_bytes *bytes, size_t more)
{
    if (bytes->start > 0) {
        memmove(bytes->data, bytes->data + bytes->start, bytes->size - bytes->start);
        bytes->size -= bytes->start;
        bytes->start = 0;
    }
    if (bytes->capacity - bytes->size >= more)
        return true;
    size_t capacity = bytes->capacity ? bytes->capacity : READ_SIZE;
    while (capacity - bytes->size < more)
        capacity *= 2;
    uint8_t *data = realloc(bytes->data, capacity);
    if (!data)
        return false;
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

// Takes in what there is. False when the connection is lost.
static bool take_in(struct wire *wire, struct session_error *error)
{
    struct wire_bytes *input = &wire->input;
    if (!reserve(input, READ_SIZE)) {
        wire_lost(wire, error, strerror(ENOMEM));
        return false;
    }
    ssize_t count =
        transport_read(wire->transport, input->data + input->size, input->capacity - input->size);
    if (count > 0) {
        input->size += (size_t)count;
        return true;
    }
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return true;
    wire_lost(wire, error, transport_reason(wire->transport));
    return false;
}

// Waits for events; false, with error filled in, after too long a silence.
static int wait_for(struct wire *wire, int events, struct session_error *error)
{
    int ready = transport_wait(wire->transport, events, wire->timeout_ms);
    if (ready == 0)
        wire_lost(wire, error, _("it is silent"));
    else if (ready < 0)
        wire_lost(wire, error, strerror(errno));
    return ready > 0 ? ready : 0;
}

static bool write_all(struct wire *wire, const uint8_t *data, size_t size,
                      struct session_error *error)
{
    while (size > 0) {
        ssize_t count = transport_write(wire->transport, data, size);
        if (count >= 0) {
            data += count;
            size -= (size_t)count;
            continue;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            wire_lost(wire, error, transport_reason(wire->transport));
            return false;
        }
        // The daemon stops reading from who does not take its answers: so take them meanwhile.
        int ready = wait_for(wire, TRANSPORT_READABLE | TRANSPORT_WRITABLE, error);
        if (!ready || (ready & TRANSPORT_READABLE && !take_in(wire, error)))
            return false;
    }
    return true;
}

bool wire_holds_output(const struct wire *wire)
{
    return wire->output.start < wire->output.size;
}

// It may have held a password.
static void clear_output(struct wire *wire)
{
    if (wire->output.data)
        sodium_memzero(wire->output.data, wire->output.size);
    free(wire->output.data);
    wire->output = (struct wire_bytes){0};
}

bool wire_flush(struct wire *wire, struct session_error *error)
{
    struct wire_bytes *output = &wire->output;
    while (wire_holds_output(wire)) {
        ssize_t count = transport_write(wire->transport, output->data + output->start,
                                        output->size - output->start);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return true;
        if (count < 0) {
            wire_lost(wire, error, transport_reason(wire->transport));
            return false;
        }
        output->start += (size_t)count;
    }
    clear_output(wire);
    return true;
}

static bool queue(struct wire *wire, const uint8_t *data, size_t size, struct session_error *error)
{
    struct wire_bytes *output = &wire->output;
    if (!reserve(output, size)) {
        wire_lost(wire, error, strerror(ENOMEM));
        return false;
    }
    memcpy(output->data + output->size, data, size);
    output->size += size;
    return wire_flush(wire, error);
}

bool wire_send(struct wire *wire, const ProtobufCMessage *message, struct session_error *error)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > FRAME_LIMIT) {
        wire_fail(error, TIEJUN__V1__STATUS__STATUS_INVALID, _("Send it in smaller pieces."),
                  _("The request is too long: %zu bytes, where %u are the most."), size,
                  FRAME_LIMIT);
        return false;
    }
    uint8_t *frame = malloc(FRAME_HEADER_MAX + size);
    if (!frame) {
        wire_lost(wire, error, strerror(ENOMEM));
        return false;
    }
    size_t header = frame_header_write(frame, (uint32_t)size);
    protobuf_c_message_pack(message, frame + header);
    bool sent = wire->queues ? queue(wire, frame, header + size, error)
                             : write_all(wire, frame, header + size, error);
    // It may have held a password.
    sodium_memzero(frame, header + size);
    free(frame);
    return sent;
}

// The next whole frame of the input, without waiting: FRAME_READY and where its body is.
static enum frame_state next_frame(struct wire *wire, const uint8_t **body, size_t *size)
{
    struct wire_bytes *input = &wire->input;
    size_t header = 0;
    const uint8_t *data = input->data + input->start;
    enum frame_state state =
        frame_peek(data, input->size - input->start, FRAME_LIMIT_ANSWER, &header, size);
    if (state == FRAME_READY) {
        *body = data + header;
        input->start += header + *size;
    }
    return state;
}

int wire_look(struct wire *wire, struct session_error *error)
{
    const struct wire_bytes *input = &wire->input;
    for (;;) {
        size_t header;
        size_t size;
        if (frame_peek(input->data + input->start, input->size - input->start, FRAME_LIMIT_ANSWER,
                       &header, &size) != FRAME_INCOMPLETE)
            return 1;
        if (transport_wait(wire->transport, TRANSPORT_READABLE, 0) <= 0)
            return 0;
        if (!take_in(wire, error))
            return -1;
    }
}

Tiejun__V1__ServerFrame *wire_receive(struct wire *wire, struct arena *arena,
                                      struct session_error *error)
{
    const uint8_t *body = NULL;
    size_t size = 0;
    enum frame_state state;
    while ((state = next_frame(wire, &body, &size)) == FRAME_INCOMPLETE) {
        if (!wait_for(wire, TRANSPORT_READABLE, error) || !take_in(wire, error))
            return NULL;
    }
    ProtobufCMessage *frame =
        state != FRAME_READY
            ? NULL
            : message_unpack(&tiejun__v1__server_frame__descriptor, arena, body, size, NULL, NULL);
    if (!frame)
        wire_babbles(wire, error);
    return (Tiejun__V1__ServerFrame *)frame;
}

void wire_close(struct wire *wire)
{
    transport_close(wire->transport);
    free(wire->server);
    free(wire->input.data);
    clear_output(wire);
}
