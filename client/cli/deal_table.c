#include "client/cli/deal_table.h"

#include "client/cli/short_id.h"
#include "client/lib/words.h"
#include "common/i18n.h"

enum {
    COLUMN_ID,
    COLUMN_CUSTOMER,
    COLUMN_PRODUCT,
    COLUMN_PERSON,
    COLUMN_GRADE,
    COLUMN_STATE,
    COLUMN_VALUE,
    COLUMN_CURRENCY,
    COLUMN_CLOSE,
    COLUMN_REASON,
    COLUMN_HANDLE,
    COLUMN_OPENED,
    COLUMN_EXPECTED,
    COLUMN_CLOSED,
    COLUMN_REFERENCE,
};

static const struct table_column columns[] = {
    [COLUMN_ID] = {"id", N_("id"), TABLE_IF_ANY},
    [COLUMN_CUSTOMER] = {"customer", N_("customer"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_PRODUCT] = {"product", N_("product"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_PERSON] = {"person_name", N_("who"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_GRADE] = {"grade", N_("grade"), 0},
    [COLUMN_STATE] = {"state", N_("state"), 0},
    [COLUMN_VALUE] = {"value", N_("value"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    [COLUMN_CLOSE] = {"close", N_("close"), TABLE_SCREEN_ONLY | TABLE_IF_ANY},
    [COLUMN_REASON] = {"lost_reason", N_("reason"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_HANDLE] = {"person", "", TABLE_CSV_ONLY},
    [COLUMN_OPENED] = {"opened_on", "", TABLE_CSV_ONLY},
    [COLUMN_EXPECTED] = {"expected_close", "", TABLE_CSV_ONLY},
    [COLUMN_CLOSED] = {"closed_on", "", TABLE_CSV_ONLY},
    [COLUMN_REFERENCE] = {"external_ref", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

static void fill_state(struct table *table, size_t row, const Tiejun__V1__DealRecord *deal)
{
    char state[WORD_SIZE];
    char code[WORD_SIZE];
    table_set(table, row, COLUMN_GRADE, word_grade(deal->grade));
    table_set_raw(table, row, COLUMN_STATE,
                  word_enum(&tiejun__v1__deal_state__descriptor, deal->state, state),
                  word_code(&tiejun__v1__deal_state__descriptor, deal->state, code));
    if (deal->state == TIEJUN__V1__DEAL_STATE__DEAL_STATE_SIGNED)
        table_set_colour(table, row, COLUMN_STATE, TABLE_GOOD);
    if (deal->state == TIEJUN__V1__DEAL_STATE__DEAL_STATE_LOST)
        table_set_colour(table, row, COLUMN_STATE, TABLE_BAD);
}

static void fill_deal(struct table *table, const Tiejun__V1__DealRecord *deal,
                      struct deal_table_style style)
{
    size_t row = table_add(table);
    // A whole id takes half of the screen; what it hides is in CSV all the same.
    table_set_raw(table, row, COLUMN_ID, style.whole_ids ? deal->id : short_id(deal->id), deal->id);
    table_set_raw(table, row, COLUMN_CUSTOMER, style.hide_customer ? NULL : deal->customer,
                  deal->customer);
    table_set_raw(table, row, COLUMN_PRODUCT, style.whole_ids ? NULL : deal->product,
                  deal->product);
    table_set_raw(table, row, COLUMN_PERSON, style.whole_ids ? NULL : deal->person_name,
                  deal->person_name);
    fill_state(table, row, deal);
    if (deal->has_value_minor) {
        table_set_money(table, row, COLUMN_VALUE, deal->value_minor, deal->currency);
        table_set_raw(table, row, COLUMN_CURRENCY, style.whole_ids ? NULL : deal->currency,
                      deal->currency);
    }
    if (!style.whole_ids)
        table_set(table, row, COLUMN_CLOSE,
                  deal->closed_on ? deal->closed_on : deal->expected_close);
    table_set_raw(table, row, COLUMN_REASON, style.whole_ids ? NULL : deal->lost_reason,
                  deal->lost_reason);
    table_set(table, row, COLUMN_HANDLE, deal->person);
    table_set(table, row, COLUMN_OPENED, deal->opened_on);
    table_set(table, row, COLUMN_EXPECTED, deal->expected_close);
    table_set(table, row, COLUMN_CLOSED, deal->closed_on);
    table_set(table, row, COLUMN_REFERENCE, deal->external_ref);
}

struct table *deal_table(Tiejun__V1__DealRecord *const *deals, size_t count,
                         struct deal_table_style style)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < count; i++)
        fill_deal(table, deals[i], style);
    return table;
}
