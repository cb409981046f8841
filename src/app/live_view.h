/* live_view.h: the live view on a terminal (ncurses): prices, signals, orders, positions with their stops, equity, the
 * naked-exposure clock and the health of each process. Keys: + faster, - slower, space pause, q stop. */
#pragma once

#include "app/live_model.h"

typedef enum { LIVE_KEY_NONE, LIVE_KEY_FASTER, LIVE_KEY_SLOWER, LIVE_KEY_PAUSE, LIVE_KEY_QUIT } live_key_t;

/* RESULT_UNSUPPORTED when the terminal cannot be driven (no TERM, too dumb): plain lines are used then. */
result_t live_view_open(void);
void live_view_draw(const live_model_t *model);
live_key_t live_view_key(void); /* never waits */
void live_view_close(void);
