// Finds things by number: calls and sessions are always found again by id, never by a pointer
// that was kept, since either may be gone when an answer comes.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Part of every thing that can be found, as its first member.
struct id_link {
    uint64_t id;
    struct id_link *next;
};

enum { ID_MAP_CHAINS = 4096 };

// Zeroed is empty. Numbers start at 1 and are never given twice.
struct id_map {
    struct id_link *chains[ID_MAP_CHAINS];
    uint64_t last_id;
    size_t count;
};

// Gives the thing the next number.
void id_map_add(struct id_map *map, struct id_link *link);
void *id_map_find(const struct id_map *map, uint64_t id);
// Calls visit for each; it may remove the one that it is given and no other.
void id_map_each(const struct id_map *map, void (*visit)(void *context, void *thing),
                 void *context);
void id_map_remove(struct id_map *map, struct id_link *link);
