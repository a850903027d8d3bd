// The year on a terminal: what is worked and what is not, told apart in colour and in characters.

#include "client/cli/calendar.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

// A day is three columns: the number, and a mark before it.
enum { DAYS = 7, CELL = 3, MONTH_WIDTH = DAYS * CELL, GAP = 3, WEEKS_MAX = 6, ROW_MAX = 4 };

enum day_kind { KIND_WORKING, KIND_OFF, KIND_HOLIDAY, KIND_MAKE_UP, KIND_HALF, KINDS };

static const struct {
    const char *mark;
    enum table_colour colour;
    const char *word;
} kinds[KINDS] = {
    [KIND_WORKING] = {"", TABLE_PLAIN, N_("working day")},
    [KIND_OFF] = {"·", TABLE_DIM, N_("weekly day off")},
    [KIND_HOLIDAY] = {"*", TABLE_BAD, N_("holiday")},
    [KIND_MAKE_UP] = {"+", TABLE_GOOD, N_("make-up day")},
    [KIND_HALF] = {"½", TABLE_WARN, N_("half a day")},
};

static enum day_kind kind_of(int32_t factor_milli, int32_t usual_milli)
{
    if (factor_milli > 0 && factor_milli < 1000)
        return KIND_HALF;
    if (factor_milli <= 0)
        return usual_milli > 0 ? KIND_HOLIDAY : KIND_OFF;
    return usual_milli > 0 ? KIND_WORKING : KIND_MAKE_UP;
}

const char *calendar_day_word(int32_t factor_milli, int32_t usual_milli)
{
    return _(kinds[kind_of(factor_milli, usual_milli)].word);
}

// Days of one month as the answer has them, maybe not from its first to its last.
struct month {
    int year;
    int number;
    // Weekday of its 1st, 0 is Monday.
    int offset;
    int length;
    // By day of the month, from 1; NULL outside the range.
    const Tiejun__V1__CalendarDay *days[32];
    int64_t working;
};

static size_t months_of(struct context *context,
                        const Tiejun__V1__CalendarServiceShowResponse *response,
                        struct month **months)
{
    // At most one month for each day.
    struct month *list = context_room(context, response->n_days, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < response->n_days; i++) {
        date_day date;
        int year;
        int month;
        int day;
        if (!date_parse(or_empty(response->days[i]->date), &date))
            continue;
        date_to_civil(date, &year, &month, &day);
        if (count == 0 || list[count - 1].number != month || list[count - 1].year != year)
            list[count++] = (struct month){.year = year,
                                           .number = month,
                                           .offset = date_weekday(date - day + 1) - 1,
                                           .length = date_month_length(year, month)};
        list[count - 1].days[day] = response->days[i];
        list[count - 1].working += response->days[i]->factor_milli;
    }
    *months = list;
    return count;
}

static void print_padded(const char *text, int width, bool right)
{
    int blank = width - text_width(text);
    printf("%*s%s%*s", right && blank > 0 ? blank : 0, "", text, !right && blank > 0 ? blank : 0,
           "");
}

static void print_heading(const struct month *month)
{
    char name[32];
    char days[64];
    char number[32];
    snprintf(name, sizeof name, "%d-%02d", month->year, month->number);
    render_milli(month->working, number, sizeof number);
    // TRANSLATORS: %s working days, above a month; short.
    snprintf(days, sizeof days, _("%s days"), number);
    printf("%s %s%s", terminal_escape(TABLE_BOLD), name, terminal_escape(TABLE_PLAIN));
    print_padded(days, MONTH_WIDTH - 1 - (int)strlen(name), true);
}

static void print_weekdays(void)
{
    // Two columns each.
    static const char *const names[DAYS] = {N_("Mo"), N_("Tu"), N_("We"), N_("Th"),
                                            N_("Fr"), N_("Sa"), N_("Su")};
    for (int i = 0; i < DAYS; i++) {
        printf(" %s", terminal_escape(TABLE_DIM));
        print_padded(_(names[i]), CELL - 1, true);
        printf("%s", terminal_escape(TABLE_PLAIN));
    }
}

// "  8", " *6", "+11"; a weekly day off is a dot.
static void print_cell(const Tiejun__V1__CalendarDay *day, int number)
{
    enum day_kind kind = kind_of(day->factor_milli, day->usual_milli);
    char text[16];
    if (kind == KIND_OFF)
        snprintf(text, sizeof text, "%s", kinds[kind].mark);
    else
        snprintf(text, sizeof text, "%s%d", kinds[kind].mark, number);
    printf("%s", terminal_escape(kinds[kind].colour));
    print_padded(text, CELL, true);
    printf("%s", terminal_escape(TABLE_PLAIN));
}

static void print_week(const struct month *month, int week)
{
    for (int weekday = 0; weekday < DAYS; weekday++) {
        int number = week * DAYS + weekday - month->offset + 1;
        bool there = number >= 1 && number <= month->length && month->days[number];
        if (there)
            print_cell(month->days[number], number);
        else
            printf("%*s", CELL, "");
    }
}

static void print_row(const struct month *months, size_t count)
{
    for (int line = 0; line < 2 + WEEKS_MAX; line++) {
        for (size_t i = 0; i < count; i++) {
            printf("%*s", i > 0 ? GAP : 0, "");
            if (line == 0)
                print_heading(&months[i]);
            else if (line == 1)
                print_weekdays();
            else
                print_week(&months[i], line - 2);
        }
        puts("");
    }
}

static void print_legend(void)
{
    for (int kind = 0; kind < KINDS; kind++)
        printf("%s%s%s%s %s%s", kind > 0 ? "   " : " ", terminal_escape(kinds[kind].colour),
               kinds[kind].mark, kind == KIND_OFF ? "" : "1", _(kinds[kind].word),
               terminal_escape(TABLE_PLAIN));
    puts("");
}

enum { NAMED_FROM, NAMED_TO, NAMED_DAYS, NAMED_WHAT, NAMED_NAME };

static const struct table_column named_columns[] = {
    [NAMED_FROM] = {"from", N_("from"), 0},
    [NAMED_TO] = {"to", N_("to"), 0},
    [NAMED_DAYS] = {"days", N_("days"), TABLE_RIGHT},
    [NAMED_WHAT] = {"what", "", 0},
    [NAMED_NAME] = {"name", N_("called"), TABLE_TRUNCATE},
    {NULL, NULL, 0},
};

static bool same_name(const Tiejun__V1__CalendarDay *one, const Tiejun__V1__CalendarDay *other)
{
    return one->factor_milli == other->factor_milli &&
           strcmp(or_empty(one->name), or_empty(other->name)) == 0;
}

// Exceptions that have a name, days in a row as one line.
static struct table *table_of_names(const Tiejun__V1__CalendarServiceShowResponse *response)
{
    struct table *table = table_new(named_columns);
    for (size_t first = 0, end; first < response->n_days; first = end) {
        const Tiejun__V1__CalendarDay *day = response->days[first];
        char text[64];
        // What the most of the days are: a holiday of a week lies over a weekend too.
        int32_t usual = day->usual_milli;
        for (end = first + 1; end < response->n_days && same_name(day, response->days[end]); end++)
            usual =
                response->days[end]->usual_milli > usual ? response->days[end]->usual_milli : usual;
        if (!day->name || !*day->name)
            continue;
        size_t row = table_add(table);
        table_set(table, row, NAMED_FROM, render_date(day->date, text, sizeof text));
        table_set(table, row, NAMED_TO,
                  render_date(response->days[end - 1]->date, text, sizeof text));
        table_set_count(table, row, NAMED_DAYS, (int64_t)(end - first));
        table_set(table, row, NAMED_WHAT, calendar_day_word(day->factor_milli, usual));
        table_set(table, row, NAMED_NAME, day->name);
    }
    return table;
}

void calendar_draw(struct context *context, const Tiejun__V1__CalendarServiceShowResponse *response)
{
    struct month *months;
    char total[32];
    size_t count = months_of(context, response, &months);
    int room = (terminal_width() + GAP) / (MONTH_WIDTH + GAP);
    size_t row = (size_t)(room < 1 ? 1 : room > ROW_MAX ? ROW_MAX : room);
    for (size_t i = 0; i < count; i += row)
        print_row(months + i, count - i < row ? count - i : row);
    print_legend();
    say_in(context, TABLE_BOLD, _("%s working days in all"),
           render_milli(response->working_millidays, total, sizeof total));
    struct table *names = table_of_names(response);
    if (table_rows(names) > 0)
        say(context, "%s", "");
    context_print_table(context, names);
}
