#include "server/method/effective.h"

#include <string.h>

static const char *const reason_words[] = {
    "not_in_future", "no_decision_maker", "no_purpose",        "duplicate",
    "no_industry",   "out_of_profile",    "no_name",           "no_contact",
    "no_phone",      "no_first_contact",  "no_contact_role",   "too_short",
    "no_outcome",    "no_next_step",      "no_next_step_date", "next_step_in_past",
};

_Static_assert(sizeof reason_words / sizeof *reason_words == EFFECTIVE_REASON_COUNT,
               "a word for each reason");

// White_Space of Unicode beyond ASCII, and the zero-width characters that show as nothing.
static const char *const wide_spaces[] = {
    "\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
    "\u2005",   "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u200b", "\u2028",
    "\u2029",   "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff",
};

// Bytes of the white space that text starts with; 0 when it starts with something else.
static size_t space_length(const char *text)
{
    if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        return 1;
    // All of ASCII is told by now, and the others are not among it.
    if ((unsigned char)*text < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof wide_spaces / sizeof *wide_spaces; i++) {
        size_t length = strlen(wide_spaces[i]);
        if (strncmp(text, wide_spaces[i], length) == 0)
            return length;
    }
    return 0;
}

// text without the white space around it, as a pointer into it and a length.
static const char *trimmed(const char *text, size_t *length)
{
    size_t space;
    while ((space = space_length(text)) > 0)
        text += space;
    const char *end = text;
    for (const char *at = text; *at != '\0';) {
        space = space_length(at);
        at += space > 0 ? space : 1;
        if (space == 0)
            end = at;
    }
    *length = (size_t)(end - text);
    return text;
}

static bool blank(const char *text)
{
    size_t space;
    while (text && (space = space_length(text)) > 0)
        text += space;
    return !text || *text == '\0';
}

static unsigned char lower(char letter)
{
    return (unsigned char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
}

// Not strcasecmp: a verdict must not hang on the process's locale.
static bool same_word(const char *left, const char *right)
{
    size_t left_length;
    size_t right_length;
    left = trimmed(left, &left_length);
    right = trimmed(right, &right_length);
    if (left_length != right_length)
        return false;
    for (size_t i = 0; i < left_length; i++) {
        if (lower(left[i]) != lower(right[i]))
            return false;
    }
    return true;
}

static bool in_profile(const char *industry, const struct effective_setting *setting)
{
    for (size_t i = 0; i < setting->profile_industry_count; i++) {
        if (same_word(industry, setting->profile_industries[i]))
            return true;
    }
    return setting->profile_industry_count == 0;
}

static uint32_t unless(bool met, enum effective_reason reason)
{
    return met ? 0 : (uint32_t)reason;
}

static bool in_future(const struct effective_fact *fact)
{
    if (!fact->has_scheduled_at)
        return false;
    if (fact->scheduled_seconds != fact->occurred_seconds)
        return fact->scheduled_seconds > fact->occurred_seconds;
    return fact->scheduled_nanos > fact->occurred_nanos;
}

static uint32_t judge_appointment(const struct effective_fact *fact)
{
    return unless(in_future(fact), EFFECTIVE_REASON_NOT_IN_FUTURE) |
           unless(!blank(fact->decision_maker), EFFECTIVE_REASON_NO_DECISION_MAKER) |
           unless(!blank(fact->purpose), EFFECTIVE_REASON_NO_PURPOSE);
}

// An industry that is not known is one reason, not two.
static uint32_t judge_profile(const char *industry, const struct effective_setting *setting)
{
    if (blank(industry))
        return EFFECTIVE_REASON_NO_INDUSTRY;
    return unless(in_profile(industry, setting), EFFECTIVE_REASON_OUT_OF_PROFILE);
}

static uint32_t judge_new_customer(const struct effective_fact *fact,
                                   const struct effective_setting *setting)
{
    return unless(!fact->duplicate, EFFECTIVE_REASON_DUPLICATE) |
           judge_profile(fact->industry, setting) |
           unless(!blank(fact->customer), EFFECTIVE_REASON_NO_NAME) |
           unless(!blank(fact->contact), EFFECTIVE_REASON_NO_CONTACT) |
           unless(!blank(fact->phone), EFFECTIVE_REASON_NO_PHONE) |
           unless(!blank(fact->first_contact), EFFECTIVE_REASON_NO_FIRST_CONTACT);
}

static uint32_t judge_next_step(const struct effective_fact *fact)
{
    uint32_t reasons = unless(!blank(fact->next_step), EFFECTIVE_REASON_NO_NEXT_STEP);
    if (!fact->has_next_step_day)
        return reasons | EFFECTIVE_REASON_NO_NEXT_STEP_DATE;
    return reasons |
           unless(fact->next_step_day >= fact->local_day, EFFECTIVE_REASON_NEXT_STEP_IN_PAST);
}

static uint32_t judge_visit(const struct effective_fact *fact,
                            const struct effective_setting *setting)
{
    int32_t minutes = fact->has_minutes ? fact->minutes : 0;
    return unless(!blank(fact->contact_role), EFFECTIVE_REASON_NO_CONTACT_ROLE) |
           unless(minutes >= setting->minimum_visit_minutes, EFFECTIVE_REASON_TOO_SHORT) |
           unless(!blank(fact->outcome), EFFECTIVE_REASON_NO_OUTCOME) | judge_next_step(fact);
}

static uint32_t judge(const struct effective_fact *fact, const struct effective_setting *setting)
{
    switch (fact->kind) {
    case EFFECTIVE_KIND_APPOINTMENT:
        return judge_appointment(fact);
    case EFFECTIVE_KIND_NEW_CUSTOMER:
        return judge_new_customer(fact, setting);
    case EFFECTIVE_KIND_VISIT:
        return judge_visit(fact, setting);
    case EFFECTIVE_KIND_MATERIAL:
    case EFFECTIVE_KIND_NEGOTIATION:
    case EFFECTIVE_KIND_SIGNING:
    case EFFECTIVE_KIND_PAYMENT:
    case EFFECTIVE_KIND_COMPETITOR_SIGHTING:
        break;
    }
    return 0;
}

struct effective_verdict effective_judge(const struct effective_fact *fact,
                                         const struct effective_setting *setting)
{
    uint32_t reasons = judge(fact, setting);
    return (struct effective_verdict){.effective = reasons == 0, .reasons = reasons};
}

const char *effective_reason_word(enum effective_reason reason)
{
    for (unsigned bit = 0; bit < EFFECTIVE_REASON_COUNT; bit++) {
        if ((uint32_t)reason == UINT32_C(1) << bit)
            return reason_words[bit];
    }
    return NULL;
}
