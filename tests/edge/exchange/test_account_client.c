/* shows: ORD-2, ORD-11, OPS-16, I1, I3
 *
 * The order half's actions at a venue played by the test over real sockets, on virtual time: what is learnt from each answer, and
 * above all what is not. Lists are read page by page to their end; a list that was cut, spoilt or refused is no information.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/account_client.h"
#include "edge/net/http_server.h"

#define VENUE_MS INT64_C(1700000000000)

enum { BODY_MAX = 1 << 20, PAGE = 1000, INPUTS_MAX = 8192, PATHS_MAX = 64 };

static loop_t *loop;
static http_server_t *server;
static http_client_t *client;
static binance_rest_t *rest;
static account_client_t *account;
static venue_clock_t venue_clock;
static sign_key_t *key;
static instrument_table_t table;
static symbol_map_t symbols;

/* The played venue. */
static struct {
    uint32_t fills, incomes, incomes_in_one_ms;
    int64_t first_fill_ms, between_fills_ms;
    const char *broken_path; /* answers 500 */
    const char *path, *body; /* this path answers this body with this status */
    unsigned status;
    bool drop;
    uint32_t requests;
    char paths[PATHS_MAX][200];
} venue;

static order_input_t *inputs; /* INPUTS_MAX */
static uint32_t input_count;

static uint64_t query_number(str_t query, const char *name, uint64_t otherwise)
{
    char text[512];
    snprintf(text, sizeof text, "&%.*s", (int)query.length, query.bytes);
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : otherwise;
}

#define WEEK_MS (INT64_C(7) * 24 * 3600 * 1000)

/* From an id on, or the seven days that follow a time, as the venue tells them. */
static size_t write_fills(char *body, str_t query)
{
    uint64_t from = query_number(query, "&fromId=", 1);
    int64_t start_ms = (int64_t)query_number(query, "&startTime=", 0);
    size_t at = (size_t)sprintf(body, "[");
    uint32_t given = 0;
    for (uint64_t id = from; given < PAGE && id <= venue.fills; id++) {
        int64_t time_ms = venue.first_fill_ms + (int64_t)id * venue.between_fills_ms;
        if (start_ms != 0 && (time_ms < start_ms || time_ms >= start_ms + WEEK_MS))
            continue;
        at += (size_t)sprintf(
            body + at,
            "%s{\"buyer\":true,\"commission\":\"0.01\",\"commissionAsset\":\"USDT\",\"id\":%llu,\"maker\":false,"
            "\"orderId\":7,\"price\":\"100\",\"qty\":\"1\",\"quoteQty\":\"100\",\"realizedPnl\":\"0\",\"side\":\"BUY\","
            "\"positionSide\":\"BOTH\",\"symbol\":\"BTCUSDT\",\"time\":%lld}",
            given++ > 0 ? "," : "", (unsigned long long)id, (long long)time_ms);
    }
    return at + (size_t)sprintf(body + at, "]");
}

static size_t write_incomes(char *body, str_t query)
{
    int64_t from = (int64_t)query_number(query, "&startTime=", 0);
    size_t at = (size_t)sprintf(body, "[");
    uint32_t given = 0;
    for (uint32_t i = 0; i < venue.incomes && given < PAGE; i++) {
        int64_t time = VENUE_MS + i / venue.incomes_in_one_ms;
        if (time < from)
            continue;
        at += (size_t)sprintf(
            body + at,
            "%s{\"symbol\":\"BTCUSDT\",\"incomeType\":\"FUNDING_FEE\",\"income\":\"-0.01\",\"asset\":\"USDT\",\"info\":\"\","
            "\"time\":%lld,\"tranId\":%u,\"tradeId\":\"\"}",
            given > 0 ? "," : "", (long long)time, i + 1);
        given++;
    }
    return at + (size_t)sprintf(body + at, "]");
}

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    static char body[BODY_MAX];
    (void)context;
    char *path = venue.paths[venue.requests++ % PATHS_MAX];
    snprintf(path, sizeof venue.paths[0], "%.*s", (int)request->path.length, request->path.bytes);
    if (venue.drop) {
        http_drop(connection);
    } else if (venue.broken_path && strcmp(path, venue.broken_path) == 0) {
        (void)http_reply(connection, 500, NULL, 0, STR("<html>oh</html>"));
    } else if (venue.path && strcmp(path, venue.path) == 0) {
        (void)http_reply(connection, venue.status, NULL, 0, str_from(venue.body));
    } else if (strcmp(path, "/fapi/v1/userTrades") == 0) {
        (void)http_reply(connection, 200, NULL, 0, (str_t){body, write_fills(body, request->query)});
    } else if (strcmp(path, "/fapi/v1/income") == 0) {
        (void)http_reply(connection, 200, NULL, 0, (str_t){body, write_incomes(body, request->query)});
    } else if (strcmp(path, "/fapi/v1/positionSide/dual") == 0) {
        (void)http_reply(connection, 200, NULL, 0, STR("{\"dualSidePosition\":false}"));
    } else if (strcmp(path, "/fapi/v1/order") == 0 || strcmp(path, "/fapi/v1/algoOrder") == 0) {
        (void)http_reply(connection, 400, NULL, 0, STR("{\"code\":-2013,\"msg\":\"Order does not exist.\"}"));
    } else {
        (void)http_reply(connection, 200, NULL, 0, STR("[]"));
    }
}

static void on_input(void *context, const order_input_t *input)
{
    (void)context;
    assert_true(input_count < INPUTS_MAX);
    inputs[input_count++] = *input;
}

static int setup(void **state)
{
    (void)state;
    static const http_server_events_t events = {.on_request = on_request};
    const loop_options_t loop_options = {.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = VENUE_MS * NS_PER_MS};
    char origin[64];
    secret_t secret = {0};
    memset(&venue, 0, sizeof venue);
    venue.incomes_in_one_ms = 1;
    venue.first_fill_ms = VENUE_MS - 1000;
    venue.between_fills_ms = 1;
    assert_ok(loop_create(&loop_options, &loop));
    const http_server_options_t server_options = {.loop = loop, .address = "127.0.0.1:0", .events = &events};
    assert_ok(http_server_open(&server_options, &server));
    snprintf(origin, sizeof origin, "http://%s", http_server_address(server));
    const http_client_options_t client_options = {.loop = loop, .origin = origin, .response_max = BODY_MAX};
    assert_ok(http_client_create(&client_options, &client));
    assert_ok(secret_set(&secret, "secret", 6));
    assert_ok(sign_key_open(&secret, &key));
    venue_clock_init(&venue_clock);
    venue_clock_pin(&venue_clock, VENUE_MS);
    const binance_rest_options_t options = {
        .loop = loop, .client = client, .clock = &venue_clock, .api_key = STR("key"), .key = key};
    assert_ok(binance_rest_create(&options, &rest));
    instrument_t instrument = {0};
    strcpy(instrument.venue, "BINANCE");
    strcpy(instrument.symbol, "BTCUSDT");
    strcpy(instrument.base, "BTC");
    strcpy(instrument.quote, "USDT");
    strcpy(instrument.settle, "USDT");
    instrument.tick_size = instrument.lot_step = instrument.market_step = test_dec("0.1");
    instrument.contract_size = test_dec("1");
    memset(&table, 0, sizeof table);
    instrument_id_t id;
    assert_ok(instrument_table_put(&table, &instrument, &id));
    symbol_map_init(&symbols);
    symbol_map_fill(&symbols, &table, "BINANCE");
    inputs = calloc(INPUTS_MAX, sizeof *inputs);
    assert_non_null(inputs);
    input_count = 0;
    const account_client_options_t account_options = {
        .loop = loop, .rest = rest, .instruments = &table, .symbols = &symbols, .clock = &venue_clock, .on_input = on_input};
    assert_ok(account_client_create(&account_options, &account));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    account_client_stop(account);
    http_client_destroy(client);
    binance_rest_destroy(rest);
    http_server_close(server);
    loop_turn(loop, LOOP_POLL);
    loop_turn(loop, LOOP_POLL);
    loop_destroy(loop);
    account_client_destroy(account);
    sign_key_close(key);
    free(inputs);
    return 0;
}

/* Time moves only when nothing happens. */
static void carry_out(const order_action_t *action)
{
    assert_ok(account_client_do(account, action));
    assert_int_equal(input_count, 0); /* never inside the call */
    for (int i = 0; i < 200000 && !account_client_idle(account); i++) {
        loop_turn(loop, LOOP_POLL);
        if (i % 100 == 99)
            loop_clock_advance(loop, 50 * NS_PER_MS);
    }
    assert_true(account_client_idle(account));
}

static order_action_t snapshot_action(void)
{
    order_action_t action = {.kind = ACTION_SNAPSHOT, .number = 9, .instrument = INSTRUMENT_NONE};
    action.snapshot.count = 1;
    action.snapshot.since_ns = (VENUE_MS - 1000) * NS_PER_MS;
    return action;
}

static uint32_t count_pieces(snapshot_section_t section, snapshot_phase_t phase)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < input_count; i++)
        count += inputs[i].kind == ORDER_INPUT_SNAPSHOT && inputs[i].snapshot.phase == phase &&
                 (phase == SNAPSHOT_END || inputs[i].snapshot.section == section);
    return count;
}

static void a_snapshot_reads_every_page_of_the_fills(void **state)
{
    (void)state;
    static const uint32_t totals[] = {0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2345};
    for (size_t t = 0; t < sizeof totals / sizeof totals[0]; t++) {
        order_action_t action = snapshot_action();
        venue.fills = totals[t];
        input_count = 0;
        carry_out(&action);
        assert_int_equal(count_pieces(SECTION_FILLS, SNAPSHOT_COMPLETE), 1);
        assert_int_equal(count_pieces(SECTION_FILLS, SNAPSHOT_ITEM), totals[t]);
        uint64_t id = 0;
        for (uint32_t i = 0; i < input_count; i++) {
            const snapshot_piece_t *piece = &inputs[i].snapshot;
            if (piece->phase == SNAPSHOT_ITEM && piece->section == SECTION_FILLS)
                assert_int_equal(piece->item.fill.fill.trade_id, ++id); /* in order, none twice */
        }
        assert_int_equal(inputs[input_count - 1].snapshot.phase, SNAPSHOT_END);
        assert_int_equal(count_pieces(0, SNAPSHOT_END), 1);
        assert_int_equal(inputs[input_count - 1].snapshot.action, 9);
    }
}

static void incomes_of_a_page_border_may_come_twice_and_none_is_missing(void **state)
{
    (void)state;
    order_action_t action = snapshot_action();
    venue.incomes = 2500;
    venue.incomes_in_one_ms = 7;
    carry_out(&action);
    assert_int_equal(count_pieces(SECTION_INCOME, SNAPSHOT_COMPLETE), 1);
    static bool seen[2501];
    memset(seen, 0, sizeof seen);
    for (uint32_t i = 0; i < input_count; i++) {
        if (inputs[i].snapshot.phase == SNAPSHOT_ITEM && inputs[i].snapshot.section == SECTION_INCOME)
            seen[inputs[i].snapshot.item.income.venue_id] = true;
    }
    for (uint32_t i = 1; i <= 2500; i++)
        assert_true(seen[i]);
}

static void a_moment_with_more_incomes_than_a_page_is_no_information(void **state)
{
    (void)state;
    order_action_t action = snapshot_action();
    venue.incomes = 2500;
    venue.incomes_in_one_ms = 2500; /* no page after the first can be asked for */
    carry_out(&action);
    assert_int_equal(count_pieces(SECTION_INCOME, SNAPSHOT_FAILED), 1);
    assert_int_equal(count_pieces(SECTION_INCOME, SNAPSHOT_COMPLETE), 0);
}

static void one_section_that_fails_leaves_the_others(void **state)
{
    (void)state;
    order_action_t action = snapshot_action();
    venue.broken_path = "/fapi/v1/openAlgoOrders";
    carry_out(&action);
    assert_int_equal(count_pieces(SECTION_ALGO_ORDERS, SNAPSHOT_FAILED), 1);
    assert_int_equal(count_pieces(SECTION_ALGO_ORDERS, SNAPSHOT_COMPLETE), 0);
    assert_int_equal(count_pieces(SECTION_ORDERS, SNAPSHOT_COMPLETE), 1);
    assert_int_equal(count_pieces(SECTION_POSITIONS, SNAPSHOT_COMPLETE), 1);
    assert_int_equal(count_pieces(SECTION_MODE, SNAPSHOT_ITEM), 1);
    assert_int_equal(count_pieces(0, SNAPSHOT_END), 1);
}

static order_action_t query_action(bool algo)
{
    order_action_t action = {.kind = ACTION_QUERY_ORDER, .number = 4, .instrument = 0};
    client_id_make(&action.order.client_id, 1, 1, LEG_ENTRY);
    action.order.algo = algo;
    return action;
}

static void an_order_is_not_there_when_every_endpoint_has_said_so(void **state)
{
    (void)state;
    for (int algo = 0; algo <= 1; algo++) {
        order_action_t action = query_action(algo != 0);
        input_count = 0;
        venue.broken_path = NULL;
        carry_out(&action);
        assert_int_equal(input_count, 1);
        assert_false(inputs[0].query.found);
        assert_int_equal(inputs[0].query.endpoints, algo ? ENDPOINTS_ALGO : ENDPOINTS_NORMAL);
        input_count = 0;
        venue.broken_path = algo ? "/fapi/v1/allAlgoOrders" : "/fapi/v1/allOrders";
        carry_out(&action);
        assert_false(inputs[0].query.found);
        assert_int_equal(inputs[0].query.endpoints,
                         algo ? ENDPOINTS_ALGO & ~ENDPOINT_ALGO_HISTORY : ENDPOINTS_NORMAL & ~ENDPOINT_HISTORY);
    }
}

static void a_full_page_of_orders_that_does_not_show_the_order_proves_nothing(void **state)
{
    (void)state;
    static char body[BODY_MAX];
    order_action_t action = query_action(false);
    size_t at = (size_t)sprintf(body, "[");
    for (int i = 0; i < 500; i++)
        at += (size_t)sprintf(
            body + at,
            "%s{\"orderId\":%d,\"symbol\":\"BTCUSDT\",\"status\":\"NEW\",\"clientOrderId\":\"of-somebody-%d\",\"price\":\"1\","
            "\"avgPrice\":\"0\",\"origQty\":\"1\",\"executedQty\":\"0\",\"cumQuote\":\"0\",\"timeInForce\":\"GTC\",\"type\":"
            "\"LIMIT\","
            "\"reduceOnly\":false,\"closePosition\":false,\"side\":\"BUY\",\"positionSide\":\"BOTH\",\"stopPrice\":\"0\","
            "\"workingType\":\"CONTRACT_PRICE\",\"origType\":\"LIMIT\",\"time\":%lld,\"updateTime\":%lld}",
            i > 0 ? "," : "", i + 1, i, (long long)VENUE_MS, (long long)VENUE_MS);
    (void)sprintf(body + at, "]");
    venue.path = "/fapi/v1/allOrders";
    venue.status = 200;
    venue.body = body;
    carry_out(&action);
    const order_input_t *last = &inputs[input_count - 1];
    assert_int_equal(last->kind, ORDER_INPUT_QUERY_RESULT);
    assert_int_equal(last->query.endpoints, ENDPOINTS_NORMAL & ~ENDPOINT_HISTORY);
}

/* An outage of a month: the venue tells a week at a time. */
static void what_is_older_than_a_week_is_read_week_by_week(void **state)
{
    (void)state;
    const int64_t day_ms = WEEK_MS / 7;
    for (int quiet_days = 0; quiet_days <= 25; quiet_days += 5) {
        venue.fills = 1300;
        venue.between_fills_ms = (30 - quiet_days) * day_ms / venue.fills;
        venue.first_fill_ms = VENUE_MS - (30 - quiet_days) * day_ms;
        order_action_t action = snapshot_action();
        action.snapshot.since_ns = (VENUE_MS - 30 * day_ms) * NS_PER_MS;
        input_count = 0;
        carry_out(&action);
        assert_int_equal(count_pieces(SECTION_FILLS, SNAPSHOT_ITEM), venue.fills);
        assert_int_equal(count_pieces(SECTION_FILLS, SNAPSHOT_COMPLETE), 1);

        order_action_t fills = {.kind = ACTION_QUERY_FILLS, .number = 5, .instrument = 0};
        fills.fills.since_ns = (VENUE_MS - 30 * day_ms) * NS_PER_MS;
        input_count = 0;
        carry_out(&fills);
        assert_int_equal(input_count, venue.fills + 1);
        assert_int_equal(inputs[input_count - 1].query.endpoints, ENDPOINT_TRADES);

        order_action_t order = query_action(false);
        order.order.since_ns = (VENUE_MS - 30 * day_ms) * NS_PER_MS;
        input_count = 0;
        venue.requests = 0;
        carry_out(&order);
        assert_int_equal(input_count, venue.fills + 1);
        assert_int_equal(inputs[input_count - 1].query.endpoints, ENDPOINTS_NORMAL);
        uint32_t lists = 0;
        for (uint32_t i = 0; i < venue.requests; i++)
            lists += strcmp(venue.paths[i], "/fapi/v1/allOrders") == 0;
        assert_int_equal(lists, 5);
    }
}

static void the_fills_of_a_symbol_are_facts_page_by_page(void **state)
{
    (void)state;
    order_action_t action = {.kind = ACTION_QUERY_FILLS, .number = 5, .instrument = 0};
    venue.fills = 1500;
    carry_out(&action);
    uint32_t fills = 0;
    for (uint32_t i = 0; i < input_count; i++)
        fills += inputs[i].kind == ORDER_INPUT_PRIVATE && inputs[i].event.kind == PRIVATE_FILL;
    assert_int_equal(fills, 1500);
    assert_int_equal(inputs[input_count - 1].query.endpoints, ENDPOINT_TRADES);
}

static order_action_t place_action(void)
{
    order_action_t action = {.kind = ACTION_PLACE, .number = 3, .instrument = 0};
    action.place = (order_spec_t){.leg = LEG_ENTRY,
                                  .side = ORDER_BUY,
                                  .position = POSITION_BOTH,
                                  .type = ORDER_MARKET,
                                  .tif = TIF_GTC,
                                  .reduce = REDUCE_NO,
                                  .quantity = test_dec("1")};
    client_id_make(&action.place.client_id, 1, 1, LEG_ENTRY);
    return action;
}

/* What a placement's answer proves. Whatever it is, the order left once. */
static void a_placement_leaves_once_and_only_a_clear_answer_is_knowledge(void **state)
{
    (void)state;
    static const struct {
        unsigned status;
        const char *body;
        reply_kind_t kind;
    } cases[] = {
        {400, "{\"code\":-2019,\"msg\":\"Margin is insufficient.\"}", REPLY_REJECTED},
        {200, "<html>maintenance</html>", REPLY_UNKNOWN},
        {200, "{\"orderId\":", REPLY_UNKNOWN},
        {200, "[]", REPLY_UNKNOWN},
        {500, "", REPLY_UNKNOWN},
        {503,
         "{\"code\":-1007,\"msg\":\"Timeout waiting for response from backend server. Send status unknown; execution status "
         "unknown.\"}",
         REPLY_UNKNOWN},
        {502, "<html>bad gateway</html>", REPLY_UNKNOWN},
    };
    venue.path = "/fapi/v1/order";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        order_action_t action = place_action();
        venue.status = cases[i].status;
        venue.body = cases[i].body;
        venue.requests = input_count = 0;
        carry_out(&action);
        assert_int_equal(venue.requests, 1);
        assert_int_equal(input_count, 1);
        assert_int_equal(inputs[0].reply.action, 3);
        assert_int_equal(inputs[0].reply.kind, cases[i].kind);
    }
    order_action_t action = place_action();
    venue.drop = true;
    venue.requests = input_count = 0;
    carry_out(&action);
    assert_int_equal(venue.requests, 1);
    assert_int_equal(inputs[0].reply.kind, REPLY_UNKNOWN);
}

static void what_cannot_leave_was_never_sent(void **state)
{
    (void)state;
    order_action_t action = place_action();
    venue_clock_init(&venue_clock); /* without the venue's time nothing is signed */
    carry_out(&action);
    assert_int_equal(venue.requests, 0);
    assert_int_equal(inputs[0].reply.kind, REPLY_NEVER_SENT);
    action.instrument = 77; /* no such instrument */
    input_count = 0;
    carry_out(&action);
    assert_int_equal(venue.requests, 0);
    assert_int_equal(inputs[0].reply.kind, REPLY_NEVER_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_snapshot_reads_every_page_of_the_fills, setup, teardown),
        cmocka_unit_test_setup_teardown(incomes_of_a_page_border_may_come_twice_and_none_is_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_moment_with_more_incomes_than_a_page_is_no_information, setup, teardown),
        cmocka_unit_test_setup_teardown(one_section_that_fails_leaves_the_others, setup, teardown),
        cmocka_unit_test_setup_teardown(an_order_is_not_there_when_every_endpoint_has_said_so, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_page_of_orders_that_does_not_show_the_order_proves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_older_than_a_week_is_read_week_by_week, setup, teardown),
        cmocka_unit_test_setup_teardown(the_fills_of_a_symbol_are_facts_page_by_page, setup, teardown),
        cmocka_unit_test_setup_teardown(a_placement_leaves_once_and_only_a_clear_answer_is_knowledge, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_leave_was_never_sent, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
