/* ladder.c: see ladder.h. A node's tower is as high as a hash of a running counter says (one in four goes up), so equal histories
 * give equal lists. */
#include "core/venue/ladder.h"

void ladder_init(ladder_t *ladder, int64_t step)
{
    for (uint32_t i = 0; i < VENUE_TOWER_MAX; i++) {
        ladder->head[i] = (link_t){.to = VENUE_NIL};
    }
    for (uint32_t i = 0; i < VENUE_NEAR_LEVELS; i++) {
        ladder->near[i] = VENUE_NIL;
    }
    ladder->step = step;
    ladder->count = 0;
}

static uint32_t near_slot(const ladder_t *ladder, int64_t key)
{
    return (uint32_t)((uint64_t)(key / ladder->step) % VENUE_NEAR_LEVELS);
}

/* What stands in a slot is on the ladder: it leaves with its level. */
uint32_t ladder_near(const venue_t *venue, const ladder_t *ladder, int64_t key)
{
    uint32_t index = ladder->near[near_slot(ladder, key)];
    return index != VENUE_NIL && level_of(venue, index)->key == key ? index : VENUE_NIL;
}

void ladder_touch(const venue_t *venue, const ladder_t *ladder, int64_t key)
{
    uint32_t index = ladder->near[near_slot(ladder, key)];
    if (index != VENUE_NIL) {
        lines_wanted(level_of(venue, index), 1);
    }
}

static link_t *link_at(const venue_t *venue, const ladder_t *ladder, uint32_t node, uint32_t floor)
{
    if (node == VENUE_NIL) {
        return (link_t *)(uintptr_t)&ladder->head[floor];
    }
    return floor == 0 ? &level_of(venue, node)->next : &tower_of(venue, node)->next[floor - 1];
}

/* Fills `before` with the last link of each floor whose node's key is below `key`, *from (when not NULL) with the node of the last;
 * returns the node after it on the ground. */
static uint32_t descend(const venue_t *venue, const ladder_t *ladder, int64_t key, link_t *before[VENUE_TOWER_MAX], uint32_t *from)
{
    uint32_t at = VENUE_NIL;
    for (uint32_t floor = VENUE_TOWER_MAX; floor-- > 0;) {
        link_t *link = link_at(venue, ladder, at, floor);
        while (link->to != VENUE_NIL && link->key < key) {
            at = link->to;
            link = link_at(venue, ladder, at, floor);
        }
        before[floor] = link;
    }
    if (from != NULL) {
        *from = at;
    }
    return before[0]->to;
}

uint32_t ladder_find(const venue_t *venue, const ladder_t *ladder, int64_t key)
{
    uint32_t found = ladder_near(venue, ladder, key);
    if (found == VENUE_NIL) {
        link_t *before[VENUE_TOWER_MAX];
        found = descend(venue, ladder, key, before, NULL);
    }
    return found != VENUE_NIL && level_of(venue, found)->key == key ? found : VENUE_NIL;
}

static uint32_t level_take(venue_t *venue)
{
    uint32_t index = venue->level_free;
    if (index != VENUE_NIL) {
        venue->level_free = level_of(venue, index)->next.to;
    } else if (venue->level_used < venue->level_capacity) {
        index = venue->level_used++;
    } else {
        return VENUE_NIL;
    }
    memset(level_of(venue, index), 0, sizeof(level_node_t));
    return index;
}

static uint32_t tower_height(venue_t *venue)
{
    /* splitmix64 (Vigna): one multiply chain is enough to draw heights */
    uint64_t z = (venue->tower_state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    z ^= z >> 31;
    uint32_t height = 1;
    while (height < VENUE_TOWER_MAX && (z & 3) == 0) {
        height++;
        z >>= 2;
    }
    return height;
}

/* The node before the place of `key`, from the level a few steps better; false: none of those stands, or a tower has to be built.
 */
static bool step_up(const venue_t *venue, ladder_t *ladder, int64_t key, link_t **before, uint32_t *from)
{
    enum { STEPS_MAX = 8 };
    for (int64_t step = 1; step <= STEPS_MAX; step++) {
        uint32_t at = ladder_near(venue, ladder, key - step * ladder->step);
        if (at == VENUE_NIL) {
            continue;
        }
        link_t *link = &level_of(venue, at)->next;
        while (link->to != VENUE_NIL && link->key < key) {
            at = link->to;
            link = &level_of(venue, at)->next;
        }
        *before = link;
        *from = at;
        return true;
    }
    return false;
}

/* Into the ground floor, after the node `from`, whose link is `before`. */
static void ground_join(venue_t *venue, uint32_t index, link_t *before, uint32_t from)
{
    level_node_t *level = level_of(venue, index);
    level->next = (link_t){.key = before->key, .to = before->to, .from = from};
    if (before->to != VENUE_NIL) {
        level_of(venue, before->to)->next.from = index;
    }
    before->key = level->key;
    before->to = index;
}

static uint32_t level_make(venue_t *venue, ladder_t *ladder, int64_t key, uint32_t height)
{
    uint32_t index = level_take(venue);
    if (index != VENUE_NIL) {
        level_node_t *level = level_of(venue, index);
        level->key = key;
        level->head = level->tail = VENUE_NIL;
        level->height = height;
        ladder->near[near_slot(ladder, key)] = index;
        ladder->count++;
    }
    return index;
}

uint32_t ladder_put(venue_t *venue, ladder_t *ladder, int64_t key)
{
    uint32_t index = ladder_near(venue, ladder, key);
    if (index != VENUE_NIL) {
        return index;
    }
    link_t *before[VENUE_TOWER_MAX];
    uint32_t from = VENUE_NIL, height = tower_height(venue);
    if (height > 1 || !step_up(venue, ladder, key, &before[0], &from)) {
        (void)descend(venue, ladder, key, before, &from);
    }
    if (before[0]->to != VENUE_NIL && before[0]->key == key) {
        ladder->near[near_slot(ladder, key)] = before[0]->to;
        return before[0]->to;
    }
    index = level_make(venue, ladder, key, height);
    if (index == VENUE_NIL) {
        return VENUE_NIL;
    }
    ground_join(venue, index, before[0], from);
    for (uint32_t floor = 1; floor < height; floor++) {
        *link_at(venue, ladder, index, floor) = *before[floor];
        *before[floor] = (link_t){.key = key, .to = index};
    }
    return index;
}

void ladder_remove(venue_t *venue, ladder_t *ladder, uint32_t index)
{
    level_node_t *level = level_of(venue, index);
    ASSERT(level->count == 0 && level->street8 == 0);
    if (level->height > 1) {
        link_t *before[VENUE_TOWER_MAX];
        (void)descend(venue, ladder, level->key, before, NULL);
        for (uint32_t floor = 1; floor < level->height; floor++) {
            ASSERT(before[floor]->to == index);
            *before[floor] = *link_at(venue, ladder, index, floor);
        }
    }
    link_t *before = link_at(venue, ladder, level->next.from, 0);
    ASSERT(before->to == index);
    before->key = level->next.key;
    before->to = level->next.to;
    if (level->next.to != VENUE_NIL) {
        level_of(venue, level->next.to)->next.from = level->next.from;
    }
    uint32_t *near = &ladder->near[near_slot(ladder, level->key)];
    *near = *near == index ? VENUE_NIL : *near;
    ladder->count--;
    level->next = (link_t){.to = venue->level_free};
    venue->level_free = index;
}
