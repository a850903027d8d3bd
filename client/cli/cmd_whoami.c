// tiejun whoami: who the daemon takes the caller for.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

enum { COLUMN_ROLE, COLUMN_UNIT, COLUMN_LENDER, COLUMN_UNTIL };

static const struct table_column role_columns[] = {
    {"role", N_("role"), 0},
    {"unit", N_("unit"), TABLE_TRUNCATE},
    {"lent_by", N_("lent by"), TABLE_IF_ANY},
    {"to_date", N_("until"), TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static int whoami(struct context *context, const struct options *options)
{
    (void)options;
    const Tiejun__V1__SessionServiceWhoAmIResponse *self = context_whoami(context);
    if (context_print_json(context, &self->base))
        return COMMAND_DONE;
    char day[64];
    say(context, _("%s (%s) of %s"), or_empty(self->name), or_empty(self->person),
        or_empty(self->unit));
    say(context, _("Time zone %s, currency %s, today %s"), or_empty(self->time_zone),
        or_empty(self->currency), render_date(self->today, day, sizeof day));
    struct table *table = table_new(role_columns);
    for (size_t i = 0; i < self->n_roles; i++) {
        char role[WORD_SIZE];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_ROLE,
                  word_enum(&tiejun__v1__role__descriptor, self->roles[i]->role, role));
        table_set(table, row, COLUMN_UNIT, self->roles[i]->unit);
        table_set(table, row, COLUMN_LENDER, self->roles[i]->lent_by);
        table_set(table, row, COLUMN_UNTIL, self->roles[i]->to_date);
    }
    say(context, "%s", "");
    context_print_table(context, table);
    return COMMAND_DONE;
}

const struct command whoami_commands[] = {
    {"whoami", NULL, N_("Who you are to the daemon, and what you may"), "", "tiejun whoami", NULL,
     0, 0, whoami},
    {0},
};
