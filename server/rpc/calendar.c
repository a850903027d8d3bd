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
    {.method = "tiejun.v1.CalendarService.SetWeek",
     .roles = PLANNERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"calendar_week", NULL}}},
    {.method = "tiejun.v1.StandardService.Show",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}},
     .steps = {{"standard_show", NULL}}},
    {.method = "tiejun.v1.StandardService.Set",
     .roles = PLANNERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"standard_set", NULL}}},
    {.method = "tiejun.v1.MetricService.List", .roles = ANYONE, .steps = {{"metric_list", NULL}}},
    // A rep does not take its own days off its working days: who leads it does.
    {.method = "tiejun.v1.LeaveService.Add",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_PERSON, "person", .own = false}},
     .steps = {{"leave_add", NULL}}},
    {.method = "tiejun.v1.LeaveService.Remove",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_PERSON, "person", .own = false}},
     .steps = {{"leave_remove", NULL}}},
    {.method = "tiejun.v1.LeaveService.List",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_PERSON, "person", .own = true}, {SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"leave_list", NULL}}},
    {0},
};
