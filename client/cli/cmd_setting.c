// tiejun setting: what a director can change of the rules, per unit, inherited, dated.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/words.h"
#include "tiejun/v1/setting.pb-c.h"

#include <string.h>

enum { COLUMN_KEY, COLUMN_VALUE, COLUMN_MEANING, COLUMN_UNIT, COLUMN_FROM };

static const struct table_column columns[] = {
    [COLUMN_KEY] = {"key", N_("setting"), 0},
    [COLUMN_VALUE] = {"value", N_("in force"), TABLE_TRUNCATE},
    [COLUMN_MEANING] = {"meaning", "", TABLE_SCREEN_ONLY | TABLE_WRAP},
    [COLUMN_UNIT] = {"unit", N_("set by"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [COLUMN_FROM] = {"from_date", N_("since"), TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static const char *meaning(const char *key)
{
    static const struct {
        const char *key;
        const char *text;
    } known[] = {
        {"minimum_visit_minutes", N_("minutes that make a visit effective")},
        {"backdating_days", N_("working days within which work is logged without an approval")},
        {"profile_industries", N_("industries that are sold to; none: all")},
        {"rule_version", N_("version of the rules of effectiveness")},
        {"shrink_weight", N_("own cases that weigh as much as the unit above")},
        {"conversion_window_days", N_("days of history that rates are read from")},
        {"audit_days", N_("days for which the audit trail is kept")},
        {"invite_hours", N_("hours for which the code of an invitation is good")},
        {"notice_days", N_("days for which notices are kept")},
        {"pace_hour", N_("hour from which on it is told who is behind pace; 24: never")},
        {"pace_expected_milli", N_("thousandths of a day's targets expected by then")},
        {"objective_due_days", N_("days before its date on which an objective is told of")},
        {"conversion_keep_ms", N_("milliseconds of counting from which on it is kept a while")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].key, key) == 0)
            return _(known[i].text);
    }
    return "";
}

static const struct option_spec show_options[] = {
    UNIT_OPTION,
    {"date", 0, OPTION_STRING, N_("DATE"), N_("As it was on that day; today if not given")},
    OPTIONS_END,
};

static int setting_show(struct context *context, const struct options *options)
{
    Tiejun__V1__SettingServiceShowRequest request = TIEJUN__V1__SETTING_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.date = option_date(context, options, "date");
    const Tiejun__V1__SettingServiceShowResponse *response =
        context_call(context, "tiejun.v1.SettingService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_settings; i++) {
        const Tiejun__V1__Setting *setting = response->settings[i];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_KEY, setting->key);
        table_set(table, row, COLUMN_VALUE, setting->value);
        table_set(table, row, COLUMN_MEANING, meaning(or_empty(setting->key)));
        table_set(table, row, COLUMN_UNIT, setting->unit);
        table_set(table, row, COLUMN_FROM, setting->from_date);
    }
    context_print_table(context, table);
    return COMMAND_DONE;
}

static const struct option_spec set_options[] = {
    UNIT_OPTION,
    {"from", 0, OPTION_STRING, N_("DATE"), N_("In force from this day on; today if not given")},
    OPTIONS_END,
};

static int setting_set(struct context *context, const struct options *options)
{
    Tiejun__V1__SettingServiceSetRequest request = TIEJUN__V1__SETTING_SERVICE_SET_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    request.key = argument_text(options, 0);
    request.value = argument_text(options, 1);
    request.from_date = option_date(context, options, "from");
    const Tiejun__V1__SettingServiceSetResponse *response =
        context_call(context, "tiejun.v1.SettingService.Set", &request.base);
    if (!context_print_json(context, &response->base) && response->setting)
        say(context, _("%s is %s in %s and below, from %s on"), or_empty(response->setting->key),
            or_empty(response->setting->value), or_empty(response->setting->unit),
            or_empty(response->setting->from_date));
    return COMMAND_DONE;
}

const struct command setting_commands[] = {
    {"setting", "show", N_("The settings in force for a unit, and who set them"),
     N_("[UNIT] [--date DATE]"), N_("tiejun setting show /West"), show_options, 0, 1, setting_show},
    {"setting", "set", N_("Change a setting of a unit and all below it"),
     N_("SETTING VALUE [--unit UNIT] [--from DATE]"),
     N_("tiejun setting set shrink_weight 30 --unit /West --from 2026-10-01"), set_options, 2, 2,
     setting_set},
    {0},
};
