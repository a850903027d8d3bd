// tiejun standard: what every rep does on every working day (domain.md 2.1).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/money.h"
#include "tiejun/v1/calendar.pb-c.h"

enum { COLUMN_METRIC, COLUMN_TARGET, COLUMN_FROM, COLUMN_UNIT };

static const struct table_column columns[] = {
    {"metric", N_("metric"), 0},
    {"target", N_("a day"), TABLE_RIGHT},
    {"from_date", N_("since"), 0},
    {"unit", N_("set by"), TABLE_TRUNCATE},
    {NULL, NULL, 0},
};

static const struct option_spec show_options[] = {
    UNIT_OPTION,
    {"date", 0, OPTION_STRING, N_("DATE"), N_("As it was on that day; today if not given")},
    OPTIONS_END,
};

static int standard_show(struct context *context, const struct options *options)
{
    Tiejun__V1__StandardServiceShowRequest request =
        TIEJUN__V1__STANDARD_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.date = option_date(context, options, "date");
    const Tiejun__V1__StandardServiceShowResponse *response =
        context_call(context, "tiejun.v1.StandardService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_standards; i++) {
        const Tiejun__V1__Standard *standard = response->standards[i];
        char name[WORD_SIZE];
        size_t row = table_add(table);
        table_set_raw(table, row, COLUMN_METRIC, word(standard->metric, name), standard->metric);
        table_set_count(table, row, COLUMN_TARGET, standard->target);
        table_set(table, row, COLUMN_FROM, standard->from_date);
        table_set(table, row, COLUMN_UNIT, standard->unit);
    }
    context_print_table(context, table);
    return COMMAND_DONE;
}

static const struct option_spec set_options[] = {
    UNIT_OPTION,
    {"from", 0, OPTION_STRING, N_("DATE"), N_("In force from this day on; today if not given")},
    CURRENCY_OPTION,
    OPTIONS_END,
};

static int standard_set(struct context *context, const struct options *options)
{
    Tiejun__V1__StandardServiceSetRequest request = TIEJUN__V1__STANDARD_SERVICE_SET_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    request.metric = argument_text(options, 0);
    request.from_date = option_date(context, options, "from");
    request.has_target = true;
    const char *currency = context_metric_is_money(context, request.metric)
                               ? context_currency(context, options)
                               : NULL;
    request.target = context_target(argument_text(options, 1), currency);
    const Tiejun__V1__StandardServiceSetResponse *response =
        context_call(context, "tiejun.v1.StandardService.Set", &request.base);
    char name[WORD_SIZE];
    char target[MONEY_TEXT_SIZE + 8];
    if (!context_print_json(context, &response->base))
        say(context, _("%s: %s a working day for everyone in %s"), word(response->metric, name),
            render_money(response->target, currency, target, sizeof target),
            or_empty(response->unit));
    return COMMAND_DONE;
}

const struct command standard_commands[] = {
    {"standard", "show", N_("The daily standard in force for a unit"), N_("[UNIT] [--date DATE]"),
     "tiejun standard show", show_options, 0, 1, standard_show},
    {"standard", "set", N_("Set what each rep of a unit does on a working day"),
     N_("METRIC TARGET [--unit UNIT] [--from DATE]"), "tiejun standard set visits 8 --unit /",
     set_options, 2, 2, standard_set},
    {0},
};
