#include "server/method/lay.h"

#include "server/method/ratio.h"

#include <stdlib.h>
#include <string.h>

struct lay {
    const struct lay_row *rows;
    size_t columns;
    struct split_child *cells;
    int64_t *stretched;
    // What is left of the parent's parts, and room to split a stretched target.
    int64_t *left;
    struct split_child *scratch;
    int64_t *amount;
};

static struct split_child *cells_of(const struct lay *lay, size_t row)
{
    return lay->cells + row * lay->columns;
}

// The parts of the stretched target in proportion to those of the target. None is less than it is
// without a stretch.
static enum split_result stretch_row(const struct lay *lay, size_t row)
{
    const struct split_child *cells = cells_of(lay, row);
    int64_t *stretched = lay->stretched + row * lay->columns;
    // Of a target of nothing the stretch alone is left.
    bool nothing = lay->rows[row].target == 0;
    for (size_t i = 0; i < lay->columns; i++) {
        lay->scratch[i] = (struct split_child){.weight = nothing ? cells[i].weight : cells[i].share,
                                               .locked = cells[i].locked,
                                               .locked_share = stretched[i]};
    }
    enum split_result result =
        split_largest_remainder(lay->rows[row].stretched, lay->scratch, lay->columns, NULL);
    for (size_t i = 0; i < lay->columns; i++) {
        bool more = result == SPLIT_OK && lay->scratch[i].share > cells[i].share;
        if (!cells[i].locked)
            stretched[i] = more ? lay->scratch[i].share : cells[i].share;
    }
    return result == SPLIT_NO_MEMORY ? result : SPLIT_OK;
}

// weights NULL: the cells' own.
static enum split_result split_row(const struct lay *lay, size_t row, const int64_t *weights)
{
    struct split_child *cells = cells_of(lay, row);
    for (size_t i = 0; weights && i < lay->columns; i++)
        cells[i].weight = weights[i];
    enum split_result result =
        split_largest_remainder(lay->rows[row].target, cells, lay->columns, lay->amount);
    return result == SPLIT_OK ? stretch_row(lay, row) : result;
}

static bool adds_up(const struct lay *lay, size_t first, size_t end)
{
    wide_int sum = 0;
    for (size_t i = first; i < end; i++)
        sum += lay->rows[i].target;
    return sum == lay->rows[lay->rows[first].parent].stretched;
}

// Takes the row's shares, those that are locked or those that are not, off what is left.
static enum split_result take_off(const struct lay *lay, size_t row, bool locked)
{
    const struct split_child *cells = cells_of(lay, row);
    for (size_t i = 0; i < lay->columns; i++) {
        if (cells[i].locked != locked)
            continue;
        lay->left[i] -= locked ? cells[i].locked_share : cells[i].share;
        if (lay->left[i] < 0) {
            *lay->amount = -lay->left[i];
            return SPLIT_LOCKED_EXCEED;
        }
    }
    return SPLIT_OK;
}

static enum split_result check_nothing_left(const struct lay *lay)
{
    for (size_t i = 0; i < lay->columns; i++) {
        if (lay->left[i] > 0) {
            *lay->amount = lay->left[i];
            return SPLIT_LOCKED_SHORT;
        }
    }
    return SPLIT_OK;
}

static enum split_result lay_exactly(const struct lay *lay, size_t first, size_t end, size_t *at)
{
    enum split_result result = SPLIT_OK;
    for (size_t row = first; result == SPLIT_OK && row < end; row++) {
        *at = row;
        result = take_off(lay, row, true);
    }
    for (size_t row = first; result == SPLIT_OK && row < end; row++) {
        *at = row;
        result = split_row(lay, row, lay->left);
        if (result == SPLIT_OK)
            result = take_off(lay, row, false);
    }
    return result == SPLIT_OK ? check_nothing_left(lay) : result;
}

static enum split_result lay_siblings(const struct lay *lay, size_t first, size_t end, size_t *at)
{
    size_t parent = lay->rows[first].parent;
    const int64_t *above = parent == LAY_TOP ? NULL : lay->stretched + parent * lay->columns;
    enum split_result result = SPLIT_OK;
    if (above)
        memcpy(lay->left, above, lay->columns * sizeof *above);
    if (above && adds_up(lay, first, end))
        return lay_exactly(lay, first, end, at);
    for (size_t row = first; result == SPLIT_OK && row < end; row++) {
        *at = row;
        result = split_row(lay, row, above);
    }
    return result;
}

enum split_result lay_rows(const struct lay_row *rows, size_t count, size_t columns,
                           struct split_child *cells, int64_t *stretched, size_t *at,
                           int64_t *amount)
{
    struct lay lay = {.rows = rows,
                      .columns = columns,
                      .cells = cells,
                      .stretched = stretched,
                      .left = calloc(columns + 1, sizeof *lay.left),
                      .scratch = calloc(columns + 1, sizeof *lay.scratch),
                      .amount = amount};
    enum split_result result = lay.left && lay.scratch ? SPLIT_OK : SPLIT_NO_MEMORY;
    *at = 0;
    *amount = 0;
    for (size_t first = 0, end; result == SPLIT_OK && first < count; first = end) {
        for (end = first + 1; end < count && rows[end].parent == rows[first].parent; end++) {
        }
        result = lay_siblings(&lay, first, end, at);
    }
    free(lay.left);
    free(lay.scratch);
    return result;
}
