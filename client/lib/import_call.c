#include "client/lib/import_call.h"

#include "client/lib/import_memory.h"
#include "common/arena.h"
#include "common/contract.h"
#include "common/i18n.h"
#include "common/message.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

static const char *const methods[MAPPING_KINDS] = {
    [MAPPING_ORG] = "tiejun.v1.OrgService.Import",
    [MAPPING_CUSTOMER] = "tiejun.v1.CustomerService.Add",
    [MAPPING_DEAL] = "tiejun.v1.DealService.Record",
    [MAPPING_FACT] = "tiejun.v1.FactService.Log",
};

const char *import_call_method(enum mapping_kind kind)
{
    return methods[kind];
}

// All four requests are a list of rows, their first field, and dry_run.
ProtobufCMessage *import_call_request(enum mapping_kind kind, ProtobufCMessage **messages,
                                      size_t count, bool dry_run, struct arena *arena)
{
    const ProtobufCMethodDescriptor *method =
        import_must((void *)contract_method(methods[kind], NULL));
    ProtobufCMessage *request = import_must(arena_alloc(arena, method->input->sizeof_message));
    method->input->message_init(request);
    char *start = (char *)request;
    const ProtobufCFieldDescriptor *rows = &method->input->fields[0];
    *(size_t *)(start + rows->quantifier_offset) = count;
    *(ProtobufCMessage ***)(start + rows->offset) = messages;
    const ProtobufCFieldDescriptor *dry =
        protobuf_c_message_descriptor_get_field_by_name(method->input, "dry_run");
    *(protobuf_c_boolean *)(start + dry->quantifier_offset) = dry_run;
    *(protobuf_c_boolean *)(start + dry->offset) = dry_run;
    return request;
}

static struct import_outcome of_org(const Tiejun__V1__OrgOutcome *outcome)
{
    struct import_outcome result = {TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_KNOWN, outcome->field,
                                    outcome->message};
    if (outcome->code != NULL)
        result.change = TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_REFUSED;
    else if (outcome->person_added || outcome->units_added > 0)
        result.change = TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_ADDED;
    return result;
}

static struct import_outcome of_fact(const Tiejun__V1__FactOutcome *outcome)
{
    struct import_outcome result = {TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_REFUSED,
                                    outcome->field, outcome->message};
    if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_ACCEPTED)
        result.change = TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_ADDED;
    else if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_KNOWN)
        result.change = TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_KNOWN;
    else if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_PENDING)
        result.message = _("It is kept, and waits for an approval: tiejun fact pending");
    return result;
}

static struct import_outcome of_record(const Tiejun__V1__RecordOutcome *outcome)
{
    return (struct import_outcome){outcome->change, outcome->field, outcome->message};
}

static struct import_outcome read_outcome(const ProtobufCMessage *outcome)
{
    struct import_outcome result;
    if (outcome->descriptor == &tiejun__v1__org_outcome__descriptor)
        result = of_org((const Tiejun__V1__OrgOutcome *)outcome);
    else if (outcome->descriptor == &tiejun__v1__fact_outcome__descriptor)
        result = of_fact((const Tiejun__V1__FactOutcome *)outcome);
    else
        result = of_record((const Tiejun__V1__RecordOutcome *)outcome);
    if (result.change == TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_UNSPECIFIED)
        result.change = TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_REFUSED;
    if (result.message == NULL)
        result.message = _("The daemon refused the row without saying why.");
    return result;
}

bool import_call_outcomes(const ProtobufCMessage *response, struct import_outcome *outcomes,
                          size_t count)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(response->descriptor, "outcomes");
    if (field == NULL || message_count(response, field) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const void *element = message_element(response, field, i);
        outcomes[i] = read_outcome(*(ProtobufCMessage *const *)element);
    }
    return true;
}
