// tiejun person: who belongs where (domain.md 1).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/words.h"

static const struct option_spec add_options[] = {
    {"unit", 'u', OPTION_STRING, N_("UNIT"), N_("Where the person belongs")},
    {"role", 'r', OPTION_STRING, N_("ROLE"),
     N_("rep (if not given), supervisor, region-manager, director, admin")},
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    OPTIONS_END,
};

static int person_add(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceAddRequest request = TIEJUN__V1__PERSON_SERVICE_ADD_REQUEST__INIT;
    request.handle = argument_text(options, 0);
    request.name = argument_text(options, 1);
    request.unit = option_text(options, "unit");
    request.role = option_enum(options, "role", &tiejun__v1__role__descriptor);
    request.has_role = request.role != 0;
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__PersonServiceAddResponse *response =
        context_call(context, "tiejun.v1.PersonService.Add", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    say(context, _("Added: %s in %s"), or_empty(response->handle), or_empty(response->unit));
    say_in(context, TABLE_DIM, _("To let them in: tiejun person invite %s"),
           or_empty(response->handle));
    return COMMAND_DONE;
}

static const struct option_spec move_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    OPTIONS_END,
};

static int person_move(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceMoveRequest request = TIEJUN__V1__PERSON_SERVICE_MOVE_REQUEST__INIT;
    request.person = argument_text(options, 0);
    request.unit = argument_text(options, 1);
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__PersonServiceMoveResponse *response =
        context_call(context, "tiejun.v1.PersonService.Move", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("%s belongs to %s from %s on. The past keeps its place."),
            or_empty(response->person), or_empty(response->unit), or_empty(response->from_date));
    return COMMAND_DONE;
}

enum {
    COLUMN_HANDLE,
    COLUMN_NAME,
    COLUMN_ROLE,
    COLUMN_UNIT,
    COLUMN_SINCE,
    COLUMN_LENDER,
    COLUMN_UNTIL
};

static const struct table_column columns[] = {
    {"handle", N_("handle"), 0},
    {"name", N_("name"), TABLE_TRUNCATE},
    {"role", N_("role"), 0},
    {"unit", N_("unit"), TABLE_TRUNCATE},
    {"from_date", N_("since"), 0},
    {"lent_by", N_("lent by"), TABLE_IF_ANY},
    {"lent_until", N_("until"), TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static struct table *table_of(const Tiejun__V1__PersonServiceListResponse *response)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_people; i++) {
        const Tiejun__V1__Person *person = response->people[i];
        char role[WORD_SIZE];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_HANDLE, person->handle);
        table_set(table, row, COLUMN_NAME, person->name);
        table_set(table, row, COLUMN_ROLE,
                  word_enum(&tiejun__v1__role__descriptor, person->role, role));
        table_set(table, row, COLUMN_UNIT, person->unit);
        table_set(table, row, COLUMN_SINCE, person->from_date);
        table_set(table, row, COLUMN_LENDER, person->lent_by);
        table_set(table, row, COLUMN_UNTIL, person->lent_until);
    }
    return table;
}

static const struct option_spec list_options[] = {
    UNIT_OPTION,
    {"date", 0, OPTION_STRING, N_("DATE"), N_("Who belonged there on that day")},
    LIMIT_OPTION,
    OPTIONS_END,
};

static int person_list(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceListRequest request = TIEJUN__V1__PERSON_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.date = option_date(context, options, "date");
    const Tiejun__V1__PersonServiceListResponse *response = context_call_pages(
        context, "tiejun.v1.PersonService.List", &request.base, context_limit(options));
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    context_print_table(context, table_of(response));
    say_more(context, response->next_cursor);
    return COMMAND_DONE;
}

static const struct option_spec grant_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    {"to", 0, OPTION_STRING, N_("DATE"), N_("Last day; open-ended if not given")},
    OPTIONS_END,
};

static int person_grant(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceGrantRoleRequest request =
        TIEJUN__V1__PERSON_SERVICE_GRANT_ROLE_REQUEST__INIT;
    request.person = argument_text(options, 0);
    request.has_role = true;
    request.role = enum_value(argument_text(options, 1), &tiejun__v1__role__descriptor);
    request.unit = argument_text(options, 2);
    request.from_date = option_date(context, options, "from");
    request.to_date = option_date(context, options, "to");
    const Tiejun__V1__PersonServiceGrantRoleResponse *response =
        context_call(context, "tiejun.v1.PersonService.GrantRole", &request.base);
    char role[WORD_SIZE];
    if (!context_print_json(context, &response->base))
        say(context, _("%s is now %s of %s and all below it."), or_empty(response->person),
            word_enum(&tiejun__v1__role__descriptor, response->role, role),
            or_empty(response->unit));
    return COMMAND_DONE;
}

static const struct option_spec lend_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    {"to", 0, OPTION_STRING, N_("DATE"), N_("Last day")},
    {"for", 0, OPTION_STRING, N_("HANDLE"), N_("Whose role it is; yours if not given")},
    OPTIONS_END,
};

static int person_lend(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceLendRoleRequest request =
        TIEJUN__V1__PERSON_SERVICE_LEND_ROLE_REQUEST__INIT;
    request.borrower = argument_text(options, 0);
    request.has_role = true;
    request.role = enum_value(argument_text(options, 1), &tiejun__v1__role__descriptor);
    request.unit = argument_text(options, 2);
    request.person = option_text(options, "for");
    request.from_date = option_date(context, options, "from");
    request.to_date = option_date(context, options, "to");
    if (!request.to_date)
        refuse_usage(_("A loan needs its last day: --to DATE"));
    const Tiejun__V1__PersonServiceLendRoleResponse *response =
        context_call(context, "tiejun.v1.PersonService.LendRole", &request.base);
    char role[WORD_SIZE];
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    say(context, _("%s stands in for %s as %s of %s from %s to %s."), or_empty(response->borrower),
        or_empty(response->person), word_enum(&tiejun__v1__role__descriptor, response->role, role),
        or_empty(response->unit), or_empty(response->from_date), or_empty(response->to_date));
    return COMMAND_DONE;
}

static const struct option_spec revoke_options[] = {
    {"last", 0, OPTION_STRING, N_("DATE"),
     N_("Last day on which it holds; yesterday if not given")},
    OPTIONS_END,
};

static int person_revoke(struct context *context, const struct options *options)
{
    Tiejun__V1__PersonServiceRevokeRoleRequest request =
        TIEJUN__V1__PERSON_SERVICE_REVOKE_ROLE_REQUEST__INIT;
    request.person = argument_text(options, 0);
    request.has_role = true;
    request.role = enum_value(argument_text(options, 1), &tiejun__v1__role__descriptor);
    request.unit = argument_text(options, 2);
    request.last_date = option_date(context, options, "last");
    const Tiejun__V1__PersonServiceRevokeRoleResponse *response =
        context_call(context, "tiejun.v1.PersonService.RevokeRole", &request.base);
    char role[WORD_SIZE];
    if (!context_print_json(context, &response->base))
        say(context, _("%s is %s of %s until %s and no longer."), or_empty(response->person),
            word_enum(&tiejun__v1__role__descriptor, response->role, role),
            or_empty(response->unit), or_empty(response->last_date));
    return COMMAND_DONE;
}

const struct command person_commands[] = {
    {"person", "add", N_("Add a person to a unit"),
     N_("HANDLE NAME --unit UNIT [--role ROLE] [--from DATE]"),
     N_("tiejun person add li.wei \"Li Wei\" --unit \"/West/Team 1\""), add_options, 2, 2,
     person_add},
    {"person", "move", N_("Move a person to another unit; the past keeps its place"),
     N_("HANDLE UNIT [--from DATE]"),
     N_("tiejun person move li.wei \"/West/Team 2\" --from 2026-08-01"), move_options, 2, 2,
     person_move},
    {"person", "list", N_("Who belongs to a unit and all below it"),
     N_("[UNIT] [--date DATE] [--limit N]"), N_("tiejun person list --unit /West"), list_options, 0,
     1, person_list},
    {"person", "grant", N_("Give a role on a unit and all below it"),
     N_("HANDLE ROLE UNIT [--from DATE] [--to DATE]"),
     N_("tiejun person grant li.wei supervisor \"/West/Team 1\""), grant_options, 3, 3,
     person_grant},
    {"person", "lend", N_("Lend a role for a leave, to its last day; the holder keeps it"),
     N_("BORROWER ROLE UNIT --to DATE [--from DATE] [--for HANDLE]"),
     N_("tiejun person lend li.wei supervisor \"/West/Team 1\" --to 2026-08-15"), lend_options, 3,
     3, person_lend},
    {"person", "revoke", N_("Take a role back, or end a loan early; the past keeps it"),
     N_("HANDLE ROLE UNIT [--last DATE]"),
     N_("tiejun person revoke li.wei supervisor \"/West/Team 1\""), revoke_options, 3, 3,
     person_revoke},
    {0},
};
