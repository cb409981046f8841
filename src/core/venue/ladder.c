/* ladder.c: see ladder.h. A node's tower is as high as a hash of a running counter says (one in four goes up), so equal histories
 * give equal lists. */
#include "core/venue/ladder.h"

/* The inverse of an odd number modulo 2^64: each step of Newton's doubles the bits that are right (H. S. Warren, Hacker's Delight,
 * 10-16); an odd number is its own inverse in the lowest three. */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (unsigned bits = 3; bits < 64; bits *= 2) {
        inverse *= 2 - odd * inverse;
    }
    return inverse;
}

void ladder_init(ladder_t *ladder, int64_t step)
{
    ASSERT(step > 0);
    for (uint32_t i = 0; i < VENUE_TOWER_MAX; i++) {
        ladder->head[i] = (link_t){.to = VENUE_NIL};
    }
    for (uint32_t i = 0; i < VENUE_NEAR_LEVELS; i++) {
        ladder->near[i] = VENUE_NIL;
    }
    ladder->step = step;
    ladder->shift = (uint32_t)__builtin_ctzll((uint64_t)step);
    ladder->steps = inverse_of((uint64_t)step >> ladder->shift);
    ladder->count = 0;
}

static link_t *link_at(const venue_t *venue, const ladder_t *ladder, uint32_t node, uint32_t floor)
{
    if (node == VENUE_NIL) {
        return (link_t *)(uintptr_t)&ladder->head[floor];
    }
    return floor == 0 ? &level_of(venue, node)->next : &tower_of(venue, node)->next[floor - 1];
}

/* Fills `before` with the last node of each floor whose key is below `key`; VENUE_NIL: there is none. */
static void descend(const venue_t *venue, const ladder_t *ladder, int64_t key, uint32_t before[VENUE_TOWER_MAX])
{
    uint32_t at = VENUE_NIL;
    for (uint32_t floor = VENUE_TOWER_MAX; floor-- > 0;) {
        const link_t *link = link_at(venue, ladder, at, floor);
        while (link->to != VENUE_NIL && link->key < key) {
            at = link->to;
            link = link_at(venue, ladder, at, floor);
        }
        before[floor] = at;
    }
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

enum { STEPS_AT_ONCE = 8, STEPS_MAX = 64 };

/* Of the eight places up to `key` the nearest where the newest level of its slot stands; VENUE_NIL: none. No processor can guess
 * which of them do, so all are looked at without a jump. */
static inline uint32_t nearest_of(const venue_t *venue, const ladder_t *ladder, uint64_t key)
{
    const level_node_t *levels = levels_table(venue);
    const uint32_t slot = ladder_slot(ladder, (int64_t)key);
    uint32_t nearest = VENUE_NIL;
    key -= (STEPS_AT_ONCE - 1) * (uint64_t)ladder->step;
    for (uint32_t i = STEPS_AT_ONCE; i-- > 0; key += (uint64_t)ladder->step) {
        uint32_t index = ladder->near[(slot - i) % VENUE_NEAR_LEVELS];
        uint32_t none = 0 - (uint32_t)(index == VENUE_NIL);
        uint32_t other = none | (0 - (uint32_t)((uint64_t)levels[index & ~none].key != key));
        nearest = (nearest & other) | (index & ~other);
    }
    return nearest;
}

/* The last node of the ground below `key`, from a level that stands a few steps better; false: none does. */
static bool step_up(const venue_t *venue, const ladder_t *ladder, int64_t key, uint32_t *before)
{
    for (uint32_t step = 1; step <= STEPS_MAX; step += STEPS_AT_ONCE) {
        uint32_t last = nearest_of(venue, ladder, (uint64_t)key - step * (uint64_t)ladder->step);
        if (last != VENUE_NIL) {
            const link_t *link = &level_of(venue, last)->next;
            while (link->to != VENUE_NIL && link->key < key) {
                last = link->to;
                link = &level_of(venue, last)->next;
            }
            *before = last;
            return true;
        }
    }
    return false;
}

/* From the node before a place on one floor to the node before it on the next: the first one back that is high enough. */
static uint32_t climb(const venue_t *venue, const ladder_t *ladder, uint32_t at, uint32_t floor)
{
    while (at != VENUE_NIL && level_of(venue, at)->height <= floor + 1) {
        at = link_at(venue, ladder, at, floor)->from;
    }
    return at;
}

/* The node before the place of `key` on each of `height` floors. */
static void place_of(const venue_t *venue, const ladder_t *ladder, int64_t key, uint32_t height, uint32_t before[VENUE_TOWER_MAX])
{
    if (!step_up(venue, ladder, key, &before[0])) {
        descend(venue, ladder, key, before);
        return;
    }
    for (uint32_t floor = 0; floor + 1 < height; floor++) {
        before[floor + 1] = climb(venue, ladder, before[floor], floor);
    }
}

/* Into a floor, after the node `before`. */
static void join(venue_t *venue, ladder_t *ladder, uint32_t index, uint32_t floor, uint32_t before)
{
    link_t *here = link_at(venue, ladder, before, floor);
    *link_at(venue, ladder, index, floor) = (link_t){.key = here->key, .to = here->to, .from = before};
    if (here->to != VENUE_NIL) {
        link_at(venue, ladder, here->to, floor)->from = index;
    }
    here->key = level_of(venue, index)->key;
    here->to = index;
}

static void leave(venue_t *venue, ladder_t *ladder, uint32_t index, uint32_t floor)
{
    const link_t *own = link_at(venue, ladder, index, floor);
    link_t *before = link_at(venue, ladder, own->from, floor);
    ASSERT(before->to == index);
    before->key = own->key;
    before->to = own->to;
    if (own->to != VENUE_NIL) {
        link_at(venue, ladder, own->to, floor)->from = own->from;
    }
}

static void near_join(venue_t *venue, ladder_t *ladder, uint32_t index)
{
    level_node_t *level = level_of(venue, index);
    uint32_t *first = &ladder->near[ladder_slot(ladder, level->key)];
    level->near_next = *first;
    *first = index;
}

static void near_leave(venue_t *venue, ladder_t *ladder, uint32_t index)
{
    const level_node_t *level = level_of(venue, index);
    uint32_t *at = &ladder->near[ladder_slot(ladder, level->key)];
    while (*at != index) {
        at = &level_of(venue, *at)->near_next;
    }
    *at = level->near_next;
}

uint32_t ladder_add(venue_t *venue, ladder_t *ladder, int64_t key)
{
    uint32_t before[VENUE_TOWER_MAX];
    uint32_t index = level_take(venue);
    if (index == VENUE_NIL) {
        return VENUE_NIL;
    }
    uint32_t height = tower_height(venue);
    place_of(venue, ladder, key, height, before);
    level_node_t *level = level_of(venue, index);
    level->key = key;
    level->head = level->tail = VENUE_NIL;
    level->height = height & 7;
    near_join(venue, ladder, index);
    for (uint32_t floor = 0; floor < height; floor++) {
        join(venue, ladder, index, floor, before[floor]);
    }
    ladder->count++;
    return index;
}

void ladder_remove(venue_t *venue, ladder_t *ladder, uint32_t index)
{
    level_node_t *level = level_of(venue, index);
    ASSERT(level->count == 0 && level->street8 == 0);
    for (uint32_t floor = 0; floor < level->height; floor++) {
        leave(venue, ladder, index, floor);
    }
    near_leave(venue, ladder, index);
    ladder->count--;
    level->next = (link_t){.to = venue->level_free};
    venue->level_free = index;
}
