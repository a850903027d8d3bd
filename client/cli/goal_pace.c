#include "client/cli/goal_pace.h"

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/pace_table.h"
#include "client/cli/rates_said.h"
#include "client/cli/report.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/refresh.h"
#include "client/lib/render.h"
#include "client/lib/session.h"
#include "client/lib/words.h"

#include <stdlib.h>
#include <string.h>

const struct option_spec goal_pace_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    {"metric", 'm', OPTION_STRING, N_("METRIC"), N_("revenue if not given")},
    {"as-of", 0, OPTION_STRING, N_("DATE"),
     N_("Up to that day, by what is known today; today if not given")},
    CURRENCY_OPTION,
    OPTIONS_END,
};

static void print_heading(struct context *context,
                          const Tiejun__V1__PaceServiceShowResponse *response)
{
    char metric[WORD_SIZE];
    char all[32];
    char past[32];
    char day[64];
    const Tiejun__V1__PaceRow *total = response->total;
    say_in(context, TABLE_BOLD, _("%s, %s to %s"),
           report_scope(context, response->scope, response->scope_name),
           or_empty(response->from_date), or_empty(response->to_date));
    say(context, _("%s%s%s, as of %s; %s of %s working days have passed"),
        word(response->metric, metric), total->currency ? _(", ") : "", or_empty(total->currency),
        render_date(response->as_of, day, sizeof day),
        render_milli(total->elapsed_millidays, past, sizeof past),
        render_milli(total->working_millidays, all, sizeof all));
}

// How to read the columns.
static void print_legend(struct context *context,
                         const Tiejun__V1__PaceServiceShowResponse *response)
{
    const Tiejun__V1__PaceRow *total = response->total;
    say_in(context, TABLE_DIM, "%s",
           _("pace: so far against what is expected by now (┃). a day: what every working day left "
             "must bring. so it ends: at this pace."));
    if (total->has_outlook && response->n_rows > 0)
        say_in(context, TABLE_DIM, "%s",
               _("with open: so far, and what open deals should bring in this time. Each line "
                 "reckons with its own rates, so the lines need not add up to the total."));
    else if (total->has_outlook)
        say_in(context, TABLE_DIM, "%s",
               _("with open: so far, and what open deals should bring in this time."));
}

static const Tiejun__V1__PaceRow *worst(const Tiejun__V1__PaceServiceShowResponse *response)
{
    for (size_t i = 0; i < response->n_rows; i++) {
        const Tiejun__V1__PaceRow *row = response->rows[i];
        if (row->has_pace_milli && strcmp(or_empty(row->group), or_empty(response->scope)) != 0)
            return row;
    }
    return NULL;
}

// The worst one, one level closer. The command is on a line of its own, to be copied whole.
static void print_next(struct context *context, const Tiejun__V1__PaceServiceShowResponse *response)
{
    const Tiejun__V1__PaceRow *row = worst(response);
    if (!row || row->pace_milli >= 1000)
        return;
    bool is_unit = *or_empty(row->group) == '/';
    say(context, "%s", "");
    say_in(context, TABLE_DIM, "%s", _("Look closer at what is furthest behind:"));
    char period[64];
    render_period(response->from_date, response->to_date, period, sizeof period);
    say_whole(
        context, TABLE_DIM,
        is_unit ? context_text(context, "  tiejun goal pace \"%s\" --period %s", row->group, period)
                : context_text(context, "  tiejun goal solve --person %s --period %s", row->group,
                               period));
}

// By which rates other currencies are part of it, and what is not.
static void print_rates(struct context *context, const Tiejun__V1__PaceRow *total)
{
    const struct rates_used used = {total->n_rates, total->rate_currencies, total->rates,
                                    total->rate_dates};
    say_rates(context, &used, or_empty(total->currency));
    say_unrated(context, total->unrated_currencies, total->n_unrated_currencies,
                or_empty(total->currency));
}

static void print_no_target(struct context *context, const Tiejun__V1__PaceRow *total)
{
    if (total->n_unrated_targets > 0)
        say(context, _("The target of this time is in %s: tiejun goal pace --currency %s"),
            total->unrated_targets[0], total->unrated_targets[0]);
    else
        say(context, "%s", _("There is no target for this time. Set one with: tiejun goal set"));
}

static void print_pace(struct context *context, const Tiejun__V1__PaceServiceShowResponse *response)
{
    print_heading(context, response);
    say(context, "%s", "");
    context_print_table(context, pace_table(response));
    print_rates(context, response->total);
    if (!response->total->has_target) {
        print_no_target(context, response->total);
        return;
    }
    print_legend(context, response);
    say(context, "%s", "");
    pace_draw(context, response->total);
    print_next(context, response);
}

// This month of all that one leads, or of oneself, can be had without the daemon.
static bool is_kept(const Tiejun__V1__PaceServiceShowRequest *request)
{
    return !request->unit && !request->person && !request->from_date && !request->to_date &&
           !request->metric && !request->as_of && !request->in_currency;
}

static const Tiejun__V1__PaceServiceShowResponse *pace_from_copy(struct context *context,
                                                                 const struct session_error *error)
{
    int64_t came;
    offline_know_self(context);
    const Tiejun__V1__PaceServiceShowResponse *kept =
        kept_pace(offline_copy(context), context_arena(context), &came);
    if (!kept)
        exit(context_complain(error));
    offline_say_age(context, error, came);
    return kept;
}

int goal_pace(struct context *context, const struct options *options)
{
    struct session_error error;
    Tiejun__V1__PaceServiceShowRequest request = TIEJUN__V1__PACE_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    if (request.unit && request.person)
        refuse_usage("%s", _("A pace is that of a unit or of a person: --unit or --person."));
    request.metric = option_text(options, "metric");
    // Without one the daemon takes this month.
    context_range(context, options, &request.from_date, &request.to_date);
    request.as_of = option_date(context, options, "as-of");
    request.in_currency = option_text(options, "currency");
    const Tiejun__V1__PaceServiceShowResponse *response =
        is_kept(&request) && !offline_reach(context, &error)
            ? pace_from_copy(context, &error)
            : context_call(context, "tiejun.v1.PaceService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        context_print_table(context, pace_table(response));
    else if (response->total)
        print_pace(context, response);
    return COMMAND_DONE;
}
