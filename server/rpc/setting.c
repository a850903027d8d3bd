// Settings: what a director can change of the rules.
#include "server/rpc/request.h"

const struct request setting_requests[] = {
    {.method = "tiejun.v1.SettingService.Show",
     .roles = LEADERS | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = true}},
     .steps = {{"setting_show", "settings"}}},
    {.method = "tiejun.v1.SettingService.Set",
     .roles = ROLE_REGION_MANAGER | ROLE_DIRECTOR | ROLE_ADMIN,
     .scopes = {{SCOPE_UNIT, "unit", .own = false}},
     .steps = {{"setting_set", "setting"}}},
    {0},
};
