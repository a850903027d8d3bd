// Track the process (domain.md 3.1 to 3.4).
#include "server/rpc/outcome.h"
#include "server/rpc/request.h"

const struct request fact_requests[] = {
    {.method = "tiejun.v1.FactService.Log",
     .roles = ANYONE,
     .intake = true,
     .finish = finish_outcomes},
    {.method = "tiejun.v1.FactService.List",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"fact_list", NULL}}},
    {.method = "tiejun.v1.FactService.ShowDay",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}},
     .steps = {{"fact_show_day", NULL},
               {"fact_show_day_metrics", "metrics"},
               {"fact_show_day_facts", "facts"},
               {"fact_show_day_pending", "pending"}}},
    {.method = "tiejun.v1.FactService.Pending",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"fact_pending_list", NULL}}},
    {.method = "tiejun.v1.FactService.Decline",
     .roles = LEADERS,
     .scopes = {{SCOPE_PERSON, "person", .own = false}},
     .steps = {{"fact_decline", NULL}}},
    {0},
};
