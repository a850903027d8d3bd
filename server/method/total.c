#include "server/method/total.h"

#include <stdlib.h>
#include <string.h>

static int order_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

// Byte by byte, as the table's key compares.
static int order_keys(const void *left, const void *right)
{
    const struct total_move *a = left;
    const struct total_move *b = right;
    int order = order_numbers(a->office_id, b->office_id);
    order = order ? order : a->scope - b->scope;
    order = order ? order : order_numbers(a->scope_id, b->scope_id);
    order = order ? order : a->grain - b->grain;
    order = order ? order : strcmp(a->date, b->date);
    order = order ? order : strcmp(a->metric, b->metric);
    return order ? order : strcmp(a->currency, b->currency);
}

static void spread(const struct total_work *work, struct total_move *moves)
{
    static const char scopes[] = {'o', 'p', 'u'};
    const int64_t ids[] = {work->office_id, work->person_id, work->unit_id};
    for (size_t i = 0; i < TOTAL_MOVES_OF_ONE; i++) {
        bool monthly = i % 2;
        moves[i] = (struct total_move){
            .office_id = work->office_id,
            .scope = scopes[i / 2],
            .scope_id = ids[i / 2],
            .grain = monthly ? 'm' : 'd',
            .metric = work->metric,
            .currency = work->currency,
            .done = work->amount,
            .effective = work->effective ? work->amount : 0,
        };
        memcpy(moves[i].date, work->date, TOTAL_DATE_SIZE);
        if (monthly) {
            memcpy(moves[i].date + TOTAL_DATE_SIZE - sizeof "DD", "01", sizeof "01");
        }
    }
}

static bool add(struct total_move *to, const struct total_move *move)
{
    return !__builtin_add_overflow(to->done, move->done, &to->done) &&
           !__builtin_add_overflow(to->effective, move->effective, &to->effective);
}

// Adds up rows of one key that follow each other. 0 when a sum leaves int64.
static size_t fold(struct total_move *moves, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && order_keys(&moves[kept - 1], &moves[i]) == 0) {
            if (!add(&moves[kept - 1], &moves[i])) {
                return 0;
            }
        } else {
            moves[kept++] = moves[i];
        }
    }
    return kept;
}

size_t total_moves(const struct total_work *works, size_t n, struct total_move *moves)
{
    for (size_t i = 0; i < n; i++) {
        if (strlen(works[i].date) + 1 != TOTAL_DATE_SIZE) {
            return 0;
        }
        spread(&works[i], &moves[i * TOTAL_MOVES_OF_ONE]);
    }
    qsort(moves, n * TOTAL_MOVES_OF_ONE, sizeof *moves, order_keys);
    return fold(moves, n * TOTAL_MOVES_OF_ONE);
}
