#include "client/cli/new_customer.h"

#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/short_id.h"
#include "client/lib/near_name.h"
#include "client/lib/own_sets.h"
#include "client/lib/session.h"
#include "client/lib/words.h"

#include <string.h>
#include <strings.h>

// A letter of eleven may be another one. Companies of one town and trade have seven pairs of ten in
// common, and are not meant.
#define NEAR_MILLI 800

static const Tiejun__V1__CustomerServiceListResponse *own_customers(struct context *context)
{
    int64_t came;
    return kept_customers(offline_copy(context), context_arena(context), &came);
}

// NULL when it is none of these.
static const Tiejun__V1__CustomerRecord *
find(const Tiejun__V1__CustomerServiceListResponse *customers, const char *name)
{
    for (size_t i = 0; customers && i < customers->n_customers; i++) {
        if (strcasecmp(or_empty(customers->customers[i]->name), name) == 0)
            return customers->customers[i];
    }
    return NULL;
}

static const char *nearest(const Tiejun__V1__CustomerServiceListResponse *customers,
                           const char *name)
{
    const char *best = NULL;
    int most = NEAR_MILLI - 1;
    for (size_t i = 0; customers && i < customers->n_customers; i++) {
        const char *other = or_empty(customers->customers[i]->name);
        int likeness = strcasecmp(other, name) == 0 ? 0 : name_likeness_milli(name, other);
        if (likeness > most) {
            most = likeness;
            best = other;
        }
    }
    return best;
}

bool new_customer_possible(struct context *context, const Tiejun__V1__Fact *fact)
{
    const char *self = or_empty(context_whoami(context)->person);
    // A new-customer fact is there to register one.
    return context_mode(context) == OUTPUT_TABLE && fact->customer &&
           fact->kind != TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER &&
           (!fact->person || strcmp(fact->person, self) == 0) &&
           !find(own_customers(context), fact->customer);
}

// Whether no other fact is on the customer. The daemon may be gone by now: then nobody knows.
static bool is_only_fact(struct context *context, const Tiejun__V1__Fact *fact)
{
    Tiejun__V1__FactServiceListRequest request = TIEJUN__V1__FACT_SERVICE_LIST_REQUEST__INIT;
    ProtobufCMessage *answer = NULL;
    struct session_error error;
    struct session *session = context_reach(context, &error);
    request.customer = fact->customer;
    request.has_page_size = true;
    request.page_size = 2;
    if (!session || session_call(session, "tiejun.v1.FactService.List", &request.base,
                                 context_arena(context), &answer, &error) != SESSION_OK)
        return false;
    const Tiejun__V1__FactServiceListResponse *facts = (const void *)answer;
    return facts->n_facts == 1 && strcmp(or_empty(facts->facts[0]->id), fact->id) == 0;
}

void new_customer_say(struct context *context, const Tiejun__V1__Fact *fact,
                      const Tiejun__V1__FactOutcome *outcome)
{
    offline_renew_all(context);
    const Tiejun__V1__CustomerServiceListResponse *customers = own_customers(context);
    const Tiejun__V1__CustomerRecord *customer = find(customers, fact->customer);
    if (!customer ||
        strcmp(or_empty(customer->registered_on), or_empty(outcome->local_date)) != 0 ||
        !is_only_fact(context, fact))
        return;
    say_in(context, TABLE_WARN, _("New customer registered: %s"), customer->name);
    const char *near = nearest(customers, fact->customer);
    if (!near)
        return;
    say_in(context, TABLE_DIM,
           _("You have one of nearly that name: %s. If it was meant, take the fact back."), near);
    // Where it lacks something that was said already. On a line of its own, to be copied whole.
    if (outcome->effective)
        say_in(context, TABLE_DIM, "  tiejun log void %s", or_empty(short_id(outcome->id)));
}

void new_customer_say_unsent(struct context *context, const Tiejun__V1__Fact *fact)
{
    const Tiejun__V1__CustomerServiceListResponse *customers = own_customers(context);
    if (!customers)
        return;
    const char *near = nearest(customers, fact->customer);
    say_in(context, TABLE_WARN,
           _("%s is none of your customers. If it is nobody's, it is registered as yours."),
           fact->customer);
    if (near)
        say_in(context, TABLE_DIM, _("You have one of nearly that name: %s"), near);
}
