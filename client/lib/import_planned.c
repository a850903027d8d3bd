#include "client/lib/import_planned.h"

#include "client/lib/import_memory.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct import_planned {
    // Trees of tsearch.
    void *people;
    void *customers;
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

struct import_planned *import_planned_new(void)
{
    return import_must(calloc(1, sizeof(struct import_planned)));
}

void import_planned_free(struct import_planned *planned)
{
    tdestroy(planned->people, free);
    tdestroy(planned->customers, free);
    free(planned);
}

static void add(void **tree, const char *name)
{
    if (name != NULL && tfind(name, tree, compare) == NULL)
        import_must(tsearch(import_must(strdup(name)), tree, compare));
}

void import_planned_add(struct import_planned *planned, const ProtobufCMessage *message)
{
    if (message->descriptor == &tiejun__v1__org_row__descriptor)
        add(&planned->people, ((const Tiejun__V1__OrgRow *)message)->handle);
    else if (message->descriptor == &tiejun__v1__customer__descriptor)
        add(&planned->customers, ((const Tiejun__V1__Customer *)message)->name);
    else if (message->descriptor == &tiejun__v1__deal__descriptor)
        add(&planned->customers, ((const Tiejun__V1__Deal *)message)->customer);
}

bool import_planned_explains(const struct import_planned *planned, const ProtobufCMessage *message,
                             const char *field)
{
    const ProtobufCFieldDescriptor *found =
        field != NULL ? protobuf_c_message_descriptor_get_field_by_name(message->descriptor, field)
                      : NULL;
    if (found == NULL || found->type != PROTOBUF_C_TYPE_STRING)
        return false;
    const char *text = *(char *const *)((const char *)message + found->offset);
    bool person = strcmp(field, "person") == 0 || strcmp(field, "owner") == 0;
    bool customer = strcmp(field, "customer") == 0;
    if (text == NULL || (!person && !customer))
        return false;
    return tfind(text, person ? &planned->people : &planned->customers, compare) != NULL;
}
