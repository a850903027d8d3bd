#include "client/cli/customer_copy.h"

#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/lib/own_sets.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "common/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static Tiejun__V1__CustomerServiceListResponse *own_customers(struct context *context,
                                                              const struct session_error *error)
{
    int64_t came;
    Tiejun__V1__CustomerServiceListResponse *kept =
        kept_customers(offline_copy(context), context_arena(context), &came);
    if (!kept)
        exit(context_complain(error));
    offline_know_self(context);
    offline_say_age(context, error, came);
    return kept;
}

static bool is_own(struct context *context, const Tiejun__V1__CustomerServiceListRequest *request)
{
    const char *self = or_empty(context_whoami(context)->person);
    return !request->unit && (!request->person || strcmp(request->person, self) == 0);
}

static bool matches(const Tiejun__V1__CustomerRecord *customer,
                    const Tiejun__V1__CustomerServiceListRequest *request)
{
    return (!request->has_grade || customer->grade == request->grade) &&
           (!request->name_contains ||
            strcasestr(or_empty(customer->name), request->name_contains));
}

Tiejun__V1__CustomerServiceListResponse *
customers_from_copy(struct context *context, const Tiejun__V1__CustomerServiceListRequest *request,
                    int64_t limit, const struct session_error *error)
{
    Tiejun__V1__CustomerServiceListResponse *kept = own_customers(context, error);
    if (!is_own(context, request))
        refuse(NULL, "%s", _("Without the daemon only your own customers are known."));
    // The highest role comes first. Whoever leads sees more of them when the daemon is there.
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = context_whoami(context);
    if (self->n_roles > 0 && self->roles[0]->role != TIEJUN__V1__ROLE__ROLE_REP)
        context_complain_of(_("Without the daemon only your own customers are known."));
    size_t count = 0;
    for (size_t i = 0; i < kept->n_customers; i++) {
        if (matches(kept->customers[i], request))
            kept->customers[count++] = kept->customers[i];
    }
    kept->n_customers = count < (size_t)limit ? count : (size_t)limit;
    // There is no page to ask for, but more of them.
    kept->next_cursor = count > (size_t)limit ? (char *)"more" : NULL;
    return kept;
}

static void add_deals(struct context *context, Tiejun__V1__CustomerServiceShowResponse *shown)
{
    int64_t came;
    Tiejun__V1__DealServiceListResponse *deals =
        kept_deals(offline_copy(context), context_arena(context), &came);
    if (!deals)
        return;
    shown->deals = deals->deals;
    for (size_t i = 0; i < deals->n_deals; i++) {
        if (strcmp(or_empty(deals->deals[i]->customer), or_empty(shown->customer->name)) == 0)
            shown->deals[shown->n_deals++] = deals->deals[i];
    }
}

Tiejun__V1__CustomerServiceShowResponse *
customer_from_copy(struct context *context, const Tiejun__V1__CustomerServiceShowRequest *request,
                   const struct session_error *error)
{
    const Tiejun__V1__CustomerServiceListResponse *kept = own_customers(context, error);
    Tiejun__V1__CustomerServiceShowResponse *shown =
        arena_alloc(context_arena(context), sizeof *shown);
    if (!shown)
        abort();
    tiejun__v1__customer_service_show_response__init(shown);
    for (size_t i = 0; i < kept->n_customers && !shown->customer; i++) {
        if (strcasecmp(or_empty(kept->customers[i]->name), request->customer) == 0)
            shown->customer = kept->customers[i];
    }
    if (!shown->customer)
        refuse(_("Without the daemon only your own customers are known."),
               _("You have no customer \"%s\"."), request->customer);
    add_deals(context, shown);
    return shown;
}
