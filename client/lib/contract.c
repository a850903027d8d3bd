#include "client/lib/contract.h"

#include "tiejun/v1/calendar.pb-c.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const ProtobufCServiceDescriptor *const services[] = {
    &tiejun__v1__session_service__descriptor,  &tiejun__v1__org_service__descriptor,
    &tiejun__v1__person_service__descriptor,   &tiejun__v1__device_service__descriptor,
    &tiejun__v1__calendar_service__descriptor, &tiejun__v1__standard_service__descriptor,
    &tiejun__v1__metric_service__descriptor,   &tiejun__v1__goal_service__descriptor,
    &tiejun__v1__fact_service__descriptor,     &tiejun__v1__customer_service__descriptor,
    &tiejun__v1__deal_service__descriptor,     &tiejun__v1__report_service__descriptor,
};

const ProtobufCServiceDescriptor *const *contract_services(size_t *count)
{
    *count = sizeof services / sizeof services[0];
    return services;
}

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

// Whether a folded name is one of those that the method goes by.
static bool is_named(const struct contract_method *method, const char *folded)
{
    char name[CONTRACT_NAME_SIZE];
    char known[CONTRACT_NAME_SIZE];
    contract_full_name(method, name);
    fold(name, known, sizeof known);
    if (strcmp(folded, known) == 0)
        return true;
    snprintf(name, sizeof name, "%s.%s", method->service->short_name, method->method->name);
    fold(name, known, sizeof known);
    if (strcmp(folded, known) == 0)
        return true;
    contract_short_name(method, name);
    fold(name, known, sizeof known);
    return strcmp(folded, known) == 0;
}

bool contract_find(const char *name, struct contract_method *found)
{
    char folded[CONTRACT_NAME_SIZE];
    fold(name, folded, sizeof folded);
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        for (unsigned j = 0; j < services[i]->n_methods; j++) {
            struct contract_method method = {services[i], &services[i]->methods[j]};
            if (is_named(&method, folded)) {
                *found = method;
                return true;
            }
        }
    }
    return false;
}

void contract_full_name(const struct contract_method *method, char name[CONTRACT_NAME_SIZE])
{
    snprintf(name, CONTRACT_NAME_SIZE, "%s.%s", method->service->name, method->method->name);
}

void contract_short_name(const struct contract_method *method, char name[CONTRACT_NAME_SIZE])
{
    static const char suffix[] = "Service";
    int length = (int)strlen(method->service->short_name);
    int suffix_length = (int)sizeof suffix - 1;
    if (length > suffix_length &&
        strcmp(method->service->short_name + length - suffix_length, suffix) == 0)
        length -= suffix_length;
    snprintf(name, CONTRACT_NAME_SIZE, "%.*s.%s", length, method->service->short_name,
             method->method->name);
    for (char *letter = name; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
}
