// tiejun customer: customers and who owns them (domain.md 3.7).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/customer_copy.h"
#include "client/cli/deal_table.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "tiejun/v1/customer.pb-c.h"

// ---- add ----

static const struct option_spec add_options[] = {
    {"owner", 0, OPTION_STRING, N_("HANDLE"), N_("Whose customer; yours if not given")},
    {"industry", 0, OPTION_STRING, N_("WORD"), N_("Industry")},
    {"contact", 'c', OPTION_STRING, N_("NAME"), N_("Contact person")},
    {"phone", 0, OPTION_STRING, N_("NUMBER"), N_("Phone number")},
    {"registration-number", 0, OPTION_STRING, N_("NUMBER"), N_("Of the company's registration")},
    {"note", 0, OPTION_STRING, N_("TEXT"), N_("Anything else")},
    {"dry-run", 0, OPTION_FLAG, NULL, N_("Say what would happen and keep nothing")},
    OPTIONS_END,
};

static void print_added(const struct context *context, const char *name,
                        const Tiejun__V1__RecordOutcome *outcome)
{
    switch (outcome->change) {
    case TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_ADDED:
        say(context, _("Added: %s"), name);
        break;
    case TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_UPDATED:
        say(context, _("%s was known; what was missing has been filled in."), name);
        break;
    default:
        say(context, _("%s was known already; nothing has changed."), name);
    }
}

static int customer_add(struct context *context, const struct options *options)
{
    Tiejun__V1__Customer customer = TIEJUN__V1__CUSTOMER__INIT;
    Tiejun__V1__Customer *customers[] = {&customer};
    customer.name = argument_text(options, 0);
    customer.owner = option_text(options, "owner");
    customer.industry = option_text(options, "industry");
    customer.contact = option_text(options, "contact");
    customer.phone = option_text(options, "phone");
    customer.registration_number = option_text(options, "registration-number");
    customer.note = option_text(options, "note");
    Tiejun__V1__CustomerServiceAddRequest request = TIEJUN__V1__CUSTOMER_SERVICE_ADD_REQUEST__INIT;
    request.n_customers = 1;
    request.customers = customers;
    request.has_dry_run = request.dry_run = options_flag(options, "dry-run");
    const Tiejun__V1__CustomerServiceAddResponse *response =
        context_call(context, "tiejun.v1.CustomerService.Add", &request.base);
    bool printed = context_print_json(context, &response->base);
    if (response->n_outcomes != 1)
        refuse(NULL, "%s", _("The daemon did not say what became of the customer."));
    const Tiejun__V1__RecordOutcome *outcome = response->outcomes[0];
    if (outcome->change == TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_REFUSED)
        refuse(outcome->hint, "%s",
               outcome->message ? outcome->message : _("The customer was refused."));
    if (!printed)
        print_added(context, customer.name, outcome);
    return COMMAND_DONE;
}

// ---- show ----

static void say_if(const struct context *context, const char *label, const char *text)
{
    if (text && *text)
        say(context, _("%s: %s"), label, text);
}

// On a line of its own, to be copied whole.
static void say_facts(struct context *context, const char *name)
{
    say_in(context, TABLE_DIM, "%s", _("What was done there:"));
    say_whole(context, TABLE_DIM,
              context_text(context, "  tiejun fact list --customer \"%s\"", or_empty(name)));
}

static void print_customer(struct context *context,
                           const Tiejun__V1__CustomerServiceShowResponse *response)
{
    const Tiejun__V1__CustomerRecord *customer = response->customer;
    if (customer) {
        say_in(context, TABLE_BOLD, "%s", or_empty(customer->name));
        // Of another team's customer the unit stays untold.
        if (customer->unit && *customer->unit)
            say(context, _("owner: %s (%s), %s"), or_empty(customer->owner_name),
                or_empty(customer->owner), customer->unit);
        else
            say(context, _("owner: %s (%s)"), or_empty(customer->owner_name),
                or_empty(customer->owner));
        say_if(context, _("grade"), word_grade(customer->grade));
        say_if(context, _("industry"), customer->industry);
        say_if(context, _("contact"), customer->contact);
        say_if(context, _("phone"), customer->phone);
        say_if(context, _("registration number"), customer->registration_number);
        say_if(context, _("registered on"), customer->registered_on);
        say_if(context, _("last contact"), customer->last_contact);
        say_if(context, _("note"), customer->note);
        say(context, "%s", "");
    }
    if (response->n_deals == 0)
        say(context, "%s", _("No deals yet."));
    struct deal_table_style style = {.hide_customer = true};
    context_print_table(context, deal_table(response->deals, response->n_deals, style));
    if (customer)
        say_facts(context, customer->name);
}

static int customer_show(struct context *context, const struct options *options)
{
    struct session_error error;
    Tiejun__V1__CustomerServiceShowRequest request =
        TIEJUN__V1__CUSTOMER_SERVICE_SHOW_REQUEST__INIT;
    request.customer = argument_text(options, 0);
    const Tiejun__V1__CustomerServiceShowResponse *response =
        offline_reach(context, &error)
            ? context_call(context, "tiejun.v1.CustomerService.Show", &request.base)
            : customer_from_copy(context, &request, &error);
    if (!context_print_json(context, &response->base))
        print_customer(context, response);
    offline_renew(context);
    return COMMAND_DONE;
}

// ---- list ----

enum {
    COLUMN_NAME,
    COLUMN_GRADE,
    COLUMN_OWNER_NAME,
    COLUMN_INDUSTRY,
    COLUMN_OPEN,
    COLUMN_SIGNED,
    COLUMN_LAST,
    COLUMN_OWNER,
    COLUMN_UNIT,
    COLUMN_CONTACT,
    COLUMN_PHONE,
    COLUMN_NUMBER,
    COLUMN_SINCE,
    COLUMN_NOTE,
};

static const struct table_column columns[] = {
    [COLUMN_NAME] = {"name", N_("customer"), TABLE_TRUNCATE},
    [COLUMN_GRADE] = {"grade", N_("grade"), 0},
    [COLUMN_OWNER_NAME] = {"owner_name", N_("owner"), TABLE_TRUNCATE},
    [COLUMN_INDUSTRY] = {"industry", N_("industry"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_OPEN] = {"open_deals", N_("open"), TABLE_RIGHT},
    [COLUMN_SIGNED] = {"signed_deals", N_("signed"), TABLE_RIGHT},
    [COLUMN_LAST] = {"last_contact", N_("last contact"), TABLE_IF_ANY},
    [COLUMN_OWNER] = {"owner", "", TABLE_CSV_ONLY},
    [COLUMN_UNIT] = {"unit", "", TABLE_CSV_ONLY},
    [COLUMN_CONTACT] = {"contact", "", TABLE_CSV_ONLY},
    [COLUMN_PHONE] = {"phone", "", TABLE_CSV_ONLY},
    [COLUMN_NUMBER] = {"registration_number", "", TABLE_CSV_ONLY},
    [COLUMN_SINCE] = {"registered_on", "", TABLE_CSV_ONLY},
    [COLUMN_NOTE] = {"note", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

static void fill_customer(struct table *table, const Tiejun__V1__CustomerRecord *customer)
{
    size_t row = table_add(table);
    table_set(table, row, COLUMN_NAME, customer->name);
    table_set(table, row, COLUMN_GRADE, word_grade(customer->grade));
    table_set(table, row, COLUMN_OWNER_NAME, customer->owner_name);
    table_set(table, row, COLUMN_INDUSTRY, customer->industry);
    table_set_count(table, row, COLUMN_OPEN, customer->open_deals);
    table_set_count(table, row, COLUMN_SIGNED, customer->signed_deals);
    table_set(table, row, COLUMN_LAST, customer->last_contact);
    table_set(table, row, COLUMN_OWNER, customer->owner);
    table_set(table, row, COLUMN_UNIT, customer->unit);
    table_set(table, row, COLUMN_CONTACT, customer->contact);
    table_set(table, row, COLUMN_PHONE, customer->phone);
    table_set(table, row, COLUMN_NUMBER, customer->registration_number);
    table_set(table, row, COLUMN_SINCE, customer->registered_on);
    table_set(table, row, COLUMN_NOTE, customer->note);
}

static const struct option_spec list_options[] = {
    UNIT_OPTION,
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Only those of one owner")},
    {"grade", 'g', OPTION_STRING, N_("GRADE"), N_("A, B or C")},
    {"name-contains", 0, OPTION_STRING, N_("TEXT"), N_("Part of the name")},
    LIMIT_OPTION,
    OPTIONS_END,
};

static void print_customers(struct context *context,
                            const Tiejun__V1__CustomerServiceListResponse *response)
{
    if (context_print_json(context, &response->base))
        return;
    if (response->n_customers == 0)
        say(context, "%s", _("No customers."));
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_customers; i++)
        fill_customer(table, response->customers[i]);
    context_print_table(context, table);
    say_more(context, response->next_cursor);
}

static int customer_list(struct context *context, const struct options *options)
{
    struct session_error error;
    Tiejun__V1__CustomerServiceListRequest request =
        TIEJUN__V1__CUSTOMER_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    request.grade = option_enum(options, "grade", &tiejun__v1__grade__descriptor);
    request.has_grade = request.grade != 0;
    request.name_contains = option_text(options, "name-contains");
    int64_t limit = context_limit(options);
    const Tiejun__V1__CustomerServiceListResponse *response =
        offline_reach(context, &error)
            ? context_call_pages(context, "tiejun.v1.CustomerService.List", &request.base, limit)
            : customers_from_copy(context, &request, limit, &error);
    print_customers(context, response);
    offline_renew(context);
    return COMMAND_DONE;
}

const struct command customer_commands[] = {
    {"customer", "add", N_("Register a customer; a name that is known is the same customer"),
     N_("NAME [--contact NAME] [--phone NUMBER] [--industry WORD] [OPTION...]"),
     N_("tiejun customer add \"Acme Ltd\" --industry retail"), add_options, 1, 1, customer_add},
    {"customer", "show", N_("One customer with its deals"), N_("NAME"),
     N_("tiejun customer show \"Acme Ltd\""), NULL, 1, 1, customer_show},
    {"customer", "list", N_("Customers of a unit or person"),
     N_("[UNIT] [--person HANDLE] [--grade GRADE] [--name-contains TEXT] [--limit N]"),
     "tiejun customer list --grade A", list_options, 0, 1, customer_list},
    {0},
};
