#include "common/money.h"

#include <stdio.h>
#include <string.h>

bool currency_valid(const char *currency)
{
    if (!currency || strlen(currency) != 3)
        return false;
    for (int i = 0; i < 3; i++)
        if (currency[i] < 'A' || currency[i] > 'Z')
            return false;
    return true;
}

int currency_digits(const char *currency)
{
    // ISO 4217, list one: minor units other than 2.
    static const struct {
        const char *currencies;
        int digits;
    } exceptions[] = {
        {"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0},
        {"BHD IQD JOD KWD LYD OMR TND", 3},
        {"CLF UYW", 4},
    };
    if (!currency_valid(currency))
        return 2;
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strstr(exceptions[i].currencies, currency))
            return exceptions[i].digits;
    return 2;
}

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

// Moves past the currency's code or one of its symbols, when there is one.
static const char *skip_currency(const char *text, const char *currency)
{
    static const struct {
        const char *symbol;
        const char *currencies;
    } symbols[] = {
        {"¥", "CNY JPY"}, {"￥", "CNY JPY"}, {"$", "USD AUD CAD HKD NZD SGD TWD"},
        {"€", "EUR"},     {"£", "GBP"},
    };
    if (!currency_valid(currency))
        return text;
    if (!strncmp(text, currency, 3))
        return skip_blanks(text + 3);
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i].symbol);
        if (!strncmp(text, symbols[i].symbol, length) && strstr(symbols[i].currencies, currency))
            return skip_blanks(text + length);
    }
    return text;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Amounts are gathered below zero, where int64 reaches one further.
static bool take_digit(int64_t *amount, char digit)
{
    return !__builtin_mul_overflow(*amount, 10, amount) &&
           !__builtin_sub_overflow(*amount, digit - '0', amount);
}

static bool parse_whole(const char **text, int64_t *amount)
{
    const char *p = *text;
    int run = 0;
    bool grouped = false;
    for (;; p++) {
        if (is_digit(*p)) {
            if (!take_digit(amount, *p))
                return false;
            run++;
        } else if (*p == ',' && run >= 1 && run <= 3 && (!grouped || run == 3)) {
            grouped = true;
            run = 0;
        } else {
            break;
        }
    }
    *text = p;
    return grouped ? run == 3 : run > 0;
}

static bool parse_decimals(const char **text, int digits, int64_t *amount)
{
    const char *p = *text;
    int count = 0;
    if (*p == '.') {
        for (p++; is_digit(*p); p++, count++)
            if (count == digits || !take_digit(amount, *p))
                return false;
        if (count == 0)
            return false;
    }
    for (; count < digits; count++)
        if (!take_digit(amount, '0'))
            return false;
    *text = p;
    return true;
}

bool money_parse(const char *text, const char *currency, int64_t *minor)
{
    if (!text)
        return false;
    text = skip_currency(skip_blanks(text), currency);
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text = skip_currency(text + 1, currency);
    int64_t below = 0;
    if (!parse_whole(&text, &below) || !parse_decimals(&text, currency_digits(currency), &below) ||
        *skip_blanks(text) != '\0')
        return false;
    if (!negative && below == INT64_MIN)
        return false;
    *minor = negative ? below : -below;
    return true;
}

void money_format(int64_t minor, const char *currency, char *out, size_t size)
{
    int digits = currency_digits(currency);
    uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    char text[MONEY_TEXT_SIZE];
    char *start = text + sizeof text - 1;
    *start = '\0';
    for (int place = 0; rest || place <= digits; place++, rest /= 10) {
        if (place == digits && digits)
            *--start = '.';
        if (place > digits && (place - digits) % 3 == 0)
            *--start = ',';
        *--start = (char)('0' + rest % 10);
    }
    if (minor < 0)
        *--start = '-';
    snprintf(out, size, "%s", start);
}
