// Calendar days of the proleptic Gregorian calendar, years 1 to 9999. No time zone: a day is the
// office's day (domain.md 1.2).
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Days since 1970-01-01.
typedef int32_t date_day;

// 0001-01-01 and 9999-12-31.
#define DATE_MIN (-719162)
#define DATE_MAX 2932896

// "2026-07-15" and its terminating NUL.
#define DATE_TEXT_SIZE 11

// Exactly YYYY-MM-DD of a day that exists; anything else is false and leaves day alone.
bool date_parse(const char *text, date_day *day);

// day must lie between DATE_MIN and DATE_MAX.
void date_format(date_day day, char text[DATE_TEXT_SIZE]);

// False when there is no such day. month and day count from 1.
bool date_from_civil(int year, int month, int day, date_day *out);
void date_to_civil(date_day date, int *year, int *month, int *day);

// 28 to 31; month from 1 to 12.
int date_month_length(int year, int month);

// 1 = Monday to 7 = Sunday (ISO 8601).
int date_weekday(date_day day);

date_day date_today_utc(void);

// Today by this machine's time zone (TZ): what a person at this terminal calls today.
date_day date_today_local(void);
