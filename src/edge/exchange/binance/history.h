/* history.h: back-fill of bars over REST: incremental, closed bars only, in pages, slower than everything else that needs the
 * budget.
 *
 * Jobs wait in a queue; one page at a time is asked for, with the smallest limit that covers what is missing (its weight grows with
 * the limit: 1 up to 100 bars, 2 up to 500, 5 up to 1000, 10 up to 1500: pages of 500 cost the least a bar). A page that comes is
 * checked bar by bar and handed over; a budget that is used up or a ban just means later: by the venue's time, however that runs.
 * Of each minute's weight it takes a share of its own at most, below what the shared budget leaves to history: so how far one
 * minute carries does not hang on what other processes asked for meanwhile, and in lockstep is the same every time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/market/candle.h"
#include "core/market/instrument.h"
#include "edge/exchange/binance/rest.h"
#include "edge/net/loop.h"

typedef struct history history_t;

enum {
    HISTORY_PAGE_MAX = 1500,
    HISTORY_PAGE_CHEAPEST = 500,
    HISTORY_WEIGHT_MINUTE = 960, /* 40 % of Binance's 2400 */
    HISTORY_JOBS_MAX = 4096,     /* waiting and running */
};

typedef struct {
    instrument_id_t instrument;
    timeframe_t timeframe;
    int64_t from_ns; /* open time of the first bar wanted: the one after the last that is stored; on the grid */
    int64_t to_ns;   /* bars that open before this; only closed ones are given in any case */
} history_job_t;

typedef struct {
    /* Closed bars, rising, without those outside the job. Missing bars are simply not there: the store finds gaps. Borrowed until
     * it returns. */
    void (*on_page)(void *context, const history_job_t *job, const candle_t *candles, uint32_t count);
    /* RESULT_OK: everything that the venue has was given. Otherwise what went wrong (RESULT_REFUSED: the venue refused, e.g. an
     * unknown symbol; RESULT_MALFORMED ...: three unreadable answers in a row); pages given before stay true. `text` for the log.
     */
    void (*on_done)(void *context, const history_job_t *job, result_t result, const char *text);
    /* Nothing can be asked for before the venue's time has moved. Who holds that time in lockstep lets it go here, and calls
     * history_look when it has. May be NULL. */
    void (*on_wait)(void *context);
} history_events_t;

typedef struct {
    loop_t *loop;
    binance_rest_t *rest;                  /* borrowed */
    const instrument_table_t *instruments; /* borrowed */
    const venue_clock_t *clock;            /* borrowed: decides which bar is closed */
    const history_events_t *events;        /* borrowed */
    void *context;
    uint32_t page_max; /* 0: HISTORY_PAGE_CHEAPEST */
} history_options_t;

result_t history_create(const history_options_t *options, history_t **out);
void history_destroy(history_t *history); /* no callbacks any more */

/* RESULT_FULL, RESULT_NOT_FOUND (instrument), RESULT_BAD_ARGUMENT (off the grid, to <= from: nothing to fetch is the caller's to
 * notice). */
result_t history_fetch(history_t *history, const history_job_t *job);

uint32_t history_waiting(const history_t *history); /* jobs not done */
void history_look(history_t *history);              /* the venue's time has moved: asks again if it stood */
bool history_stands(const history_t *history);      /* on_wait was told, and nothing has been asked for since */
int64_t history_wake_ms(const history_t *history);  /* then: the venue time from which something can be; else 0 */

/* The page to ask for next: pure, for tests. Returns the limit (0: the job is complete at venue_ms) and the last open time to ask
 * for. */
uint32_t history_plan(const history_job_t *job, int64_t next_ns, int64_t venue_ms, uint32_t page_max, int64_t *last_open_ns);
