#include "common/date.h"

#include <string.h>
#include <time.h>

// Days of 400 years, and from 0000-03-01 to 1970-01-01.
#define DAYS_OF_ERA 146097
#define DAYS_TO_EPOCH 719468

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_month_length(int year, int month)
{
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

// The conversions count years from 1 March, so that the leap day is the last of its year
// (Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil,
// civil_from_days).
bool date_from_civil(int year, int month, int day, date_day *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > date_month_length(year, month))
        return false;
    int march_year = month <= 2 ? year - 1 : year;
    int era = march_year / 400;
    int year_of_era = march_year - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    *out = era * DAYS_OF_ERA + day_of_era - DAYS_TO_EPOCH;
    return true;
}

void date_to_civil(date_day date, int *year, int *month, int *day)
{
    int since = date + DAYS_TO_EPOCH;
    int era = since / DAYS_OF_ERA;
    int day_of_era = since - era * DAYS_OF_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

bool date_parse(const char *text, date_day *day)
{
    static const char form[] = "0000-00-00";
    if (!text || strlen(text) != sizeof form - 1)
        return false;
    for (int i = 0; form[i]; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !is_digit : text[i] != form[i])
            return false;
    }
    return date_from_civil(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), day);
}

void date_format(date_day day, char text[DATE_TEXT_SIZE])
{
    int year, month, of_month;
    date_to_civil(day, &year, &month, &of_month);
    memcpy(text, "0000-00-00", DATE_TEXT_SIZE);
    for (int i = 3; i >= 0; i--, year /= 10)
        text[i] = (char)('0' + year % 10);
    text[5] = (char)('0' + month / 10);
    text[6] = (char)('0' + month % 10);
    text[8] = (char)('0' + of_month / 10);
    text[9] = (char)('0' + of_month % 10);
}

int date_weekday(date_day day)
{
    // 0001-01-01 was a Monday.
    return (day - DATE_MIN) % 7 + 1;
}

date_day date_today_utc(void)
{
    return (date_day)(time(NULL) / 86400);
}

date_day date_today_local(void)
{
    time_t now = time(NULL);
    struct tm local;
    date_day day;
    if (!localtime_r(&now, &local) ||
        !date_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day))
        return date_today_utc();
    return day;
}
