// tiejun leave: days on which a person is away (domain.md 2.5).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/leave.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/i18n.h"
#include "tiejun/v1/leave.pb-c.h"

#include <string.h>

#define HALF_DAY 500

// The first argument is the person, the second the days.
static void read_days(struct context *context, const struct options *options, char **from,
                      char **to)
{
    date_day first;
    date_day last;
    context_period(context, argument_text(options, 1), &first, &last);
    *from = context_day(context, first);
    *to = context_day(context, last);
}

// ---- add, remove ----

static const struct option_spec add_options[] = {
    {"half", 0, OPTION_FLAG, NULL, N_("Away for half of each day")},
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why, as those above see it")},
    OPTIONS_END,
};

static int leave_add(struct context *context, const struct options *options)
{
    Tiejun__V1__LeaveServiceAddRequest request = TIEJUN__V1__LEAVE_SERVICE_ADD_REQUEST__INIT;
    request.person = argument_text(options, 0);
    read_days(context, options, &request.from_date, &request.to_date);
    request.has_away_milli = options_flag(options, "half");
    request.away_milli = HALF_DAY;
    request.reason = option_text(options, "reason");
    const Tiejun__V1__LeaveServiceAddResponse *response =
        context_call(context, "tiejun.v1.LeaveService.Add", &request.base);
    char days[32];
    if (!context_print_json(context, &response->base))
        say(context, _("%s is away from %s to %s: %s working days less."),
            or_empty(response->person), or_empty(response->from_date), or_empty(response->to_date),
            render_milli(response->working_millidays, days, sizeof days));
    return COMMAND_DONE;
}

static int leave_remove(struct context *context, const struct options *options)
{
    Tiejun__V1__LeaveServiceRemoveRequest request = TIEJUN__V1__LEAVE_SERVICE_REMOVE_REQUEST__INIT;
    request.person = argument_text(options, 0);
    read_days(context, options, &request.from_date, &request.to_date);
    const Tiejun__V1__LeaveServiceRemoveResponse *response =
        context_call(context, "tiejun.v1.LeaveService.Remove", &request.base);
    if (!context_print_json(context, &response->base))
        say(context,
            ngettext("%d day of leave of %s is taken back.",
                     "%d days of leave of %s are taken back.",
                     (unsigned long)response->days_removed),
            response->days_removed, or_empty(response->person));
    return COMMAND_DONE;
}

// ---- list ----

enum { LEAVE_WHO, LEAVE_NAME, LEAVE_UNIT, LEAVE_FROM, LEAVE_TO, LEAVE_AWAY, LEAVE_REASON };

static const struct table_column columns[] = {
    [LEAVE_WHO] = {"person", N_("person"), TABLE_TRUNCATE},
    [LEAVE_NAME] = {"name", N_("name"), TABLE_TRUNCATE},
    [LEAVE_UNIT] = {"unit", N_("unit"), TABLE_TRUNCATE | TABLE_DROP},
    [LEAVE_FROM] = {"from_date", N_("from"), 0},
    [LEAVE_TO] = {"to_date", N_("to"), 0},
    [LEAVE_AWAY] = {"away", N_("a day"), TABLE_RIGHT | TABLE_IF_ANY},
    [LEAVE_REASON] = {"reason", N_("reason"), TABLE_TRUNCATE | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_leave(struct table *table, const Tiejun__V1__Leave *leave)
{
    char away[32];
    size_t row = table_add(table);
    render_milli(leave->away_milli, away, sizeof away);
    table_set(table, row, LEAVE_WHO, leave->person);
    table_set(table, row, LEAVE_NAME, leave->name);
    table_set(table, row, LEAVE_UNIT, leave->unit);
    table_set(table, row, LEAVE_FROM, leave->from_date);
    table_set(table, row, LEAVE_TO, leave->to_date);
    table_set_raw(table, row, LEAVE_AWAY, leave->away_milli == HALF_DAY ? _("half") : "", away);
    table_set(table, row, LEAVE_REASON, leave->reason);
}

static const struct option_spec list_options[] = {
    {"unit", 'u', OPTION_STRING, N_("UNIT"),
     N_("Everyone of a unit; the one you lead if left out")},
    PERSON_OPTION,
    RANGE_OPTIONS,
    OPTIONS_END,
};

static int leave_list(struct context *context, const struct options *options)
{
    Tiejun__V1__LeaveServiceListRequest request = TIEJUN__V1__LEAVE_SERVICE_LIST_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    request.person = option_text(options, "person");
    context_range(context, options, &request.from_date, &request.to_date);
    const Tiejun__V1__LeaveServiceListResponse *response =
        context_call(context, "tiejun.v1.LeaveService.List", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_leaves; i++)
        fill_leave(table, response->leaves[i]);
    context_print_table(context, table);
    if (response->n_leaves == 0)
        say(context, "%s", _("Nobody is away then."));
    return COMMAND_DONE;
}

const struct command leave_commands[] = {
    {"leave", "add", N_("Put in days on which a person is away"),
     N_("HANDLE DATE[..DATE] [--half] [--reason TEXT]"),
     "tiejun leave add li.wei 2026-08-03..2026-08-07", add_options, 2, 2, leave_add},
    {"leave", "import",
     N_("Take a person's days away from its own calendar, once you have seen them"),
     N_("FILE [--person HANDLE] [--period PERIOD] [--yes|--dry-run]"),
     "tiejun leave import li.wei.ics --person li.wei --period 2026", leave_import_options, 1, 1,
     leave_import},
    {"leave", "remove", N_("Take days of leave back"), N_("HANDLE DATE[..DATE]"),
     "tiejun leave remove li.wei 2026-08-07", NULL, 2, 2, leave_remove},
    {"leave", "list", N_("Who is away when; from today on if no period is given"),
     N_("[--unit UNIT] [--person HANDLE] [--period PERIOD]"), "tiejun leave list --period 2026-08",
     list_options, 0, 0, leave_list},
    {0},
};
