// tiejun org: the tree of units (domain.md 1).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/words.h"

#define LEVEL_MAX 64

enum {
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_HEADCOUNT,
    COLUMN_LEADERS,
    COLUMN_ZONE,
    COLUMN_CURRENCY,
    COLUMN_PATH,
    COLUMN_LOCALE,
    COLUMN_LOANS
};

static const struct table_column columns[] = {
    {"name", N_("unit"), TABLE_TREE | TABLE_TRUNCATE},
    {"kind", N_("kind"), 0},
    {"headcount", N_("people"), TABLE_RIGHT},
    {"leaders", N_("led by"), TABLE_TRUNCATE},
    {"time_zone", N_("time zone"), TABLE_TRUNCATE},
    {"currency", N_("money"), 0},
    {"path", "", TABLE_CSV_ONLY},
    {"locale", "", TABLE_CSV_ONLY},
    {"loans", N_("on loan"), TABLE_IF_ANY | TABLE_WRAP},
    {NULL, NULL, 0},
};

static void fill_unit(struct table *table, size_t row, const Tiejun__V1__Unit *unit)
{
    char kind[WORD_SIZE];
    table_set(table, row, COLUMN_NAME, unit->name);
    table_set(table, row, COLUMN_KIND,
              word_enum(&tiejun__v1__unit_kind__descriptor, unit->kind, kind));
    table_set_count(table, row, COLUMN_HEADCOUNT, unit->headcount);
    table_set(table, row, COLUMN_LEADERS, unit->leaders);
    table_set(table, row, COLUMN_ZONE, unit->time_zone);
    table_set(table, row, COLUMN_CURRENCY, unit->currency);
    table_set(table, row, COLUMN_PATH, unit->path);
    table_set(table, row, COLUMN_LOCALE, unit->locale);
    table_set(table, row, COLUMN_LOANS, unit->loans);
}

// Parents come before children, so the last unit of the level above is the parent.
static struct table *tree_of(const Tiejun__V1__OrgServiceShowResponse *response)
{
    struct table *table = table_new(columns);
    size_t last[LEVEL_MAX] = {0};
    for (size_t i = 0; i < response->n_units; i++) {
        int level = response->units[i]->level;
        if (level < 0 || level >= LEVEL_MAX || i == 0)
            level = 0;
        last[level] = level == 0 ? table_add(table) : table_add_child(table, last[level - 1]);
        fill_unit(table, last[level], response->units[i]);
    }
    return table;
}

static const struct option_spec show_options[] = {
    UNIT_OPTION,
    {"date", 0, OPTION_STRING, N_("DATE"), N_("The tree as it was on that day")},
    {"depth", 'd', OPTION_INTEGER, N_("LEVELS"), N_("Levels below the unit; all when left out")},
    OPTIONS_END,
};

static int org_show(struct context *context, const struct options *options)
{
    Tiejun__V1__OrgServiceShowRequest request = TIEJUN__V1__ORG_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.date = option_date(context, options, "date");
    request.has_depth = options_given(options, "depth");
    request.depth = (int32_t)options_integer(options, "depth", 0);
    const Tiejun__V1__OrgServiceShowResponse *response =
        context_call(context, "tiejun.v1.OrgService.Show", &request.base);
    if (!context_print_json(context, &response->base))
        context_print_table(context, tree_of(response));
    return COMMAND_DONE;
}

static const struct option_spec add_options[] = {
    {"kind", 'k', OPTION_STRING, N_("KIND"), N_("company, region, office or team")},
    {"time-zone", 0, OPTION_STRING, N_("ZONE"),
     N_("Such as Asia/Shanghai; the parent's if not given")},
    {"locale", 0, OPTION_STRING, N_("LOCALE"), N_("en or zh_CN; the parent's if not given")},
    {"currency", 0, OPTION_STRING, N_("CODE"), N_("Such as CNY; the parent's if not given")},
    {"from", 0, OPTION_STRING, N_("DATE"), N_("It exists from this day on; today if not given")},
    OPTIONS_END,
};

static int org_add(struct context *context, const struct options *options)
{
    Tiejun__V1__OrgServiceAddUnitRequest request = TIEJUN__V1__ORG_SERVICE_ADD_UNIT_REQUEST__INIT;
    request.parent = argument_text(options, 0);
    request.name = argument_text(options, 1);
    request.kind = option_enum(options, "kind", &tiejun__v1__unit_kind__descriptor);
    request.has_kind = request.kind != 0;
    request.time_zone = option_text(options, "time-zone");
    request.locale = option_text(options, "locale");
    request.currency = option_text(options, "currency");
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__OrgServiceAddUnitResponse *response =
        context_call(context, "tiejun.v1.OrgService.AddUnit", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Added: %s"), or_empty(response->path));
    return COMMAND_DONE;
}

static const struct option_spec move_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    OPTIONS_END,
};

static int org_move(struct context *context, const struct options *options)
{
    Tiejun__V1__OrgServiceMoveUnitRequest request = TIEJUN__V1__ORG_SERVICE_MOVE_UNIT_REQUEST__INIT;
    request.unit = argument_text(options, 0);
    request.parent = argument_text(options, 1);
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__OrgServiceMoveUnitResponse *response =
        context_call(context, "tiejun.v1.OrgService.MoveUnit", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Moved; it is now %s. The past keeps its place."), or_empty(response->path));
    return COMMAND_DONE;
}

const struct command org_commands[] = {
    {"org", "show", N_("The tree of units below one"), N_("[UNIT] [--depth LEVELS] [--date DATE]"),
     "tiejun org show / --depth 2", show_options, 0, 1, org_show},
    {"org", "add", N_("Add a unit below another"), N_("PARENT NAME --kind KIND [OPTION...]"),
     N_("tiejun org add /West \"Team 3\" --kind team"), add_options, 2, 2, org_add},
    {"org", "move", N_("Hang a unit below another parent; the past keeps its place"),
     N_("UNIT PARENT [--from DATE]"), N_("tiejun org move \"Team 3\" /East --from 2026-08-01"),
     move_options, 2, 2, org_move},
    {0},
};
