// Working days, daily standards and metrics (domain.md 2, 2.1, 2.5).
#include "server/rpc/request.h"

enum { PLANNERS = ROLE_DIRECTOR | ROLE_REGION_MANAGER };

const struct request calendar_requests[] = {
    {.method = "tiejun.v1.CalendarService.Set",
     .roles = PLANNERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"calendar_set", NULL}}},
    {.method = "tiejun.v1.CalendarService.Show",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}},
     .steps = {{"calendar_show", NULL}}},
    {.method = "tiejun.v1.StandardService.Show",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}},
     .steps = {{"standard_show", NULL}}},
    {.method = "tiejun.v1.StandardService.Set",
     .roles = PLANNERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"standard_set", NULL}}},
    {.method = "tiejun.v1.MetricService.List", .roles = ANYONE, .steps = {{"metric_list", NULL}}},
    {0},
};
