#include "server/method/cascade.h"

#include "server/method/ratio.h"

#include <stdlib.h>

static void to_children(const struct cascade_node *nodes, size_t count,
                        struct split_child *children, wide_int *done)
{
    *done = 0;
    for (size_t i = 0; i < count; i++) {
        children[i] = (struct split_child){.weight = nodes[i].weight,
                                           .locked = nodes[i].locked,
                                           .locked_share = nodes[i].locked_share};
        *done += nodes[i].locked ? 0 : nodes[i].done;
    }
}

static enum split_result take_share(struct cascade_node *node, const struct split_child *child,
                                    int64_t *amount)
{
    node->share = node->locked ? child->share : node->done + child->share;
    if (node->locked)
        node->stretched = node->locked_stretched;
    else if (!split_stretch(node->share, node->stretch_milli, &node->stretched)) {
        *amount = node->stretch_milli;
        return SPLIT_NEGATIVE;
    }
    return SPLIT_OK;
}

// Nodes of one parent. children has room for them.
static enum split_result split_siblings(int64_t target, struct cascade_node *nodes, size_t count,
                                        struct split_child *children, int64_t *amount)
{
    wide_int done;
    to_children(nodes, count, children, &done);
    if (done > target) {
        *amount = ratio_saturate(done - target);
        return SPLIT_LOCKED_EXCEED;
    }
    enum split_result result =
        split_largest_remainder(target - (int64_t)done, children, count, amount);
    for (size_t i = 0; result == SPLIT_OK && i < count; i++)
        result = take_share(&nodes[i], &children[i], amount);
    return result;
}

enum split_result cascade_split(int64_t target, struct cascade_node *nodes, size_t count,
                                size_t *at, int64_t *amount)
{
    struct split_child *children = calloc(count + 1, sizeof *children);
    enum split_result result = children ? SPLIT_OK : SPLIT_NO_MEMORY;
    *at = CASCADE_TOP;
    *amount = 0;
    for (size_t first = 0, end; result == SPLIT_OK && first < count; first = end) {
        size_t parent = nodes[first].parent;
        for (end = first + 1; end < count && nodes[end].parent == parent; end++) {
        }
        *at = parent;
        result = split_siblings(parent == CASCADE_TOP ? target : nodes[parent].stretched,
                                nodes + first, end - first, children, amount);
    }
    free(children);
    return result;
}
