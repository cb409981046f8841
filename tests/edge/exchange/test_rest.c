/* shows: OPS-16, MKT-3, MKT-6, MKT-7, I1, I11
 *
 * Requests through real sockets to a venue played by the test, on virtual time: the budget is asked before, headers are noted
 * after, bans hold, a clock that is off is measured once and a read repeated, a placement leaves once whatever comes back. History
 * asks for pages until everything closed is there.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/history.h"
#include "edge/exchange/binance/rest.h"
#include "edge/net/http_server.h"

#define VENUE_MS INT64_C(1700000000000)

static loop_t *loop;
static http_server_t *server;
static http_client_t *client;
static budget_t *budget;
static binance_rest_t *rest;
static venue_clock_t venue_clock;
static sign_key_t *key;
static char folder[TEST_PATH_MAX];

/* What the played venue answers to the next requests, and what it saw. */
typedef struct {
    unsigned status;
    const char *body;
    const char *header, *value; /* one extra header */
} answer_t;
static answer_t answers[512];
static uint32_t answer_count, answer_next, request_count;
static char target[16][512], body_seen[16][512], api_key_seen[64];
static bool drop;

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    (void)context;
    uint32_t at = request_count++ % 16;
    snprintf(target[at], sizeof target[at], "%.*s", (int)request->target.length, request->target.bytes);
    snprintf(body_seen[at], sizeof body_seen[at], "%.*s", (int)request->body.length, request->body.bytes);
    const str_t *seen = http_header(request, "X-MBX-APIKEY");
    snprintf(api_key_seen, sizeof api_key_seen, "%.*s", seen != NULL ? (int)seen->length : 0, seen != NULL ? seen->bytes : "");
    if (drop) {
        http_drop(connection);
        return;
    }
    char time_body[64];
    const answer_t *answer = answer_next < answer_count ? &answers[answer_next] : NULL;
    http_header_t header;
    uint32_t headers = 0;
    if (str_eq(request->path, STR("/fapi/v1/time"))) {
        snprintf(time_body, sizeof time_body, "{\"serverTime\":%lld}", (long long)VENUE_MS);
        (void)http_reply(connection, 200, NULL, 0, str_from(time_body));
        return;
    }
    answer_next++;
    if (answer == NULL) {
        (void)http_reply(connection, 500, NULL, 0, STR("nothing prepared"));
        return;
    }
    if (answer->header != NULL) {
        header = (http_header_t){str_from(answer->header), str_from(answer->value)};
        headers = 1;
    }
    (void)http_reply(connection, answer->status, &header, headers, str_from(answer->body));
}

static void prepare(const answer_t *list, uint32_t count)
{
    if (count > 0) {
        memcpy(answers, list, count * sizeof *list);
    }
    answer_count = count;
    answer_next = 0;
    request_count = 0;
    drop = false;
}

static int setup(void **state)
{
    (void)state;
    static const http_server_events_t events = {.on_request = on_request};
    const loop_options_t loop_options = {.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = VENUE_MS * NS_PER_MS};
    char origin[64], path[TEST_PATH_MAX + 16];
    secret_t secret = {0};
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/budget.bin", folder);
    assert_ok(loop_create(&loop_options, &loop));
    const http_server_options_t server_options = {.loop = loop, .address = "127.0.0.1:0", .events = &events};
    assert_ok(http_server_open(&server_options, &server));
    snprintf(origin, sizeof origin, "http://%s", http_server_address(server));
    const http_client_options_t client_options = {.loop = loop, .origin = origin};
    assert_ok(http_client_create(&client_options, &client));
    assert_ok(budget_open(path, &budget, NULL));
    assert_ok(secret_set(&secret, "secret", 6));
    assert_ok(sign_key_open(&secret, &key));
    venue_clock_init(&venue_clock);
    const binance_rest_options_t options = {.loop = loop,
                                            .client = client,
                                            .budget = budget,
                                            .clock = &venue_clock,
                                            .api_key = STR("demo-key"),
                                            .key = key,
                                            .account = 5};
    assert_ok(binance_rest_create(&options, &rest));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    http_client_destroy(client);
    binance_rest_destroy(rest);
    http_server_close(server);
    loop_turn(loop, LOOP_POLL);
    loop_turn(loop, LOOP_POLL);
    loop_destroy(loop);
    budget_close(budget);
    sign_key_close(key);
    test_dir_remove(folder);
    return 0;
}

static binance_result_t last;
static char last_body[4096];
static uint32_t done_count;

static void on_done(void *context, const binance_result_t *result)
{
    (void)context;
    last = *result;
    snprintf(last_body, sizeof last_body, "%.*s", (int)result->body.length, result->body.length > 0 ? result->body.bytes : "");
    done_count++;
}

/* Turns until the answers are in; time moves only when nothing happens. */
static void run(uint32_t until)
{
    for (int i = 0; i < 20000 && done_count < until; i++) {
        loop_turn(loop, LOOP_POLL);
        if (i % 100 == 99) {
            loop_clock_advance(loop, 50 * NS_PER_MS);
        }
    }
    assert_int_equal(done_count, until);
}

static void send_and_wait(const binance_request_t *request)
{
    done_count = 0;
    assert_ok(binance_rest_send(rest, request, on_done, NULL, NULL));
    run(1);
}

static void measure(void)
{
    done_count = 0;
    assert_ok(binance_rest_measure_clock(rest, on_done, NULL));
    run(1);
    assert_true(venue_clock.known);
}

static binance_request_t order_request(void)
{
    instrument_t instrument;
    binance_request_t request;
    memset(&instrument, 0, sizeof instrument);
    strcpy(instrument.symbol, "BTCUSDT");
    instrument.tick_size = instrument.lot_step = instrument.market_step = test_dec("0.1");
    order_spec_t spec = {.leg = LEG_ENTRY,
                         .side = ORDER_BUY,
                         .position = POSITION_BOTH,
                         .type = ORDER_MARKET,
                         .tif = TIF_GTC,
                         .reduce = REDUCE_NO,
                         .quantity = test_dec("1")};
    client_id_make(&spec.client_id, 1, 1, LEG_ENTRY);
    assert_ok(binance_encode_place(&request, &instrument, &spec, POSITION_MODE_ONE_WAY));
    return request;
}

static void nothing_is_signed_before_the_venues_time_is_known(void **state)
{
    (void)state;
    binance_request_t request = order_request();
    prepare(NULL, 0);
    assert_result(binance_rest_send(rest, &request, on_done, NULL, NULL), RESULT_STALE);
    measure();
    static const answer_t ok = {200, "{\"orderId\":1}", "X-MBX-ORDER-COUNT-10S", "17"};
    prepare(&ok, 1);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_ACCEPTED);
    assert_string_equal(last_body, "{\"orderId\":1}");
    assert_string_equal(target[0], "/fapi/v1/order");
    assert_string_equal(api_key_seen, "demo-key");
    assert_memory_equal(body_seen[0], "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&", 47);
    assert_non_null(strstr(body_seen[0], "&timestamp=17000000"));
    const char *signature = strstr(body_seen[0], "&signature=");
    char expected[SIGN_TEXT_MAX];
    assert_non_null(signature);
    assert_ok(sign_text(key, body_seen[0], (size_t)(signature - body_seen[0]), expected));
    assert_string_equal(signature + 11, expected); /* over the bytes that arrived */
}

static void a_placement_leaves_once_whatever_happens(void **state)
{
    (void)state;
    binance_request_t request = order_request();
    prepare(NULL, 0);
    measure();
    static const struct {
        answer_t answer;
        binance_verdict_kind_t kind;
    } rows[] = {
        {{502, "<html>", NULL, NULL}, BINANCE_VERDICT_UNKNOWN},
        {{200, "<html>", NULL, NULL}, BINANCE_VERDICT_UNKNOWN},
        {{200, "", NULL, NULL}, BINANCE_VERDICT_UNKNOWN},
        {{400, "{\"code\":-2019,\"msg\":\"Margin is insufficient.\"}", NULL, NULL}, BINANCE_VERDICT_REJECTED},
        {{400, "{\"code\":-1021,\"msg\":\"Timestamp\"}", NULL, NULL}, BINANCE_VERDICT_RESYNC},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        prepare(&rows[i].answer, 1);
        send_and_wait(&request);
        assert_int_equal(last.verdict.kind, rows[i].kind);
        assert_true(last.sent);
        uint32_t placements = 0;
        for (uint32_t k = 0; k < request_count; k++) {
            placements += strncmp(target[k], "/fapi/v1/order", 14) == 0;
        }
        assert_int_equal(placements, 1);
        for (int turn = 0; turn < 200; turn++) { /* the measurement after -1021 */
            loop_turn(loop, LOOP_POLL);
        }
    }
    prepare(NULL, 0);
    drop = true;
    send_and_wait(&request);
    assert_true(last.sent && last.status == 0 && last.verdict.kind == BINANCE_VERDICT_UNKNOWN);
    assert_int_equal(request_count, 1);
}

static void a_refused_timestamp_is_measured_and_asked_once_more(void **state)
{
    (void)state;
    binance_request_t request;
    assert_ok(binance_encode_open_orders(&request, "BTCUSDT"));
    prepare(NULL, 0);
    measure();
    static const answer_t late_then_good[] = {{400, "{\"code\":-1021,\"msg\":\"Timestamp\"}", NULL, NULL}, {200, "[]", NULL, NULL}};
    prepare(late_then_good, 2);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_ACCEPTED);
    assert_int_equal(request_count, 3); /* refused, /time, asked again */
    assert_string_equal(target[1], "/fapi/v1/time");
    static const answer_t always_late[] = {{400, "{\"code\":-1021,\"msg\":\"Timestamp\"}", NULL, NULL},
                                           {400, "{\"code\":-1021,\"msg\":\"Timestamp\"}", NULL, NULL}};
    prepare(always_late, 2);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_RESYNC);
    assert_int_equal(answer_next, 2); /* no third time */
    for (int turn = 0; turn < 200; turn++) {
        loop_turn(loop, LOOP_POLL);
    }
}

static void the_budget_is_asked_and_the_venues_count_believed(void **state)
{
    (void)state;
    binance_request_t request;
    budget_view_t view;
    static const answer_t heavy = {200, "[]", "X-MBX-USED-WEIGHT-1M", "1450"};
    prepare(NULL, 0);
    measure();
    assert_ok(binance_encode_open_orders(&request, "BTCUSDT"));
    prepare(&heavy, 1);
    send_and_wait(&request);
    assert_ok(budget_read(budget, 0, VENUE_MS, &view));
    assert_int_equal(view.weight_used, 1450);
    assert_result(binance_rest_send(rest, &request, on_done, NULL, NULL), RESULT_BUDGET); /* queries end at 60 % */
    assert_int_equal(request_count, 1);
    request.priority = BUDGET_STOP;
    static const answer_t good = {200, "[]", NULL, NULL};
    prepare(&good, 1);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_ACCEPTED);
}

static void a_ban_is_obeyed_to_the_second(void **state)
{
    (void)state;
    binance_request_t request;
    int64_t wait_ms = 0;
    static const answer_t banned = {418, "{\"code\":-1003,\"msg\":\"banned\"}", "Retry-After", "120"},
                          good = {200, "[]", NULL, NULL};
    prepare(NULL, 0);
    measure();
    assert_ok(binance_encode_open_orders(&request, "BTCUSDT"));
    prepare(&banned, 1);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_BANNED);
    request.priority = BUDGET_STOP;
    assert_result(binance_rest_send(rest, &request, on_done, NULL, &wait_ms), RESULT_BANNED);
    assert_true(wait_ms > 119000 && wait_ms <= 120000);
    assert_int_equal(request_count, 1);
    loop_clock_advance(loop, wait_ms * NS_PER_MS);
    prepare(&good, 1);
    send_and_wait(&request);
    assert_int_equal(last.verdict.kind, BINANCE_VERDICT_ACCEPTED);
}

/* --- history ---------------------------------------------------------------------------------- */

static uint32_t bars, pages, jobs_done;
static int64_t last_open_ns;
static result_t job_result;

static void on_page(void *context, const history_job_t *job, const candle_t *candles, uint32_t count)
{
    (void)context;
    (void)job;
    pages++;
    for (uint32_t i = 0; i < count; i++) {
        assert_true(candles[i].closed && candles[i].open_ns > last_open_ns);
        last_open_ns = candles[i].open_ns;
        bars++;
    }
}

static void on_job_done(void *context, const history_job_t *job, result_t result, const char *text)
{
    (void)context;
    (void)job;
    (void)text;
    jobs_done++;
    job_result = result;
    done_count++;
}

#define HOUR_MS  INT64_C(3600000)
#define FIRST_MS (VENUE_MS - VENUE_MS % HOUR_MS - 3 * HOUR_MS)

static void bar_text(char *text, size_t size, int64_t open_ms)
{
    snprintf(text, size, "[%lld,\"1\",\"2\",\"0.5\",\"1.5\",\"10\",%lld,\"15\",3,\"5\",\"7\",\"0\"]", (long long)open_ms,
             (long long)(open_ms + HOUR_MS - 1));
}

/* A table with BTCUSDT in it, to be freed. */
static instrument_table_t *make_table(instrument_id_t *id)
{
    instrument_table_t *table = test_calloc(1, sizeof *table);
    instrument_t instrument;
    memset(&instrument, 0, sizeof instrument);
    strcpy(instrument.venue, "BINANCE");
    strcpy(instrument.symbol, "BTCUSDT");
    strcpy(instrument.base, "BTC");
    strcpy(instrument.quote, "USDT");
    strcpy(instrument.settle, "USDT");
    instrument.kind = INSTRUMENT_PERPETUAL;
    instrument.tick_size = instrument.lot_step = instrument.market_step = instrument.contract_size = test_dec("1");
    instrument.quantity_min = instrument.quantity_max = instrument.market_quantity_min = instrument.market_quantity_max =
        test_dec("1");
    assert_ok(instrument_table_put(table, &instrument, id));
    return table;
}

static void history_pages_until_all_that_is_closed_is_there(void **state)
{
    (void)state;
    static char page[3][256];
    static const history_events_t events = {.on_page = on_page, .on_done = on_job_done};
    instrument_id_t id;
    instrument_table_t *table = make_table(&id);
    history_t *history;
    prepare(NULL, 0);
    measure();
    const history_options_t options = {
        .loop = loop, .rest = rest, .instruments = table, .clock = &venue_clock, .events = &events, .page_max = 2};
    assert_ok(history_create(&options, &history));
    for (int i = 0; i < 3; i++) {
        page[i][0] = '[';
        bar_text(page[i] + 1, sizeof page[i] - 2, FIRST_MS + i * HOUR_MS);
    }
    static char first[1024];
    snprintf(first, sizeof first, "%s,%s]", page[0], page[1] + 1);
    strcat(page[2], "]");
    const answer_t good[] = {{200, first, NULL, NULL}, {200, page[2], NULL, NULL}};
    prepare(good, 2);
    bars = pages = jobs_done = 0;
    last_open_ns = 0;
    const history_job_t job = {.instrument = id, .timeframe = TF_1H, .from_ns = FIRST_MS * NS_PER_MS, .to_ns = INT64_MAX};
    done_count = 0;
    assert_ok(history_fetch(history, &job));
    run(1);
    assert_ok(job_result);
    assert_true(bars == 3 && pages == 2 && request_count == 2); /* the bar that is still open was not asked for */
    char expected[256];
    snprintf(expected, sizeof expected, "/fapi/v1/klines?symbol=BTCUSDT&interval=1h&startTime=%lld&endTime=%lld&limit=2",
             (long long)FIRST_MS, (long long)(FIRST_MS + HOUR_MS));
    assert_string_equal(target[0], expected);
    /* incremental: from the last stored bar on there is nothing to ask */
    const history_job_t again = {
        .instrument = id, .timeframe = TF_1H, .from_ns = (FIRST_MS + 3 * HOUR_MS) * NS_PER_MS, .to_ns = INT64_MAX};
    prepare(NULL, 0);
    done_count = 0;
    assert_ok(history_fetch(history, &again));
    run(1);
    assert_int_equal(request_count, 0);
    /* an unknown symbol ends the job, unreadable answers end it after three */
    const answer_t refused = {400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", NULL, NULL};
    prepare(&refused, 1);
    done_count = 0;
    assert_ok(history_fetch(history, &job));
    run(1);
    assert_result(job_result, RESULT_REFUSED);
    const answer_t odd[] = {{200, "{}", NULL, NULL}, {200, "[[1]]", NULL, NULL}, {200, "[{}]", NULL, NULL}};
    prepare(odd, 3);
    done_count = 0;
    assert_ok(history_fetch(history, &job));
    run(1);
    assert_int_not_equal(job_result, RESULT_OK);
    assert_int_equal(request_count, 3);
    const history_job_t off_grid = {.instrument = id, .timeframe = TF_1H, .from_ns = 1, .to_ns = INT64_MAX};
    assert_result(history_fetch(history, &off_grid), RESULT_BAD_ARGUMENT);
    assert_int_equal(history_waiting(history), 0);
    history_destroy(history);
    test_free(table);
}

static uint32_t waits;

static void on_wait(void *context)
{
    (void)context;
    waits++;
}

/* In lockstep the time of the venue stands while somebody holds it: who does hears that history waits, and when it has moved past
 * the minute, history goes on at once, whatever the wall clock says. */
static void history_waits_by_the_venues_time(void **state)
{
    (void)state;
    static char page[256] = "[";
    static const history_events_t events = {.on_page = on_page, .on_done = on_job_done, .on_wait = on_wait};
    instrument_id_t id;
    instrument_table_t *table = make_table(&id);
    history_t *history;
    prepare(NULL, 0);
    measure();
    venue_clock_pin(&venue_clock, VENUE_MS);
    const budget_ask_t all = {.priority = BUDGET_STOP, .weight = 1300, .now_ms = VENUE_MS};
    assert_ok(budget_take(budget, &all, NULL)); /* above the half of 2400 that history may use up */
    bar_text(page + 1, sizeof page - 2, FIRST_MS);
    strcat(page, "]");
    const answer_t good = {200, page, NULL, NULL};
    prepare(&good, 1);
    const history_options_t options = {.loop = loop, .rest = rest, .instruments = table, .clock = &venue_clock, .events = &events};
    assert_ok(history_create(&options, &history));
    const history_job_t job = {
        .instrument = id, .timeframe = TF_1H, .from_ns = FIRST_MS * NS_PER_MS, .to_ns = (FIRST_MS + HOUR_MS) * NS_PER_MS};
    waits = done_count = 0;
    last_open_ns = 0;
    assert_ok(history_fetch(history, &job));
    for (int i = 0; i < 50; i++) {
        loop_turn(loop, LOOP_POLL);
        loop_clock_advance(loop, 100 * NS_PER_MS);
    }
    assert_true(history_stands(history));
    assert_int_equal(waits, 1);
    assert_int_equal(request_count, 0);
    venue_clock_pin(&venue_clock, VENUE_MS + 60000);
    const int64_t before_ns = loop_now_ns(loop);
    run(1);
    assert_ok(job_result);
    assert_int_equal(request_count, 1);
    assert_false(history_stands(history));
    assert_true(loop_now_ns(loop) - before_ns < NS_PER_S);
    history_destroy(history);
    test_free(table);
}

/* However much the shared budget would give: so far and no further in one minute, and told until when. */
static void history_takes_its_share_of_a_minute_and_no_more(void **state)
{
    (void)state;
    static const history_events_t events = {.on_page = on_page, .on_done = on_job_done, .on_wait = on_wait};
    static const answer_t empty = {200, "[]", NULL, NULL};
    enum { PAGES = HISTORY_WEIGHT_MINUTE / 2 };
    static answer_t whole[PAGES];
    instrument_id_t id;
    instrument_table_t *table = make_table(&id);
    history_t *history;
    prepare(NULL, 0);
    measure();
    venue_clock_pin(&venue_clock, VENUE_MS);
    for (int i = 0; i < PAGES; i++) {
        whole[i] = empty;
    }
    prepare(whole, PAGES);
    const history_options_t options = {.loop = loop, .rest = rest, .instruments = table, .clock = &venue_clock, .events = &events};
    assert_ok(history_create(&options, &history));
    const int64_t wanted = (PAGES + 10) * HISTORY_PAGE_CHEAPEST;
    const history_job_t job = {.instrument = id,
                               .timeframe = TF_1H,
                               .from_ns = (VENUE_MS / HOUR_MS - wanted) * HOUR_MS * NS_PER_MS,
                               .to_ns = VENUE_MS / HOUR_MS * HOUR_MS * NS_PER_MS};
    waits = 0;
    assert_true(history_wake_ms(history) == 0);
    assert_ok(history_fetch(history, &job));
    for (int i = 0; i < 20000 && !history_stands(history); i++) {
        loop_turn(loop, LOOP_POLL);
        loop_clock_advance(loop, NS_PER_MS);
    }
    assert_int_equal(request_count, PAGES);
    assert_int_equal(waits, 1);
    assert_true(history_wake_ms(history) == (VENUE_MS / 60000 + 1) * 60000);
    history_look(history); /* the time has not moved */
    assert_int_equal(waits, 1);
    assert_true(history_stands(history));
    history_destroy(history);
    test_free(table);
}

static void plans_take_the_cheapest_page(void **state)
{
    (void)state;
    const history_job_t job = {.timeframe = TF_1H, .from_ns = 0, .to_ns = INT64_MAX};
    int64_t last_ns = -1;
    assert_int_equal(history_plan(&job, FIRST_MS * NS_PER_MS, VENUE_MS, 1500, &last_ns), 3);
    assert_true(last_ns == (FIRST_MS + 2 * HOUR_MS) * NS_PER_MS);
    assert_int_equal(history_plan(&job, 0, VENUE_MS, 1500, &last_ns), 1500);
    assert_int_equal(history_plan(&job, (FIRST_MS + 3 * HOUR_MS) * NS_PER_MS, VENUE_MS, 1500, &last_ns), 0);
    const history_job_t bounded = {.timeframe = TF_1H, .from_ns = 0, .to_ns = (FIRST_MS + HOUR_MS) * NS_PER_MS};
    assert_int_equal(history_plan(&bounded, FIRST_MS * NS_PER_MS, VENUE_MS, 1500, &last_ns), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_signed_before_the_venues_time_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(a_placement_leaves_once_whatever_happens, setup, teardown),
        cmocka_unit_test_setup_teardown(a_refused_timestamp_is_measured_and_asked_once_more, setup, teardown),
        cmocka_unit_test_setup_teardown(the_budget_is_asked_and_the_venues_count_believed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ban_is_obeyed_to_the_second, setup, teardown),
        cmocka_unit_test_setup_teardown(history_pages_until_all_that_is_closed_is_there, setup, teardown),
        cmocka_unit_test_setup_teardown(history_waits_by_the_venues_time, setup, teardown),
        cmocka_unit_test_setup_teardown(history_takes_its_share_of_a_minute_and_no_more, setup, teardown),
        cmocka_unit_test(plans_take_the_cheapest_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
