#include "server/method/ratio.h"

static bool narrow(wide_int value, int64_t *result)
{
    if (value < INT64_MIN || value > INT64_MAX)
        return false;
    *result = (int64_t)value;
    return true;
}

// C truncates toward 0; rounding needs the floor, and a remainder of at least 0.
static wide_int floor_divide(wide_int numerator, wide_int denominator, wide_int *remainder)
{
    wide_int quotient = numerator / denominator;
    *remainder = numerator % denominator;
    if (*remainder < 0) {
        *remainder += denominator;
        quotient--;
    }
    return quotient;
}

bool ratio_half_up(wide_int numerator, wide_int denominator, int64_t *result)
{
    if (denominator <= 0)
        return false;
    wide_int remainder;
    wide_int quotient = floor_divide(numerator, denominator, &remainder);
    // Doubling the remainder could overflow.
    if (remainder >= denominator - remainder)
        quotient++;
    return narrow(quotient, result);
}

bool ratio_up(wide_int numerator, wide_int denominator, int64_t *result)
{
    if (denominator <= 0)
        return false;
    wide_int remainder;
    wide_int quotient = floor_divide(numerator, denominator, &remainder);
    if (remainder > 0)
        quotient++;
    return narrow(quotient, result);
}

bool ratio_milli(int64_t numerator, int64_t denominator, int64_t *result)
{
    return ratio_half_up((wide_int)numerator * 1000, denominator, result);
}

int64_t ratio_saturate(wide_int value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    return value < INT64_MIN ? INT64_MIN : (int64_t)value;
}
