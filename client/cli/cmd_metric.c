// tiejun metric: what can be counted.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/lib/words.h"
#include "tiejun/v1/calendar.pb-c.h"

enum { COLUMN_METRIC, COLUMN_NAME, COLUMN_KIND, COLUMN_HOW };

static const struct table_column columns[] = {
    {"metric", N_("metric"), 0},
    {"name", N_("shown as"), TABLE_SCREEN_ONLY},
    {"fact_kind", N_("made of"), 0},
    {"is_money", N_("how"), 0},
    {NULL, NULL, 0},
};

static int metric_list(struct context *context, const struct options *options)
{
    (void)options;
    Tiejun__V1__MetricServiceListRequest request = TIEJUN__V1__METRIC_SERVICE_LIST_REQUEST__INIT;
    const Tiejun__V1__MetricServiceListResponse *response =
        context_call(context, "tiejun.v1.MetricService.List", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_metrics; i++) {
        const Tiejun__V1__Metric *metric = response->metrics[i];
        char text[WORD_SIZE];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_METRIC, metric->metric);
        table_set(table, row, COLUMN_NAME, word(metric->metric, text));
        table_set_raw(table, row, COLUMN_KIND, word(metric->fact_kind, text), metric->fact_kind);
        table_set_raw(table, row, COLUMN_HOW, metric->is_money ? _("money, summed") : _("counted"),
                      metric->is_money ? "true" : "false");
    }
    context_print_table(context, table);
    return COMMAND_DONE;
}

const struct command metric_commands[] = {
    {"metric", "list", N_("Every metric there is, and what it is made of"), "",
     "tiejun metric list", NULL, 0, 0, metric_list},
    {0},
};
