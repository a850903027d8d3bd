#include "client/lib/notice_text.h"

#include "client/lib/render.h"
#include "client/lib/text_add.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/money.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct telling {
    struct arena *arena;
    const Tiejun__V1__Notice *notice;
    const Tiejun__V1__NoticeServiceListResponse *list;
    char *text;
};

static void add(struct telling *telling, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct telling *telling, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_add_list(telling->arena, &telling->text, format, arguments);
    va_end(arguments);
}

// The notice's line from there on; NULL when there is none.
static const Tiejun__V1__NoticeLine *line_from(const struct telling *telling, size_t *i)
{
    for (; *i < telling->list->n_lines; ++*i) {
        if (telling->list->lines[*i]->place == telling->notice->place)
            return telling->list->lines[(*i)++];
    }
    return NULL;
}

static void add_doer(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    const char *who = notice->actor_name ? notice->actor_name : notice->actor;
    if (who && notice->reason)
        add(telling, _("\nBy %s: %s"), who, notice->reason);
    else if (who)
        add(telling, _("\nBy %s"), who);
}

// "120,000 CNY": goals are mostly whole, and are shown so.
static char *amount(const struct telling *telling, int64_t target)
{
    char text[64];
    int64_t unit = 1;
    const char *currency = telling->notice->currency;
    for (int digits = currency ? currency_digits(currency) : 0; digits > 0; digits--)
        unit *= 10;
    if (!currency || target % unit != 0)
        return arena_strdup(telling->arena, render_money(target, currency, text, sizeof text));
    return arena_printf(telling->arena, "%s %s", render_count(target / unit, text, sizeof text),
                        currency);
}

// ---- topics ----

static void tell_goal(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    char name[WORD_SIZE];
    word(or_empty(notice->metric), name);
    if (notice->unit && notice->has_target_before)
        add(telling, _("Goal of %s changed: "), notice->unit);
    else if (notice->unit)
        add(telling, _("New goal of %s: "), notice->unit);
    else
        add(telling, "%s", notice->has_target_before ? _("Goal changed: ") : _("New goal: "));
    if (notice->has_target_before)
        add(telling, "%s %s → %s", name, amount(telling, notice->target_before),
            amount(telling, notice->target));
    else
        add(telling, "%s %s", name, amount(telling, notice->target));
    if (notice->from_date && notice->to_date)
        add(telling, _(", %s to %s"), notice->from_date, notice->to_date);
    add_doer(telling);
    if (notice->more > 0)
        add(telling,
            ngettext("\nAnd %d more goal: tiejun goal list",
                     "\nAnd %d more goals: tiejun goal list", (unsigned long)notice->more),
            notice->more);
}

static void tell_role(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    char role[WORD_SIZE];
    word_enum(&tiejun__v1__role__descriptor, notice->role, role);
    if (notice->person)
        add(telling, _("%s lends you a role: %s, %s"), or_empty(notice->person_name), role,
            or_empty(notice->unit));
    else
        add(telling, _("You have a new role: %s, %s"), role, or_empty(notice->unit));
    if (notice->from_date && notice->to_date)
        add(telling, _(", %s to %s"), notice->from_date, notice->to_date);
    else if (notice->from_date)
        add(telling, _(", from %s on"), notice->from_date);
    add_doer(telling);
}

static void tell_joined(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    add(telling, _("%s joins %s on %s"), or_empty(notice->person_name), or_empty(notice->unit),
        or_empty(notice->from_date));
    add_doer(telling);
}

static void tell_pace(struct telling *telling)
{
    const Tiejun__V1__NoticeLine *line;
    char *text = arena_strdup(telling->arena, "");
    for (size_t i = 0; text && (line = line_from(telling, &i));) {
        char name[WORD_SIZE];
        text = arena_printf(telling->arena, "%s%s%s %lld/%lld", text, *text ? _(", ") : "",
                            word(or_empty(line->metric), name), (long long)line->done,
                            (long long)line->target);
    }
    add(telling, _("Today is behind pace: %s"), or_empty(text));
}

static void tell_team_pace(struct telling *telling)
{
    const Tiejun__V1__NoticeLine *line;
    add(telling, _("Behind pace today in %s"), or_empty(telling->notice->unit));
    for (size_t i = 0; (line = line_from(telling, &i));) {
        char reached[32];
        add(telling, "\n%s %s", or_empty(line->person_name),
            render_percent(line->reached_milli, reached, sizeof reached));
    }
    if (telling->notice->more > 0)
        add(telling,
            ngettext("\nand %d more", "\nand %d more", (unsigned long)telling->notice->more),
            telling->notice->more);
}

static void tell_objective_due(struct telling *telling)
{
    char date[64];
    add(telling, _("Objective due on %s: %s"),
        render_date(or_empty(telling->notice->to_date), date, sizeof date),
        or_empty(telling->notice->title));
}

// "visit, Lakeside, 2026-10-25": which fact a notice is about.
static void add_fact(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    char kind[WORD_SIZE];
    add(telling, "%s", word_enum(&tiejun__v1__fact_kind__descriptor, notice->kind, kind));
    if (notice->customer)
        add(telling, _(", %s"), notice->customer);
    if (notice->from_date)
        add(telling, _(", %s"), notice->from_date);
    if (notice->more > 0)
        add(telling, ngettext(", and %d more", ", and %d more", (unsigned long)notice->more),
            notice->more);
    add_doer(telling);
}

static void tell_fact_declined(struct telling *telling)
{
    add(telling, "%s", _("Not approved: "));
    add_fact(telling);
    add(telling, "%s", _("\nTo mend it, or to give it up: tiejun sync rejected"));
}

static void tell_fact_approved(struct telling *telling)
{
    add(telling, "%s", _("Approved, and counts now: "));
    add_fact(telling);
}

static void tell_fact_voided(struct telling *telling)
{
    add(telling, "%s", _("Taken back, and no longer counted: "));
    add_fact(telling);
}

static void tell_other(struct telling *telling)
{
    const Tiejun__V1__Notice *notice = telling->notice;
    char name[WORD_SIZE];
    add(telling, "%s", word(or_empty(notice->topic), name));
    const char *parts[] = {notice->title, notice->person_name, notice->unit, notice->reason};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i])
            add(telling, " %s", parts[i]);
    }
}

static const struct {
    const char *topic;
    void (*tell)(struct telling *telling);
} topics[] = {
    {"goal", tell_goal},
    {"role", tell_role},
    {"joined", tell_joined},
    {"pace", tell_pace},
    {"team_pace", tell_team_pace},
    {"objective_due", tell_objective_due},
    {"fact_declined", tell_fact_declined},
    {"fact_approved", tell_fact_approved},
    {"fact_voided", tell_fact_voided},
};

char *notice_text(struct arena *arena, const Tiejun__V1__Notice *notice,
                  const Tiejun__V1__NoticeServiceListResponse *list)
{
    struct telling telling = {arena, notice, list, arena_strdup(arena, "")};
    void (*tell)(struct telling *) = tell_other;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (notice->topic && strcmp(topics[i].topic, notice->topic) == 0)
            tell = topics[i].tell;
    }
    if (!telling.text)
        abort();
    tell(&telling);
    return telling.text;
}

static bool is_topic(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (strlen(topics[i].topic) == length && strncmp(topics[i].topic, word, length) == 0)
            return true;
    }
    return false;
}

bool notice_topics_known(const char *list, const char *besides)
{
    for (const char *at = list + strspn(list, ", "); *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        bool other = (length == 3 && strncmp(at, "all", 3) == 0) ||
                     (length == strlen(besides) && strncmp(at, besides, length) == 0);
        if (!other && !is_topic(at, length))
            return false;
        at += length;
    }
    return true;
}

bool notice_topics_name(const char *list, const char *topic)
{
    size_t length = strlen(topic);
    for (const char *at = list; *at;) {
        at += strspn(at, ", ");
        size_t named = strcspn(at, ", ");
        if ((named == 3 && strncmp(at, "all", 3) == 0) ||
            (named == length && strncmp(at, topic, length) == 0 && named > 0))
            return true;
        at += named;
    }
    return false;
}
