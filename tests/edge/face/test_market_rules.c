/* test_market_rules.c: a file of trading rules is taken whole, or refused by line, symbol and field. shows: VEN-3, VEN-5, I20 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/face/world/market_rules.h"

#define HEAD  "{\"symbols\":{\n\"BTCUSDT\":{\n"
#define STEPS "\"tick_size\":\"0.1\",\n\"step_size\":0.001,\n"
#define FIRST                                                                                                                      \
    "{\"bracket\":1,\"initialLeverage\":100,\"notionalFloor\":0,\"notionalCap\":50000,\"maintMarginRatio\":0.004,\"cum\":0}"
#define SECOND                                                                                                                     \
    "{\"bracket\":2,\"initialLeverage\":50,\"notionalFloor\":50000,\"notionalCap\":90000,\"maintMarginRatio\":0.01,\"cum\":300.0}"
#define BRACKETS "\"leverage_brackets\":[\n" FIRST ",\n" SECOND "]"
#define TAIL     "}}}\n"

static market_rules_t rules;
static char error[RULES_ERROR_MAX];

static result_t read_text(const char *text)
{
    char path[] = "/tmp/patriot-rules-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    size_t length = strlen(text);
    assert_int_equal(write(descriptor, text, length), (ssize_t)length);
    assert_int_equal(close(descriptor), 0);
    result_t result = market_rules_read(path, &rules, error);
    unlink(path);
    if (result != RESULT_OK)
        assert_ptr_equal(strstr(error, path), error);
    return result;
}

static void refused(const char *text, const char *where_and_what)
{
    assert_int_not_equal(read_text(text), RESULT_OK);
    if (!strstr(error, where_and_what))
        fail_msg("\"%s\" does not say \"%s\"", error, where_and_what);
}

static dec_t num(const char *text)
{
    dec_t value = DEC_ZERO;
    assert_int_equal(dec_parse(text, strlen(text), &value), RESULT_OK);
    return value;
}

static void whole_files_are_taken(void **state)
{
    (void)state;
    instrument_t found;
    assert_int_equal(read_text(HEAD STEPS "\"min_qty\":1,\"status\":\"TRADING\",\"funding_interval_hours\":4,\n" BRACKETS "}},\n"
                                          "\"spot\":{\"BTCUSDT\":{\"tick_size\":0.05,\"step_size\":0.002}},\"note\":[1]}"),
                     RESULT_OK);
    assert_true(market_rules_find(&rules, "BTCUSDT", num("60000"), &found));
    assert_int_equal(found.bracket_count, 2);
    assert_int_equal(found.funding_hours, 4);
    assert_true(dec_eq(found.market_quantity_min, DEC_ONE) && dec_eq(found.notional_min, dec_from_int(100)));
    market_rules_spot(&rules, num("60000"), &found);
    assert_true(dec_eq(found.tick_size, num("0.05")) && dec_eq(found.lot_step, num("0.002")));
}

static void what_contradicts_itself_is_refused_by_line(void **state)
{
    (void)state;
    refused(HEAD STEPS "\"status\":1}}}", ":2: BTCUSDT: leverage_brackets are missing");
    refused(HEAD "\"tick_size\":1," BRACKETS TAIL, ":2: BTCUSDT: step_size is missing");
    refused(HEAD "\n\"tick_size\":0," BRACKETS TAIL, ":4: BTCUSDT: tick_size must be above 0");
    refused(HEAD STEPS "\"tickSize\":1," BRACKETS TAIL, ":5: BTCUSDT: \"tickSize\" is not known here");
    refused(HEAD STEPS "\"tick_size\":1," BRACKETS TAIL, ":5: BTCUSDT: \"tick_size\" stands there twice");
    refused(HEAD STEPS "\"min_notional\":-5," BRACKETS TAIL, ":5: BTCUSDT: min_notional must be 0 or more");
    refused(HEAD STEPS "\"min_qty\":0.000000001," BRACKETS TAIL, ":5: BTCUSDT: min_qty has more than 8 digits");
    refused(HEAD STEPS "\"max_price\":5,\n\"min_price\":6," BRACKETS TAIL, ":6: BTCUSDT: min_price is above max_price");
    refused(HEAD STEPS "\"min_qty\":5,\n\"market_max_qty\":4," BRACKETS TAIL, ":6: BTCUSDT: min_qty is above market_max_qty");
    refused(HEAD STEPS "\"funding_interval_hours\":5," BRACKETS TAIL, ":5: BTCUSDT: funding_interval_hours must divide a day");
    refused(HEAD STEPS "\"max_qty\":null," BRACKETS TAIL, ":5: BTCUSDT: a number is expected here");
    refused(HEAD STEPS BRACKETS "},\n\"BTCUSDT\":{" STEPS BRACKETS TAIL, ":8: BTCUSDT: the symbol stands there twice");
    refused("{\"symbols\":{\"BTCWON\":{" STEPS BRACKETS TAIL, ":1: BTCWON: its name does not end in a quote currency");
    refused("{\"spot\":{\"BTCUSDT\":{" STEPS BRACKETS TAIL, "spot BTCUSDT: \"leverage_brackets\" is not known here");
    refused(HEAD STEPS BRACKETS "}}\n", ":8: ");
    refused("{\"note\":1}", ":1: no rules in it");
    refused("[]", ":1: an object is expected here");
}

/* The exchange's own table: no gap, leverage falls, rates rise, and maintenance margin does not jump. */
static void brackets_follow_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *was, *is, *said;
    } flaws[] = {
        {"\"notionalFloor\":50000", "\"notionalFloor\":50001", ":7: BTCUSDT: bracket 2: notionalFloor must be the notionalCap"},
        {"\"notionalFloor\":0", "\"notionalFloor\":1", ":6: BTCUSDT: bracket 1: notionalFloor must be 0"},
        {"\"notionalCap\":90000", "\"notionalCap\":50000", ":7: BTCUSDT: bracket 2: notionalCap must be above"},
        {"\"initialLeverage\":50", "\"initialLeverage\":101", ":7: BTCUSDT: bracket 2: initialLeverage rises"},
        {"\"initialLeverage\":50", "\"initialLeverage\":0", ":7: BTCUSDT: initialLeverage must be from 1"},
        {"\"maintMarginRatio\":0.01", "\"maintMarginRatio\":0.001", ":7: BTCUSDT: bracket 2: maintMarginRatio falls"},
        {"\"maintMarginRatio\":0.01", "\"maintMarginRatio\":1", ":7: BTCUSDT: bracket 2: maintMarginRatio is a fraction"},
        {"\"cum\":300.0", "\"cum\":299", ":7: BTCUSDT: bracket 2: cum must be that of"},
        {"\"cum\":0", "\"cum\":1", ":6: BTCUSDT: bracket 1: cum must be 0"},
        {",\"cum\":300.0", "", ":7: BTCUSDT: a leverage bracket without cum"},
        {"\"cum\":300.0", "\"cum\":300,\"coef\":1", ":7: BTCUSDT: a leverage bracket has no \"coef\""},
    };
    static const char good[] = HEAD STEPS BRACKETS TAIL;
    assert_int_equal(read_text(good), RESULT_OK);
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        char text[sizeof good + 32];
        const char *at = strstr(good, flaws[i].was);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, flaws[i].is, at + strlen(flaws[i].was));
        refused(text, flaws[i].said);
    }
}

/* A symbol priced in anything but dollars has a base, a quote, and orders of some five dollars. */
static void quotes_beside_the_dollar(void **state)
{
    (void)state;
    static const struct {
        const char *symbol, *base, *quote, *notional_min;
    } rows[] = {{"ETHBTC", "ETH", "BTC", "0.0001"}, {"BNBETH", "BNB", "ETH", "0.001"}, {"BTCFDUSD", "BTC", "FDUSD", "5"},
                {"BTCTUSD", "BTC", "TUSD", "5"},    {"TUSDT", "T", "USDT", "5"},       {"EURUSDT", "EUR", "USDT", "5"},
                {"BTCEUR", "BTC", "EUR", "5"},      {"USDCUSDT", "USDC", "USDT", "5"}};
    static const market_rules_t none;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        instrument_t made;
        assert_false(market_rules_find(&none, rows[i].symbol, num("0.04"), &made));
        market_rules_spot(&none, num("0.04"), &made);
        assert_string_equal(made.base, rows[i].base);
        assert_string_equal(made.quote, rows[i].quote);
        assert_true(dec_eq(made.notional_min, num(rows[i].notional_min)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files_are_taken),
        cmocka_unit_test(what_contradicts_itself_is_refused_by_line),
        cmocka_unit_test(brackets_follow_each_other),
        cmocka_unit_test(quotes_beside_the_dollar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
