// tiejun rate: what currencies are worth in each other, from their days on.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/csv_reader.h"
#include "client/lib/words.h"
#include "tiejun/v1/rate.pb-c.h"

#include <inttypes.h>

#define RATES_MAX 20000

static void send(struct context *context, const Tiejun__V1__RateServiceSetRequest *request)
{
    const Tiejun__V1__RateServiceSetResponse *response =
        context_call(context, "tiejun.v1.RateService.Set", &request->base);
    if (!context_print_json(context, &response->base))
        say(context, ngettext("%d rate set.", "%d rates set.", (unsigned long)response->rates_set),
            response->rates_set);
}

// ---- set ----

static const struct option_spec set_options[] = {
    {"from", 0, OPTION_STRING, N_("DATE"), N_("From this day on; today if not given")},
    OPTIONS_END,
};

static int rate_set(struct context *context, const struct options *options)
{
    Tiejun__V1__RateServiceSetRequest request = TIEJUN__V1__RATE_SERVICE_SET_REQUEST__INIT;
    Tiejun__V1__Rate rate = TIEJUN__V1__RATE__INIT;
    Tiejun__V1__Rate *rates[] = {&rate};
    rate.currency = argument_text(options, 0);
    rate.into_currency = argument_text(options, 1);
    rate.rate = argument_text(options, 2);
    rate.from_date = option_date(context, options, "from");
    request.n_rates = 1;
    request.rates = rates;
    send(context, &request);
    return COMMAND_DONE;
}

// ---- import ----

static int column_of(const struct csv_reader *reader, const char *path, const char *name)
{
    int column = csv_reader_column(reader, name);
    if (column < 0)
        refuse(_("A file of rates has the columns currency, into_currency, from_date and rate."),
               _("%s has no column \"%s\"."), path, name);
    return column;
}

static int rate_import(struct context *context, const struct options *options)
{
    static const char *const names[] = {"currency", "into_currency", "from_date", "rate"};
    char error[512];
    int columns[4];
    const char *path = argument_text(options, 0);
    const struct csv_settings settings = {TEXT_ENCODING_AUTO, 0};
    struct csv_record record;
    enum csv_result result;
    Tiejun__V1__RateServiceSetRequest request = TIEJUN__V1__RATE_SERVICE_SET_REQUEST__INIT;
    struct csv_reader *reader = csv_reader_open(path, &settings, error, sizeof error);
    if (!reader)
        refuse(NULL, "%s", error);
    for (size_t i = 0; i < 4; i++)
        columns[i] = column_of(reader, path, names[i]);
    request.rates = context_room(context, RATES_MAX, sizeof *request.rates);
    while ((result = csv_reader_next(reader, &record)) == CSV_RECORD) {
        if (record.problem || request.n_rates == RATES_MAX)
            refuse(_("Nothing was changed."), _("%s, line %" PRId64 ": %s"), path, record.line,
                   record.problem ? record.problem : _("too many rates at once"));
        Tiejun__V1__Rate *rate = context_room(context, 1, sizeof *rate);
        tiejun__v1__rate__init(rate);
        rate->currency = context_text(context, "%s", record.fields[columns[0]]);
        rate->into_currency = context_text(context, "%s", record.fields[columns[1]]);
        rate->from_date = context_text(context, "%s", record.fields[columns[2]]);
        rate->rate = context_text(context, "%s", record.fields[columns[3]]);
        request.rates[request.n_rates++] = rate;
    }
    if (result == CSV_FAILED)
        refuse(_("Nothing was changed."), "%s", csv_reader_error(reader));
    csv_reader_close(reader);
    send(context, &request);
    return COMMAND_DONE;
}

// ---- list ----

enum { RATE_OF, RATE_RATE, RATE_INTO, RATE_FROM, RATE_ACTOR };

static const struct table_column rate_columns[] = {
    [RATE_OF] = {"currency", N_("1 unit of"), 0},
    [RATE_RATE] = {"rate", N_("is"), TABLE_RIGHT},
    [RATE_INTO] = {"into_currency", N_("in"), 0},
    [RATE_FROM] = {"from_date", N_("from"), 0},
    [RATE_ACTOR] = {"actor", N_("by"), TABLE_TRUNCATE},
    {NULL, NULL, 0},
};

static const struct option_spec list_options[] = {
    {"date", 0, OPTION_STRING, N_("DATE"), N_("In force on that day; today if not given")},
    {"past", 0, OPTION_FLAG, NULL, N_("Those of the past too")},
    OPTIONS_END,
};

static int rate_list(struct context *context, const struct options *options)
{
    Tiejun__V1__RateServiceListRequest request = TIEJUN__V1__RATE_SERVICE_LIST_REQUEST__INIT;
    request.date = option_date(context, options, "date");
    request.has_past = request.past = options_flag(options, "past");
    const Tiejun__V1__RateServiceListResponse *response =
        context_call(context, "tiejun.v1.RateService.List", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(rate_columns);
    for (size_t i = 0; i < response->n_rates; i++) {
        const Tiejun__V1__RateInForce *rate = response->rates[i];
        size_t row = table_add(table);
        table_set(table, row, RATE_OF, rate->currency);
        table_set(table, row, RATE_INTO, rate->into_currency);
        table_set(table, row, RATE_FROM, rate->from_date);
        table_set(table, row, RATE_RATE, rate->rate);
        table_set(table, row, RATE_ACTOR, rate->actor);
    }
    context_print_table(context, table);
    if (response->n_rates == 0)
        say(context, "%s", _("There are no rates. Set one with: tiejun rate set USD CNY 7.1"));
    return COMMAND_DONE;
}

const struct command rate_commands[] = {
    {"rate", "set", N_("Set what one unit of a currency is worth in another"),
     N_("CURRENCY INTO RATE [--from DATE]"), "tiejun rate set USD CNY 7.1235 --from 2026-01-01",
     set_options, 3, 3, rate_set},
    {"rate", "import", N_("Set rates by a CSV file"), N_("FILE.csv"),
     "tiejun rate import rates.csv", NULL, 1, 1, rate_import},
    {"rate", "list", N_("Exchange rates in force, with their days"), N_("[--date DATE] [--past]"),
     "tiejun rate list", list_options, 0, 0, rate_list},
    {0},
};
