#include "client/lib/brief.h"

#include "client/lib/brief_scope.h"
#include "client/lib/render.h"
#include "client/lib/text_add.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/i18n.h"

#include <stdio.h>
#include <stdlib.h>

// Names of A customers in a brief; the rest is counted.
#define NAMES_MOST 5

static bool asks(const Tiejun__V1__DayMetric *metric)
{
    return metric->has_standard && metric->standard > 0 && !metric->currency;
}

// "visits 6/8, appointments 3/3" of those that have a standard; empty when none has.
static char *numbers(struct arena *arena, const Tiejun__V1__FactServiceShowDayResponse *day,
                     bool short_alone)
{
    char *text = arena_strdup(arena, "");
    for (size_t i = 0; day && i < day->n_metrics; i++) {
        const Tiejun__V1__DayMetric *metric = day->metrics[i];
        if (!asks(metric) || (short_alone && metric->effective >= metric->standard))
            continue;
        char name[WORD_SIZE];
        text_add(arena, &text, "%s%s %lld/%lld", *text ? _(", ") : "", word(metric->metric, name),
                 (long long)metric->effective, (long long)metric->standard);
    }
    return text;
}

// "visits 2": what those lack that are below their standard; empty when none is.
static char *gaps(struct arena *arena, const Tiejun__V1__FactServiceShowDayResponse *day)
{
    char *text = arena_strdup(arena, "");
    for (size_t i = 0; day && i < day->n_metrics; i++) {
        const Tiejun__V1__DayMetric *metric = day->metrics[i];
        if (!asks(metric) || metric->effective >= metric->standard)
            continue;
        char name[WORD_SIZE];
        text_add(arena, &text, "%s%s %lld", *text ? _(", ") : "", word(metric->metric, name),
                 (long long)(metric->standard - metric->effective));
    }
    return text;
}

static void add_line(struct arena *arena, char **text, const char *label, const char *list)
{
    if (list && *list)
        text_add(arena, text, "\n%s%s%s", label, _(": "), list);
}

static void add_standard(struct arena *arena, char **text,
                         const Tiejun__V1__FactServiceShowDayResponse *day)
{
    bool any = false;
    for (size_t i = 0; day && i < day->n_metrics; i++) {
        const Tiejun__V1__DayMetric *metric = day->metrics[i];
        if (!asks(metric))
            continue;
        char name[WORD_SIZE];
        if (!any)
            text_add(arena, text, "\n%s%s", _("Today"), _(": "));
        text_add(arena, text, "%s%s %lld", any ? _(", ") : "", word(metric->metric, name),
                 (long long)metric->standard);
        any = true;
    }
    if (day && day->has_factor_milli && day->factor_milli <= 0)
        text_add(arena, text, "\n%s", _("Today is a day off."));
}

static void add_customers(struct arena *arena, char **text,
                          const Tiejun__V1__CustomerServiceListResponse *customers)
{
    size_t count = 0;
    for (size_t i = 0; customers && i < customers->n_customers; i++) {
        const Tiejun__V1__CustomerRecord *customer = customers->customers[i];
        if (customer->grade != TIEJUN__V1__GRADE__GRADE_A || !customer->name)
            continue;
        if (count == 0)
            text_add(arena, text, "\n%s%s", _("A customers"), _(": "));
        if (count < NAMES_MOST)
            text_add(arena, text, "%s%s", count ? _(", ") : "", customer->name);
        count++;
    }
    if (count > NAMES_MOST)
        text_add(arena, text, _(" and %zu more"), count - NAMES_MOST);
}

static void add_outbox(struct arena *arena, char **text, const Tiejun__Client__OutboxStatus *outbox)
{
    if (outbox && outbox->waiting > 0) {
        text_add(arena, text, "\n");
        text_add(arena, text,
                 ngettext("%lld fact waits to be sent.", "%lld facts wait to be sent.",
                          (unsigned long)outbox->waiting),
                 (long long)outbox->waiting);
    }
    if (outbox && outbox->refused > 0) {
        text_add(arena, text, "\n");
        text_add(arena, text,
                 ngettext("%lld fact was refused: tiejun sync rejected",
                          "%lld facts were refused: tiejun sync rejected",
                          (unsigned long)outbox->refused),
                 (long long)outbox->refused);
    }
}

static char *title(struct arena *arena, const char *what, const struct brief_ground *ground)
{
    char day[64] = "";
    char *text = arena_strdup(arena, what);
    if (ground->date)
        text_add(arena, &text, " %s", render_date(ground->date, day, sizeof day));
    if (ground->name)
        text_add(arena, &text, " %s", ground->name);
    return text;
}

char *brief_morning(struct arena *arena, const struct brief_ground *ground)
{
    char *text = title(arena, _("Morning brief"), ground);
    brief_add_month(arena, &text, ground->pace, ground->date);
    add_line(arena, &text, _("Yesterday's gap"), gaps(arena, ground->yesterday));
    brief_add_scope_day(arena, &text, _("Yesterday of all below"), ground->scope_yesterday);
    add_standard(arena, &text, ground->today);
    add_customers(arena, &text, ground->customers);
    add_outbox(arena, &text, ground->outbox);
    return text;
}

char *brief_evening(struct arena *arena, const struct brief_ground *ground)
{
    char *text = title(arena, _("Evening brief"), ground);
    brief_add_month(arena, &text, ground->pace, ground->date);
    add_line(arena, &text, _("Done today"), numbers(arena, ground->today, false));
    add_line(arena, &text, _("Still to do"), gaps(arena, ground->today));
    brief_add_scope_day(arena, &text, _("Today of all below"), ground->scope_today);
    add_outbox(arena, &text, ground->outbox);
    return text;
}

char *brief_behind_pace(struct arena *arena, const Tiejun__V1__FactServiceShowDayResponse *today,
                        int32_t elapsed_milli)
{
    if (!today || (today->has_factor_milli && today->factor_milli <= 0))
        return NULL;
    for (size_t i = 0; i < today->n_metrics; i++) {
        const Tiejun__V1__DayMetric *metric = today->metrics[i];
        if (asks(metric) && metric->effective * 1000 < metric->standard * elapsed_milli)
            return arena_printf(arena, _("Today is behind pace: %s"), numbers(arena, today, true));
    }
    return NULL;
}
