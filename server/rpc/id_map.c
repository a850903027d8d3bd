#include "server/rpc/id_map.h"

static struct id_link **chain_of(const struct id_map *map, uint64_t id)
{
    return (struct id_link **)&map->chains[id % ID_MAP_CHAINS];
}

void id_map_add(struct id_map *map, struct id_link *link)
{
    link->id = ++map->last_id;
    struct id_link **chain = chain_of(map, link->id);
    link->next = *chain;
    *chain = link;
    map->count++;
}

void *id_map_find(const struct id_map *map, uint64_t id)
{
    struct id_link *link = *chain_of(map, id);
    while (link && link->id != id) {
        link = link->next;
    }
    return link;
}

void id_map_remove(struct id_map *map, struct id_link *link)
{
    struct id_link **place = chain_of(map, link->id);
    while (*place && *place != link) {
        place = &(*place)->next;
    }
    if (*place) {
        *place = link->next;
        map->count--;
    }
}

void id_map_each(const struct id_map *map, void (*visit)(void *context, void *thing), void *context)
{
    for (size_t i = 0; i < ID_MAP_CHAINS; i++) {
        for (struct id_link *link = map->chains[i], *next; link; link = next) {
            next = link->next;
            visit(context, link);
        }
    }
}
