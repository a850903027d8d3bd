#include "server/method/winrate.h"

#include "server/method/ratio.h"

struct winrate winrate_of(int64_t won, int64_t lost, int64_t open)
{
    struct winrate rate = {0};
    if (won < 0 || lost < 0 || open < 0)
        return rate;
    wide_int closed = (wide_int)won + lost;
    rate.has_closed = ratio_half_up((wide_int)won * 1000, closed, &rate.closed_milli);
    rate.has_all = ratio_half_up((wide_int)won * 1000, closed + open, &rate.all_milli);
    return rate;
}
