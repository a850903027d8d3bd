#include "tests/fuzz/fuzz.h"

#include "common/contract.h"
#include "tiejun/v1/frame.pb-c.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MESSAGES_MAX = 1024 };

uint8_t input_byte(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

struct input input_until(struct input *input, uint8_t separator)
{
    struct input part = *input;
    const uint8_t *end = input->size > 0 ? memchr(input->data, separator, input->size) : NULL;
    if (end)
        part.size = (size_t)(end - input->data);
    size_t taken = part.size + (end ? 1 : 0);
    input->data += taken;
    input->size -= taken;
    return part;
}

static int by_name(const void *left, const void *right)
{
    const ProtobufCMessageDescriptor *const *a = left;
    const ProtobufCMessageDescriptor *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static size_t add(const ProtobufCMessageDescriptor **list, size_t n,
                  const ProtobufCMessageDescriptor *message)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == message)
            return n;
    PROMISE(n < MESSAGES_MAX);
    list[n] = message;
    return n + 1;
}

static size_t list_messages(const ProtobufCMessageDescriptor **list)
{
    size_t n = add(list, 0, &tiejun__v1__client_frame__descriptor);
    n = add(list, n, &tiejun__v1__server_frame__descriptor);
    for (const ProtobufCServiceDescriptor *const *each = contract_services; *each; each++) {
        for (unsigned i = 0; i < (*each)->n_methods; i++) {
            n = add(list, n, (*each)->methods[i].input);
            n = add(list, n, (*each)->methods[i].output);
        }
    }
    qsort(list, n, sizeof *list, by_name);
    return n;
}

const ProtobufCMessageDescriptor *input_message(struct input *input)
{
    static const ProtobufCMessageDescriptor *list[MESSAGES_MAX];
    static size_t n;
    if (n == 0)
        n = list_messages(list);
    size_t high = input_byte(input);
    return list[(high << 8 | input_byte(input)) % n];
}

size_t input_budget(struct input *input)
{
    return (size_t)64 << (input_byte(input) % 20);
}

const char *file_of(const void *data, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0)
        file = memfd_create("fuzz", MFD_CLOEXEC);
    PROMISE(file >= 0);
    PROMISE(ftruncate(file, 0) == 0);
    PROMISE(pwrite(file, data, size, 0) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}
