#include "client/lib/render.h"

#include "common/i18n.h"
#include "common/money.h"
#include "common/period.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EIGHTHS 8

// Copies whole characters, so that a small buffer never ends in half of one.
static void append(char *out, size_t size, const char *text)
{
    size_t length = strlen(out);
    size_t more = strlen(text);
    if (length + more < size)
        memcpy(out + length, text, more + 1);
}

// Eighths of a cell to fill; the product may be past int64.
static int64_t filled_eighths(int64_t done, int64_t target, int cells)
{
    int64_t all = (int64_t)cells * EIGHTHS;
    if (done <= 0)
        return 0;
    if (target <= 0 || done >= target)
        return all;
    int64_t eighths = (int64_t)((__int128)done * all / target);
    // Something done is never drawn as nothing.
    return eighths > 0 ? eighths : 1;
}

// The character of one cell of a bar that has so many eighths filled.
static const char *bar_cell(int64_t eighths, int cell)
{
    static const char *const parts[EIGHTHS + 1] = {"░", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    int64_t own = eighths - (int64_t)cell * EIGHTHS;
    return parts[own < 0 ? 0 : own > EIGHTHS ? EIGHTHS : own];
}

char *render_bar(int64_t done, int64_t target, int cells, char *out, size_t size)
{
    int64_t eighths = filled_eighths(done, target, cells);
    out[0] = '\0';
    for (int cell = 0; cell < cells; cell++)
        append(out, size, bar_cell(eighths, cell));
    return out;
}

char *render_bar_marked(int64_t done, int64_t mark, int64_t target, int cells, char *out,
                        size_t size)
{
    int64_t eighths = filled_eighths(done, target, cells);
    int64_t at = (filled_eighths(mark, target, cells) - 1) / EIGHTHS;
    out[0] = '\0';
    for (int cell = 0; cell < cells; cell++)
        append(out, size, mark > 0 && cell == at ? "┃" : bar_cell(eighths, cell));
    return out;
}

char *render_sparkline(const int64_t *values, size_t count, char *out, size_t size)
{
    static const char *const levels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    int64_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = values[i] > most ? values[i] : most;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        int64_t value = values[i] > 0 ? values[i] : 0;
        // Rounded up: only nothing is at the lowest level.
        int64_t level = most ? (int64_t)(((__int128)value * 7 + most - 1) / most) : 0;
        append(out, size, levels[level]);
    }
    return out;
}

char *render_count(int64_t count, char *out, size_t size)
{
    // A currency without decimals is written just as a count is.
    money_format(count, "JPY", out, size);
    return out;
}

char *render_percent(int64_t milli, char *out, size_t size)
{
    char whole[MONEY_TEXT_SIZE];
    uint64_t magnitude = milli < 0 ? 0 - (uint64_t)milli : (uint64_t)milli;
    render_count((int64_t)(magnitude / 10), whole, sizeof whole);
    snprintf(out, size, "%s%s.%" PRIu64 "%%", milli < 0 ? "-" : "", whole, magnitude % 10);
    return out;
}

char *render_money(int64_t minor, const char *currency, char *out, size_t size)
{
    char amount[MONEY_TEXT_SIZE];
    if (!currency || !*currency)
        return render_count(minor, out, size);
    money_format(minor, currency, amount, sizeof amount);
    snprintf(out, size, "%s %s", amount, currency);
    return out;
}

char *render_estimate(int64_t minor, const char *currency, char *out, size_t size)
{
    int64_t unit = 1;
    for (int digits = currency && *currency ? currency_digits(currency) : 0; digits > 0; digits--)
        unit *= 10;
    render_money(minor, currency, out, size);
    if (unit == 1 || (minor < 1000 * unit && minor > -1000 * unit))
        return out;
    char whole[MONEY_TEXT_SIZE];
    int64_t half = minor < 0 ? -unit / 2 : unit / 2;
    // Apart from the remainder, lest the sum is past int64.
    render_count(minor / unit + (minor % unit + half) / unit, whole, sizeof whole);
    snprintf(out, size, "%s %s", whole, currency);
    return out;
}

char *render_money_plain(int64_t minor, const char *currency, char *out, size_t size)
{
    char amount[MONEY_TEXT_SIZE];
    money_format(minor, currency && *currency ? currency : "JPY", amount, sizeof amount);
    size_t length = 0;
    for (const char *letter = amount; *letter && length + 1 < size; letter++) {
        if (*letter != ',')
            out[length++] = *letter;
    }
    out[length] = '\0';
    return out;
}

char *render_day(date_day day, char *out, size_t size)
{
    static const char *const weekdays[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                           N_("Fri"), N_("Sat"), N_("Sun")};
    char text[DATE_TEXT_SIZE];
    date_format(day, text);
    snprintf(out, size, "%s %s", text, _(weekdays[date_weekday(day) - 1]));
    return out;
}

char *render_date(const char *date, char *out, size_t size)
{
    date_day day;
    if (date && date_parse(date, &day))
        return render_day(day, out, size);
    snprintf(out, size, "%s", date ? date : "");
    return out;
}

char *render_period(const char *from, const char *to, char *out, size_t size)
{
    date_day first;
    date_day last;
    char period[PERIOD_TEXT_SIZE];
    if (from && to && date_parse(from, &first) && date_parse(to, &last)) {
        period_format(first, last, period);
        snprintf(out, size, "%s", period);
    } else {
        snprintf(out, size, "%s..%s", from ? from : "", to ? to : "");
    }
    return out;
}

char *render_milli(int64_t milli, char *out, size_t size)
{
    int64_t whole = milli / 1000;
    int64_t part = labs(milli % 1000);
    if (part == 0)
        snprintf(out, size, "%" PRId64, whole);
    else
        snprintf(out, size, "%s%" PRId64 ".%03" PRId64, milli < 0 ? "-" : "", labs(whole), part);
    while (part && out[strlen(out) - 1] == '0')
        out[strlen(out) - 1] = '\0';
    return out;
}
