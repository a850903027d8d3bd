// Whether a fact counts as effective, and what it lacks (domain.md 3.2). A fact that fails counts
// as done all the same; the verdict is kept with it, with its reasons and the rule's version.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Goes up with any change that could turn a verdict.
#define EFFECTIVE_RULE_VERSION 1

// The default of minimum_visit_minutes.
#define EFFECTIVE_VISIT_MINUTES 15

// Only the first three have a rule: any other kind is effective as it stands.
enum effective_kind {
    EFFECTIVE_KIND_APPOINTMENT,
    EFFECTIVE_KIND_NEW_CUSTOMER,
    EFFECTIVE_KIND_VISIT,
    EFFECTIVE_KIND_MATERIAL,
    EFFECTIVE_KIND_NEGOTIATION,
    EFFECTIVE_KIND_SIGNING,
    EFFECTIVE_KIND_PAYMENT,
    EFFECTIVE_KIND_COMPETITOR_SIGHTING,
};

// Bits of a mask, in the order in which they are listed to people.
enum effective_reason {
    EFFECTIVE_REASON_NOT_IN_FUTURE = 1 << 0,
    EFFECTIVE_REASON_NO_DECISION_MAKER = 1 << 1,
    EFFECTIVE_REASON_NO_PURPOSE = 1 << 2,
    EFFECTIVE_REASON_DUPLICATE = 1 << 3,
    EFFECTIVE_REASON_NO_INDUSTRY = 1 << 4,
    EFFECTIVE_REASON_OUT_OF_PROFILE = 1 << 5,
    EFFECTIVE_REASON_NO_NAME = 1 << 6,
    EFFECTIVE_REASON_NO_CONTACT = 1 << 7,
    EFFECTIVE_REASON_NO_PHONE = 1 << 8,
    EFFECTIVE_REASON_NO_FIRST_CONTACT = 1 << 9,
    EFFECTIVE_REASON_NO_CONTACT_ROLE = 1 << 10,
    EFFECTIVE_REASON_TOO_SHORT = 1 << 11,
    EFFECTIVE_REASON_NO_OUTCOME = 1 << 12,
    EFFECTIVE_REASON_NO_NEXT_STEP = 1 << 13,
    EFFECTIVE_REASON_NO_NEXT_STEP_DATE = 1 << 14,
    EFFECTIVE_REASON_NEXT_STEP_IN_PAST = 1 << 15,
};

#define EFFECTIVE_REASON_COUNT 16

struct effective_setting {
    // A visit of this many minutes is long enough; 0 asks for none.
    int32_t minimum_visit_minutes;
    // The industries that are in profile; with a count of 0, all are.
    const char *const *profile_industries;
    size_t profile_industry_count;
};

// What the rules look at. Strings are UTF-8, borrowed for the call, and NULL when absent; one of
// nothing but white space is as good as absent. Only the fields of the fact's own kind matter.
struct effective_fact {
    enum effective_kind kind;

    // Appointment. It must be later than the fact itself: seconds since 1970 UTC, and nanoseconds
    // of 0 to 999,999,999 on top.
    int64_t occurred_seconds;
    int32_t occurred_nanos;
    bool has_scheduled_at;
    int64_t scheduled_seconds;
    int32_t scheduled_nanos;
    const char *decision_maker;
    const char *purpose;

    // New customer. duplicate: somebody registered the same one before.
    bool duplicate;
    const char *customer;
    const char *contact;
    const char *phone;
    const char *industry;
    const char *first_contact;

    // Visit. Days since 1970-01-01; the next step may be due on the day of the visit, not before.
    // A next_step_date that is no date is absent.
    int32_t local_day;
    const char *contact_role;
    bool has_minutes;
    int32_t minutes;
    const char *outcome;
    const char *next_step;
    bool has_next_step_day;
    int32_t next_step_day;
};

struct effective_verdict {
    // Exactly when there is no reason against it.
    bool effective;
    // All that failed, not the first alone: a mask of enum effective_reason.
    uint32_t reasons;
};

struct effective_verdict effective_judge(const struct effective_fact *fact,
                                         const struct effective_setting *setting);

// The reason as it is stored and sent: "no_decision_maker". These words never change. NULL when
// reason is not exactly one known bit.
const char *effective_reason_word(enum effective_reason reason);
