/* timer_heap.h: the loop's timers by (deadline, order of starting): a pairing heap threaded through the callers' structs (M.
 * Fredman, R. Sedgewick, D. Sleator, R. Tarjan 1986): no memory of its own, no bound, O(1) to add, O(log n) amortised to remove.
 * Only loop.c uses it.
 */
#pragma once

#include "edge/net/loop.h"

/* Both return the new root: the earliest timer, NULL when none is left. */
loop_timer_t *timer_heap_add(loop_timer_t *root, loop_timer_t *timer);
loop_timer_t *timer_heap_remove(loop_timer_t *root, loop_timer_t *timer); /* timer must be in it */
