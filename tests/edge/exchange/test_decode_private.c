/* shows: ORD-7, ORD-15, I3, I7
 *
 * What the venue says about our account, from the stream and from REST, becomes the order half's events; a word we do not know
 * freezes instead of breaking; what cannot be read is an error with its place and never an empty list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/exchange/binance/decode_private.h"
#include "support/test_support.h"

static symbol_map_t symbols;
static binance_private_t out;
static binance_detail_t detail;

static int setup(void **state)
{
    (void)state;
    symbol_map_init(&symbols);
    (void)symbol_map_put(&symbols, STR("BTCUSDT"), 3);
    (void)symbol_map_put(&symbols, STR("ETHUSDT"), 4);
    memset(&detail, 0, sizeof detail);
    return 0;
}

static result_t decode(const char *frame)
{
    return binance_decode_private(&symbols, str_from(frame), &out, &detail);
}

#define ORDER(x, X, l, L, rest)                                                                                                    \
    "{\"e\":\"ORDER_TRADE_UPDATE\",\"E\":1568879465651,\"T\":1568879465650,\"o\":{\"s\":\"BTCUSDT\",\"c\":\"P-1-2S-S\",\"S\":"     \
    "\"SELL\",\"o\":\"MARKET\",\"f\":\"GTC\",\"q\":\"0.010\",\"p\":\"0\","                                                         \
    "\"ap\":\"9000.5\",\"sp\":\"7103.04\",\"x\":\"" x "\",\"X\":\"" X "\",\"i\":8886774,\"l\":\"" l                                \
    "\",\"z\":\"0.004\",\"L\":\"" L "\"," rest                                                                                     \
    "\"T\":1568879465650,\"b\":\"0\",\"a\":\"9.91\",\"m\":false,\"R\":true,\"wt\":\"CONTRACT_PRICE\",\"ot\":\"STOP_MARKET\","      \
    "\"ps\":\"BOTH\",\"cp\":false,\"pP\":false,\"si\":0,"                                                                          \
    "\"ss\":0,\"rp\":\"-1.25\",\"V\":\"EXPIRE_TAKER\",\"pm\":\"OPPONENT\",\"gtd\":0,\"er\":\"0\"}}"

static const char fill_frame[] = ORDER("TRADE", "PARTIALLY_FILLED", "0.004", "9000.5", "\"N\":\"USDT\",\"n\":\"0.0144\",\"t\":77,");
static const char new_frame[] = ORDER("NEW", "NEW", "0", "0", "\"t\":0,");
static const char algo_frame[] =
    "{\"e\":\"ALGO_UPDATE\",\"T\":1750515742297,\"E\":1750515742303,\"o\":{\"caid\":\"P-1-2S-S\",\"aid\":2148719,\"at\":"
    "\"CONDITIONAL\",\"o\":\"STOP_MARKET\",\"s\":\"ETHUSDT\",\"S\":\"SELL\",\"ps\":\"BOTH\","
    "\"f\":\"GTC\",\"q\":\"0.01\",\"X\":\"TRIGGERED\",\"ai\":\"8389765\",\"ap\":\"0.00000\",\"aq\":\"\",\"act\":\"0\",\"tp\":"
    "\"750\",\"p\":\"0\",\"V\":\"EXPIRE_MAKER\",\"wt\":\"CONTRACT_PRICE\",\"pm\":\"NONE\","
    "\"cp\":true,\"pP\":false,\"R\":true,\"tt\":0,\"gtd\":0,\"rm\":\"Reduce Only reject\"}}";
static const char account_frame[] =
    "{\"stream\":\"key\",\"data\":{\"e\":\"ACCOUNT_UPDATE\",\"E\":1564745798939,\"T\":1564745798938,\"a\":{\"m\":\"FUNDING_FEE\","
    "\"S\":\"BTCUSDT\",\"B\":[{\"a\":\"USDT\",\"wb\":\"122624.12345678\",\"cw\":\"100.1\",\"bc\":\"-50.12345678\"},"
    "{\"a\":\"BNB\",\"wb\":\"1\",\"cw\":\"0\",\"bc\":\"0\"}],\"P\":[{\"s\":\"BTCUSDT\",\"pa\":\"-10\",\"ep\":\"9000.1\",\"bep\":"
    "\"0\",\"cr\":\"200\",\"up\":\"0\",\"mt\":\"isolated\",\"iw\":\"0\",\"ps\":\"BOTH\"},"
    "{\"s\":\"DOGEUSDT\",\"pa\":\"1\",\"ep\":\"1\",\"mt\":\"cross\",\"iw\":\"0\",\"ps\":\"BOTH\"}]}}}";

static void a_fill_carries_everything_the_ledger_needs(void **state)
{
    (void)state;
    assert_int_equal(decode(fill_frame), RESULT_OK);
    assert_int_equal(out.kind, BINANCE_PRIVATE_ORDER);
    assert_int_equal(out.count, 1);
    const private_event_t *event = &out.events[0];
    assert_int_equal(event->kind, PRIVATE_FILL);
    assert_true(event->time_ns == 1568879465650000000);
    assert_int_equal(event->fill.order.instrument, 3);
    assert_string_equal(event->fill.order.client_id, "P-1-2S-S");
    assert_int_equal(event->fill.order.status, PRIVATE_STATUS_PARTIALLY_FILLED);
    assert_int_equal(event->fill.order.side, ORDER_SELL);
    assert_int_equal(event->fill.order.reduce, REDUCE_ONLY);
    assert_true(event->fill.order.filled_known && event->fill.order.venue_order_id == 8886774);
    assert_dec_equal(event->fill.order.filled, "0.004");
    assert_true(event->fill.fill.trade_id == 77);
    assert_dec_equal(event->fill.fill.price, "9000.5");
    assert_dec_equal(event->fill.fill.quantity, "0.004");
    assert_dec_equal(event->fill.fill.fee, "0.0144");
    assert_string_equal(event->fill.fill.fee_asset, "USDT");
    assert_dec_equal(event->fill.fill.realised, "-1.25");
}

static void an_order_update_without_a_fill_is_none(void **state)
{
    (void)state;
    assert_int_equal(decode(new_frame), RESULT_OK);
    assert_int_equal(out.events[0].kind, PRIVATE_ORDER);
    assert_int_equal(out.events[0].order.status, PRIVATE_STATUS_NEW);
    assert_dec_equal(out.events[0].order.trigger, "7103.04");
}

static void liquidations_are_fills_of_a_foreign_hand(void **state)
{
    (void)state;
    const char *frame = "{\"e\":\"ORDER_TRADE_UPDATE\",\"E\":1,\"T\":2,\"o\":{\"s\":\"BTCUSDT\",\"c\":\"autoclose-123\",\"S\":"
                        "\"SELL\",\"o\":\"LIQUIDATION\",\"q\":\"1\",\"p\":\"5\",\"x\":\"CALCULATED\","
                        "\"X\":\"FILLED\",\"i\":9,\"l\":\"1\",\"z\":\"1\",\"L\":\"5\",\"T\":2,\"t\":8,\"ps\":\"BOTH\"}}";
    assert_int_equal(decode(frame), RESULT_OK);
    assert_int_equal(out.events[0].kind, PRIVATE_FILL);
    assert_int_equal(out.events[0].fill.order.owner, OWNER_LIQUIDATION);
    assert_int_equal(out.events[0].fill.order.type, 0);
}

static void an_unknown_status_freezes_and_an_unknown_side_is_refused(void **state)
{
    (void)state;
    assert_int_equal(decode(ORDER("NEW", "HALF_BAKED", "0", "0", "")), RESULT_OK);
    assert_int_equal(out.events[0].order.status, PRIVATE_STATUS_UNKNOWN);
    char frame[sizeof new_frame];
    memcpy(frame, new_frame, sizeof frame);
    memcpy(strstr(frame, "SELL"), "HOLD", 4);
    assert_int_equal(decode(frame), RESULT_UNKNOWN_VALUE);
    assert_non_null(strstr(detail.text, "field S"));
    assert_int_equal(out.count, 0);
}

static void a_fill_without_its_id_is_no_fill(void **state)
{
    (void)state;
    assert_int_equal(decode(ORDER("TRADE", "FILLED", "0.004", "9000.5", "\"t\":0,")), RESULT_FIELD_MISSING);
    assert_non_null(strstr(detail.text, "field t"));
}

static void algo_updates_link_the_stop_to_its_order(void **state)
{
    (void)state;
    assert_int_equal(decode(algo_frame), RESULT_OK);
    const private_order_t *order = &out.events[0].order;
    assert_int_equal(out.events[0].kind, PRIVATE_ORDER);
    assert_true(order->algo && order->venue_order_id == 2148719 && order->engine_order_id == 8389765);
    assert_int_equal(order->status, PRIVATE_STATUS_TRIGGERED);
    assert_int_equal(order->reduce, CLOSE_POSITION);
    assert_int_equal(order->type, ORDER_STOP_MARKET);
    assert_dec_equal(order->trigger, "750");
    assert_false(order->filled_known); /* "" tells nothing */
    assert_string_equal(order->reason, "Reduce Only reject");
}

static void account_updates_give_income_then_balances_then_positions(void **state)
{
    (void)state;
    assert_int_equal(decode(account_frame), RESULT_OK);
    assert_string_equal(out.word, "FUNDING_FEE");
    assert_int_equal(out.count, 4);
    assert_int_equal(out.left_out, 1); /* DOGEUSDT */
    assert_int_equal(out.events[0].kind, PRIVATE_INCOME);
    assert_int_equal(out.events[0].income.kind, INCOME_FUNDING);
    assert_int_equal(out.events[0].income.instrument, 3);
    assert_dec_equal(out.events[0].income.amount, "-50.12345678");
    assert_int_equal(out.events[1].kind, PRIVATE_BALANCE);
    assert_dec_equal(out.events[1].balance.wallet, "122624.12345678");
    assert_int_equal(out.events[2].kind, PRIVATE_BALANCE);
    assert_int_equal(out.events[3].kind, PRIVATE_POSITION);
    assert_dec_equal(out.events[3].position.amount, "-10");
}

static void trades_move_no_income(void **state)
{
    (void)state;
    assert_int_equal(decode("{\"e\":\"ACCOUNT_UPDATE\",\"E\":1,\"T\":2,\"a\":{\"m\":\"ORDER\",\"B\":[{\"a\":\"USDT\",\"wb\":\"1\","
                            "\"cw\":\"1\",\"bc\":\"0\"}],\"P\":[]}}"),
                     RESULT_OK);
    assert_int_equal(out.count, 1);
    assert_int_equal(out.events[0].kind, PRIVATE_BALANCE);
}

static void the_smaller_events(void **state)
{
    (void)state;
    assert_int_equal(decode("{\"e\":\"ACCOUNT_CONFIG_UPDATE\",\"E\":1,\"T\":2,\"ac\":{\"s\":\"BTCUSDT\",\"l\":25}}"), RESULT_OK);
    assert_true(out.events[0].kind == PRIVATE_SETTINGS && out.events[0].settings.leverage == 25);
    assert_int_equal(decode("{\"e\":\"ACCOUNT_CONFIG_UPDATE\",\"E\":1,\"T\":2,\"ai\":{\"j\":true}}"), RESULT_OK);
    assert_true(out.multi_assets_changed && out.multi_assets && out.count == 0);
    assert_int_equal(decode("{\"e\":\"listenKeyExpired\",\"E\":1,\"listenKey\":\"abc\"}"), RESULT_OK);
    assert_true(out.kind == BINANCE_PRIVATE_KEY_EXPIRED && out.events[0].kind == PRIVATE_GAP);
    assert_int_equal(
        decode("{\"e\":\"MARGIN_CALL\",\"E\":1,\"cw\":\"3.1\",\"p\":[{\"s\":\"ETHUSDT\",\"ps\":\"LONG\",\"pa\":\"1\"}]}"),
        RESULT_OK);
    assert_true(out.kind == BINANCE_PRIVATE_MARGIN_CALL && out.symbol_count == 1);
    assert_int_equal(decode("{\"e\":\"TRADE_LITE\",\"E\":1,\"s\":\"BTCUSDT\",\"q\":\"1\"}"), RESULT_OK);
    assert_int_equal(out.kind, BINANCE_PRIVATE_IGNORED);
    assert_int_equal(decode("{\"e\":\"SOMETHING_NEW\",\"E\":1}"), RESULT_OK);
    assert_true(out.kind == BINANCE_PRIVATE_UNKNOWN && out.events[0].kind == PRIVATE_GAP);
    assert_int_equal(decode("{\"result\":null,\"id\":1}"), RESULT_UNSUPPORTED);
}

static void every_cut_is_an_error(void **state)
{
    (void)state;
    static const char *const frames[] = {fill_frame, new_frame, algo_frame, account_frame};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        for (size_t cut = 0; cut < strlen(frames[i]); cut++) {
            char *exact = malloc(cut > 0 ? cut : 1);
            memcpy(exact, frames[i], cut);
            assert_int_not_equal(binance_decode_private(&symbols, (str_t){exact, cut}, &out, &detail), RESULT_OK);
            assert_int_equal(out.count, 0);
            free(exact);
        }
    }
}

/* --- REST ------------------------------------------------------------------------------------- */

static private_event_t seen[16];
static uint32_t seen_count;

static void gather(void *context, const private_event_t *event)
{
    (void)context;
    if (seen_count < 16) {
        seen[seen_count++] = *event;
    }
}

static binance_list_t list(void)
{
    seen_count = 0;
    return (binance_list_t){.symbols = &symbols, .each = gather};
}

static const char order_body[] =
    "{\"clientOrderId\":\"P-1-1-E\",\"cumQty\":\"0\",\"executedQty\":\"0.5\",\"orderId\":22542179,\"origQty\":\"10\",\"price\":"
    "\"30.5\",\"reduceOnly\":false,\"side\":\"BUY\",\"positionSide\":\"BOTH\",\"status\":\"NEW\","
    "\"stopPrice\":\"0\",\"closePosition\":false,\"symbol\":\"BTCUSDT\",\"timeInForce\":\"GTC\",\"type\":\"LIMIT\",\"origType\":"
    "\"LIMIT\",\"updateTime\":1566818724722,\"workingType\":\"CONTRACT_PRICE\"}";
static const char algo_body[] =
    "{\"algoId\":2146760,\"clientAlgoId\":\"P-1-2-S\",\"algoType\":\"CONDITIONAL\",\"orderType\":\"STOP_MARKET\",\"symbol\":"
    "\"ETHUSDT\",\"side\":\"SELL\",\"positionSide\":\"BOTH\",\"timeInForce\":\"GTC\",\"quantity\":\"0.01\","
    "\"algoStatus\":\"NEW\",\"triggerPrice\":\"750.000\",\"price\":\"0\",\"closePosition\":false,\"reduceOnly\":true,"
    "\"actualOrderId\":\"\",\"updateTime\":1750485492076}";

static void single_orders(void **state)
{
    (void)state;
    private_order_t order;
    int64_t time_ns;
    assert_int_equal(binance_decode_order(&symbols, str_from(order_body), &order, &time_ns, &detail), RESULT_OK);
    assert_true(order.venue_order_id == 22542179 && order.status == PRIVATE_STATUS_NEW && order.type == ORDER_LIMIT && !order.algo);
    assert_dec_equal(order.filled, "0.5");
    assert_int_equal(binance_decode_algo_order(&symbols, str_from(algo_body), &order, &time_ns, &detail), RESULT_OK);
    assert_true(order.algo && order.venue_order_id == 2146760 && order.reduce == REDUCE_ONLY && order.engine_order_id == 0);
    assert_dec_equal(order.trigger, "750");
    assert_int_equal(binance_decode_order(&symbols, STR("{\"code\":-2013,\"msg\":\"Order does not exist.\"}"), &order, NULL, NULL),
                     RESULT_UNSUPPORTED);
    assert_int_equal(binance_decode_order(&symbols, STR("\"a JSON string\""), &order, NULL, &detail), RESULT_FIELD_WRONG_TYPE);
    assert_int_equal(binance_decode_order(&symbols, STR(""), &order, NULL, &detail), RESULT_TRUNCATED);
    assert_int_equal(
        binance_decode_algo_cancel(STR("{\"algoId\":1,\"clientAlgoId\":\"x\",\"code\":\"200\",\"msg\":\"success\"}"), &order, NULL),
        RESULT_OK);
    assert_int_equal(order.status, PRIVATE_STATUS_CANCELLED);
    assert_int_not_equal(
        binance_decode_algo_cancel(STR("{\"algoId\":1,\"clientAlgoId\":\"x\",\"code\":\"500\",\"msg\":\"?\"}"), &order, NULL),
        RESULT_OK);
    for (size_t cut = 0; cut < sizeof order_body - 1; cut++) {
        assert_int_not_equal(binance_decode_order(&symbols, (str_t){order_body, cut}, &order, NULL, NULL), RESULT_OK);
    }
}

static void absence_is_not_an_empty_list(void **state)
{
    (void)state;
    static const char *const no_lists[] = {"",  "{}",  "null", "\"[]\"", "<html></html>", "{\"code\":-1000,\"msg\":\"x\"}",
                                           "[", "[]]", "[{}"};
    for (size_t i = 0; i < sizeof no_lists / sizeof no_lists[0]; i++) {
        binance_list_t given = list();
        assert_int_not_equal(binance_decode_orders(&given, str_from(no_lists[i]), &detail), RESULT_OK);
        assert_int_not_equal(binance_decode_positions(&given, str_from(no_lists[i]), &detail), RESULT_OK);
        assert_int_not_equal(binance_decode_balances(&given, str_from(no_lists[i]), &detail), RESULT_OK);
    }
    binance_list_t given = list();
    assert_int_equal(binance_decode_orders(&given, STR("[]"), NULL), RESULT_OK);
    assert_int_equal(given.seen, 0);
}

static void lists_walk(void **state)
{
    (void)state;
    binance_list_t given = list();
    char body[4096];
    snprintf(body, sizeof body, "[%s,%s]", order_body, order_body);
    assert_int_equal(binance_decode_orders(&given, str_from(body), NULL), RESULT_OK);
    assert_int_equal(seen_count, 2);
    given = list();
    assert_int_equal(binance_decode_positions(
                         &given,
                         STR("[{\"symbol\":\"BTCUSDT\",\"positionSide\":\"BOTH\",\"positionAmt\":\"-0.5\",\"entryPrice\":\"100.5\","
                             "\"markPrice\":\"1\",\"updateTime\":5},"
                             "{\"symbol\":\"XUSDT\",\"positionSide\":\"BOTH\",\"positionAmt\":\"1\",\"entryPrice\":\"1\"}]"),
                         NULL),
                     RESULT_OK);
    assert_true(given.seen == 2 && given.left_out == 1 && seen_count == 1);
    assert_dec_equal(seen[0].position.amount, "-0.5");
    given = list();
    assert_int_equal(binance_decode_fills(&given,
                                          STR("[{\"buyer\":false,\"commission\":\"-0.0781\",\"commissionAsset\":\"USDT\",\"id\":"
                                              "698759,\"maker\":false,\"orderId\":25851813,\"price\":\"7819.01\",\"qty\":\"0.002\","
                                              "\"quoteQty\":\"15.63\",\"realizedPnl\":\"-0.91539999\",\"side\":\"SELL\","
                                              "\"positionSide\":\"SHORT\",\"symbol\":\"BTCUSDT\",\"time\":1569514978020}]"),
                                          NULL),
                     RESULT_OK);
    assert_true(seen[0].kind == PRIVATE_FILL && given.last_id == 698759 && seen[0].fill.order.position == POSITION_SHORT);
    assert_dec_equal(seen[0].fill.fill.fee, "-0.0781");
    given = list();
    assert_int_equal(
        binance_decode_incomes(&given,
                               STR("[{\"symbol\":\"\",\"incomeType\":\"TRANSFER\",\"income\":\"-0.375\",\"asset\":\"USDT\","
                                   "\"info\":\"\",\"time\":1570608000000,\"tranId\":9689322392,\"tradeId\":\"\"},"
                                   "{\"symbol\":\"BTCUSDT\",\"incomeType\":\"COMMISSION\",\"income\":\"-0.01\",\"asset\":\"USDT\","
                                   "\"info\":\"\",\"time\":1570636800000,\"tranId\":1,\"tradeId\":\"2\"}]"),
                               NULL),
        RESULT_OK);
    assert_true(seen_count == 1 && seen[0].income.kind == INCOME_TRANSFER && seen[0].income.venue_id == 9689322392u);
    given = list();
    assert_int_equal(binance_decode_settings(&given,
                                             STR("[{\"symbol\":\"BTCUSDT\",\"marginType\":\"ISOLATED\",\"isAutoAddMargin\":false,"
                                                 "\"leverage\":21,\"maxNotionalValue\":\"1000000\"}]"),
                                             NULL),
                     RESULT_OK);
    assert_true(seen[0].settings.leverage == 21 && seen[0].settings.margin_type == MARGIN_ISOLATED);
    given = list();
    assert_int_equal(binance_decode_balances(&given,
                                             STR("[{\"accountAlias\":\"S\",\"asset\":\"USDT\",\"balance\":\"122.5\","
                                                 "\"availableBalance\":\"23.7\",\"marginAvailable\":true,\"updateTime\":1}]"),
                                             NULL),
                     RESULT_OK);
    assert_true(seen[0].balance.available_known);
    assert_dec_equal(seen[0].balance.wallet, "122.5");
}

static void required_money_may_not_be_empty(void **state)
{
    (void)state;
    binance_list_t given = list();
    assert_int_not_equal(
        binance_decode_positions(
            &given, STR("[{\"symbol\":\"BTCUSDT\",\"positionSide\":\"BOTH\",\"positionAmt\":\"\",\"entryPrice\":\"1\"}]"), &detail),
        RESULT_OK);
    assert_non_null(strstr(detail.text, "positionAmt"));
}

static void account_and_settings(void **state)
{
    (void)state;
    binance_list_t given = list();
    binance_account_t account;
    assert_int_equal(
        binance_decode_account(
            &given,
            STR("{\"totalInitialMargin\":\"0\",\"totalMaintMargin\":\"0.1\",\"totalWalletBalance\":\"103.12\","
                "\"totalUnrealizedProfit\":\"1\",\"totalMarginBalance\":\"104.12\",\"availableBalance\":\"90\","
                "\"assets\":[{\"asset\":\"USDT\",\"walletBalance\":\"23.7\",\"availableBalance\":\"20\",\"updateTime\":1}],"
                "\"positions\":[{\"symbol\":\"BTCUSDT\",\"positionSide\":\"BOTH\",\"positionAmt\":\"1\"}]}"),
            &account, &detail),
        RESULT_OK);
    assert_dec_equal(account.wallet, "103.12");
    assert_int_equal(seen_count, 2);
    binance_account_config_t config;
    assert_int_equal(binance_decode_account_config(
                         STR("{\"feeTier\":0,\"canTrade\":true,\"canDeposit\":true,\"canWithdraw\":false,\"dualSidePosition\":true,"
                             "\"updateTime\":0,\"multiAssetsMargin\":false,\"tradeGroupId\":-1}"),
                         &config, NULL),
                     RESULT_OK);
    assert_true(config.mode == POSITION_MODE_HEDGE && !config.can_withdraw);
    position_mode_t mode;
    assert_int_equal(binance_decode_position_mode(STR("{\"dualSidePosition\":false}"), &mode, NULL), RESULT_OK);
    assert_int_equal(mode, POSITION_MODE_ONE_WAY);
    uint32_t leverage;
    dec_t most;
    assert_int_equal(binance_decode_leverage(STR("{\"leverage\":21,\"maxNotionalValue\":\"1000000\",\"symbol\":\"BTCUSDT\"}"),
                                             &leverage, &most, NULL),
                     RESULT_OK);
    assert_int_equal(leverage, 21);
    char key[BINANCE_LISTEN_KEY_MAX];
    assert_int_equal(binance_decode_listen_key(
                         STR("{\"listenKey\":\"pqia91ma19a5s61cv6a81va65sd099v8a65a1a5s61cv6a81va65sdf19v8a65a1\"}"), key, NULL),
                     RESULT_OK);
    assert_int_equal(binance_decode_listen_key(STR("{\"listenKey\":\"a/../b\"}"), key, NULL), RESULT_TEXT_BAD_CHARACTER);
    assert_int_equal(binance_decode_listen_key(STR("{\"listenKey\":\"\"}"), key, NULL), RESULT_TEXT_BAD_CHARACTER);
    assert_int_equal(binance_decode_listen_key(STR("{}"), key, NULL), RESULT_FIELD_MISSING);
    binance_trading_status_t trading;
    assert_int_equal(binance_decode_trading_status(STR("{\"indicators\":{\"BTCUSDT\":[{\"isLocked\":true,\"plannedRecoverTime\":"
                                                       "1545741270000,\"indicator\":\"UFR\"},{\"isLocked\":false,"
                                                       "\"plannedRecoverTime\":1545749999000,\"indicator\":\"GCR\"}],\"ETHUSDT\":"
                                                       "[{\"isLocked\":true,\"plannedRecoverTime\":1545741260000,"
                                                       "\"indicator\":\"DR\"}]},\"updateTime\":1}"),
                                                   &trading, NULL),
                     RESULT_OK);
    assert_true(trading.until_ns == 1545741270000000000);
    assert_string_equal(trading.where, "BTCUSDT");
    assert_string_equal(trading.rule, "UFR");
    assert_int_equal(
        binance_decode_trading_status(STR("{\"indicators\":{\"ACCOUNT\":[{\"isLocked\":true}]},\"updateTime\":1}"), &trading, NULL),
        RESULT_OK);
    assert_true(trading.until_ns == INT64_MAX); /* without an end in sight */
    assert_string_equal(trading.where, "ACCOUNT");
    assert_int_equal(binance_decode_trading_status(STR("{\"indicators\":{},\"updateTime\":1}"), &trading, NULL), RESULT_OK);
    assert_true(trading.until_ns == 0);
    assert_string_equal(trading.where, "");
    int64_t code;
    char message[16];
    assert_int_equal(binance_decode_error(STR("{\"code\":-2011,\"msg\":\"Unknown order sent.\"}"), &code, message, sizeof message),
                     RESULT_OK);
    assert_int_equal(code, -2011);
    assert_string_equal(message, "Unknown order s");
    assert_int_equal(binance_decode_success(STR("{\"code\":200,\"msg\":\"success\"}"), NULL), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_fill_carries_everything_the_ledger_needs, setup),
        cmocka_unit_test_setup(an_order_update_without_a_fill_is_none, setup),
        cmocka_unit_test_setup(liquidations_are_fills_of_a_foreign_hand, setup),
        cmocka_unit_test_setup(an_unknown_status_freezes_and_an_unknown_side_is_refused, setup),
        cmocka_unit_test_setup(a_fill_without_its_id_is_no_fill, setup),
        cmocka_unit_test_setup(algo_updates_link_the_stop_to_its_order, setup),
        cmocka_unit_test_setup(account_updates_give_income_then_balances_then_positions, setup),
        cmocka_unit_test_setup(trades_move_no_income, setup),
        cmocka_unit_test_setup(the_smaller_events, setup),
        cmocka_unit_test_setup(every_cut_is_an_error, setup),
        cmocka_unit_test_setup(single_orders, setup),
        cmocka_unit_test_setup(absence_is_not_an_empty_list, setup),
        cmocka_unit_test_setup(lists_walk, setup),
        cmocka_unit_test_setup(required_money_may_not_be_empty, setup),
        cmocka_unit_test_setup(account_and_settings, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
