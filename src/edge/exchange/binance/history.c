/* history.c: one page at a time, the smallest request that covers what is missing. */
#include "edge/exchange/binance/history.h"

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/exchange/binance/decode_public.h"

#include <stdlib.h>
#include <string.h>

enum { UNREADABLE_MAX = 3 };
#define RETRY_NS NS_PER_S

struct history {
    history_options_t options;
    loop_timer_t timer;
    bool in_flight, closing, stands;
    uint32_t unreadable; /* bad answers in a row */
    int64_t minute;      /* of the venue's clock, and the weight asked for in it */
    uint32_t weight;
    int64_t wake_ms;      /* while it stands */
    int64_t next_ns;      /* open time of the next bar wanted by the running job */
    int64_t last_ns;      /* the page under way asks up to this open time */
    uint32_t head, count; /* ring of jobs; the head one runs */
    uint32_t page_count;
    history_job_t jobs[HISTORY_JOBS_MAX];
    candle_t page[HISTORY_PAGE_MAX];
};

static void start(history_t *history);

static void on_timer(loop_timer_t *timer, void *context)
{
    (void)timer;
    start(context);
}

result_t history_create(const history_options_t *options, history_t **out)
{
    ASSERT(options->loop != NULL && options->rest != NULL && options->clock != NULL && options->page_max <= HISTORY_PAGE_MAX);
    history_t *history = calloc(1, sizeof *history);
    if (history == NULL) {
        return RESULT_FULL;
    }
    history->options = *options;
    history->options.page_max = options->page_max != 0 ? options->page_max : HISTORY_PAGE_CHEAPEST;
    loop_timer_init(&history->timer, options->loop, on_timer, history);
    *out = history;
    return RESULT_OK;
}

void history_destroy(history_t *history)
{
    if (history == NULL) {
        return;
    }
    loop_timer_stop(&history->timer);
    if (history->in_flight) {
        history->closing = true; /* its answer frees it */
        return;
    }
    free(history);
}

uint32_t history_plan(const history_job_t *job, int64_t next_ns, int64_t venue_ms, uint32_t page_max, int64_t *last_open_ns)
{
    int64_t now_ns = venue_ms * NS_PER_MS;
    uint32_t bars = 0;
    int64_t open_ns = next_ns;
    while (bars < page_max && open_ns < job->to_ns) {
        int64_t following = timeframe_next(job->timeframe, open_ns);
        if (following > now_ns) {
            break; /* still open */
        }
        *last_open_ns = open_ns;
        open_ns = following;
        bars++;
    }
    return bars;
}

static const history_job_t *job_running(const history_t *history)
{
    return &history->jobs[history->head];
}

static void job_end(history_t *history, result_t result, const char *text)
{
    history_job_t job = *job_running(history);
    history->head = (history->head + 1) % HISTORY_JOBS_MAX;
    history->count--;
    history->unreadable = 0;
    if (history->count > 0) {
        history->next_ns = job_running(history)->from_ns;
    }
    history->options.events->on_done(history->options.context, &job, result, text);
}

static void wait_then_start(history_t *history, int64_t wait_ns)
{
    loop_timer_start_in(&history->timer, wait_ns > RETRY_NS ? wait_ns : RETRY_NS);
}

/* The budget, or a ban, is over after so much of the venue's time. */
static void wait_for_venue(history_t *history, int64_t wait_ms)
{
    const bool told = history->stands;
    int64_t venue_ms = 0;
    (void)venue_clock_now_ms(history->options.clock, loop_now_ns(history->options.loop), &venue_ms);
    loop_timer_start_in(&history->timer, venue_clock_wait_ns(history->options.clock, wait_ms));
    history->stands = true;
    history->wake_ms = venue_ms + wait_ms;
    if (!told && history->options.events->on_wait != NULL) {
        history->options.events->on_wait(history->options.context);
    }
}

/* Counts the weight in the venue's present minute; false: its share is used up for *wait_ms. */
static bool share_take(history_t *history, uint32_t weight, int64_t venue_ms, int64_t *wait_ms)
{
    const int64_t minute_ms = NS_PER_MIN / NS_PER_MS, minute = venue_ms / minute_ms;
    if (minute != history->minute) {
        history->minute = minute;
        history->weight = 0;
    }
    *wait_ms = (minute + 1) * minute_ms - venue_ms;
    if (history->weight + weight > HISTORY_WEIGHT_MINUTE) {
        return false;
    }
    history->weight += weight;
    return true;
}

static void page_take(void *context, const candle_t *candle)
{
    history_t *history = context;
    bool inside = candle->open_ns >= history->next_ns && candle->open_ns <= history->last_ns;
    if (candle->closed && inside && history->page_count < HISTORY_PAGE_MAX) {
        history->page[history->page_count++] = *candle;
    }
}

/* True when the page could be read. */
static bool page_read(history_t *history, str_t body, int64_t venue_ms)
{
    const history_job_t *job = job_running(history);
    binance_detail_t detail = {""};
    history->page_count = 0;
    result_t result = binance_decode_klines(body, job->timeframe, venue_ms, page_take, history, &detail);
    if (result != RESULT_OK) {
        if (++history->unreadable >= UNREADABLE_MAX) {
            job_end(history, result, detail.text);
        } else {
            wait_then_start(history, RETRY_NS);
        }
        return false;
    }
    history->unreadable = 0;
    return true;
}

static void on_answer(void *context, const binance_result_t *result)
{
    history_t *history = context;
    int64_t venue_ms;
    history->in_flight = false;
    if (history->closing) {
        free(history);
        return;
    }
    if (result->verdict.kind == BINANCE_VERDICT_REJECTED || result->verdict.kind == BINANCE_VERDICT_FORBIDDEN ||
        result->verdict.kind == BINANCE_VERDICT_NOT_FOUND) {
        job_end(history, RESULT_REFUSED, result->verdict.message);
    } else if (result->verdict.kind == BINANCE_VERDICT_BANNED) {
        wait_for_venue(history, result->verdict.wait_ms); /* not said: the budget knows for how long */
        return;
    } else if (result->verdict.kind != BINANCE_VERDICT_ACCEPTED) {
        wait_then_start(history, result->verdict.wait_ms * NS_PER_MS);
        return;
    } else if (venue_clock_now_ms(history->options.clock, loop_now_ns(history->options.loop), &venue_ms) != RESULT_OK ||
               !page_read(history, result->body, venue_ms)) {
        if (!history->in_flight && history->count > 0) {
            loop_timer_start_in(&history->timer, RETRY_NS);
        }
        return;
    } else {
        history_job_t job = *job_running(history);
        history->next_ns =
            timeframe_next(job.timeframe, history->last_ns); /* what the venue does not have, it will not have next time either */
        if (history->page_count > 0) {
            history->options.events->on_page(history->options.context, &job, history->page, history->page_count);
        }
    }
    start(history);
}

/* Asks for the next page of the running job; ends jobs that are complete. */
static void start(history_t *history)
{
    while (history->count > 0 && !history->in_flight) {
        const history_job_t *job = job_running(history);
        binance_request_t request;
        int64_t venue_ms, wait_ms = 0;
        if (venue_clock_now_ms(history->options.clock, loop_now_ns(history->options.loop), &venue_ms) != RESULT_OK) {
            wait_then_start(history, RETRY_NS);
            return;
        }
        uint32_t bars = history_plan(job, history->next_ns, venue_ms, history->options.page_max, &history->last_ns);
        if (bars == 0) {
            job_end(history, RESULT_OK, "");
            continue;
        }
        const instrument_t *instrument = instrument_table_at(history->options.instruments, job->instrument);
        result_t result = binance_encode_klines(&request, instrument->symbol, job->timeframe, history->next_ns / NS_PER_MS,
                                                history->last_ns / NS_PER_MS, bars);
        if (result == RESULT_OK && !share_take(history, request.weight, venue_ms, &wait_ms)) {
            result = RESULT_BUDGET;
        } else if (result == RESULT_OK) {
            result = binance_rest_send(history->options.rest, &request, on_answer, history, &wait_ms);
        }
        if (result == RESULT_BUDGET || result == RESULT_BANNED) {
            wait_for_venue(history, wait_ms);
            return;
        }
        if (result != RESULT_OK) {
            wait_then_start(history, RETRY_NS);
            return;
        }
        history->in_flight = true;
        history->stands = false;
    }
}

result_t history_fetch(history_t *history, const history_job_t *job)
{
    if (instrument_table_at(history->options.instruments, job->instrument) == NULL) {
        return RESULT_NOT_FOUND;
    }
    if ((unsigned)job->timeframe >= TF_COUNT || job->from_ns < 0 || job->to_ns <= job->from_ns ||
        timeframe_open(job->timeframe, job->from_ns) != job->from_ns) {
        return RESULT_BAD_ARGUMENT;
    }
    if (history->count == HISTORY_JOBS_MAX) {
        return RESULT_FULL;
    }
    history->jobs[(history->head + history->count) % HISTORY_JOBS_MAX] = *job;
    if (history->count++ == 0) {
        history->next_ns = job->from_ns;
        loop_timer_start_in(&history->timer, 0); /* not in this call: callbacks come in turns of the loop */
    }
    return RESULT_OK;
}

void history_look(history_t *history)
{
    if (history->stands) {
        start(history);
    }
}

int64_t history_wake_ms(const history_t *history)
{
    return history->stands ? history->wake_ms : 0;
}

bool history_stands(const history_t *history)
{
    return history->stands;
}

uint32_t history_waiting(const history_t *history)
{
    return history->count;
}
