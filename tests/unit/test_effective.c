#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/method/effective.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

// 2026-07-15 08:00 UTC, a Wednesday.
#define NOW INT64_C(1784102400)
#define TODAY 20649

static const struct effective_setting defaults = {.minimum_visit_minutes = EFFECTIVE_VISIT_MINUTES};

static const char *const industries[] = {"Retail", "制造"};
static const struct effective_setting with_profile = {
    .minimum_visit_minutes = EFFECTIVE_VISIT_MINUTES,
    .profile_industries = industries,
    .profile_industry_count = COUNT(industries),
};

static struct effective_fact good_appointment(void)
{
    return (struct effective_fact){.kind = EFFECTIVE_KIND_APPOINTMENT,
                                   .occurred_seconds = NOW,
                                   .has_scheduled_at = true,
                                   .scheduled_seconds = NOW + 86400,
                                   .decision_maker = "王总",
                                   .purpose = "quote"};
}

static struct effective_fact good_customer(void)
{
    return (struct effective_fact){.kind = EFFECTIVE_KIND_NEW_CUSTOMER,
                                   .occurred_seconds = NOW,
                                   .customer = "Acme",
                                   .contact = "Li",
                                   .phone = "13800000000",
                                   .industry = "Retail",
                                   .first_contact = "call"};
}

static struct effective_fact good_visit(void)
{
    return (struct effective_fact){.kind = EFFECTIVE_KIND_VISIT,
                                   .occurred_seconds = NOW,
                                   .local_day = TODAY,
                                   .contact_role = "buyer",
                                   .has_minutes = true,
                                   .minutes = 15,
                                   .outcome = "wants a sample",
                                   .next_step = "bring the sample",
                                   .has_next_step_day = true,
                                   .next_step_day = TODAY + 2};
}

static void assert_reasons(const struct effective_fact *fact, uint32_t reasons)
{
    struct effective_verdict verdict = effective_judge(fact, &with_profile);
    assert_int_equal(verdict.reasons, reasons);
    assert_int_equal(verdict.effective, reasons == 0);
}

static void rule_3_2_a_complete_fact_is_effective(void **state)
{
    (void)state;
    struct effective_fact facts[] = {good_appointment(), good_customer(), good_visit()};
    for (size_t i = 0; i < COUNT(facts); i++)
        assert_reasons(&facts[i], 0);
}

static void rule_3_2_appointment_lies_in_the_future_of_its_making(void **state)
{
    (void)state;
    struct effective_fact fact = good_appointment();
    fact.has_scheduled_at = false;
    assert_reasons(&fact, EFFECTIVE_REASON_NOT_IN_FUTURE);

    fact = good_appointment();
    fact.scheduled_seconds = NOW - 1;
    fact.scheduled_nanos = 999999999;
    assert_reasons(&fact, EFFECTIVE_REASON_NOT_IN_FUTURE);

    // The same instant is not the future; one nanosecond later is.
    fact.scheduled_seconds = NOW;
    fact.scheduled_nanos = fact.occurred_nanos = 5;
    assert_reasons(&fact, EFFECTIVE_REASON_NOT_IN_FUTURE);
    fact.scheduled_nanos = 6;
    assert_reasons(&fact, 0);
}

static void rule_3_2_appointment_names_the_decision_maker(void **state)
{
    (void)state;
    struct effective_fact fact = good_appointment();
    fact.decision_maker = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_DECISION_MAKER);
}

static void rule_3_2_appointment_states_its_purpose(void **state)
{
    (void)state;
    struct effective_fact fact = good_appointment();
    fact.purpose = "";
    assert_reasons(&fact, EFFECTIVE_REASON_NO_PURPOSE);
}

static void rule_3_2_new_customer_is_no_duplicate(void **state)
{
    (void)state;
    struct effective_fact fact = good_customer();
    fact.duplicate = true;
    assert_reasons(&fact, EFFECTIVE_REASON_DUPLICATE);
}

static void rule_3_2_new_customer_has_the_required_fields(void **state)
{
    (void)state;
    struct effective_fact fact = good_customer();
    fact.customer = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_NAME);
    fact = good_customer();
    fact.contact = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_CONTACT);
    fact = good_customer();
    fact.phone = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_PHONE);
}

static void rule_3_2_new_customer_had_a_first_contact(void **state)
{
    (void)state;
    struct effective_fact fact = good_customer();
    fact.first_contact = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_FIRST_CONTACT);
}

static void rule_3_2_new_customer_is_in_profile(void **state)
{
    (void)state;
    struct effective_fact fact = good_customer();
    fact.industry = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_INDUSTRY);
    assert_int_equal(effective_judge(&fact, &defaults).reasons, EFFECTIVE_REASON_NO_INDUSTRY);

    fact.industry = "Mining";
    assert_reasons(&fact, EFFECTIVE_REASON_OUT_OF_PROFILE);
    assert_true(effective_judge(&fact, &defaults).effective);
    fact.industry = "Retai";
    assert_reasons(&fact, EFFECTIVE_REASON_OUT_OF_PROFILE);

    static const char *const same[] = {"制造", " 制造\u3000", "RETAIL", "\tretail "};
    for (size_t i = 0; i < COUNT(same); i++) {
        fact.industry = same[i];
        assert_reasons(&fact, 0);
    }
}

static void rule_3_2_visit_records_the_role(void **state)
{
    (void)state;
    struct effective_fact fact = good_visit();
    fact.contact_role = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_CONTACT_ROLE);
}

static void rule_3_2_visit_is_long_enough(void **state)
{
    (void)state;
    struct effective_fact fact = good_visit();
    fact.minutes = 14;
    assert_reasons(&fact, EFFECTIVE_REASON_TOO_SHORT);
    fact.minutes = 60;
    fact.has_minutes = false;
    assert_reasons(&fact, EFFECTIVE_REASON_TOO_SHORT);

    // A setting, no constant.
    fact.has_minutes = true;
    fact.minutes = 29;
    struct effective_setting half_hour = {.minimum_visit_minutes = 30};
    assert_int_equal(effective_judge(&fact, &half_hour).reasons, EFFECTIVE_REASON_TOO_SHORT);
    fact.minutes = 30;
    assert_true(effective_judge(&fact, &half_hour).effective);
    fact.has_minutes = false;
    assert_true(effective_judge(&fact, &(struct effective_setting){0}).effective);
}

static void rule_3_2_visit_has_an_outcome(void **state)
{
    (void)state;
    struct effective_fact fact = good_visit();
    fact.outcome = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_OUTCOME);
}

static void rule_3_2_visit_has_a_dated_next_step(void **state)
{
    (void)state;
    struct effective_fact fact = good_visit();
    fact.next_step = NULL;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_NEXT_STEP);
    fact = good_visit();
    fact.has_next_step_day = false;
    assert_reasons(&fact, EFFECTIVE_REASON_NO_NEXT_STEP_DATE);
    fact = good_visit();
    fact.next_step_day = TODAY;
    assert_reasons(&fact, 0);
    fact.next_step_day = TODAY - 1;
    assert_reasons(&fact, EFFECTIVE_REASON_NEXT_STEP_IN_PAST);
}

static void rule_3_2_every_reason_is_given(void **state)
{
    (void)state;
    struct effective_fact fact = {.kind = EFFECTIVE_KIND_APPOINTMENT};
    assert_reasons(&fact, EFFECTIVE_REASON_NOT_IN_FUTURE | EFFECTIVE_REASON_NO_DECISION_MAKER |
                              EFFECTIVE_REASON_NO_PURPOSE);

    fact = (struct effective_fact){.kind = EFFECTIVE_KIND_NEW_CUSTOMER, .duplicate = true};
    uint32_t customer = EFFECTIVE_REASON_DUPLICATE | EFFECTIVE_REASON_NO_NAME |
                        EFFECTIVE_REASON_NO_CONTACT | EFFECTIVE_REASON_NO_PHONE |
                        EFFECTIVE_REASON_NO_FIRST_CONTACT;
    assert_reasons(&fact, customer | EFFECTIVE_REASON_NO_INDUSTRY);
    fact.industry = "Mining";
    assert_reasons(&fact, customer | EFFECTIVE_REASON_OUT_OF_PROFILE);

    fact = (struct effective_fact){.kind = EFFECTIVE_KIND_VISIT, .local_day = TODAY};
    uint32_t visit = EFFECTIVE_REASON_NO_CONTACT_ROLE | EFFECTIVE_REASON_TOO_SHORT |
                     EFFECTIVE_REASON_NO_OUTCOME | EFFECTIVE_REASON_NO_NEXT_STEP;
    assert_reasons(&fact, visit | EFFECTIVE_REASON_NO_NEXT_STEP_DATE);
    fact.has_next_step_day = true;
    fact.next_step_day = TODAY - 1;
    assert_reasons(&fact, visit | EFFECTIVE_REASON_NEXT_STEP_IN_PAST);
}

static void rule_3_2_white_space_is_no_answer(void **state)
{
    (void)state;
    static const char *const blanks[] = {"",       " ",      "\t\r\n\v\f",    "\u3000",
                                         "\u00a0", "\u200b", " \u3000\u2003 "};
    for (size_t i = 0; i < COUNT(blanks); i++) {
        struct effective_fact fact = good_appointment();
        fact.purpose = fact.decision_maker = blanks[i];
        assert_reasons(&fact, EFFECTIVE_REASON_NO_DECISION_MAKER | EFFECTIVE_REASON_NO_PURPOSE);
        fact = good_customer();
        fact.industry = blanks[i];
        assert_reasons(&fact, EFFECTIVE_REASON_NO_INDUSTRY);
    }
    // U+3001 shares its first two bytes with U+3000.
    static const char *const words[] = {"x", "\u3001", " \u3000王", "0", "\u00a1"};
    for (size_t i = 0; i < COUNT(words); i++) {
        struct effective_fact fact = good_appointment();
        fact.purpose = words[i];
        assert_reasons(&fact, 0);
    }
}

static void rule_3_2_other_kinds_have_no_rule(void **state)
{
    (void)state;
    static const enum effective_kind kinds[] = {EFFECTIVE_KIND_MATERIAL, EFFECTIVE_KIND_NEGOTIATION,
                                                EFFECTIVE_KIND_SIGNING, EFFECTIVE_KIND_PAYMENT,
                                                EFFECTIVE_KIND_COMPETITOR_SIGHTING};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct effective_fact fact = {.kind = kinds[i], .duplicate = true};
        assert_reasons(&fact, 0);
    }
}

// Stored with facts for ever: changing one is a change of the data.
static void rule_3_2_reason_words_are_stable(void **state)
{
    (void)state;
    static const struct {
        enum effective_reason reason;
        const char *word;
    } words[] = {
        {EFFECTIVE_REASON_NOT_IN_FUTURE, "not_in_future"},
        {EFFECTIVE_REASON_NO_DECISION_MAKER, "no_decision_maker"},
        {EFFECTIVE_REASON_NO_PURPOSE, "no_purpose"},
        {EFFECTIVE_REASON_DUPLICATE, "duplicate"},
        {EFFECTIVE_REASON_NO_INDUSTRY, "no_industry"},
        {EFFECTIVE_REASON_OUT_OF_PROFILE, "out_of_profile"},
        {EFFECTIVE_REASON_NO_NAME, "no_name"},
        {EFFECTIVE_REASON_NO_CONTACT, "no_contact"},
        {EFFECTIVE_REASON_NO_PHONE, "no_phone"},
        {EFFECTIVE_REASON_NO_FIRST_CONTACT, "no_first_contact"},
        {EFFECTIVE_REASON_NO_CONTACT_ROLE, "no_contact_role"},
        {EFFECTIVE_REASON_TOO_SHORT, "too_short"},
        {EFFECTIVE_REASON_NO_OUTCOME, "no_outcome"},
        {EFFECTIVE_REASON_NO_NEXT_STEP, "no_next_step"},
        {EFFECTIVE_REASON_NO_NEXT_STEP_DATE, "no_next_step_date"},
        {EFFECTIVE_REASON_NEXT_STEP_IN_PAST, "next_step_in_past"},
    };
    assert_int_equal(COUNT(words), EFFECTIVE_REASON_COUNT);
    for (size_t i = 0; i < COUNT(words); i++)
        assert_string_equal(effective_reason_word(words[i].reason), words[i].word);
    assert_null(effective_reason_word((enum effective_reason)0));
    assert_null(effective_reason_word((enum effective_reason)3));
    assert_null(effective_reason_word((enum effective_reason)(1 << EFFECTIVE_REASON_COUNT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_3_2_a_complete_fact_is_effective),
        cmocka_unit_test(rule_3_2_appointment_lies_in_the_future_of_its_making),
        cmocka_unit_test(rule_3_2_appointment_names_the_decision_maker),
        cmocka_unit_test(rule_3_2_appointment_states_its_purpose),
        cmocka_unit_test(rule_3_2_new_customer_is_no_duplicate),
        cmocka_unit_test(rule_3_2_new_customer_has_the_required_fields),
        cmocka_unit_test(rule_3_2_new_customer_had_a_first_contact),
        cmocka_unit_test(rule_3_2_new_customer_is_in_profile),
        cmocka_unit_test(rule_3_2_visit_records_the_role),
        cmocka_unit_test(rule_3_2_visit_is_long_enough),
        cmocka_unit_test(rule_3_2_visit_has_an_outcome),
        cmocka_unit_test(rule_3_2_visit_has_a_dated_next_step),
        cmocka_unit_test(rule_3_2_every_reason_is_given),
        cmocka_unit_test(rule_3_2_white_space_is_no_answer),
        cmocka_unit_test(rule_3_2_other_kinds_have_no_rule),
        cmocka_unit_test(rule_3_2_reason_words_are_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
