// Take results: roll-ups (domain.md 4.6, 2.8) and the funnel (3.5).
#include "server/method/winrate.h"
#include "server/rpc/measure.h"
#include "server/rpc/request.h"
#include "tiejun/v1/report.pb-c.h"

static bool finish_rollup(struct workshop *workshop, const ProtobufCMessage *request,
                          ProtobufCMessage *answer_message)
{
    (void)workshop;
    (void)request;
    Tiejun__V1__ReportServiceRollupResponse *answer = (void *)answer_message;
    for (size_t i = 0; i < answer->n_totals; i++) {
        Tiejun__V1__RollupRow *row = answer->totals[i];
        // The whole scope's, which the answer itself tells.
        row->has_working_millidays = answer->has_working_millidays;
        row->working_millidays = answer->working_millidays;
        row->has_elapsed_millidays = answer->has_elapsed_millidays;
        row->elapsed_millidays = answer->elapsed_millidays;
        MEASURE_ROW(row, row->effective);
    }
    for (size_t i = 0; i < answer->n_rows; i++) {
        MEASURE_ROW(answer->rows[i], answer->rows[i]->effective);
    }
    return true;
}

static void rate_row(Tiejun__V1__FunnelRow *row)
{
    const struct winrate rate =
        winrate_of(row->won, row->lost, row->open_a + row->open_b + row->open_c);
    row->has_win_rate_closed_milli = rate.has_closed;
    row->win_rate_closed_milli = rate.closed_milli;
    // Of a part of time the open deals are not known, and so not the rate among all.
    row->has_win_rate_all_milli = rate.has_all && row->has_open_c;
    row->win_rate_all_milli = rate.all_milli;
}

static bool finish_funnel(struct workshop *workshop, const ProtobufCMessage *request,
                          ProtobufCMessage *answer_message)
{
    (void)workshop;
    (void)request;
    Tiejun__V1__ReportServiceFunnelResponse *answer = (void *)answer_message;
    for (size_t i = 0; i < answer->n_totals; i++) {
        rate_row(answer->totals[i]);
    }
    for (size_t i = 0; i < answer->n_rows; i++) {
        rate_row(answer->rows[i]);
    }
    return true;
}

const struct request report_requests[] = {
    {.method = "tiejun.v1.ReportService.Rollup",
     .roles = LEADERS,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}, {SCOPE_PERSON, "person", .own = true}},
     .steps = {{"report_rollup", NULL},
               {"report_rollup_totals", "totals"},
               {"report_rollup_rows", "rows"}},
     .finish = finish_rollup},
    {.method = "tiejun.v1.ReportService.Funnel",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"report_funnel", NULL},
               {"report_funnel_totals", "totals"},
               {"report_funnel_rows", "rows"}},
     .finish = finish_funnel},
    {0},
};
