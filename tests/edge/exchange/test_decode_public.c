/* shows: MKT-5, MKT-3
 *
 * Rules come from the filters alone and are never guessed; a sick symbol never keeps the others out; bars are checked one by one.
 * Rules kept in symbol_filters.json come back the same, also from files of earlier systems.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/decode_control.h"
#include "edge/exchange/binance/decode_public.h"
#include "edge/exchange/symbol_filters.h"

static binance_detail_t detail;

#define FILTERS                                                                                                                    \
    "\"filters\":[{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"556.80\",\"maxPrice\":\"4529764\",\"tickSize\":\"0.10\"},{"      \
    "\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.001\",\"maxQty\":\"1000\",\"stepSize\":\"0.001\"},"                                \
    "{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.001\",\"maxQty\":\"120\",\"stepSize\":\"0.001\"},{\"filterType\":\"MAX_"   \
    "NUM_ORDERS\",\"limit\":200},{\"filterType\":\"MIN_NOTIONAL\",\"notional\":\"50\"},"                                           \
    "{\"filterType\":\"PERCENT_PRICE\",\"multiplierUp\":\"1.0500\",\"multiplierDown\":\"0.9500\",\"multiplierDecimal\":\"4\"},{"   \
    "\"filterType\":\"POSITION_RISK_CONTROL\",\"positionControlSide\":\"NONE\"}]"
#define SYMBOL(name, type, status, filters)                                                                                        \
    "{\"symbol\":\"" name "\",\"pair\":\"" name "\",\"contractType\":\"" type                                                      \
    "\",\"deliveryDate\":4133404800000,\"status\":\"" status                                                                       \
    "\",\"maintMarginPercent\":\"2.5000\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\","                                          \
    "\"marginAsset\":\"USDT\",\"pricePrecision\":2,\"quantityPrecision\":3,\"underlyingSubType\":[\"PoW\"],\"triggerProtect\":"    \
    "\"0.0500\",\"liquidationFee\":\"0.012500\"," filters ",\"orderTypes\":[\"LIMIT\"]}"
#define INFO(symbols)                                                                                                              \
    "{\"timezone\":\"UTC\",\"serverTime\":1700000000000,\"futuresType\":\"U_MARGINED\",\"rateLimits\":[{\"rateLimitType\":"        \
    "\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":2400},"                                                \
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":1200},{\"rateLimitType\":\"ORDERS\","       \
    "\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":300}],\"exchangeFilters\":[],\"assets\":[],"                             \
    "\"symbols\":[" symbols "]}"

static instrument_t taken[8];
static uint32_t taken_count;

static void gather(void *context, const instrument_t *instrument)
{
    (void)context;
    taken[taken_count++] = *instrument;
}

static result_t info_decode(const char *body, binance_exchange_info_t *info)
{
    taken_count = 0;
    return binance_decode_exchange_info(str_from(body), info, gather, NULL, &detail);
}

static void rules_come_from_the_filters(void **state)
{
    (void)state;
    binance_exchange_info_t info;
    assert_ok(info_decode(INFO(SYMBOL("BTCUSDT", "PERPETUAL", "TRADING", FILTERS)), &info));
    assert_true(info.server_ms == 1700000000000 && info.limits.weight_minute == 2400 && info.limits.orders_minute == 1200 &&
                info.limits.orders_10s == 300);
    assert_int_equal(taken_count, 1);
    assert_string_equal(taken[0].venue, "BINANCE");
    assert_string_equal(taken[0].symbol, "BTCUSDT");
    assert_string_equal(taken[0].settle, "USDT");
    assert_int_equal(taken[0].kind, INSTRUMENT_PERPETUAL);
    assert_int_equal(taken[0].status, INSTRUMENT_TRADING);
    assert_dec_equal(taken[0].tick_size, "0.1");
    assert_dec_equal(taken[0].market_quantity_max, "120");
    assert_dec_equal(taken[0].notional_min, "50");
    assert_dec_equal(taken[0].band_up, "1.05");
    assert_dec_equal(taken[0].trigger_protect, "0.05");
    assert_dec_equal(taken[0].liquidation_fee, "0.0125");
}

static void a_sick_symbol_is_left_out_alone(void **state)
{
    (void)state;
    binance_exchange_info_t info;
    assert_ok(
        info_decode(INFO(SYMBOL("NOLOTUSDT", "PERPETUAL", "TRADING", "\"filters\":[]") "," SYMBOL(
                        "BTCUSDT", "PERPETUAL", "CANCEL_ONLY",
                        FILTERS) "," SYMBOL("BTCUSDT_261225", "CURRENT_QUARTER", "SETTLING",
                                            FILTERS) "," SYMBOL("ODDUSDT", "OPTION", "TRADING",
                                                                "\"filters\":[]") ",{\"symbol\":7}," SYMBOL("ATOOLONGSYMBOLTHATNOBO"
                                                                                                            "DYEVERLISTED",
                                                                                                            "PERPETUAL", "TRADING",
                                                                                                            "\"filters\":[]")),
                    &info));
    assert_int_equal(info.taken, 2);
    assert_int_equal(info.refused, 3);
    assert_string_equal(info.first_refused, "NOLOTUSDT");
    assert_int_equal(taken[0].status, INSTRUMENT_UNKNOWN); /* a word we do not know: frozen */
    assert_true(taken[1].status == INSTRUMENT_CLOSED && taken[1].kind == INSTRUMENT_DELIVERY);
    const char *whole = INFO(SYMBOL("BTCUSDT", "PERPETUAL", "TRADING", FILTERS));
    for (size_t cut = 0; cut < strlen(whole); cut++) {
        taken_count = 0;
        assert_int_not_equal(binance_decode_exchange_info((str_t){whole, cut}, &info, gather, NULL, NULL), RESULT_OK);
    }
}

static instrument_table_t table, copy;

static void add_btc(void)
{
    binance_exchange_info_t info;
    instrument_id_t id;
    memset(&table, 0, sizeof table);
    assert_ok(info_decode(INFO(SYMBOL("BTCUSDT", "PERPETUAL", "TRADING", FILTERS)), &info));
    assert_ok(instrument_table_put(&table, &taken[0], &id));
}

static const char brackets_body[] =
    "[{\"symbol\":\"XYZUSDT\",\"notionalCoef\":1.5,\"brackets\":[{\"bracket\":1,\"initialLeverage\":50,\"notionalCap\":100,"
    "\"notionalFloor\":0,\"maintMarginRatio\":0.01,\"cum\":0.0}]},"
    "{\"symbol\":\"BTCUSDT\",\"brackets\":[{\"bracket\":1,\"initialLeverage\":125,\"notionalCap\":50000,\"notionalFloor\":0,"
    "\"maintMarginRatio\":0.004,\"cum\":0},"
    "{\"bracket\":2,\"initialLeverage\":100,\"notionalCap\":600000,\"notionalFloor\":50000,\"maintMarginRatio\":5.0E-3,\"cum\":50."
    "0}]}]";

static void brackets_are_numbers_and_join(void **state)
{
    (void)state;
    uint32_t count;
    add_btc();
    assert_ok(binance_decode_leverage_brackets(str_from(brackets_body), &table, &count, &detail));
    assert_int_equal(count, 1);
    assert_int_equal(table.items[0].bracket_count, 2);
    assert_dec_equal(table.items[0].brackets[1].maintenance_rate, "0.005");
    assert_dec_equal(table.items[0].brackets[1].maintenance_cum, "50");
    char broken[sizeof brackets_body];
    memcpy(broken, brackets_body, sizeof broken);
    memcpy(strstr(broken, "\"notionalFloor\":50000"), "\"notionalFloor\":40000", 21); /* overlap */
    memset(&copy, 0, sizeof copy);
    copy = table;
    assert_result(binance_decode_leverage_brackets(str_from(broken), &table, &count, &detail), RESULT_OUT_OF_ORDER);
    assert_memory_equal(&copy, &table, sizeof table);
    assert_ok(binance_decode_leverage_brackets(STR("{\"symbol\":\"BTCUSDT\",\"brackets\":[{\"bracket\":1,\"initialLeverage\":20,"
                                                   "\"notionalCap\":5,\"notionalFloor\":0,\"maintMarginRatio\":0.1,\"cum\":0}]}"),
                                               &table, &count, NULL));
    assert_int_equal(table.items[0].bracket_count, 1);
}

static candle_t bars[8];
static uint32_t bars_count;

static void gather_bar(void *context, const candle_t *candle)
{
    (void)context;
    bars[bars_count++] = *candle;
}

static result_t bars_decode(const char *body, int64_t venue_ms)
{
    bars_count = 0;
    return binance_decode_klines(str_from(body), TF_1H, venue_ms, gather_bar, NULL, &detail);
}

static void bars_know_whether_they_are_closed(void **state)
{
    (void)state;
    const char *body = "[[1700002800000,\"100.5\",\"110\",\"90\",\"105\",\"12.5\",1700006399999,\"1300\",42,\"6\",\"650\",\"0\"],["
                       "1700006400000,\"105\",\"105\",\"105\",\"105\",\"0\",1700009999999,\"0\",0,\"0\",\"0\",\"0\"]]";
    assert_ok(bars_decode(body, 1700006400000));
    assert_int_equal(bars_count, 2);
    assert_true(bars[0].closed && !bars[1].closed && bars[0].trades == 42 && bars[1].state == CANDLE_QUIET);
    assert_dec_equal(bars[0].high, "110");
    assert_ok(bars_decode("[]", 1));
    assert_result(bars_decode("[[1700006400000,\"1\",\"1\",\"1\",\"1\",\"1\",1700009999999,\"1\",1],[1700002800000,\"1\",\"1\","
                              "\"1\",\"1\",\"1\",1700006399999,\"1\",1]]",
                              1),
                  RESULT_OUT_OF_ORDER);
    assert_int_not_equal(bars_decode("[[1700002800000,\"100\",\"90\",\"110\",\"105\",\"1\",1700006399999,\"1\",1]]", 1),
                         RESULT_OK); /* high below low */
    assert_int_not_equal(bars_decode("[[1700002800001,\"1\",\"1\",\"1\",\"1\",\"1\",1700006399999,\"1\",1]]", 1),
                         RESULT_OK); /* off the grid */
    assert_result(bars_decode("[[1700002800000,\"1\",\"1\"]]", 1), RESULT_FIELD_MISSING);
    assert_int_not_equal(bars_decode("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", 1), RESULT_OK);
}

static void time_and_mark(void **state)
{
    (void)state;
    int64_t ms;
    mark_t mark;
    assert_ok(binance_decode_time(STR("{\"serverTime\":1499827319559}"), &ms, NULL));
    assert_true(ms == 1499827319559);
    assert_int_not_equal(binance_decode_time(STR("{\"serverTime\":0}"), &ms, NULL), RESULT_OK);
    assert_int_not_equal(binance_decode_time(STR("{}"), &ms, NULL), RESULT_OK);
    assert_ok(binance_decode_premium_index(STR("{\"symbol\":\"BTCUSDT\",\"markPrice\":\"11793.63\",\"indexPrice\":\"11781.80\","
                                               "\"estimatedSettlePrice\":\"1\",\"lastFundingRate\":\"0.00038246\",\"interestRate\":"
                                               "\"0.0001\",\"nextFundingTime\":1597392000000,\"time\":1597370495002}"),
                                           &mark, &ms, NULL));
    assert_dec_equal(mark.funding_rate, "0.00038246");
}

static void control_frames(void **state)
{
    (void)state;
    binance_control_t control;
    static const struct {
        const char *text;
        binance_control_kind_t kind;
    } good[] = {
        {"{\"result\":null,\"id\":3}", BINANCE_CONTROL_REPLY},
        {"{ \"id\":\"abc\", \"result\":[\"x\"] }", BINANCE_CONTROL_REPLY},
        {"{\"error\":{\"code\":4,\"msg\":\"Too many\"},\"id\":9}", BINANCE_CONTROL_ERROR},
        {"{\"code\":2,\"msg\":\"Invalid request\"}", BINANCE_CONTROL_ERROR},
        {"{\"e\":\"moment\",\"n\":12,\"E\":1700000000123}", BINANCE_CONTROL_MOMENT},
        {"{\"stream\":\"x\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}", BINANCE_CONTROL_SHUTDOWN},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_ok(binance_decode_control(good[i].text, strlen(good[i].text), &control));
        assert_int_equal(control.kind, good[i].kind);
    }
    assert_ok(binance_decode_control(good[4].text, strlen(good[4].text), &control));
    assert_true(control.moment == 12 && control.venue_ms == 1700000000123);
    assert_ok(binance_decode_control(good[2].text, strlen(good[2].text), &control));
    assert_true(control.code == 4 && control.id == 9);
    assert_string_equal(control.text, "Too many");
    const char *quote = "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\"}}";
    assert_false(binance_is_control(quote, strlen(quote)));
    assert_result(binance_decode_control(quote, strlen(quote), &control), RESULT_UNSUPPORTED);
}

static void rules_survive_the_file(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    symbol_filters_report_t report;
    uint32_t count;
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/symbol_filters.json", folder);
    add_btc();
    assert_ok(binance_decode_leverage_brackets(str_from(brackets_body), &table, &count, NULL));
    assert_ok(symbol_filters_save(path, &table, "BINANCE", INT64_C(1763700000) * NS_PER_S));
    memset(&copy, 0, sizeof copy);
    assert_ok(symbol_filters_load(path, "BINANCE", &copy, &report));
    assert_true(report.saved_ns == INT64_C(1763700000) * NS_PER_S && report.taken == 1 && report.refused == 0);
    assert_int_equal(copy.count, 1);
    assert_memory_equal(&copy.items[0], &table.items[0], sizeof table.items[0]);
    assert_result(symbol_filters_load("/nowhere.json", "BINANCE", &copy, &report), RESULT_NOT_FOUND);
    assert_result(symbol_filters_save("/proc/nowhere/x.json", &table, "BINANCE", 0), RESULT_NOT_FOUND);
    test_dir_remove(folder);
}

static void files_of_earlier_systems_are_read(void **state)
{
    (void)state;
    symbol_filters_report_t report;
    memset(&copy, 0, sizeof copy);
    assert_ok(symbol_filters_parse(
        STR("{\"timestamp\": 1758500000.25, \"symbols\": {\"BTCUSDT\": {\"status\": \"TRADING\", \"tick_size\": 0.1, "
            "\"min_price\": 556.8, \"max_price\": 4529764.0, \"step_size\": 0.001, \"min_qty\": 0.001, "
            "\"max_qty\": 1000.0, \"precision_price\": 1, \"precision_qty\": 3, \"leverage_brackets\": [{\"bracket\": 1, "
            "\"initialLeverage\": 125, \"notionalCap\": 50000, \"notionalFloor\": 0, \"maintMarginRatio\": 0.004, \"cum\": 0.0}]}, "
            "\"HALFUSDT\": {\"status\": \"TRADING\", \"tick_size\": 0.1}}}"),
        "BINANCE", &copy, &report));
    assert_true(report.taken == 1 && report.refused == 1 && report.saved_ns == INT64_C(1758500000250000000));
    assert_string_equal(report.first_refused, "HALFUSDT");
    assert_string_equal(copy.items[0].base, "BTC");
    assert_dec_equal(copy.items[0].market_step, "0.001");
    const char *broken = "{\"timestamp\": 1, \"symbols\": {\"BTCUSDT\": {}";
    memset(&copy, 0, sizeof copy);
    assert_result(symbol_filters_parse(str_from(broken), "BINANCE", &copy, &report), RESULT_TRUNCATED);
    assert_int_equal(copy.count, 0);
    assert_result(symbol_filters_parse(STR("{\"timestamp\": 1}"), "BINANCE", &copy, &report), RESULT_FIELD_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_come_from_the_filters),
        cmocka_unit_test(a_sick_symbol_is_left_out_alone),
        cmocka_unit_test(brackets_are_numbers_and_join),
        cmocka_unit_test(bars_know_whether_they_are_closed),
        cmocka_unit_test(time_and_mark),
        cmocka_unit_test(control_frames),
        cmocka_unit_test(rules_survive_the_file),
        cmocka_unit_test(files_of_earlier_systems_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
