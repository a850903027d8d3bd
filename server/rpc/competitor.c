// Competitors: who else was seen, and with what end (domain.md 2.10).
#include "server/method/winrate.h"
#include "server/rpc/request.h"
#include "tiejun/v1/competitor.pb-c.h"

static bool finish_report(struct workshop *workshop, const ProtobufCMessage *request,
                          ProtobufCMessage *answer_message)
{
    (void)workshop;
    (void)request;
    Tiejun__V1__CompetitorServiceReportResponse *answer = (void *)answer_message;
    for (size_t i = 0; i < answer->n_rows; i++) {
        Tiejun__V1__CompetitorRow *row = answer->rows[i];
        const struct winrate rate = winrate_of(row->won, row->lost, row->open);
        row->has_win_rate_milli = rate.has_closed;
        row->win_rate_milli = rate.closed_milli;
    }
    return true;
}

const struct request competitor_requests[] = {
    {.method = "tiejun.v1.CompetitorService.Report",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"competitor_report", NULL}, {"competitor_report_rows", "rows"}},
     .finish = finish_report},
    {0},
};
