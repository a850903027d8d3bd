// tiejun report: roll-ups, funnel and board (domain.md 4.6, 2.8, 3.5).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/report.h"

#include <string.h>

const char *report_scope(struct context *context, const char *scope, const char *name)
{
    if (!scope || !*scope)
        return name ? name : "";
    if (!name || !*name || strcmp(scope, name) == 0)
        return scope;
    size_t scope_length = strlen(scope);
    size_t name_length = strlen(name);
    // "/West" and "West" say the same.
    if (scope_length > name_length && strcmp(scope + scope_length - name_length, name) == 0)
        return scope;
    return context_text(context, _("%s (%s)"), name, scope);
}

const struct command report_commands[] = {
    {"report", "rollup", N_("Any metric of any scope and time: effective, target, pace"),
     N_("[UNIT] [--person HANDLE] [--period PERIOD] [--metric LIST] [--by GROUP] [--as-is]"),
     N_("tiejun report rollup /West --period 2026-Q3 --metric revenue,visits --by team\n"
        "tiejun report rollup --person li.wei --period this-month --by week"),
     report_rollup_options, 0, 1, report_rollup},
    {"report", "funnel", N_("Deals by grade and how they ended, with both win rates"),
     N_("[UNIT] [--person HANDLE] [--period PERIOD] [--by GROUP]"),
     "tiejun report funnel / --period 2026-Q3 --by unit", report_funnel_options, 0, 1,
     report_funnel},
    {"report", "board", N_("A team's day on one page: every rep against the 3-5-8"),
     N_("[UNIT] [--date DATE]"), N_("tiejun report board \"/West/Team 1\""), report_board_options,
     0, 1, report_board},
    {0},
};
