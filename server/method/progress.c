#include "server/method/progress.h"

#include "server/method/ratio.h"

#define WHOLE 1000

int64_t progress_milli(int64_t from, int64_t to, int64_t value)
{
    wide_int way = (wide_int)to - from;
    wide_int gone = (wide_int)value - from;
    if (way < 0) {
        way = -way;
        gone = -gone;
    }
    if (way == 0 || gone <= 0)
        return 0;
    return gone >= way ? WHOLE : (int64_t)(gone * WHOLE / way);
}

int64_t progress_mean(const int64_t *figures, size_t count)
{
    wide_int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += figures[i];
    return count > 0 ? (int64_t)(sum / (wide_int)count) : 0;
}
