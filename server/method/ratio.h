// Exact division of integers, rounded once. No floating point: a figure that is summed or shown
// must come out the same on every machine.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Holds every product of two int64 and every sum of as many int64 as memory can hold.
__extension__ typedef __int128 wide_int;

// numerator / denominator to the nearest integer, halves up, that is toward +infinity: 5/2 = 3,
// -5/2 = -2. False, with result left alone, when denominator is not above 0 or the quotient does
// not fit.
bool ratio_half_up(wide_int numerator, wide_int denominator, int64_t *result);

// The least integer not below numerator / denominator; otherwise as ratio_half_up.
bool ratio_up(wide_int numerator, wide_int denominator, int64_t *result);

// numerator / denominator in thousandths, as ratio_half_up: 1 of 3 is 333.
bool ratio_milli(int64_t numerator, int64_t denominator, int64_t *result);

// INT64_MIN or INT64_MAX where value lies beyond.
int64_t ratio_saturate(wide_int value);
