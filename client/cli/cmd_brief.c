// tiejun brief: the morning and the evening in a few lines (domain.md 3.8, 3.10).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/when.h"
#include "client/lib/brief.h"
#include "client/lib/brief_ground.h"
#include "client/lib/session.h"

#include <stdio.h>
#include <string.h>

typedef char *(*brief)(struct arena *arena, const struct brief_ground *ground);

// From the daemon when it is there, else from the last synced data.
static int print_brief(struct context *context, brief make)
{
    struct session_error error;
    struct brief_ground ground;
    int64_t came = 0;
    bool online = offline_reach(context, &error);
    if (online)
        offline_renew_all(context);
    offline_know_self(context);
    if (!brief_ground_kept(offline_copy(context), offline_outbox(context), context_arena(context),
                           context_date(context, "today"), &ground, &came))
        return context_complain(&error);
    if (!online)
        offline_say_age(context, &error, came);
    char *text = make(context_arena(context), &ground);
    for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
        say(context, "%s", line);
    return COMMAND_DONE;
}

static int brief_morning_command(struct context *context, const struct options *options)
{
    (void)options;
    return print_brief(context, brief_morning);
}

static int brief_evening_command(struct context *context, const struct options *options)
{
    (void)options;
    return print_brief(context, brief_evening);
}

const struct command brief_commands[] = {
    {"brief", "morning", N_("Yesterday's gap, today's numbers, the A customers"), "",
     "tiejun brief morning", NULL, 0, 0, brief_morning_command},
    {"brief", "evening", N_("What today reached, and what is missing"), "", "tiejun brief evening",
     NULL, 0, 0, brief_evening_command},
    {0},
};
