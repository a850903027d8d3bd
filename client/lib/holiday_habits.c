#include "client/lib/holiday_habits.h"

#include <stddef.h>
#include <string.h>

static bool has_any(const char *text, const char *const words[])
{
    for (size_t i = 0; text && words[i]; i++) {
        if (strcasestr(text, words[i]))
            return true;
    }
    return false;
}

static bool begins_with_any(const char *text, const char *const words[])
{
    for (size_t i = 0; text && words[i]; i++) {
        if (strncasecmp(text, words[i], strlen(words[i])) == 0)
            return true;
    }
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0;
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

enum holiday_mark holiday_mark_of(const char *summary, const char *description,
                                  const char *special_day)
{
    static const char *const worked[] = {
        "上班",           "补班",        "补课",    "(班)",    "（班）",     "【班】",
        "[班]",           "working day", "workday", "make-up", "makeup day", "working saturday",
        "working sunday", NULL};
    static const char *const off[] = {"休", "假期", "放假", "公众假日", NULL};
    static const char *const public_holiday[] = {"public holiday", "公共假期", "法定节假日", NULL};
    static const char *const remembered[] = {"observance", "纪念日", "season", NULL};
    if (special_day && strcasecmp(special_day, "ALTERNATE-WORKDAY") == 0)
        return HOLIDAY_MARK_WORKED;
    if (special_day && strcasecmp(special_day, "WORK-HOLIDAY") == 0)
        return HOLIDAY_MARK_OFF;
    if (has_any(summary, worked) || ends_with(summary, "班"))
        return HOLIDAY_MARK_WORKED;
    if (has_any(summary, off) || begins_with_any(description, public_holiday))
        return HOLIDAY_MARK_OFF;
    if (begins_with_any(description, remembered))
        return HOLIDAY_MARK_OBSERVANCE;
    return HOLIDAY_MARK_NONE;
}

bool holiday_is_half(const char *summary)
{
    static const char *const half[] = {"half day", "half-day", "半天", "半日", "½", NULL};
    return has_any(summary, half);
}
