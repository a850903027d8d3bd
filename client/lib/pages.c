#include "client/lib/pages.h"

#include "common/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE_MAX 1000

static const ProtobufCFieldDescriptor *field_named(const ProtobufCMessage *message,
                                                   const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    // Only methods of the contract that have pages come here.
    if (!field)
        abort();
    return field;
}

static void *member(ProtobufCMessage *message, size_t offset)
{
    return (char *)message + offset;
}

static const ProtobufCFieldDescriptor *rows_of(const ProtobufCMessage *response)
{
    for (unsigned i = 0; i < response->descriptor->n_fields; i++) {
        if (response->descriptor->fields[i].label == PROTOBUF_C_LABEL_REPEATED)
            return &response->descriptor->fields[i];
    }
    abort();
}

struct pages {
    ProtobufCMessage **rows;
    size_t count;
};

static void take_rows(struct pages *pages, ProtobufCMessage *response)
{
    const ProtobufCFieldDescriptor *field = rows_of(response);
    size_t count = *(size_t *)member(response, field->quantifier_offset);
    ProtobufCMessage **rows = *(ProtobufCMessage ***)member(response, field->offset);
    pages->rows = reallocarray(pages->rows, pages->count + count + 1, sizeof *rows);
    if (!pages->rows)
        abort();
    if (count > 0)
        memcpy(pages->rows + pages->count, rows, count * sizeof *rows);
    pages->count += count;
}

static void give_rows(struct arena *arena, struct pages *pages, ProtobufCMessage *response)
{
    const ProtobufCFieldDescriptor *field = rows_of(response);
    size_t size = pages->count * sizeof *pages->rows;
    void *rows = arena_alloc(arena, size + 1);
    if (!rows)
        abort();
    memcpy(rows, pages->rows, size);
    *(void **)member(response, field->offset) = rows;
    *(size_t *)member(response, field->quantifier_offset) = pages->count;
}

ProtobufCMessage *pages_gather(pages_call call, void *context, struct arena *arena,
                               const char *method, ProtobufCMessage *request, int64_t limit)
{
    const ProtobufCFieldDescriptor *size = field_named(request, "page_size");
    const ProtobufCFieldDescriptor *cursor = field_named(request, "cursor");
    struct pages pages = {0};
    ProtobufCMessage *response;
    char *next = NULL;
    do {
        int64_t left = limit - (int64_t)pages.count;
        *(protobuf_c_boolean *)member(request, size->quantifier_offset) = true;
        *(int32_t *)member(request, size->offset) =
            (int32_t)(left > PAGE_SIZE_MAX ? PAGE_SIZE_MAX : left);
        response = call(context, method, request);
        if (!response)
            break;
        take_rows(&pages, response);
        next = *(char **)member(response, field_named(response, "next_cursor")->offset);
        *(char **)member(request, cursor->offset) = next;
    } while (next && *next && (int64_t)pages.count < limit);
    if (response)
        give_rows(arena, &pages, response);
    free(pages.rows);
    return response;
}
