#include "client/cli/short_id.h"

#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/when.h"
#include "client/lib/own_sets.h"
#include "client/lib/refresh.h"
#include "common/date.h"
#include "common/uuid.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define SHORT_ID_LENGTH 8
#define FACT_DAYS 30
// More than anybody does in that time.
#define FACTS_MAX 10000

const char *short_id(const char *id)
{
    size_t length = id ? strlen(id) : 0;
    return length > SHORT_ID_LENGTH ? id + length - SHORT_ID_LENGTH : id;
}

bool is_short_id(const char *text)
{
    size_t length = 0;
    while (isxdigit((unsigned char)text[length]))
        length++;
    return length == SHORT_ID_LENGTH && text[length] == '\0';
}

// Among one's own open deals that the copy has, which needs no daemon; NULL when it is not there.
static char *deal_kept_here(struct context *context, const char *text)
{
    int64_t came;
    const Tiejun__V1__DealServiceListResponse *kept =
        kept_deals(offline_copy(context), context_arena(context), &came);
    for (size_t i = 0; kept && i < kept->n_deals; i++) {
        if (kept->deals[i]->id && strcasecmp(short_id(kept->deals[i]->id), text) == 0)
            return kept->deals[i]->id;
    }
    return NULL;
}

char *whole_deal_id(struct context *context, char *text)
{
    if (!text || !is_short_id(text))
        return text;
    char *here = deal_kept_here(context, text);
    if (here)
        return here;
    Tiejun__V1__DealServiceShowRequest request = TIEJUN__V1__DEAL_SERVICE_SHOW_REQUEST__INIT;
    request.deal = text;
    const Tiejun__V1__DealServiceShowResponse *response =
        context_call(context, "tiejun.v1.DealService.Show", &request.base);
    return response->deal && response->deal->id ? response->deal->id : text;
}

static const Tiejun__V1__FactServiceListResponse *recent_facts(struct context *context,
                                                               char *person)
{
    char first[DATE_TEXT_SIZE];
    date_day today;
    Tiejun__V1__FactServiceListRequest request = TIEJUN__V1__FACT_SERVICE_LIST_REQUEST__INIT;
    request.person = person;
    // Days to come too: a day may have begun where the fact was logged.
    if (date_parse(context_date(context, "today"), &today)) {
        date_format(today - FACT_DAYS, first);
        request.from_date = first;
    }
    return context_call_pages(context, "tiejun.v1.FactService.List", &request.base, FACTS_MAX);
}

// Among what this machine has logged lately and today's facts of the copy, which needs no daemon;
// NULL when it is not there.
static char *fact_logged_here(struct context *context, const char *text)
{
    static const enum outbox_state states[] = {OUTBOX_WAITING, OUTBOX_SYNCED};
    struct outbox *outbox = offline_outbox_if_any(context);
    for (size_t i = 0; outbox && i < sizeof states / sizeof states[0]; i++) {
        Tiejun__Client__OutboxFacts found;
        if (!outbox_list(outbox, states[i], context_arena(context), &found))
            return NULL;
        for (size_t k = 0; k < found.n_facts; k++) {
            if (strcasecmp(short_id(found.facts[k]->fact->id), text) == 0)
                return found.facts[k]->fact->id;
        }
    }
    int64_t came;
    const Tiejun__V1__FactServiceShowDayResponse *day =
        kept_day(offline_copy(context), context_arena(context), NULL, &came);
    for (size_t i = 0; day && i < day->n_facts; i++) {
        if (day->facts[i]->id && strcasecmp(short_id(day->facts[i]->id), text) == 0)
            return day->facts[i]->id;
    }
    return NULL;
}

char *whole_fact_id(struct context *context, char *text, char *person)
{
    if (!text)
        return NULL;
    if (!is_short_id(text)) {
        if (!uuid_valid(text))
            refuse_usage(_("\"%s\" is no id of a fact; see them with: tiejun fact list"), text);
        return text;
    }
    char *here = fact_logged_here(context, text);
    if (here)
        return here;
    if (!person)
        person = context_whoami(context)->person;
    const Tiejun__V1__FactServiceListResponse *response = recent_facts(context, person);
    char *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < response->n_facts; i++) {
        char *id = response->facts[i]->id;
        if (!id || strcasecmp(short_id(id), text) != 0)
            continue;
        found = id;
        count++;
    }
    if (count == 1)
        return found;
    const char *hint = _("Give the whole id, which you find with: tiejun fact list --ids");
    if (count > 1)
        refuse(hint, _("The ids of several facts end in %s."), text);
    refuse(_("For another person's fact, add --person HANDLE; see tiejun fact list --ids"),
           _("No fact of %s in the last %d days has an id that ends in %s."), person, FACT_DAYS,
           text);
}
