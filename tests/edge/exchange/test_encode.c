/* shows: ORD-2, ORD-4, MKT-6, I1
 *
 * Requests are exact to the byte: decimals on the grid without exponent, nothing that the venue would have to interpret, the
 * signature over exactly what is sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edge/exchange/binance/encode.h"
#include "support/test_support.h"

static instrument_t instrument;
static binance_request_t request;

static int setup(void **state)
{
    (void)state;
    memset(&instrument, 0, sizeof instrument);
    memset(&request, 0, sizeof request);
    strcpy(instrument.symbol, "BTCUSDT");
    instrument.tick_size = test_dec("0.10");
    instrument.lot_step = test_dec("0.001");
    instrument.market_step = test_dec("0.001");
    return 0;
}

static order_spec_t spec(order_type_t type, leg_t leg)
{
    order_spec_t made = {.leg = leg,
                         .side = ORDER_SELL,
                         .position = POSITION_BOTH,
                         .type = type,
                         .tif = TIF_GTC,
                         .trigger_by = TRIGGER_BY_CONTRACT,
                         .reduce = REDUCE_ONLY,
                         .quantity = test_dec("0.010")};
    client_id_make(&made.client_id, 1, 100, leg);
    return made;
}

static void a_limit_entry(void **state)
{
    (void)state;
    order_spec_t entry = spec(ORDER_LIMIT, LEG_ENTRY);
    entry.side = ORDER_BUY;
    entry.reduce = REDUCE_NO;
    entry.price = test_dec("61800.20");
    assert_int_equal(binance_encode_place(&request, &instrument, &entry, POSITION_MODE_ONE_WAY), RESULT_OK);
    char expected[256] = "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=61800.2&timeInForce=GTC&newClientOrderId=";
    strcat(expected, entry.client_id.text);
    strcat(expected, "&newOrderRespType=RESULT");
    assert_string_equal(request.params, expected);
    assert_string_equal(request.path, "/fapi/v1/order");
    assert_true(request.params_in_body && request.ask == BINANCE_ASK_PLACE && request.priority == BUDGET_ENTRY);
    assert_true(request.weight == 0 && request.orders_10s == 1 && request.orders_minute == 1);
    char target[128];
    size_t length;
    assert_int_equal(binance_request_target(&request, target, sizeof target, &length), RESULT_OK);
    assert_string_equal(target, "/fapi/v1/order");
    assert_int_equal(binance_request_body(&request).length, strlen(expected));
}

static void a_stop_goes_to_the_algo_endpoint_before_everything_else(void **state)
{
    (void)state;
    order_spec_t stop = spec(ORDER_STOP_MARKET, LEG_STOP);
    stop.trigger = test_dec("59000");
    stop.trigger_by = TRIGGER_BY_MARK;
    assert_int_equal(binance_encode_place(&request, &instrument, &stop, POSITION_MODE_ONE_WAY), RESULT_OK);
    assert_string_equal(request.path, "/fapi/v1/algoOrder");
    assert_int_equal(request.priority, BUDGET_STOP);
    assert_non_null(strstr(request.params, "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=0.01&"
                                           "reduceOnly=true&triggerPrice=59000&workingType=MARK_PRICE&clientAlgoId="));
    stop.reduce = CLOSE_POSITION;
    stop.quantity = DEC_ZERO;
    assert_int_equal(binance_encode_place(&request, &instrument, &stop, POSITION_MODE_ONE_WAY), RESULT_OK);
    assert_non_null(strstr(request.params, "closePosition=true"));
    assert_null(strstr(request.params, "quantity"));
    assert_null(strstr(request.params, "reduceOnly"));
}

static void hedge_mode_names_the_position_instead_of_reduce_only(void **state)
{
    (void)state;
    order_spec_t exit = spec(ORDER_MARKET, LEG_CLOSE);
    exit.position = POSITION_LONG;
    assert_int_equal(binance_encode_place(&request, &instrument, &exit, POSITION_MODE_HEDGE), RESULT_OK);
    assert_non_null(strstr(request.params, "positionSide=LONG"));
    assert_null(strstr(request.params, "reduceOnly"));
    assert_int_equal(request.priority, BUDGET_EXIT);
}

static void what_the_venue_would_refuse_or_reinterpret_is_refused_here(void **state)
{
    (void)state;
    binance_request_t before = request;
    order_spec_t bad[10];
    for (size_t i = 0; i < 10; i++) {
        bad[i] = spec(ORDER_LIMIT, LEG_ENTRY);
        bad[i].price = test_dec("61800.2");
    }
    bad[0].price = test_dec("61800.25");  /* off the tick */
    bad[1].quantity = test_dec("0.0101"); /* off the step */
    bad[2].quantity = DEC_ZERO;
    bad[3].price = DEC_ZERO;
    bad[4].price = test_dec("-1");
    bad[5].trigger = test_dec("1");  /* no conditional order */
    bad[6].reduce = CLOSE_POSITION;  /* with a quantity, and no STOP_MARKET */
    bad[7].position = POSITION_LONG; /* one-way */
    bad[8].type = ORDER_MARKET;      /* with a price */
    bad[9].type = ORDER_STOP_MARKET; /* without a trigger, with a price */
    for (size_t i = 0; i < 10; i++) {
        if (binance_encode_place(&request, &instrument, &bad[i], POSITION_MODE_ONE_WAY) != RESULT_BAD_ARGUMENT) {
            fail_msg("taken: %zu", i);
        }
    }
    bad[0].price = test_dec("61800.2");
    assert_int_equal(binance_encode_place(&request, &instrument, &bad[0], POSITION_MODE_HEDGE),
                     RESULT_BAD_ARGUMENT); /* BOTH in hedge mode */
    assert_memory_equal(&before, &request, sizeof request);
}

static sign_key_t *hmac_key(const char *secret_text)
{
    secret_t secret = {0};
    sign_key_t *key;
    assert_int_equal(secret_set(&secret, secret_text, strlen(secret_text)), RESULT_OK);
    assert_int_equal(sign_key_open(&secret, &key), RESULT_OK);
    return key;
}

/* The example of the exchange's own documentation: secret and text, and the signature that openssl gives for them. */
static void the_signature_covers_exactly_the_bytes_sent(void **state)
{
    (void)state;
    sign_key_t *key = hmac_key("2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9");
    assert_int_equal(binance_encode_balance(&request), RESULT_OK);
    assert_int_equal(binance_request_sign(&request, key, 1591702613943), RESULT_OK);
    char expected[SIGN_TEXT_MAX], signed_text[] = "recvWindow=5000&timestamp=1591702613943";
    assert_int_equal(sign_text(key, signed_text, sizeof signed_text - 1, expected), RESULT_OK);
    assert_int_equal(strlen(expected), 64);
    assert_memory_equal(request.params, signed_text, sizeof signed_text - 1);
    assert_memory_equal(request.params + sizeof signed_text - 1, "&signature=", 11);
    assert_string_equal(request.params + sizeof signed_text - 1 + 11, expected);
    /* signing again replaces time and signature */
    assert_int_equal(binance_request_sign(&request, key, 1591702613944), RESULT_OK);
    assert_null(strstr(request.params, "1591702613943"));
    assert_ptr_equal(strstr(request.params, "signature="), strrchr(request.params, '&') + 1);
    char target[512];
    size_t length;
    assert_int_equal(binance_request_target(&request, target, sizeof target, &length), RESULT_OK);
    assert_memory_equal(target, "/fapi/v3/balance?recvWindow=5000&timestamp=1591702613944&signature=", 66);
    assert_int_equal(binance_request_body(&request).length, 0);
    binance_request_t before = request;
    assert_int_equal(binance_request_sign(&request, key, 0), RESULT_BAD_ARGUMENT);
    assert_memory_equal(&before, &request, sizeof request);
    sign_key_close(key);
}

static void open_requests_are_never_signed(void **state)
{
    (void)state;
    assert_int_equal(binance_encode_klines(&request, "BTCUSDT", TF_1H, 1000, 0, 1500), RESULT_OK);
    assert_string_equal(request.params, "symbol=BTCUSDT&interval=1h&startTime=1000&limit=1500");
    assert_int_equal(request.weight, 10);
    assert_int_equal(request.priority, BUDGET_HISTORY);
    assert_int_equal(binance_request_sign(&request, NULL, 5), RESULT_OK);
    assert_null(strstr(request.params, "signature"));
}

static void symbols_that_are_not_ascii_are_encoded(void **state)
{
    (void)state;
    assert_int_equal(binance_encode_premium_index(&request, "\xE5\xB8\x81USDT"), RESULT_OK);
    assert_string_equal(request.params, "symbol=%E5%B8%81USDT");
    assert_int_equal(binance_encode_open_orders(&request, "A&limit=5"), RESULT_OK); /* nothing can be smuggled in */
    assert_string_equal(request.params, "symbol=A%26limit%3D5");
}

static void limits_of_parameters(void **state)
{
    (void)state;
    assert_int_equal(binance_encode_klines(&request, "BTCUSDT", TF_1H, 0, 0, 1501), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_klines(&request, "BTCUSDT", TF_1H, 0, 0, 0), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_klines(&request, "BTCUSDT", TF_1H, 5, 4, 1), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_depth(&request, "BTCUSDT", 7), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_set_leverage(&request, "BTCUSDT", 126), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_user_trades(&request, "BTCUSDT", 0, 0, 1001), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_cancel_id(&request, &instrument, ORDER_LIMIT, 0), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_encode_user_trades(&request, "", 0, 0, 10), RESULT_BAD_ARGUMENT);
    assert_int_equal(binance_weight_klines(100) + binance_weight_klines(101) + binance_weight_klines(500) +
                         binance_weight_klines(1000) + binance_weight_klines(1001),
                     1 + 2 + 2 + 5 + 10);
    assert_int_equal(binance_weight_depth(50) + binance_weight_depth(100) + binance_weight_depth(500) + binance_weight_depth(1000),
                     2 + 5 + 10 + 20);
}

static void cancels_name_the_order_by_our_id(void **state)
{
    (void)state;
    client_id_t id;
    client_id_make(&id, 2, 5, LEG_STOP);
    assert_int_equal(binance_encode_cancel(&request, &instrument, ORDER_STOP_MARKET, &id), RESULT_OK);
    assert_string_equal(request.path, "/fapi/v1/algoOrder");
    assert_true(request.method == BINANCE_DELETE && request.ask == BINANCE_ASK_CANCEL && !request.params_in_body);
    assert_memory_equal(request.params, "clientAlgoId=", 13);
    assert_int_equal(binance_encode_query(&request, &instrument, ORDER_LIMIT, &id), RESULT_OK);
    assert_memory_equal(request.params, "symbol=BTCUSDT&origClientOrderId=", 33);
    assert_int_equal(request.ask, BINANCE_ASK_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_limit_entry, setup),
        cmocka_unit_test_setup(a_stop_goes_to_the_algo_endpoint_before_everything_else, setup),
        cmocka_unit_test_setup(hedge_mode_names_the_position_instead_of_reduce_only, setup),
        cmocka_unit_test_setup(what_the_venue_would_refuse_or_reinterpret_is_refused_here, setup),
        cmocka_unit_test_setup(the_signature_covers_exactly_the_bytes_sent, setup),
        cmocka_unit_test_setup(open_requests_are_never_signed, setup),
        cmocka_unit_test_setup(symbols_that_are_not_ascii_are_encoded, setup),
        cmocka_unit_test_setup(limits_of_parameters, setup),
        cmocka_unit_test_setup(cancels_name_the_order_by_our_id, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
