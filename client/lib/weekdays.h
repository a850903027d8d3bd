// Working weeks as people write them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// "mon-fri", "mon,wed,fri", "tue-sat,mon", "none": names of three letters, in any case; a range may
// run over Sunday ("sat-wed"). Bit 0 of mask is Monday, bit 6 Sunday. False, with mask left alone,
// for anything else.
bool weekdays_parse(const char *text, uint8_t *mask);
