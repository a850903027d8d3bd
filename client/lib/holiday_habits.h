// How publishers say in an iCalendar event whether a day is off, worked, or only remembered. There
// is no standard for it.
#pragma once

#include <stdbool.h>

enum holiday_mark {
    // Says nothing: a day off in a file without any mark, else a day of remembrance.
    HOLIDAY_MARK_NONE,
    HOLIDAY_MARK_OFF,
    // A make-up workday (调休).
    HOLIDAY_MARK_WORKED,
    HOLIDAY_MARK_OBSERVANCE,
};

// What an event says; each text may be NULL. Known are
//   NateScarlet/holiday-cn      "元旦假期", "上班(补春节假期)"
//   lanceliao and others        "春节 休", "春节 补班 第1天"
//   Apple                       X-APPLE-SPECIAL-DAY:WORK-HOLIDAY, ALTERNATE-WORKDAY
//   Google                      DESCRIPTION:Public holiday, Observance, and in Chinese
//   English lists               "Working Saturday", "Make-up workday"
enum holiday_mark holiday_mark_of(const char *summary, const char *description,
                                  const char *special_day);

// "Christmas Eve (half day)", "除夕（半天）".
bool holiday_is_half(const char *summary);
