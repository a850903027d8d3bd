#include "client/lib/method_name.h"

#include "common/contract.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

// Lower case, without "_" and "-".
static void fold(const char *text, char *out, size_t size)
{
    size_t length = 0;
    for (; *text && length + 1 < size; text++) {
        if (*text != '_' && *text != '-')
            out[length++] = (char)tolower((unsigned char)*text);
    }
    out[length] = '\0';
}

static bool same(const char *name, const char *folded)
{
    char known[METHOD_NAME_SIZE];
    fold(name, known, sizeof known);
    return strcmp(folded, known) == 0;
}

// Whether a folded name is one of those that the method goes by.
static bool is_named(const struct named_method *method, const char *folded)
{
    char full[METHOD_NAME_SIZE];
    char middle[METHOD_NAME_SIZE];
    char brief[METHOD_NAME_SIZE];
    method_full_name(method, full);
    snprintf(middle, sizeof middle, "%s.%s", method->service->short_name, method->method->name);
    method_short_name(method, brief);
    return same(full, folded) || same(middle, folded) || same(brief, folded);
}

bool method_find(const char *name, struct named_method *found)
{
    char folded[METHOD_NAME_SIZE];
    fold(name, folded, sizeof folded);
    for (const ProtobufCServiceDescriptor *const *service = contract_services; *service;
         service++) {
        for (unsigned i = 0; i < (*service)->n_methods; i++) {
            struct named_method method = {*service, &(*service)->methods[i]};
            if (is_named(&method, folded)) {
                *found = method;
                return true;
            }
        }
    }
    return false;
}

void method_full_name(const struct named_method *method, char name[METHOD_NAME_SIZE])
{
    snprintf(name, METHOD_NAME_SIZE, "%s.%s", method->service->name, method->method->name);
}

void method_short_name(const struct named_method *method, char name[METHOD_NAME_SIZE])
{
    static const char suffix[] = "Service";
    int length = (int)strlen(method->service->short_name);
    int suffix_length = (int)sizeof suffix - 1;
    if (length > suffix_length &&
        strcmp(method->service->short_name + length - suffix_length, suffix) == 0)
        length -= suffix_length;
    snprintf(name, METHOD_NAME_SIZE, "%.*s.%s", length, method->service->short_name,
             method->method->name);
    for (char *letter = name; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
}
