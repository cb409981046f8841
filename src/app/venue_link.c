/* venue_link.c: see venue_link.h. */
#include "app/venue_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/time.h"

enum {
    ADDRESS_POLL_MS = 10,
    CLOCK_RETRY_MS = 100,
    CLOCK_AGAIN_MS = 600000,
    CLOCK_SIMULATED_MS = 10000,
    CLOCK_DOUBT_MS = 1000,
    PACE_LOOK_MS = 50,
    WALL_LOOK_MS = 1000
};

static void look_again(loop_timer_t *timer, void *context);

static void wait_again(venue_link_t *link, int64_t delay_ms)
{
    loop_timer_start_in(&link->timer, delay_ms * NS_PER_MS);
}

static bool read_demo_address(venue_link_t *link)
{
    char path[FILE_PATH_MAX], text[128];
    size_t length = 0;
    if (file_path_join(link->role->data_folder, "run/exchange.addr", path, sizeof path) != RESULT_OK ||
        file_read_whole(path, text, sizeof text, &length) != RESULT_OK)
        return false;
    str_t address = str_trim((str_t){text, length});
    if (address.length == 0)
        return false;
    snprintf(link->rest_url, sizeof link->rest_url, "http://%.*s", (int)address.length, address.bytes);
    snprintf(link->stream_url, sizeof link->stream_url, "ws://%.*s", (int)address.length, address.bytes);
    return true;
}

/* --- the pace of a simulated exchange that runs by the wall clock ------------------------------ */

/* True when something new is said of it: then the clock is to be measured. "max" is said to nobody who could follow. */
static bool follow_pace(venue_link_t *link)
{
    char path[FILE_PATH_MAX], text[sizeof link->pace_said], *end = NULL;
    size_t length = 0;
    if (file_path_join(link->role->data_folder, "run/exchange.clock", path, sizeof path) != RESULT_OK ||
        file_read_whole(path, text, sizeof text, &length) != RESULT_OK || strcmp(text, link->pace_said) == 0)
        return false;
    memcpy(link->pace_said, text, sizeof text);
    double speed = strtod(text, &end);
    if (end == text || *end != ' ' || !(speed >= 0 && speed < 1e12))
        return false;
    venue_clock_pace(link->clock, loop_now_fresh_ns(link->role->loop), speed);
    log_write(LOG_INFO, LOG_EVENT_CLOCK_OFFSET, NULL, "the exchange says how fast its time runs",
              LOG_FIELDS(LOG_REAL("speed", speed)));
    return true;
}

static void on_pace(loop_timer_t *timer, void *context)
{
    venue_link_t *link = context;
    if (link->closing || link->clock->pinned) /* in lockstep the time comes with the moments */
        return;
    if (follow_pace(link))
        wait_again(link, 0);
    loop_timer_start_in(timer, PACE_LOOK_MS * NS_PER_MS);
}

/* --- the clock of this machine (MKT-6) --------------------------------------------------------- */

/* Requests bear the exchange's time and timers run on the monotonic clock, so nothing of ours goes wrong by it; what bears the wall
 * clock (logs, certificates, the user's own eyes) does. */
static void judge_wall(venue_link_t *link)
{
    const int64_t error_ms = venue_clock_wall_error_ms(link->clock);
    char text[HEALTH_TEXT_MAX] = "";
    if (link->clock->alarm)
        (void)snprintf(text, sizeof text, "this machine's clock is %lld ms %s the exchange's: set it (chrony, systemd-timesyncd)",
                       (long long)(error_ms < 0 ? -error_ms : error_ms), error_ms > 0 ? "ahead of" : "behind");
    if (link->clock->alarm != link->wall_told)
        log_write(link->clock->alarm ? LOG_WARNING : LOG_INFO, LOG_EVENT_CLOCK_OFFSET, NULL,
                  link->clock->alarm ? text : "this machine's clock is right again", NULL, 0);
    link->wall_told = link->clock->alarm;
    health_check_set(&link->role->health, "clock", link->clock->alarm ? HEALTH_DEGRADED : HEALTH_OK, text, role_now_ns(link->role));
}

static void on_wall(loop_timer_t *timer, void *context)
{
    venue_link_t *link = context;
    int64_t jump_ms = 0;
    if (link->closing)
        return;
    if (venue_clock_check_wall(link->clock, loop_now_fresh_ns(link->role->loop), loop_wall_ns(link->role->loop), &jump_ms)) {
        log_write(LOG_WARNING, LOG_EVENT_CLOCK_OFFSET, NULL, "this machine's clock has jumped",
                  LOG_FIELDS(LOG_INT("jump_ms", jump_ms)));
        wait_again(link, 0);
    }
    loop_timer_start_in(timer, WALL_LOOK_MS * NS_PER_MS);
}

static bool find_addresses(venue_link_t *link)
{
    const config_t *config = config_current(link->role->config);
    if (config->mode == CONFIG_DEMO && config->exchange.rest_url[0] == '\0')
        return read_demo_address(link);
    bool testnet = config->exchange.network == CONFIG_TESTNET;
    const char *rest = config->exchange.rest_url[0] ? config->exchange.rest_url
                       : testnet                    ? "https://demo-fapi.binance.com"
                                                    : "https://fapi.binance.com";
    const char *stream = config->exchange.stream_url[0] ? config->exchange.stream_url
                         : testnet                      ? "wss://fstream.binancefuture.com"
                                                        : "wss://fstream.binance.com";
    snprintf(link->rest_url, sizeof link->rest_url, "%s", rest);
    snprintf(link->stream_url, sizeof link->stream_url, "%s", stream);
    return true;
}

static result_t make_clients(venue_link_t *link)
{
    char budget_path[FILE_PATH_MAX], detail[TLS_DETAIL_MAX];
    result_t result = RESULT_OK;
    if (strncmp(link->rest_url, "https://", 8) == 0 || strncmp(link->stream_url, "wss://", 6) == 0) {
        result = tls_client_create(NULL, &link->tls, detail);
        if (result != RESULT_OK)
            return result;
    }
    http_client_options_t http = {.loop = link->role->loop,
                                  .origin = link->rest_url,
                                  .tls = link->tls,
                                  .response_max = 4u * 1024 * 1024,
                                  .connections_max = link->one_by_one ? 1 : 4,
                                  .reply_timeout_ns = config_current(link->role->config)->exchange.request_timeout_ns,
                                  .jitter_seed = (uint64_t)loop_wall_ns(link->role->loop)};
    result = http_client_create(&http, &link->http);
    if (result != RESULT_OK)
        return result;
    budget_file_t how = BUDGET_FILE_KEPT;
    if (file_path_join(link->role->data_folder, "budget.bin", budget_path, sizeof budget_path) == RESULT_OK)
        result = budget_open(budget_path, &link->budget, &how);
    if (result != RESULT_OK)
        return result;
    if (how == BUDGET_FILE_REBUILT)
        log_write(LOG_WARNING, LOG_EVENT_REQUEST_LIMITED, NULL, "budget.bin was damaged and has been made anew", NULL, 0);
    binance_rest_options_t rest = {.loop = link->role->loop,
                                   .client = link->http,
                                   .budget = link->budget,
                                   .clock = link->clock,
                                   .api_key = link->api_key,
                                   .key = link->key,
                                   .account = link->account};
    return binance_rest_create(&rest, &link->rest);
}

static void on_clock(void *context, const binance_result_t *result)
{
    venue_link_t *link = context;
    int64_t venue_ms = 0;
    (void)result;
    if (link->closing)
        return;
    if (venue_clock_now_ms(link->clock, loop_now_ns(link->role->loop), &venue_ms) != RESULT_OK) {
        wait_again(link, CLOCK_RETRY_MS);
        return;
    }
    if (!link->clock->pinned)
        wait_again(link, venue_link_is_simulated(link) ? CLOCK_SIMULATED_MS : CLOCK_AGAIN_MS);
    if (!venue_link_is_simulated(link))
        judge_wall(link);
    if (link->ready)
        return;
    if (!venue_link_is_simulated(link))
        loop_timer_start_in(&link->wall, WALL_LOOK_MS * NS_PER_MS);
    link->ready = true;
    health_check_set(&link->role->health, "venue", HEALTH_OK, link->rest_url, role_now_ns(link->role));
    link->on_ready(link->context);
}

static void look_again(loop_timer_t *timer, void *context)
{
    (void)timer;
    venue_link_t *link = context;
    if (link->closing || (link->ready && link->clock->pinned))
        return;
    if (!link->rest) {
        if (!find_addresses(link)) {
            wait_again(link, ADDRESS_POLL_MS);
            return;
        }
        if (config_current(link->role->config)->mode == CONFIG_DEMO && !venue_link_is_simulated(link)) { /* before the first byte */
            role_complain(link->role, LOG_EVENT_PROCESS_FAILED_SAFE,
                          "the demo profile speaks with the simulated exchange on this machine only, not with %s; "
                          "%s/run/exchange.addr is not of our making: remove it",
                          link->rest_url, link->role->data_folder);
            health_check_set(&link->role->health, "venue", HEALTH_DOWN, "not on this machine", role_now_ns(link->role));
            loop_stop(link->role->loop);
            return;
        }
        result_t result = make_clients(link);
        if (result != RESULT_OK) {
            role_complain(link->role, LOG_EVENT_REQUEST_FAILED, "cannot reach %s: %s", link->rest_url, result_text(result));
            health_check_set(&link->role->health, "venue", HEALTH_DOWN, result_text(result), role_now_ns(link->role));
            loop_stop(link->role->loop);
            return;
        }
    }
    if (!link->ready && venue_link_is_simulated(link)) {
        (void)follow_pace(link);
        loop_timer_start_in(&link->pace, PACE_LOOK_MS * NS_PER_MS);
    }
    link->measured_ns = loop_now_ns(link->role->loop);
    link->clock->alarm_ms = config_current(link->role->config)->exchange.clock_offset_alarm_ns / NS_PER_MS;
    if (binance_rest_measure_clock(link->rest, on_clock, link) != RESULT_OK)
        wait_again(link, CLOCK_RETRY_MS);
}

result_t venue_link_open(venue_link_t *link, const venue_link_options_t *options)
{
    memset(link, 0, sizeof *link);
    link->role = options->role;
    link->clock = options->clock;
    link->api_key = options->api_key;
    link->key = options->key;
    link->account = options->api_key.length > 0 ? hash_bytes(0, options->api_key.bytes, options->api_key.length) | 1 : 0;
    link->one_by_one = options->one_by_one;
    link->on_ready = options->on_ready;
    link->context = options->context;
    health_check_set(&link->role->health, "venue", HEALTH_STARTING, "looking for the exchange", role_now_ns(link->role));
    loop_timer_init(&link->timer, link->role->loop, look_again, link);
    loop_timer_init(&link->pace, link->role->loop, on_pace, link);
    loop_timer_init(&link->wall, link->role->loop, on_wall, link);
    loop_timer_start_in(&link->timer, 0);
    return RESULT_OK;
}

void venue_link_close(venue_link_t *link)
{
    if (!link->role)
        return;
    link->closing = true;
    if (link->http) /* its callbacks still find the rest client */
        http_client_destroy(link->http);
    if (link->rest)
        binance_rest_destroy(link->rest);
    if (link->budget)
        budget_close(link->budget);
    if (link->tls)
        tls_destroy(link->tls);
    loop_timer_stop(&link->timer);
    loop_timer_stop(&link->pace);
    loop_timer_stop(&link->wall);
    memset(link, 0, sizeof *link);
}

bool venue_link_is_simulated(const venue_link_t *link)
{
    bool rest = strncmp(link->rest_url, "http://127.0.0.1:", 17) == 0 || strncmp(link->rest_url, "http://[::1]:", 13) == 0;
    return rest && (strncmp(link->stream_url, "ws://127.0.0.1:", 15) == 0 || strncmp(link->stream_url, "ws://[::1]:", 11) == 0);
}

const venue_clock_t *venue_link_judge(const venue_link_t *link)
{
    return venue_link_is_simulated(link) ? NULL : link->clock;
}

/* --- notices of a stream ---------------------------------------------------------------------- */

static log_event_t notice_event(feed_notice_kind_t kind)
{
    switch (kind) {
    case FEED_LOST:
        return LOG_EVENT_STREAM_LOST;
    case FEED_SILENT:
        return LOG_EVENT_STREAM_STALE;
    case FEED_AHEAD:
        return LOG_EVENT_CLOCK_OFFSET;
    case FEED_CONNECTED:
    case FEED_LIVE:
    case FEED_ROTATED:
    case FEED_REFUSED:
    case FEED_UNREADABLE:
    case FEED_FROZEN:
    case FEED_RESYNC:
    case FEED_SLOW:
        break;
    }
    return LOG_EVENT_STREAM_CONNECTED;
}

void venue_link_notice(venue_link_t *link, const feed_notice_t *notice)
{
    bool bad = notice->kind == FEED_LOST || notice->kind == FEED_SILENT || notice->kind == FEED_REFUSED ||
               notice->kind == FEED_UNREADABLE || notice->kind == FEED_AHEAD;
    log_field_t field = LOG_TEXT("detail", notice->text);
    log_write(bad ? LOG_WARNING : LOG_INFO, notice_event(notice->kind), NULL, feed_notice_text(notice->kind), &field, 1);
    if (notice->kind == FEED_LOST || notice->kind == FEED_LIVE)
        health_check_set(&link->role->health, "market", bad ? HEALTH_DEGRADED : HEALTH_OK, notice->text, role_now_ns(link->role));
    /* The frame may be wrong, or our clock: a fresh measurement tells. */
    if (notice->kind == FEED_AHEAD && loop_now_ns(link->role->loop) - link->measured_ns >= CLOCK_DOUBT_MS * NS_PER_MS)
        wait_again(link, 0);
}
