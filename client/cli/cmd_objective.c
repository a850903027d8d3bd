// tiejun objective: higher goals of region managers and directors (domain.md 2.10).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/key_result.h"
#include "client/cli/objective_table.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <stdlib.h>

// The number of an objective, as lists show it.
static int64_t read_id(const struct options *options)
{
    const char *text = argument_text(options, 0);
    char *end = NULL;
    int64_t id = strtoll(*text == '#' ? text + 1 : text, &end, 10);
    if (*end || id <= 0)
        refuse_usage(_("\"%s\" is no objective's number; see: tiejun objective list"), text);
    return id;
}

// ---- add ----

static const struct option_spec add_options[] = {
    UNIT_OPTION,
    {"due", 0, OPTION_STRING, N_("DATE"), N_("By when")},
    {"from", 0, OPTION_STRING, N_("DATE"), N_("Counted from this day on; today if not given")},
    {"owner", 'o', OPTION_STRING, N_("HANDLE"), N_("Whose it is; yours if not given")},
    {"number", 'n', OPTION_LIST, N_("TEXT=A..B"),
     N_("A key result that goes from A to B: \"churn=12..5 %\"")},
    {"milestone", 'm', OPTION_LIST, N_("TEXT"), N_("A key result that is reached or not")},
    {"count", 'c', OPTION_LIST, N_("WHAT=N"),
     N_("One that counts itself up to N: recruits, promotions, sightings[:WHO], "
        "won_against[:WHO], lost_against[:WHO]")},
    OPTIONS_END,
};

static int objective_add(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceAddRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_ADD_REQUEST__INIT;
    request.title = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    request.owner = option_text(options, "owner");
    request.from_date = option_date(context, options, "from");
    request.due_date = option_date(context, options, "due");
    if (!request.due_date)
        refuse_usage("%s", _("An objective has a day by which it is to be reached: --due DATE"));
    key_results_read(context, options, &request);
    if (request.n_key_results == 0)
        refuse_usage("%s", _("An objective has key results: --number, --milestone or --count"));
    const Tiejun__V1__ObjectiveServiceAddResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.Add", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Objective #%d was added. Look at it: tiejun objective show %d"),
            (int)response->id, (int)response->id);
    return COMMAND_DONE;
}

// ---- edit ----

static const struct option_spec edit_options[] = {
    {"title", 't', OPTION_STRING, N_("TEXT"), N_("What it is called from now on")},
    {"due", 0, OPTION_STRING, N_("DATE"), N_("By when")},
    {"owner", 'o', OPTION_STRING, N_("HANDLE"), N_("Whose it is from now on")},
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why, kept with what it was before")},
    OPTIONS_END,
};

static int objective_edit(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceEditRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_EDIT_REQUEST__INIT;
    request.has_id = true;
    request.id = read_id(options);
    request.title = option_text(options, "title");
    request.owner = option_text(options, "owner");
    request.due_date = option_date(context, options, "due");
    request.reason = option_text(options, "reason");
    if (!request.title && !request.owner && !request.due_date)
        refuse_usage("%s", _("Say what changes: --title, --due or --owner"));
    const Tiejun__V1__ObjectiveServiceEditResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.Edit", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Objective #%d was changed; what it was is kept."), (int)request.id);
    return COMMAND_DONE;
}

// ---- checkin ----

static const struct option_spec checkin_options[] = {
    {"key-result", 'k', OPTION_INTEGER, N_("N"), N_("The key result that it is about")},
    {"value", 'v', OPTION_STRING, N_("N"), N_("Where that stands now: 7 or 4.5")},
    {"reached", 0, OPTION_FLAG, NULL, N_("The milestone is reached")},
    OPTIONS_END,
};

static void read_value(const struct options *options,
                       Tiejun__V1__ObjectiveServiceCheckInRequest *request)
{
    const char *value = options_string(options, "value");
    bool reached = options_flag(options, "reached");
    if (value && reached)
        refuse_usage("%s", _("A number has a --value, a milestone is --reached."));
    request->has_value_milli = value || reached;
    if (reached)
        request->value_milli = 1000;
    else if (value && !key_result_milli(value, &request->value_milli))
        refuse_usage(_("\"%s\" is no number; write it like 7 or 4.5"), value);
    if (request->has_value_milli && !request->has_place)
        refuse_usage("%s", _("Say which key result stands there: --key-result N"));
}

static int objective_checkin(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceCheckInRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_CHECK_IN_REQUEST__INIT;
    request.has_id = true;
    request.id = read_id(options);
    request.note = argument_text(options, 1);
    request.has_place = options_given(options, "key-result");
    request.place = (int32_t)options_integer(options, "key-result", 0);
    read_value(options, &request);
    const Tiejun__V1__ObjectiveServiceCheckInResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.CheckIn", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Checked in on objective #%d."), (int)request.id);
    return COMMAND_DONE;
}

// ---- close ----

static const struct option_spec close_options[] = {
    {"note", 0, OPTION_STRING, N_("TEXT"), N_("Why; needed unless it was achieved")},
    OPTIONS_END,
};

static int objective_close(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceCloseRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_CLOSE_REQUEST__INIT;
    request.has_id = true;
    request.id = read_id(options);
    request.has_state = true;
    request.state = enum_value(argument_text(options, 1), &tiejun__v1__objective_state__descriptor);
    request.note = option_text(options, "note");
    const Tiejun__V1__ObjectiveServiceCloseResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.Close", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Objective #%d is closed."), (int)request.id);
    return COMMAND_DONE;
}

// ---- show ----

static void print_objective(struct context *context,
                            const Tiejun__V1__ObjectiveServiceShowResponse *response)
{
    const Tiejun__V1__Objective *objective = response->objective;
    char state[WORD_SIZE];
    char progress[32];
    char elapsed[32];
    say_in(context, TABLE_BOLD, "#%d %s", (int)objective->id, or_empty(objective->title));
    say(context, _("%s, for %s, %s to %s: %s"), or_empty(objective->owner_name),
        or_empty(objective->unit), or_empty(objective->from_date), or_empty(objective->due_date),
        objective_state(objective, state));
    say_in(context, objective->progress_milli >= objective->elapsed_milli ? TABLE_GOOD : TABLE_WARN,
           _("%s done, %s of the time has passed"),
           render_percent(objective->progress_milli, progress, sizeof progress),
           render_percent(objective->elapsed_milli, elapsed, sizeof elapsed));
    say(context, "%s", "");
    context_print_table(context,
                        objective_table_of_results(response->key_results, response->n_key_results));
    if (response->n_notes == 0)
        return;
    say(context, "%s", "");
    context_print_table(context, objective_table_of_notes(response->notes, response->n_notes));
}

static int objective_show(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceShowRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_SHOW_REQUEST__INIT;
    request.has_id = true;
    request.id = read_id(options);
    const Tiejun__V1__ObjectiveServiceShowResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        context_print_table(
            context, objective_table_of_results(response->key_results, response->n_key_results));
    else if (response->objective)
        print_objective(context, response);
    return COMMAND_DONE;
}

// ---- list ----

static const struct option_spec list_options[] = {
    UNIT_OPTION,
    {"owner", 'o', OPTION_STRING, N_("HANDLE"), N_("Those of one person")},
    {"all", 'a', OPTION_FLAG, NULL, N_("Closed ones too")},
    OPTIONS_END,
};

static int objective_list(struct context *context, const struct options *options)
{
    Tiejun__V1__ObjectiveServiceListRequest request =
        TIEJUN__V1__OBJECTIVE_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.owner = option_text(options, "owner");
    request.has_closed_too = request.closed_too = options_flag(options, "all");
    const Tiejun__V1__ObjectiveServiceListResponse *response =
        context_call(context, "tiejun.v1.ObjectiveService.List", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->n_objectives == 0 && context_mode(context) == OUTPUT_TABLE)
        say(context, "%s", _("There is no objective. Add one with: tiejun objective add"));
    else
        context_print_table(context, objective_table(response->objectives, response->n_objectives));
    return COMMAND_DONE;
}

const struct command objective_commands[] = {
    {"objective", "add", N_("A higher goal, with its key results"),
     N_("TITLE --due DATE [--number TEXT=A..B...] [--milestone TEXT...] [--count WHAT=N...]"),
     N_("tiejun objective add \"Build the East\" --unit /East --due 2026-12-31 \\\n"
        "    --count recruits=8 --count won_against:Globex=5 \\\n"
        "    --milestone \"office opened\""),
     add_options, 1, 1, objective_add},
    {"objective", "checkin", N_("A dated note, with where a key result stands"),
     N_("ID [NOTE] [--key-result N --value N|--reached]"),
     N_("tiejun objective checkin 3 \"two more signed up\" --key-result 1 --value 6"),
     checkin_options, 1, 2, objective_checkin},
    {"objective", "show", N_("One objective, its key results, and all that was said of it"),
     N_("ID"), "tiejun objective show 3", NULL, 1, 1, objective_show},
    {"objective", "list", N_("Objectives and how far they have come"),
     N_("[UNIT] [--owner HANDLE] [--all]"), "tiejun objective list /", list_options, 0, 1,
     objective_list},
    {"objective", "edit", N_("Change title, owner or due date; what it was is kept"),
     N_("ID [--title TEXT] [--due DATE] [--owner HANDLE] [--reason TEXT]"),
     N_("tiejun objective edit 3 --due 2027-03-31 --reason \"the office opens later\""),
     edit_options, 1, 1, objective_edit},
    {"objective", "close", N_("End it: achieved, missed or dropped"),
     N_("ID achieved|missed|dropped [--note TEXT]"), "tiejun objective close 3 achieved",
     close_options, 2, 2, objective_close},
    {0},
};
