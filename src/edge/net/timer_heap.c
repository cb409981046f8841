/* timer_heap.c: melding trees of timers (timer_heap.h). A node knows its first child and its siblings; the first child's `previous`
 * is its parent, so any timer can be taken out without knowing where it stands. */
#include "edge/net/timer_heap.h"

#include <stddef.h>

static bool timer_is_before(const loop_timer_t *a, const loop_timer_t *b)
{
    return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns : a->order < b->order;
}

/* Joins two trees whose roots have no siblings; the earlier root becomes the parent. */
static loop_timer_t *timers_meld(loop_timer_t *a, loop_timer_t *b)
{
    if (a == NULL || b == NULL) {
        return a == NULL ? b : a;
    }
    if (timer_is_before(b, a)) {
        loop_timer_t *swap = a;
        a = b;
        b = swap;
    }
    b->next = a->child;
    if (a->child != NULL) {
        a->child->previous = b;
    }
    b->previous = a; /* the first child's previous is its parent */
    a->child = b;
    return a;
}

/* Melds a list of siblings into one tree: pairs from left to right, then all from right to left. Iterative: no depth to fear. */
static loop_timer_t *timers_meld_siblings(loop_timer_t *first)
{
    loop_timer_t *pairs = NULL;
    while (first != NULL) {
        loop_timer_t *a = first;
        loop_timer_t *b = a->next;
        first = b == NULL ? NULL : b->next;
        a->next = a->previous = NULL;
        if (b != NULL) {
            b->next = b->previous = NULL;
        }
        loop_timer_t *pair = timers_meld(a, b);
        pair->next = pairs; /* a stack, through next */
        pairs = pair;
    }
    loop_timer_t *root = NULL;
    while (pairs != NULL) {
        loop_timer_t *pair = pairs;
        pairs = pair->next;
        pair->next = NULL;
        root = timers_meld(root, pair);
    }
    return root;
}

loop_timer_t *timer_heap_add(loop_timer_t *root, loop_timer_t *timer)
{
    return timers_meld(root, timer);
}

loop_timer_t *timer_heap_remove(loop_timer_t *root, loop_timer_t *timer)
{
    loop_timer_t *children = timers_meld_siblings(timer->child);
    if (root == timer) {
        root = children;
    } else {
        if (timer->previous->child == timer) {
            timer->previous->child = timer->next;
        } else {
            timer->previous->next = timer->next;
        }
        if (timer->next != NULL) {
            timer->next->previous = timer->previous;
        }
        root = timers_meld(root, children);
    }
    timer->child = timer->next = timer->previous = NULL;
    return root;
}
