// Money: int64 minor units with an ISO 4217 currency code. No floating point anywhere.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Fits every amount that money_format can write: sign, 19 digits, separators, NUL.
#define MONEY_TEXT_SIZE 32

// Three capital letters. Says nothing on whether such a currency exists.
bool currency_valid(const char *currency);

// Digits of the minor unit (ISO 4217): JPY 0, KWD 3; 2 for those not listed and for NULL.
int currency_digits(const char *currency);

// "1234.5", "1,234.50", "-12", "￥12", "USD 12": a sign, the currency's code or symbol, digits
// (thousands in groups of three or not at all), and at most the currency's number of decimals.
// False for anything else, also for another currency's symbol and for what int64 cannot hold.
bool money_parse(const char *text, const char *currency, int64_t *minor);

// "-1,234.56", without the code. MONEY_TEXT_SIZE is enough; cut off in less.
void money_format(int64_t minor, const char *currency, char *out, size_t size);
