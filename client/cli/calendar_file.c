#include "client/cli/calendar_file.h"

#include "client/cli/calendar.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/holiday_json.h"
#include "client/lib/ical.h"
#include "client/lib/import_text.h"
#include "client/lib/render.h"

#include <stdlib.h>
#include <string.h>

// How far events that repeat are followed when no period is given: so many years from this one on.
enum { YEARS_AHEAD = 5, BLOCK = 64 << 10 };

// ---- the file ----

static char *read_text(const char *path, size_t *size)
{
    char error[512];
    char *text = malloc(ICAL_SIZE_MAX + BLOCK);
    struct import_text *file = import_text_open(path, TEXT_ENCODING_AUTO, error, sizeof error);
    if (!text)
        abort();
    if (!file)
        refuse(NULL, "%s", error);
    ssize_t got = 1;
    *size = 0;
    // A byte more than may be is enough to see that it is too much.
    while (got > 0 && *size <= ICAL_SIZE_MAX) {
        got = import_text_read(file, text + *size, BLOCK);
        *size += got > 0 ? (size_t)got : 0;
    }
    import_text_close(file);
    if (got < 0)
        refuse(NULL, _("%s: reading it fails"), path);
    return text;
}

static bool is_json(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", text[at]))
        at++;
    return at < size && text[at] == '{';
}

static struct ical_window window_of(struct context *context, const struct options *options,
                                    bool personal, bool *given)
{
    struct ical_window window = {.time_zone = context_whoami(context)->time_zone,
                                 .personal = personal};
    char *from;
    char *to;
    *given = context_range(context, options, &from, &to);
    date_day last;
    context_period(context, "this-year", &window.from, &last);
    int year;
    int month;
    int day;
    date_to_civil(last, &year, &month, &day);
    (void)date_from_civil(year + YEARS_AHEAD, month, day, &window.to);
    if (from)
        (void)date_parse(from, &window.from);
    if (to)
        (void)date_parse(to, &window.to);
    return window;
}

// Only what lies in the period that was asked for.
static void cut(struct holidays *holidays, const struct ical_window *window)
{
    size_t kept = 0;
    for (size_t i = 0; i < holidays->count; i++) {
        struct holiday one = holidays->list[i];
        one.first = one.first < window->from ? window->from : one.first;
        one.last = one.last > window->to ? window->to : one.last;
        if (one.first <= one.last)
            holidays->list[kept++] = one;
        else
            free(one.name);
    }
    holidays->count = kept;
}

void calendar_file_read(struct context *context, const struct options *options, bool personal,
                        struct holidays *holidays)
{
    char error[512];
    size_t size;
    bool given;
    const char *path = argument_text(options, 0);
    const struct ical_window window = window_of(context, options, personal, &given);
    char *text = read_text(path, &size);
    bool good = is_json(text, size) ? holiday_json_read(text, size, holidays, error, sizeof error)
                                    : ical_read(text, size, &window, holidays, error, sizeof error);
    free(text);
    if (!good)
        refuse(_("Nothing was changed."), _("%s: %s."), path, error);
    if (!holidays_settle(holidays))
        abort();
    if (given)
        cut(holidays, &window);
}

// ---- showing it ----

enum { READ_FROM, READ_TO, READ_DAYS, READ_WHAT, READ_FACTOR, READ_NAME };

static const struct table_column columns[] = {
    [READ_FROM] = {"from_date", N_("from"), 0},
    [READ_TO] = {"to_date", N_("to"), 0},
    [READ_DAYS] = {"days", N_("days"), TABLE_RIGHT},
    [READ_WHAT] = {"what", N_("read as"), TABLE_SCREEN_ONLY},
    [READ_FACTOR] = {"factor", "", TABLE_CSV_ONLY},
    [READ_NAME] = {"name", N_("called"), TABLE_TRUNCATE},
    {NULL, NULL, 0},
};

static void set_day(struct table *table, size_t row, size_t column, date_day day)
{
    char text[64];
    char plain[DATE_TEXT_SIZE];
    date_format(day, plain);
    table_set_raw(table, row, column, render_day(day, text, sizeof text), plain);
}

static const char *kind_word(int32_t factor_milli)
{
    // The file does not know our week: what is off is a holiday, what is worked a make-up day.
    return factor_milli == HOLIDAY_WORKED ? calendar_day_word(HOLIDAY_WORKED, 0)
                                          : calendar_day_word(factor_milli, HOLIDAY_WORKED);
}

struct table *calendar_file_table(const struct holidays *holidays)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < holidays->count; i++) {
        const struct holiday *one = &holidays->list[i];
        char factor[32];
        size_t row = table_add(table);
        set_day(table, row, READ_FROM, one->first);
        set_day(table, row, READ_TO, one->last);
        table_set_count(table, row, READ_DAYS, one->last - one->first + 1);
        table_set(table, row, READ_WHAT, kind_word(one->factor_milli));
        table_set_colour(table, row, READ_WHAT,
                         one->factor_milli == HOLIDAY_WORKED ? TABLE_GOOD
                         : one->factor_milli == HOLIDAY_OFF  ? TABLE_BAD
                                                             : TABLE_WARN);
        table_set(table, row, READ_FACTOR, render_milli(one->factor_milli, factor, sizeof factor));
        table_set(table, row, READ_NAME, one->name);
    }
    return table;
}

size_t calendar_file_days(const struct holidays *holidays)
{
    size_t days = 0;
    for (size_t i = 0; i < holidays->count; i++)
        days += (size_t)(holidays->list[i].last - holidays->list[i].first) + 1;
    return days;
}
