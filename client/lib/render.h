// Values as a person reads them. Every function writes a NUL-terminated text, cut off in a small
// buffer, and returns out.
#pragma once

#include "common/date.h"

#include <stddef.h>
#include <stdint.h>

// "████▌░░░": done of target over that many cells, to an eighth of a cell. More than the target
// is a full bar. A target of 0 or less gives a full bar when something was done.
char *render_bar(int64_t done, int64_t target, int cells, char *out, size_t size);

// The same with a stroke in the cell where a mark between 0 and target lies: "████▌┃░░".
char *render_bar_marked(int64_t done, int64_t mark, int64_t target, int cells, char *out,
                        size_t size);

// "▁▂▃▅▇": a cell for each value, 0 is the lowest level. Negative values count as 0.
char *render_sparkline(const int64_t *values, size_t count, char *out, size_t size);

// "82.5%" of 825 thousandths; "1,234.5%".
char *render_percent(int64_t milli, char *out, size_t size);

// "1,234,567".
char *render_count(int64_t count, char *out, size_t size);

// "12,500.00 CNY"; without a currency, a plain count.
char *render_money(int64_t minor, const char *currency, char *out, size_t size);

// The same without decimals from a thousand on: "12,501 CNY".
char *render_estimate(int64_t minor, const char *currency, char *out, size_t size);

// "12,500.00" to "12500.00": what money_format writes, for a file.
char *render_money_plain(int64_t minor, const char *currency, char *out, size_t size);

// "2026-07-15 Wed", with the weekday in the user's language.
char *render_day(date_day day, char *out, size_t size);

// The same of "2026-07-15"; any other text is left as it is.
char *render_date(const char *date, char *out, size_t size);

// Two dates as an answer has them, as --period takes them: "2026-Q3" or "2026-07-01..2026-07-15".
char *render_period(const char *from, const char *to, char *out, size_t size);

// "21.5" of 21500 thousandths of a day.
char *render_milli(int64_t milli, char *out, size_t size);
