#include "client/lib/import_row.h"

#include "client/lib/import_memory.h"
#include "client/lib/import_when.h"
#include "common/arena.h"
#include "common/date.h"
#include "common/i18n.h"
#include "common/message.h"
#include "common/money.h"
#include "common/text.h"
#include "common/uuid.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the functions below pass on to each other.
struct making {
    const struct mapping_section *section;
    const struct csv_record *record;
    struct arena *arena;
    char *reason;
    size_t reason_size;
};

static bool reject(struct making *making, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool reject(struct making *making, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(making->reason, making->reason_size, format, arguments);
    va_end(arguments);
    // With values of the row in it, which may have lines.
    text_flatten(making->reason);
    return false;
}

static const char *value_of(const struct making *making, const char *field)
{
    return mapping_value(making->section, field, making->record, making->arena);
}

static void *new_message(struct making *making, const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = import_must(arena_alloc(making->arena, descriptor->sizeof_message));
    descriptor->message_init(message);
    return message;
}

// The handle that a person gets by the name: "Mei-Mei Johns" is mei-mei.johns. ASCII letters become
// small and runs of blanks a dot; other letters stay, so that 李伟 is 李伟. A handle is its own.
static char *import_handle(const char *name, struct arena *arena)
{
    char *handle = import_must(arena_strdup(arena, name));
    handle = text_trim(handle);
    char *out = handle;
    for (const char *in = handle; *in != '\0'; in++) {
        bool blank = isspace((unsigned char)*in);
        if (blank && out > handle && out[-1] == '.')
            continue;
        *out++ = blank ? '.' : (char)tolower((unsigned char)*in);
    }
    *out = '\0';
    return handle;
}

static void *member_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (field->quantifier_offset != 0)
        *(protobuf_c_boolean *)((char *)message + field->quantifier_offset) = 1;
    return (char *)message + field->offset;
}

// Empty levels at the end are dropped: "/West/" is a person of the office itself.
static bool set_unit(struct making *making, const char *text, char **unit)
{
    char *path = import_must(arena_strdup(making->arena, text));
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    if (strstr(path, "//") != NULL)
        return reject(making, _("The unit \"%s\" lacks a level in the middle."), text);
    *unit = path;
    return true;
}

static bool set_date(struct making *making, const char *name, const char *text, char **out)
{
    const char *format = mapping_date_format(making->section);
    date_day day;
    // A default in the mapping file may be written in our own form.
    if (!when_parse_day(text, format, &day) && !date_parse(text, &day))
        return reject(making, _("%s: \"%s\" is no day of the form %s."), name, text, format);
    *out = import_must(arena_alloc(making->arena, DATE_TEXT_SIZE));
    date_format(day, *out);
    return true;
}

static bool set_instant(struct making *making, const char *name, const char *text,
                        ProtobufCMessage **out)
{
    const char *format = mapping_time_format(making->section);
    Google__Protobuf__Timestamp *instant =
        new_message(making, &google__protobuf__timestamp__descriptor);
    if (!when_parse_instant(text, format, mapping_time_zone(making->section), &instant->seconds,
                            &instant->nanos))
        return reject(making, _("%s: \"%s\" is no time of the form %s."), name, text,
                      format != NULL ? format : "2026-07-15T09:30:00+08:00");
    *out = &instant->base;
    return true;
}

static bool set_money(struct making *making, const char *name, const char *text, int64_t *out)
{
    const char *currency = value_of(making, "currency");
    if (currency == NULL || !currency_valid(currency))
        return reject(making, _("currency: \"%s\" is not a code of three capital letters."),
                      currency != NULL ? currency : "");
    if (!money_parse(text, currency, out))
        return reject(making, _("%s: \"%s\" is no amount of %s."), name, text, currency);
    return true;
}

static bool set_number(struct making *making, const char *name, const char *text, int32_t *out)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || number < 0 || number > 1000000)
        return reject(making, _("%s: \"%s\" is no whole number."), name, text);
    *out = (int32_t)number;
    return true;
}

static void list_choices(const ProtobufCEnumDescriptor *choices, char *out, size_t size)
{
    char name[64];
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < choices->n_values && used < size; i++) {
        if (message_enum_text(choices, choices->values[i].value, name, sizeof name))
            used += (size_t)snprintf(out + used, size - used, used > 0 ? ", %s" : "%s", name);
    }
}

static bool set_choice(struct making *making, const char *name, const char *text,
                       const ProtobufCEnumDescriptor *choices, int *out)
{
    char known[256];
    if (message_enum_value(choices, text, out))
        return true;
    list_choices(choices, known, sizeof known);
    return reject(making,
                  _("%s: \"%s\" is not known; say in the mapping what it is: alias.%s.%s = one of "
                    "%s."),
                  name, text, name, text, known);
}

static bool set_field(struct making *making, const struct mapping_field *field, const char *text,
                      ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *target = protobuf_c_message_descriptor_get_field_by_name(
        message->descriptor, field->member != NULL ? field->member : field->name);
    void *member = member_of(message, import_must((void *)target));
    switch (field->type) {
    case MAPPING_TEXT:
        *(char **)member = (char *)text;
        return true;
    case MAPPING_PERSON:
        *(char **)member = import_handle(text, making->arena);
        return true;
    case MAPPING_UNIT:
        return set_unit(making, text, member);
    case MAPPING_DATE:
        return set_date(making, field->name, text, member);
    case MAPPING_INSTANT:
        return set_instant(making, field->name, text, member);
    case MAPPING_MONEY:
        return set_money(making, field->name, text, member);
    case MAPPING_NUMBER:
        return set_number(making, field->name, text, member);
    case MAPPING_CHOICE:
        return set_choice(making, field->name, text, target->descriptor, member);
    case MAPPING_OTHER:
        break;
    }
    return true;
}

// Everything that the tables of mapping_fields.c say.
static bool set_fields(struct making *making, ProtobufCMessage *message)
{
    const struct mapping_field *fields = mapping_fields(mapping_section_kind(making->section));
    for (const struct mapping_field *field = fields; field->name != NULL; field++) {
        if (field->type == MAPPING_OTHER)
            continue;
        const char *text = value_of(making, field->name);
        if (text == NULL && field->required)
            return reject(making, _("%s is empty."), field->name);
        if (text != NULL && !set_field(making, field, text, message))
            return false;
    }
    return true;
}

static bool make_leader(struct making *making, struct import_row *row,
                        const Tiejun__V1__OrgRow *member)
{
    const char *name = value_of(making, "leader");
    if (name == NULL)
        return true;
    Tiejun__V1__OrgRow *leader = new_message(making, &tiejun__v1__org_row__descriptor);
    leader->unit = member->unit;
    leader->kinds = member->kinds;
    leader->from_date = member->from_date;
    leader->name = (char *)name;
    const char *handle = value_of(making, "leader_handle");
    leader->handle = import_handle(handle != NULL ? handle : name, making->arena);
    leader->has_role = 1;
    leader->role = TIEJUN__V1__ROLE__ROLE_SUPERVISOR;
    const char *role = value_of(making, "leader_role");
    int value = leader->role;
    if (role != NULL &&
        !set_choice(making, "leader_role", role, &tiejun__v1__role__descriptor, &value))
        return false;
    leader->role = (Tiejun__V1__Role)value;
    row->messages[row->count++] = &leader->base;
    return true;
}

static bool make_org(struct making *making, struct import_row *row)
{
    Tiejun__V1__OrgRow *member = new_message(making, &tiejun__v1__org_row__descriptor);
    if (!set_fields(making, &member->base))
        return false;
    if (member->handle != NULL && member->name == NULL)
        member->name = member->handle;
    if (member->handle == NULL && member->name != NULL)
        member->handle = import_handle(member->name, making->arena);
    row->messages[row->count++] = &member->base;
    return make_leader(making, row, member);
}

static bool make_customer(struct making *making, struct import_row *row)
{
    Tiejun__V1__Customer *customer = new_message(making, &tiejun__v1__customer__descriptor);
    row->messages[row->count++] = &customer->base;
    return set_fields(making, &customer->base);
}

// The same ref of the same section is the same id for ever: importing twice changes nothing.
static char *make_id(struct making *making, const char *space, const char *ref, const char *suffix)
{
    char *id = import_must(arena_alloc(making->arena, UUID_TEXT_SIZE));
    uuid_named(space, import_must(arena_printf(making->arena, "%s%s", ref, suffix)), id);
    return id;
}

enum stage { STAGE_OPEN, STAGE_SIGNED, STAGE_LOST };

static bool read_grade(const char *text, Tiejun__V1__Grade *grade)
{
    int value;
    if (!message_enum_value(&tiejun__v1__grade__descriptor, text, &value))
        return false;
    *grade = (Tiejun__V1__Grade)value;
    return true;
}

// "a", "b" and "c" are stages of an open deal.
static bool read_stage(struct making *making, enum stage *stage, Tiejun__V1__Deal *deal)
{
    const char *text = value_of(making, "stage");
    const char *grade = value_of(making, "grade");
    deal->has_grade = 1;
    deal->grade = TIEJUN__V1__GRADE__GRADE_B;
    if (text == NULL)
        return reject(making, _("%s is empty."), "stage");
    if (grade != NULL && !read_grade(grade, &deal->grade))
        return reject(making,
                      _("grade: \"%s\" is not a, b or c; say in the mapping which it is: "
                        "alias.grade.%s = b"),
                      grade, grade);
    if (strcasecmp(text, "signed") == 0)
        *stage = STAGE_SIGNED;
    else if (strcasecmp(text, "lost") == 0)
        *stage = STAGE_LOST;
    else if (strcasecmp(text, "open") == 0 || read_grade(text, &deal->grade))
        *stage = STAGE_OPEN;
    else
        return reject(making,
                      _("stage: \"%s\" is not known; say in the mapping what it is: "
                        "alias.stage.%s = signed (or lost, open, a, b, c)"),
                      text, text);
    return true;
}

static bool check_days(struct making *making, enum stage stage, Tiejun__V1__Deal *deal)
{
    if (stage != STAGE_OPEN && deal->closed_on == NULL)
        return reject(making, _("The deal is closed, but %s is empty."), "closed_on");
    if (deal->opened_on == NULL)
        deal->opened_on = deal->closed_on;
    if (deal->opened_on == NULL)
        return reject(making,
                      _("%s is empty; give the mapping a day for such rows: "
                        "default.opened_on = 2026-01-01"),
                      "opened_on");
    if (deal->closed_on != NULL && strcmp(deal->opened_on, deal->closed_on) > 0)
        return reject(making, _("The deal was opened on %s, after it was closed on %s."),
                      deal->opened_on, deal->closed_on);
    if (stage == STAGE_OPEN)
        deal->closed_on = NULL;
    return true;
}

static bool check_value(struct making *making, enum stage stage, Tiejun__V1__Deal *deal)
{
    if (deal->has_value_minor && deal->value_minor < 0)
        return reject(making, _("The value is below zero."));
    // Lost and open deals of 0 are deals of which the value is not known.
    if (deal->value_minor == 0)
        deal->has_value_minor = 0;
    if (stage == STAGE_SIGNED && !deal->has_value_minor)
        return reject(making, _("The deal is signed, but its value is empty or 0."));
    return true;
}

static void make_signing(struct making *making, struct import_row *row, Tiejun__V1__Deal *deal,
                         const char *ref)
{
    Tiejun__V1__Fact *fact = new_message(making, &tiejun__v1__fact__descriptor);
    fact->id = make_id(making, mapping_id_space(making->section), ref, "/signed");
    fact->person = deal->person;
    fact->has_kind = 1;
    fact->kind = TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING;
    fact->date = deal->closed_on;
    fact->customer = deal->customer;
    fact->deal = deal->id;
    fact->has_amount_minor = 1;
    fact->amount_minor = deal->value_minor;
    fact->currency = deal->currency;
    row->signing = &fact->base;
    // It is the signing that closes the deal.
    deal->closed_on = NULL;
}

static bool make_deal(struct making *making, struct import_row *row)
{
    Tiejun__V1__Deal *deal = new_message(making, &tiejun__v1__deal__descriptor);
    row->messages[row->count++] = &deal->base;
    const char *ref = value_of(making, "ref");
    enum stage stage = STAGE_OPEN;
    if (ref == NULL)
        return reject(making, _("%s is empty."), "ref");
    if (!set_fields(making, &deal->base) || !read_stage(making, &stage, deal) ||
        !check_days(making, stage, deal) || !check_value(making, stage, deal))
        return false;
    deal->id = make_id(making, mapping_id_space(making->section), ref, "");
    deal->external_ref = (char *)ref;
    deal->has_state = 1;
    deal->state = TIEJUN__V1__DEAL_STATE__DEAL_STATE_OPEN;
    if (stage == STAGE_LOST)
        deal->state = TIEJUN__V1__DEAL_STATE__DEAL_STATE_LOST;
    else
        deal->lost_reason = NULL;
    if (stage == STAGE_SIGNED)
        make_signing(making, row, deal, ref);
    return true;
}

static bool make_fact(struct making *making, struct import_row *row)
{
    Tiejun__V1__Fact *fact = new_message(making, &tiejun__v1__fact__descriptor);
    row->messages[row->count++] = &fact->base;
    const char *ref = value_of(making, "ref");
    const char *deal = value_of(making, "deal");
    if (ref == NULL)
        return reject(making, _("%s is empty."), "ref");
    if (!set_fields(making, &fact->base))
        return false;
    if (fact->date == NULL && fact->occurred_at == NULL)
        return reject(making, _("%s is empty."), "date");
    if (fact->occurred_at != NULL)
        fact->date = NULL;
    fact->id = make_id(making, mapping_id_space(making->section), ref, "");
    if (deal != NULL)
        fact->deal = make_id(making, mapping_deal_space(making->section), deal, "");
    return true;
}

static void set_line(ProtobufCMessage *message, int64_t line)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "line");
    if (field != NULL)
        *(int32_t *)member_of(message, field) = (int32_t)line;
}

bool import_row_make(const struct mapping_section *section, const struct csv_record *record,
                     struct arena *arena, struct import_row *row, char *reason, size_t reason_size)
{
    static bool (*const makers[MAPPING_KINDS])(struct making *, struct import_row *) = {
        [MAPPING_ORG] = make_org,
        [MAPPING_CUSTOMER] = make_customer,
        [MAPPING_DEAL] = make_deal,
        [MAPPING_FACT] = make_fact,
    };
    struct making making = {section, record, arena, reason, reason_size};
    *row = (struct import_row){.count = 0};
    if (record->problem != NULL)
        return reject(&making, "%s", record->problem);
    if (!makers[mapping_section_kind(section)](&making, row))
        return false;
    for (size_t i = 0; i < row->count; i++)
        set_line(row->messages[i], record->line);
    return true;
}
