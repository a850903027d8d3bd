#include "client/cli/fact_table.h"

#include "client/cli/short_id.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/i18n.h"
#include "common/instant.h"
#include "common/money.h"

#include <stdio.h>
#include <string.h>

enum {
    COLUMN_ID,
    COLUMN_DATE,
    COLUMN_TIME,
    COLUMN_PERSON,
    COLUMN_KIND,
    COLUMN_CUSTOMER,
    COLUMN_SUMMARY,
    COLUMN_AMOUNT,
    COLUMN_CURRENCY,
    COLUMN_EFFECTIVE,
    COLUMN_LACKS,
    COLUMN_HANDLE,
    COLUMN_UNIT,
    COLUMN_OCCURRED,
    COLUMN_REASONS,
    COLUMN_DEAL,
    COLUMN_NOTE,
    COLUMN_VOIDED,
};

static const struct table_column columns[] = {
    [COLUMN_ID] = {"id", N_("id"), TABLE_IF_ANY},
    [COLUMN_DATE] = {"date", N_("day"), TABLE_IF_ANY},
    [COLUMN_TIME] = {"time", N_("time"), TABLE_IF_ANY},
    [COLUMN_PERSON] = {"person_name", N_("who"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_KIND] = {"kind", N_("what"), 0},
    [COLUMN_CUSTOMER] = {"customer", N_("customer"), TABLE_TRUNCATE},
    [COLUMN_SUMMARY] = {"summary", N_("in short"), TABLE_TRUNCATE | TABLE_IF_ANY | TABLE_DROP},
    [COLUMN_AMOUNT] = {"amount", N_("amount"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    [COLUMN_EFFECTIVE] = {"effective", N_("eff."), TABLE_IF_ANY},
    [COLUMN_LACKS] = {"lacks", N_("lacks"), TABLE_WRAP | TABLE_IF_ANY | TABLE_SCREEN_ONLY},
    [COLUMN_HANDLE] = {"person", "", TABLE_CSV_ONLY},
    [COLUMN_UNIT] = {"unit", "", TABLE_CSV_ONLY},
    [COLUMN_OCCURRED] = {"occurred_at", "", TABLE_CSV_ONLY},
    [COLUMN_REASONS] = {"failed_reasons", "", TABLE_CSV_ONLY},
    [COLUMN_DEAL] = {"deal", "", TABLE_CSV_ONLY},
    [COLUMN_NOTE] = {"note", "", TABLE_CSV_ONLY},
    [COLUMN_VOIDED] = {"voided_by", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// Shown on the screen only where it says something; always in CSV.
static void set_unless(struct table *table, size_t row, size_t column, bool hidden,
                       const char *text)
{
    table_set_raw(table, row, column, hidden ? NULL : text, text);
}

static bool has_reason(const Tiejun__V1__FactRecord *fact, const char *code)
{
    for (size_t i = 0; i < fact->n_failed_reasons; i++) {
        if (strcmp(fact->failed_reasons[i], code) == 0)
            return true;
    }
    return false;
}

// A step that was not agreed has no date either: once is enough where there is little room.
static bool goes_without_saying(const Tiejun__V1__FactRecord *fact, const char *code)
{
    return strcmp(code, "no_next_step_date") == 0 && has_reason(fact, "no_next_step");
}

static void fill_verdict(struct table *table, size_t row, const Tiejun__V1__FactRecord *fact)
{
    char reasons[512] = "";
    char lacks[1024] = "";
    for (size_t i = 0; i < fact->n_failed_reasons; i++) {
        const char *code = fact->failed_reasons[i];
        char reason[WORD_SIZE];
        size_t length = strlen(reasons);
        snprintf(reasons + length, sizeof reasons - length, "%s%s", i ? ";" : "", code);
        length = strlen(lacks);
        if (!goes_without_saying(fact, code))
            snprintf(lacks + length, sizeof lacks - length, "%s%s", length ? _(", ") : "",
                     word_reason_short(code, reason));
    }
    bool voided = fact->voided_by && *fact->voided_by;
    // One of the outbox has no verdict yet.
    bool waits = !fact->has_effective;
    bool judged = !waits && !voided && fact->kind != TIEJUN__V1__FACT_KIND__FACT_KIND_VOID;
    const char *mark = fact->effective ? "✓" : "✗";
    const char *plain = fact->effective ? "true" : "false";
    table_set_raw(table, row, COLUMN_EFFECTIVE, judged ? mark : "", waits ? "" : plain);
    table_set_colour(table, row, COLUMN_EFFECTIVE, fact->effective ? TABLE_GOOD : TABLE_BAD);
    table_set(table, row, COLUMN_LACKS, waits ? _("not synced") : voided ? _("taken back") : lacks);
    table_set(table, row, COLUMN_REASONS, reasons);
    table_set(table, row, COLUMN_VOIDED, fact->voided_by);
}

static void fill_amount(struct table *table, size_t row, const Tiejun__V1__FactRecord *fact,
                        bool hidden)
{
    if (!fact->has_amount_minor)
        return;
    table_set_money(table, row, COLUMN_AMOUNT, fact->amount_minor, fact->currency);
    if (hidden)
        table_hide(table, row, COLUMN_AMOUNT);
    set_unless(table, row, COLUMN_CURRENCY, hidden, fact->currency);
}

static void fill_occurred(struct table *table, size_t row, const Tiejun__V1__FactRecord *fact)
{
    char instant[INSTANT_TEXT_SIZE];
    if (fact->occurred_at &&
        instant_format(fact->occurred_at->seconds, fact->occurred_at->nanos, instant))
        table_set(table, row, COLUMN_OCCURRED, instant);
}

// A whole id takes half of the screen: what it leaves no room for is in CSV all the same.
static void fill_fact(struct table *table, const Tiejun__V1__FactRecord *fact,
                      struct fact_table_style style)
{
    char kind[WORD_SIZE];
    char code[WORD_SIZE];
    size_t row = table_add(table);
    table_set_raw(table, row, COLUMN_ID, style.whole_ids ? fact->id : short_id(fact->id), fact->id);
    set_unless(table, row, COLUMN_DATE, style.hide_date, fact->local_date);
    // Of many people on many days the hour says least.
    set_unless(table, row, COLUMN_TIME, style.whole_ids || !(style.hide_date || style.hide_person),
               fact->local_time);
    set_unless(table, row, COLUMN_PERSON, style.hide_person || style.whole_ids, fact->person_name);
    table_set_raw(table, row, COLUMN_KIND,
                  word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind),
                  word_code(&tiejun__v1__fact_kind__descriptor, fact->kind, code));
    table_set(table, row, COLUMN_CUSTOMER, fact->customer);
    set_unless(table, row, COLUMN_SUMMARY, style.whole_ids, fact->summary);
    fill_amount(table, row, fact, style.whole_ids);
    fill_verdict(table, row, fact);
    if (style.whole_ids || style.pending)
        table_set(table, row, COLUMN_LACKS, NULL);
    table_set(table, row, COLUMN_HANDLE, fact->person);
    table_set(table, row, COLUMN_UNIT, fact->unit);
    fill_occurred(table, row, fact);
    table_set(table, row, COLUMN_DEAL, fact->deal);
    table_set(table, row, COLUMN_NOTE, fact->note);
}

struct table *fact_table(Tiejun__V1__FactRecord *const *facts, size_t count,
                         struct fact_table_style style)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < count; i++)
        fill_fact(table, facts[i], style);
    return table;
}
