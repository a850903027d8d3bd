#include "client/lib/words.h"

#include "common/i18n.h"
#include "common/message.h"

#include <stdio.h>
#include <string.h>

struct entry {
    const char *code;
    const char *text;
};

static const struct entry words[] = {
    // Metrics.
    {"appointments", N_("appointments")},
    {"new_customers", N_("new customers")},
    {"visits", N_("visits")},
    {"materials", N_("materials")},
    {"negotiations", N_("negotiations")},
    {"signings", N_("signings")},
    {"revenue", N_("revenue")},
    {"payments", N_("payments")},
    // Ways to split.
    {"equal", N_("equal")},
    {"headcount", N_("headcount")},
    {"stated", N_("stated")},
    {"history", N_("history")},
    {"capacity", N_("capacity")},
    // Kinds of facts.
    {"appointment", N_("appointment")},
    {"new_customer", N_("new customer")},
    {"visit", N_("visit")},
    {"material", N_("material")},
    {"negotiation", N_("negotiation")},
    {"signing", N_("signing")},
    {"payment", N_("payment")},
    {"competitor_sighting", N_("competitor")},
    {"void", N_("void")},
    // Units and roles.
    {"company", N_("company")},
    {"region", N_("region")},
    {"office", N_("office")},
    {"team", N_("team")},
    {"rep", N_("rep")},
    {"supervisor", N_("supervisor")},
    {"region_manager", N_("region manager")},
    {"director", N_("director")},
    {"admin", N_("admin")},
    // Deals.
    {"open", N_("open")},
    {"signed", N_("signed")},
    {"lost", N_("lost")},
    {"opened", N_("opened")},
    {"graded", N_("graded")},
    // Objectives.
    {"achieved", N_("achieved")},
    {"missed", N_("missed")},
    {"dropped", N_("dropped")},
    {"recruits", N_("recruits")},
    {"promotions", N_("promotions")},
    {"sightings", N_("sightings")},
    {"won_against", N_("won against")},
    {"lost_against", N_("lost against")},
    {"added", N_("added")},
    {"checked_in", N_("checked in")},
    {"edited", N_("changed")},
    {"closed", N_("closed")},
    // Where a target comes from.
    {"goal", N_("goal")},
    {"standard", N_("standard")},
    // What the audit trail is about, and the names of what changed.
    {"unit", N_("unit")},
    {"placement", N_("place in the tree")},
    {"person", N_("person")},
    {"membership", N_("membership")},
    {"role_grant", N_("role")},
    {"role", N_("role")},
    {"device", N_("device")},
    {"setting", N_("setting")},
    {"calendar_exception", N_("calendar")},
    {"fact", N_("facts")},
    {"customer", N_("customers")},
    {"deal", N_("deals")},
    {"from_date", N_("from")},
    {"to_date", N_("to")},
    {"parent", N_("below")},
    {"handle", N_("handle")},
    {"name", N_("name")},
    {"kind", N_("kind")},
    {"target", N_("target")},
    {"locked", N_("locked")},
    {"version", N_("version")},
    {"reason", N_("reason")},
    {"method", N_("method")},
    {"grade", N_("grade")},
    {"state", N_("state")},
    {"metric", N_("metric")},
    {"date", N_("date")},
    {"factor_milli", N_("working, in thousandths")},
    {"lent_by", N_("lent by")},
    {"invite", N_("invitation")},
    {"expires_at", N_("valid until")},
    {"leave", N_("leave")},
    {"away_milli", N_("away, in thousandths")},
    {"exists_from", N_("exists from")},
    {"kept", N_("kept")},
    {"ids", N_("ids")},
    {"refused", N_("refused")},
    {"sent", N_("sent")},
    {"stretch_milli", N_("stretch, in thousandths")},
    {"stretched_target", N_("stretched target")},
    {"rebalanced_from", N_("re-balanced")},
    {"seasons", N_("season")},
    {"done", N_("done")},
    {"stated_actor", N_("made by")},
    {"stated_at", N_("made at")},
    {"working_week", N_("working week")},
    {"weekday_mask", N_("weekdays, bit 0 for Monday")},
    {"exchange_rate", N_("exchange rate")},
    {"currency", N_("currency")},
    {"into_currency", N_("into currency")},
    {"rate", N_("rate")},
    {"key", N_("setting")},
    {"value", N_("set to")},
    {"value_milli", N_("value, in thousandths")},
    {"objective", N_("objective")},
    {"key_result", N_("key result")},
    {"objective_note", N_("note on an objective")},
    {"objective_id", N_("objective #")},
    {"place", N_("place")},
    {"title", N_("title")},
    {"source", N_("source")},
    {"measure", N_("measure")},
    {"from_milli", N_("from, in thousandths")},
    {"to_milli", N_("to, in thousandths")},
    {"owner", N_("owner")},
    {"due_date", N_("due")},
    {"closed_on", N_("closed on")},
    {"note", N_("note")},
    {"competitor", N_("competitor")},
    {"local_date", N_("day")},
    {"at", N_("time")},
    {"changed_at", N_("changed at")},
    {"revoked_at", N_("revoked at")},
    {"password", N_("password")},
    {"locale", N_("locale")},
    {"time_zone", N_("time zone")},
    {NULL, NULL},
};

static const struct entry reasons[] = {
    {"not_in_future", N_("the agreed time is missing or not in the future")},
    {"no_decision_maker", N_("no decision maker is named")},
    {"no_purpose", N_("no purpose is stated")},
    {"duplicate", N_("this customer was registered before")},
    {"no_industry", N_("the industry is missing")},
    {"out_of_profile", N_("the industry is not one that we sell to")},
    {"no_name", N_("the customer's name is missing")},
    {"no_contact", N_("no contact person is named")},
    {"no_phone", N_("the phone number is missing")},
    {"no_first_contact", N_("there was no first real contact")},
    {"no_contact_role", N_("the role of who was met is missing")},
    {"too_short", N_("it was too short")},
    {"no_outcome", N_("the outcome is missing")},
    {"no_next_step", N_("no next step was agreed")},
    {"no_next_step_date", N_("the next step has no date")},
    {"next_step_in_past", N_("the next step lies in the past")},
    {NULL, NULL},
};

static const struct entry short_reasons[] = {
    {"not_in_future", N_("no time ahead")},
    {"no_decision_maker", N_("no decision maker")},
    {"no_purpose", N_("no purpose")},
    {"duplicate", N_("known before")},
    {"no_industry", N_("no industry")},
    {"out_of_profile", N_("off profile")},
    {"no_name", N_("no name")},
    {"no_contact", N_("no contact")},
    {"no_phone", N_("no phone")},
    {"no_first_contact", N_("no first contact")},
    {"no_contact_role", N_("no role")},
    {"too_short", N_("too short")},
    {"no_outcome", N_("no outcome")},
    {"no_next_step", N_("no next step")},
    {"no_next_step_date", N_("no next date")},
    {"next_step_in_past", N_("next step past")},
    {NULL, NULL},
};

static const char *look_up(const struct entry *entries, const char *code, char out[WORD_SIZE])
{
    for (const struct entry *entry = entries; entry->code; entry++) {
        if (strcmp(entry->code, code) == 0) {
            snprintf(out, WORD_SIZE, "%s", _(entry->text));
            return out;
        }
    }
    snprintf(out, WORD_SIZE, "%s", code);
    for (char *letter = out; *letter; letter++) {
        if (*letter == '_')
            *letter = ' ';
    }
    return out;
}

const char *word(const char *text, char out[WORD_SIZE])
{
    return look_up(words, text ? text : "", out);
}

const char *word_reason(const char *code, char out[WORD_SIZE])
{
    return look_up(reasons, code, out);
}

const char *word_reason_short(const char *code, char out[WORD_SIZE])
{
    return look_up(short_reasons, code, out);
}

const char *word_code(const ProtobufCEnumDescriptor *descriptor, int value, char out[WORD_SIZE])
{
    message_enum_text(descriptor, value, out, WORD_SIZE);
    return out;
}

const char *word_enum(const ProtobufCEnumDescriptor *descriptor, int value, char out[WORD_SIZE])
{
    char code[WORD_SIZE];
    return word(word_code(descriptor, value, code), out);
}

const char *word_grade(Tiejun__V1__Grade grade)
{
    switch (grade) {
    case TIEJUN__V1__GRADE__GRADE_A:
        return "A";
    case TIEJUN__V1__GRADE__GRADE_B:
        return "B";
    case TIEJUN__V1__GRADE__GRADE_C:
        return "C";
    default:
        return "";
    }
}
