#include "server/rpc/judge.h"

#include "common/date.h"
#include "common/message.h"
#include "server/method/effective.h"

#include <string.h>

// The contract's kinds as the rules know them. A void has no rule: it is judged like a material,
// which is always as good as it stands.
static const enum effective_kind kinds[] = {
    [TIEJUN__V1__FACT_KIND__FACT_KIND_UNSPECIFIED] = EFFECTIVE_KIND_MATERIAL,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_APPOINTMENT] = EFFECTIVE_KIND_APPOINTMENT,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER] = EFFECTIVE_KIND_NEW_CUSTOMER,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT] = EFFECTIVE_KIND_VISIT,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL] = EFFECTIVE_KIND_MATERIAL,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_NEGOTIATION] = EFFECTIVE_KIND_NEGOTIATION,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING] = EFFECTIVE_KIND_SIGNING,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_PAYMENT] = EFFECTIVE_KIND_PAYMENT,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_COMPETITOR_SIGHTING] = EFFECTIVE_KIND_COMPETITOR_SIGHTING,
    [TIEJUN__V1__FACT_KIND__FACT_KIND_VOID] = EFFECTIVE_KIND_MATERIAL,
};

enum { LIKENESS_MOST = 64 };

// The fields of a kind of message that a judged fact has as well, of that name and type: found
// once, since names are slow to look up.
struct likeness {
    size_t count;
    struct {
        const ProtobufCFieldDescriptor *source;
        const ProtobufCFieldDescriptor *target;
    } fields[LIKENESS_MOST];
};

static void find_likeness(const ProtobufCMessageDescriptor *from, struct likeness *likeness)
{
    for (unsigned i = 0; i < from->n_fields && likeness->count < LIKENESS_MOST; i++) {
        const ProtobufCFieldDescriptor *source = &from->fields[i];
        const ProtobufCFieldDescriptor *target = protobuf_c_message_descriptor_get_field_by_name(
            &tiejun__server__judged_fact__descriptor, source->name);
        if (target && target->type == source->type && target->label == source->label) {
            likeness->fields[likeness->count].source = source;
            likeness->fields[likeness->count++].target = target;
        }
    }
}

// The strings stay shared.
static void copy_like_fields(struct likeness *likeness, const ProtobufCMessage *from,
                             Tiejun__Server__JudgedFact *judged)
{
    if (likeness->count == 0) {
        find_likeness(from->descriptor, likeness);
    }
    for (size_t i = 0; i < likeness->count; i++) {
        const ProtobufCFieldDescriptor *source = likeness->fields[i].source;
        const ProtobufCFieldDescriptor *target = likeness->fields[i].target;
        if (!message_has(from, source)) {
            continue;
        }
        memcpy((char *)judged + target->offset, (const char *)from + source->offset,
               message_value_size(source->type));
        if (target->quantifier_offset) {
            *(protobuf_c_boolean *)((char *)judged + target->quantifier_offset) = true;
        }
    }
}

static struct effective_fact fact_to_judge(const Tiejun__V1__Fact *fact,
                                           const Tiejun__Server__FactKnown *known)
{
    struct effective_fact judged = {
        .kind = kinds[fact->kind],
        .occurred_seconds = known->occurred_at ? known->occurred_at->seconds : 0,
        .occurred_nanos = known->occurred_at ? known->occurred_at->nanos : 0,
        .has_scheduled_at = fact->scheduled_at != NULL,
        .scheduled_seconds = fact->scheduled_at ? fact->scheduled_at->seconds : 0,
        .scheduled_nanos = fact->scheduled_at ? fact->scheduled_at->nanos : 0,
        .decision_maker = fact->decision_maker,
        .purpose = fact->purpose,
        .duplicate = known->duplicate,
        .customer = fact->customer,
        .contact = fact->contact,
        .phone = fact->phone,
        .industry = fact->industry,
        .first_contact = fact->first_contact,
        .contact_role = fact->contact_role,
        .has_minutes = fact->has_minutes,
        .minutes = fact->minutes,
        .outcome = fact->outcome,
        .next_step = fact->next_step,
    };
    judged.has_next_step_day =
        fact->next_step_date && date_parse(fact->next_step_date, &judged.next_step_day);
    if (known->local_date) {
        (void)date_parse(known->local_date, &judged.local_day);
    }
    return judged;
}

static bool list_reasons(struct arena *arena, uint32_t reasons, Tiejun__Server__JudgedFact *judged)
{
    judged->failed_reasons = arena_alloc(arena, EFFECTIVE_REASON_COUNT * sizeof(char *));
    if (!judged->failed_reasons) {
        return false;
    }
    for (unsigned bit = 0; bit < EFFECTIVE_REASON_COUNT; bit++) {
        if (reasons & 1U << bit) {
            judged->failed_reasons[judged->n_failed_reasons++] =
                (char *)effective_reason_word((enum effective_reason)(1U << bit));
        }
    }
    return true;
}

Tiejun__Server__JudgedFact *judge_fact(struct arena *arena, const Tiejun__V1__Fact *fact,
                                       const Tiejun__Server__FactKnown *known)
{
    static struct likeness of_facts;
    static struct likeness of_known;
    Tiejun__Server__JudgedFact *judged = arena_alloc(arena, sizeof *judged);
    if (!judged) {
        return NULL;
    }
    tiejun__server__judged_fact__init(judged);
    copy_like_fields(&of_facts, &fact->base, judged);
    copy_like_fields(&of_known, &known->base, judged);
    if (known->code) {
        return judged;
    }
    const struct effective_setting setting = {
        .minimum_visit_minutes = known->has_minimum_visit_minutes ? known->minimum_visit_minutes
                                                                  : EFFECTIVE_VISIT_MINUTES,
        .profile_industries = (const char *const *)known->profile_industries,
        .profile_industry_count = known->n_profile_industries,
    };
    const struct effective_fact to_judge = fact_to_judge(fact, known);
    const struct effective_verdict verdict = effective_judge(&to_judge, &setting);
    judged->has_effective = true;
    judged->effective = verdict.effective;
    judged->has_rule_version = true;
    judged->rule_version = EFFECTIVE_RULE_VERSION;
    return list_reasons(arena, verdict.reasons, judged) ? judged : NULL;
}
