#include "client/lib/mapping.h"

#include "common/i18n.h"

static const struct mapping_field org_fields[] = {
    {"unit", MAPPING_UNIT, true, NULL, N_("Path of the unit: /{region}/{team}")},
    {"kinds", MAPPING_TEXT, false, NULL,
     N_("Kinds of units along the path: region/office/team; made in this row or there already")},
    {"name", MAPPING_TEXT, false, NULL, N_("A person of the unit; none: the unit alone")},
    {"handle", MAPPING_PERSON, false, NULL, N_("The person's handle; made of the name if absent")},
    {"role", MAPPING_CHOICE, false, NULL, N_("The person's role on the unit; rep if absent")},
    {"from_date", MAPPING_DATE, false, NULL, N_("All this is so from this day on")},
    {"time_zone", MAPPING_TEXT, false, NULL, N_("The unit's time zone: Asia/Shanghai")},
    {"leader", MAPPING_OTHER, false, NULL, N_("Name of a second person: who leads the unit")},
    {"leader_handle", MAPPING_OTHER, false, NULL, N_("Made of the leader's name if absent")},
    {"leader_role", MAPPING_OTHER, false, NULL, N_("supervisor if absent")},
    {NULL, MAPPING_OTHER, false, NULL, NULL},
};

static const struct mapping_field customer_fields[] = {
    {"name", MAPPING_TEXT, true, NULL, N_("The company's name")},
    {"owner", MAPPING_PERSON, false, NULL, N_("Whose customer it is; yours if absent")},
    {"industry", MAPPING_TEXT, false, NULL, N_("Industry")},
    {"contact", MAPPING_TEXT, false, NULL, N_("Who is talked to there")},
    {"phone", MAPPING_TEXT, false, NULL, N_("Telephone number")},
    {"registration_number", MAPPING_TEXT, false, NULL, N_("Number in the companies' register")},
    {"note", MAPPING_TEXT, false, NULL, N_("Free text")},
    {NULL, MAPPING_OTHER, false, NULL, NULL},
};

static const struct mapping_field deal_fields[] = {
    {"ref", MAPPING_OTHER, true, NULL, N_("What the deal is known by over there; never changes")},
    {"customer", MAPPING_TEXT, true, NULL, N_("The customer's name; registered when it is new")},
    {"person", MAPPING_PERSON, false, NULL, N_("Whose deal it is; yours if absent")},
    {"product", MAPPING_TEXT, false, NULL, N_("What is being sold")},
    {"stage", MAPPING_OTHER, true, NULL, N_("a, b, c or open; signed; lost")},
    {"grade", MAPPING_OTHER, false, NULL, N_("a, b or c, where the stage does not say it")},
    {"opened_on", MAPPING_DATE, false, NULL, N_("The day it came up; the close day if absent")},
    {"expected_close", MAPPING_DATE, false, NULL, N_("The day on which it is expected to close")},
    {"closed_on", MAPPING_DATE, false, NULL, N_("The day it was signed or lost")},
    {"value", MAPPING_MONEY, false, "value_minor", N_("What it is worth")},
    {"currency", MAPPING_TEXT, false, NULL, N_("USD, CNY, ...; required where there is money")},
    {"lost_reason", MAPPING_TEXT, false, NULL, N_("Why it was lost")},
    {NULL, MAPPING_OTHER, false, NULL, NULL},
};

static const struct mapping_field fact_fields[] = {
    {"ref", MAPPING_OTHER, true, NULL, N_("What the fact is known by over there; never changes")},
    {"kind", MAPPING_CHOICE, true, NULL,
     N_("appointment, new_customer, visit, material, negotiation, signing, payment, ...")},
    {"person", MAPPING_PERSON, false, NULL, N_("Whose work it was; yours if absent")},
    {"date", MAPPING_DATE, false, NULL, N_("The day it happened")},
    {"occurred_at", MAPPING_INSTANT, false, NULL, N_("The moment it happened")},
    {"recorded_at", MAPPING_INSTANT, false, NULL, N_("When it was written down")},
    {"customer", MAPPING_TEXT, false, NULL, N_("The customer's name")},
    {"deal", MAPPING_OTHER, false, NULL, N_("ref of the deal in the section of deals")},
    {"amount", MAPPING_MONEY, false, "amount_minor",
     N_("Money of a signing or a payment; a competitor's price")},
    {"currency", MAPPING_TEXT, false, NULL, N_("USD, CNY, ...; required where there is money")},
    {"scheduled_at", MAPPING_INSTANT, false, NULL, N_("Appointment: the time agreed on")},
    {"decision_maker", MAPPING_TEXT, false, NULL, N_("Appointment: who decides there")},
    {"purpose", MAPPING_TEXT, false, NULL, N_("Appointment: what for")},
    {"contact_role", MAPPING_TEXT, false, NULL, N_("Visit: the role of who was met")},
    {"minutes", MAPPING_NUMBER, false, NULL, N_("Visit: how long")},
    {"outcome", MAPPING_TEXT, false, NULL,
     N_("Visit: what came of it; competitor: won, lost, open")},
    {"next_step", MAPPING_TEXT, false, NULL, N_("Visit: what comes next")},
    {"next_step_date", MAPPING_DATE, false, NULL, N_("Visit: and when")},
    {"contact", MAPPING_TEXT, false, NULL, N_("New customer: who is talked to there")},
    {"phone", MAPPING_TEXT, false, NULL, N_("New customer: telephone number")},
    {"registration_number", MAPPING_TEXT, false, NULL,
     N_("New customer: number in the companies' register")},
    {"industry", MAPPING_TEXT, false, NULL, N_("New customer: industry")},
    {"first_contact", MAPPING_TEXT, false, NULL, N_("New customer: how it was first met")},
    {"subject", MAPPING_TEXT, false, NULL, N_("Material: its title; competitor: who")},
    {"note", MAPPING_TEXT, false, NULL, N_("Free text")},
    {NULL, MAPPING_OTHER, false, NULL, NULL},
};

static const struct {
    const char *name;
    const struct mapping_field *fields;
} kinds[MAPPING_KINDS] = {
    [MAPPING_ORG] = {"org", org_fields},
    [MAPPING_CUSTOMER] = {"customer", customer_fields},
    [MAPPING_DEAL] = {"deal", deal_fields},
    [MAPPING_FACT] = {"fact", fact_fields},
};

const struct mapping_field *mapping_fields(enum mapping_kind kind)
{
    return kinds[kind].fields;
}

const char *mapping_kind_name(enum mapping_kind kind)
{
    return kinds[kind].name;
}
