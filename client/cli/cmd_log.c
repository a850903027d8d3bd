// tiejun log: facts, one at a time (domain.md 3.1, 3.2).
//
// A kind's options bear the names of the fact's fields, so filling them in is written once.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/log_competitor.h"
#include "client/cli/new_customer.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/short_id.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/message.h"
#include "common/uuid.h"

#include <stdio.h>
#include <string.h>

#define FIELD_NAME_SIZE 64

#define SHARED_OPTIONS                                                                             \
    PERSON_OPTION,                                                                                 \
        {"at", 0, OPTION_STRING, N_("TIME"),                                                       \
         N_("When: \"2026-07-01 14:30\" or 14:30; now if not given")},                             \
        {"date", 0, OPTION_STRING, N_("DATE"), N_("The day, where the hour is not known")},        \
        {"note", 0, OPTION_STRING, N_("TEXT"), N_("Anything else")},                               \
        {"dry-run", 0, OPTION_FLAG, NULL, N_("Say the verdict and keep nothing")}, OPTIONS_END
#define DEAL_OPTION                                                                                \
    {                                                                                              \
        "deal", 0, OPTION_STRING, N_("ID"), N_("The deal; the customer's open one if not given")   \
    }

// "next-step-date" to the field next_step_date; NULL for an option that is no field.
static const ProtobufCFieldDescriptor *field_of(const char *option)
{
    char name[FIELD_NAME_SIZE];
    snprintf(name, sizeof name, "%s", option);
    for (char *letter = name; *letter; letter++) {
        if (*letter == '-')
            *letter = '_';
    }
    return protobuf_c_message_descriptor_get_field_by_name(&tiejun__v1__fact__descriptor, name);
}

static void set_minutes(Tiejun__V1__Fact *fact, const ProtobufCFieldDescriptor *field,
                        int64_t value)
{
    if (value < 0 || value > INT32_MAX)
        refuse_usage(_("That many minutes make no visit."));
    *(protobuf_c_boolean *)((char *)fact + field->quantifier_offset) = true;
    *(int32_t *)((char *)fact + field->offset) = (int32_t)value;
}

// By the contract's convention.
static bool is_date(const ProtobufCFieldDescriptor *field)
{
    const char *end = strrchr(field->name, '_');
    return strcmp(end ? end + 1 : field->name, "date") == 0;
}

static void fill_field(struct context *context, const struct options *options,
                       const struct option_spec *spec, Tiejun__V1__Fact *fact)
{
    const ProtobufCFieldDescriptor *field = field_of(spec->name);
    if (!field || !options_given(options, spec->name))
        return;
    void *place = (char *)fact + field->offset;
    if (field->type == PROTOBUF_C_TYPE_STRING && is_date(field))
        *(char **)place = option_date(context, options, spec->name);
    else if (field->type == PROTOBUF_C_TYPE_STRING)
        *(char **)place = option_text(options, spec->name);
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        *(Google__Protobuf__Timestamp **)place =
            context_instant(context, options_string(options, spec->name));
    else if (field->type == PROTOBUF_C_TYPE_INT32)
        set_minutes(fact, field, options_integer(options, spec->name, 0));
}

// What a fact lacks, and what to do about it.
static void print_verdict(const struct context *context, const Tiejun__V1__FactOutcome *outcome,
                          bool dry_run)
{
    if (!outcome->has_effective)
        return;
    if (outcome->effective) {
        say_in(context, TABLE_GOOD, "%s", _("It counts as effective."));
        return;
    }
    say_in(context, TABLE_WARN, "%s", _("It counts as done, but not as effective:"));
    for (size_t i = 0; i < outcome->n_failed_reasons; i++) {
        char reason[WORD_SIZE];
        say(context, "  - %s", word_reason(outcome->failed_reasons[i], reason));
    }
    if (dry_run)
        return;
    say_in(context, TABLE_DIM, "%s", _("To mend it, take it back and log it again:"));
    // On a line of its own, to be copied whole.
    say_in(context, TABLE_DIM, "  tiejun log void %s", or_empty(short_id(outcome->id)));
}

static void print_outcome(const struct context *context, const Tiejun__V1__Fact *fact,
                          const Tiejun__V1__FactOutcome *outcome, bool dry_run)
{
    char kind[WORD_SIZE];
    char day[64];
    word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind);
    render_date(outcome->local_date, day, sizeof day);
    if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_PENDING) {
        say_in(context, TABLE_WARN, _("Logged: %s, %s (pending approval)"), kind, day);
        say(context, "%s",
            _("That day is too long ago to be logged without an approval. It counts when your "
              "supervisor approves it: tiejun fact approve"));
        return;
    }
    if (dry_run)
        say(context, _("%s, %s: nothing was kept."), kind, day);
    else
        say(context, _("Logged: %s, %s (synced)"), kind, day);
    if (fact->kind != TIEJUN__V1__FACT_KIND__FACT_KIND_VOID)
        print_verdict(context, outcome, dry_run);
}

static const char *why_refused(const Tiejun__V1__FactOutcome *outcome)
{
    return outcome->message ? outcome->message : _("The daemon refused and did not say why.");
}

// The daemon's verdict, and nothing kept.
static int try_fact(struct context *context, Tiejun__V1__Fact *fact)
{
    Tiejun__V1__Fact *facts[] = {fact};
    Tiejun__V1__FactServiceLogRequest request = TIEJUN__V1__FACT_SERVICE_LOG_REQUEST__INIT;
    request.n_facts = 1;
    request.facts = facts;
    request.has_dry_run = request.dry_run = true;
    const Tiejun__V1__FactServiceLogResponse *response =
        context_call(context, "tiejun.v1.FactService.Log", &request.base);
    bool printed = context_print_json(context, &response->base);
    if (response->n_outcomes != 1)
        refuse(NULL, "%s", _("The daemon did not say what became of the fact."));
    const Tiejun__V1__FactOutcome *outcome = response->outcomes[0];
    if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED)
        refuse(outcome->hint, "%s", why_refused(outcome));
    if (!printed)
        print_outcome(context, fact, outcome, true);
    return COMMAND_DONE;
}

static void print_json_outcome(struct context *context, Tiejun__V1__FactOutcome *outcome)
{
    Tiejun__V1__FactServiceLogResponse response = TIEJUN__V1__FACT_SERVICE_LOG_RESPONSE__INIT;
    response.n_outcomes = 1;
    response.outcomes = &outcome;
    context_print_json(context, &response.base);
}

// On disk, and not with the daemon yet.
static int say_saved(struct context *context, const Tiejun__V1__Fact *fact, bool occurred_by_clock,
                     const char *fault)
{
    char kind[WORD_SIZE];
    char day[64];
    Tiejun__V1__FactOutcome outcome = TIEJUN__V1__FACT_OUTCOME__INIT;
    outcome.id = fact->id;
    print_json_outcome(context, &outcome);
    word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind);
    const Google__Protobuf__Timestamp *when =
        occurred_by_clock ? offline_put_right(context, fact->occurred_at) : fact->occurred_at;
    render_date(fact->date ? fact->date : context_day_of(context, when), day, sizeof day);
    say_in(context, TABLE_WARN, _("Logged: %s, %s (saved, will sync)"), kind, day);
    if (*fault)
        say_in(context, TABLE_DIM, "%s", fault);
    return COMMAND_UNREACHABLE;
}

static int say_settled(struct context *context, const Tiejun__V1__Fact *fact,
                       Tiejun__V1__FactOutcome *outcome, struct sync_counts counts)
{
    print_json_outcome(context, outcome);
    if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_REFUSED)
        refuse(outcome->hint ? context_text(context, _("%s (it is kept: tiejun sync rejected)"),
                                            outcome->hint)
                             : _("It is kept in sight: tiejun sync rejected"),
               "%s", why_refused(outcome));
    print_outcome(context, fact, outcome, false);
    if (counts.synced > 1)
        say_in(context, TABLE_DIM,
               ngettext("Sent along: %llu fact that had waited.",
                        "Sent along: %llu facts that had waited.",
                        (unsigned long)counts.synced - 1),
               (unsigned long long)counts.synced - 1);
    offline_say_refused(context, counts.refused);
    return COMMAND_DONE;
}

// First to the disk, then to the daemon: what was logged is not lost, whatever happens on the way.
static int keep_fact(struct context *context, const Tiejun__V1__Fact *fact,
                     const struct device_instant *recorded, bool occurred_by_clock)
{
    const char *why;
    const char *field;
    struct outbox *outbox = offline_outbox(context);
    if (!message_validate(&fact->base, &why, &field))
        refuse_usage("%s: %s", field, _(why));
    if (!outbox_add(outbox, fact, recorded, occurred_by_clock))
        refuse(NULL, _("The fact was not kept in %s: %s."), outbox_file(outbox),
               outbox_reason(outbox));
    bool asks = new_customer_possible(context, fact);
    struct flush_result result;
    enum outbox_state state = OUTBOX_WAITING;
    offline_flush(context, &result);
    const Tiejun__Client__OutboxFact *kept =
        outbox_find(outbox, fact->id, context_arena(context), &state);
    if (state == OUTBOX_WAITING || !kept || !kept->outcome) {
        int code = say_saved(context, fact, occurred_by_clock, result.fault);
        if (asks)
            new_customer_say_unsent(context, fact);
        return code;
    }
    int code = say_settled(context, fact, kept->outcome, result.counts);
    if (asks)
        new_customer_say(context, fact, kept->outcome);
    offline_renew_day(context);
    return code;
}

static void fill_amount(struct context *context, const struct options *options, const char *amount,
                        Tiejun__V1__Fact *fact)
{
    fact->currency = (char *)context_currency(context, options);
    fact->has_amount_minor = true;
    fact->amount_minor = context_money(amount, fact->currency);
}

// What the daemon would refuse, perhaps days later, is said at once where it is plain.
static void fill_money(struct context *context, const struct options *options,
                       Tiejun__V1__Fact *fact)
{
    fill_amount(context, options, argument_text(options, 1), fact);
    if (fact->amount_minor <= 0)
        refuse_usage("%s", _("A signing or payment needs an amount above zero."));
}

static char *customer_named(char *name)
{
    if (!name || !name[strspn(name, " \t\n")])
        refuse_usage("%s", _("The name of the customer is empty."));
    return name;
}

static void fill_competitor(struct context *context, const struct options *options,
                            Tiejun__V1__Fact *fact)
{
    // tiejun competitor log has it as its second argument.
    if (options->argument_count > 1 && fact->subject)
        refuse_usage(_("The competitor is there twice: \"%s\" and --subject %s."),
                     argument_text(options, 1), fact->subject);
    if (options->argument_count > 1)
        fact->subject = argument_text(options, 1);
    if (options_given(options, "price"))
        fill_amount(context, options, options_string(options, "price"), fact);
}

static void fill_fact(struct context *context, const struct options *options,
                      const struct option_spec *specs, Tiejun__V1__Fact *fact)
{
    if (fact->kind == TIEJUN__V1__FACT_KIND__FACT_KIND_VOID)
        fact->voids =
            whole_fact_id(context, argument_text(options, 0), option_text(options, "person"));
    else
        fact->customer = customer_named(argument_text(options, 0));
    for (const struct option_spec *spec = specs; spec->name; spec++)
        fill_field(context, options, spec, fact);
    fact->deal = whole_deal_id(context, fact->deal);
    if (options_given(options, "at"))
        fact->occurred_at = context_instant(context, options_string(options, "at"));
    if (fact->kind == TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING ||
        fact->kind == TIEJUN__V1__FACT_KIND__FACT_KIND_PAYMENT)
        fill_money(context, options, fact);
    if (fact->kind == TIEJUN__V1__FACT_KIND__FACT_KIND_COMPETITOR_SIGHTING)
        fill_competitor(context, options, fact);
}

static int log_fact(struct context *context, const struct options *options,
                    Tiejun__V1__FactKind kind, const struct option_spec *specs)
{
    char id[UUID_TEXT_SIZE];
    struct device_instant recorded;
    Google__Protobuf__Timestamp recorded_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Tiejun__V1__Fact fact = TIEJUN__V1__FACT__INIT;
    uuid_v7(id);
    device_clock_now(&recorded);
    recorded_at.seconds = recorded.wall_ns / 1000000000;
    recorded_at.nanos = (int32_t)(recorded.wall_ns % 1000000000);
    fact.id = id;
    fact.has_kind = true;
    fact.kind = kind;
    fact.recorded_at = &recorded_at;
    bool dry_run = options_flag(options, "dry-run");
    if (!dry_run) {
        context_set_patience(context, OFFLINE_PATIENCE_MS);
        offline_outbox(context);
        offline_know_self(context);
    }
    fill_fact(context, options, specs, &fact);
    bool occurred_by_clock = !fact.occurred_at && !fact.date;
    if (occurred_by_clock)
        fact.occurred_at = &recorded_at;
    if (dry_run)
        return try_fact(context, &fact);
    return keep_fact(context, &fact, &recorded, occurred_by_clock);
}

static const struct option_spec appointment_options[] = {
    {"scheduled-at", 's', OPTION_STRING, N_("TIME"),
     N_("The agreed time, still to come: \"tomorrow 14:30\"")},
    {"decision-maker", 'd', OPTION_STRING, N_("NAME"), N_("Who decides there")},
    {"purpose", 0, OPTION_STRING, N_("TEXT"), N_("What for")},
    DEAL_OPTION,
    SHARED_OPTIONS,
};

static const struct option_spec customer_options[] = {
    {"contact", 'c', OPTION_STRING, N_("NAME"), N_("Contact person")},
    {"phone", 0, OPTION_STRING, N_("NUMBER"), N_("Phone number")},
    {"industry", 0, OPTION_STRING, N_("WORD"), N_("Industry, which the profile is judged by")},
    {"first-contact", 0, OPTION_STRING, N_("TEXT"), N_("How the first real contact was made")},
    {"registration-number", 0, OPTION_STRING, N_("NUMBER"), N_("Of the company's registration")},
    SHARED_OPTIONS,
};

static const struct option_spec visit_options[] = {
    {"contact-role", 'r', OPTION_STRING, N_("ROLE"), N_("The role of who was met")},
    {"minutes", 'm', OPTION_INTEGER, N_("N"), N_("How long it was")},
    {"outcome", 'o', OPTION_STRING, N_("TEXT"), N_("What came of it")},
    {"next-step", 's', OPTION_STRING, N_("TEXT"), N_("What was agreed to do next")},
    {"next-step-date", 'd', OPTION_STRING, N_("DATE"), N_("When that is due")},
    DEAL_OPTION,
    SHARED_OPTIONS,
};

static const struct option_spec material_options[] = {
    {"subject", 's', OPTION_STRING, N_("TITLE"), N_("What it is")},
    DEAL_OPTION,
    SHARED_OPTIONS,
};

const struct option_spec log_competitor_options[] = {
    {"subject", 's', OPTION_STRING, N_("NAME"), N_("Who the competitor is")},
    {"price", 0, OPTION_STRING, N_("AMOUNT"), N_("What it asks there")},
    {"outcome", 'o', OPTION_STRING, N_("HOW"),
     N_("won, lost (by us) or open; what becomes of the deal if not given")},
    CURRENCY_OPTION,
    DEAL_OPTION,
    SHARED_OPTIONS,
};

static const struct option_spec negotiation_options[] = {DEAL_OPTION, SHARED_OPTIONS};

static const struct option_spec money_options[] = {CURRENCY_OPTION, DEAL_OPTION, SHARED_OPTIONS};

static const struct option_spec void_options[] = {SHARED_OPTIONS};

static int log_appointment(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_APPOINTMENT,
                    appointment_options);
}

static int log_customer(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER,
                    customer_options);
}

static int log_visit(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT, visit_options);
}

static int log_material(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL, material_options);
}

static int log_negotiation(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_NEGOTIATION,
                    negotiation_options);
}

static int log_signing(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING, money_options);
}

static int log_payment(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_PAYMENT, money_options);
}

int log_competitor(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_COMPETITOR_SIGHTING,
                    log_competitor_options);
}

static int log_void(struct context *context, const struct options *options)
{
    return log_fact(context, options, TIEJUN__V1__FACT_KIND__FACT_KIND_VOID, void_options);
}

const struct command log_commands[] = {
    {"log", "visit", N_("A visit to a customer"),
     N_("CUSTOMER --contact-role ROLE --minutes N --outcome TEXT --next-step TEXT "
        "--next-step-date DATE [OPTION...]"),
     N_("tiejun log visit \"Acme Ltd\" --contact-role buyer --minutes 40 \\\n"
        "    --outcome \"wants an offer\" --next-step \"send it\" --next-step-date tomorrow"),
     visit_options, 1, 1, log_visit},
    {"log", "appointment", N_("An appointment that was made"),
     N_("CUSTOMER --scheduled-at TIME --decision-maker NAME --purpose TEXT [OPTION...]"),
     N_("tiejun log appointment \"Acme Ltd\" --scheduled-at \"2026-07-20 10:00\" \\\n"
        "    --decision-maker \"Ms Chen\" --purpose \"show the new line\""),
     appointment_options, 1, 1, log_appointment},
    {"log", "customer", N_("A new customer, who is registered by it"),
     N_("NAME --contact NAME --phone NUMBER --industry WORD --first-contact TEXT [OPTION...]"),
     N_("tiejun log customer \"Acme Ltd\" --contact \"Ms Chen\" --phone 021-555-0100 \\\n"
        "    --industry retail --first-contact \"talked at the fair\""),
     customer_options, 1, 1, log_customer},
    {"log", "material", N_("Material that was collected"),
     N_("CUSTOMER --subject TITLE [OPTION...]"),
     N_("tiejun log material \"Acme Ltd\" --subject \"floor plan\""), material_options, 1, 1,
     log_material},
    {"log", "negotiation", N_("A negotiation"), N_("CUSTOMER [--note TEXT] [OPTION...]"),
     N_("tiejun log negotiation \"Acme Ltd\" --note \"price for 200 pieces\""), negotiation_options,
     1, 1, log_negotiation},
    {"log", "signing", N_("A signed deal"), N_("CUSTOMER AMOUNT [--currency CODE] [OPTION...]"),
     N_("tiejun log signing \"Acme Ltd\" 12,500.00"), money_options, 2, 2, log_signing},
    {"log", "payment", N_("A payment that came in"),
     N_("CUSTOMER AMOUNT [--currency CODE] [OPTION...]"),
     N_("tiejun log payment \"Acme Ltd\" 5,000.00 --date yesterday"), money_options, 2, 2,
     log_payment},
    {"log", "competitor", N_("A competitor that was seen at a customer"),
     N_("CUSTOMER --subject NAME [--price AMOUNT] [--outcome HOW] [OPTION...]"),
     N_("tiejun log competitor \"Acme Ltd\" --subject Globex --note \"10 % below us\""),
     log_competitor_options, 1, 1, log_competitor},
    {"log", "void", N_("Take back a fact that was wrong; both stay readable"),
     N_("FACT [--note TEXT] [OPTION...]"),
     N_("tiejun log void 0197f3a2-5c11-7d10-8a44-3f6c1d2e9b70 --note \"wrong customer\""),
     void_options, 1, 1, log_void},
    {0},
};
