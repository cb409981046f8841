/* test_instrument.c: rules are checked on entry; ten spellings of a symbol are one instrument.
 * shows: MKT-5, MKT-8
 */
#include "support/test_support.h"

#include <stdio.h>
#include <string.h>

#include "core/market/instrument.h"

static instrument_table_t table; /* large: not for the stack */

static instrument_t make(const char *venue, const char *symbol, const char *base, const char *quote, instrument_kind_t kind)
{
    instrument_t instrument = {
        .kind = kind,
        .status = INSTRUMENT_TRADING,
        .tick_size = test_dec("0.1"),
        .lot_step = test_dec("0.001"),
        .quantity_min = test_dec("0.001"),
        .quantity_max = test_dec("1000"),
        .notional_min = test_dec("5"),
        .contract_size = DEC_ONE,
    };
    (void)snprintf(instrument.venue, sizeof instrument.venue, "%s", venue);
    (void)snprintf(instrument.symbol, sizeof instrument.symbol, "%s", symbol);
    (void)snprintf(instrument.base, sizeof instrument.base, "%s", base);
    (void)snprintf(instrument.quote, sizeof instrument.quote, "%s", quote);
    (void)snprintf(instrument.settle, sizeof instrument.settle, "%s", quote);
    return instrument;
}

static instrument_id_t put(const char *venue, const char *symbol, const char *base, const char *quote, instrument_kind_t kind)
{
    instrument_t instrument = make(venue, symbol, base, quote, kind);
    instrument_id_t id = INSTRUMENT_NONE;
    assert_ok(instrument_table_put(&table, &instrument, &id));
    return id;
}

static int clear(void **state)
{
    (void)state;
    memset(&table, 0, sizeof table);
    return 0;
}

static void ten_spellings_are_one_instrument(void **state)
{
    (void)state;
    (void)put("BINANCE", "ETHUSDT", "ETH", "USDT", INSTRUMENT_PERPETUAL);
    instrument_id_t btc = put("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    static const char *const spellings[] = {
        "BTCUSDT",
        "btcusdt",
        "BTC/USDT",
        "BTC/USDT:USDT",
        "BINANCE_BTC_USDT",
        "BTC-USDT",
        "BTC_USDT",
        "BINANCE:BTCUSDT",
        "BINANCE_BTC_USDT_PERP",
        "BTCUSDT.P",
        "BTC-USDT-SWAP",
        "BINANCE:BTCUSDT.P",
        "binance_btc_usdt",
        "Binance-BTC-USDT-PERPETUAL",
        "BTCUSDT_PERP",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (instrument_find(&table, str_from(spellings[i])) != btc) {
            print_error("%s is not found\n", spellings[i]);
            fail();
        }
    }
}

static void other_texts_are_none(void **state)
{
    (void)state;
    (void)put("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    static const char *const others[] = {
        "",
        "BTC",
        "USDT",
        "BTCUSD",
        "BTC/USDC",
        "BTC//USDT",
        "/BTCUSDT",
        "BTCUSDT/",
        "KRAKEN_BTC_USDT",
        "BTCUSDT.Q",
        "BTC_USDT_PERP_X",
        "USDT/BTC",
        "BTC/USDT:BTC",
        "BINANCE",
        "BINANCE_",
        "BTCUSDT USDT",
        "BTC USDT",
        "BTC_USDT_260327",
        "A_B_C_D_E_F_G",
        "BINANCE_BINANCE_BTC_USDT",
        "BTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDTBTCUSDT",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (instrument_find(&table, str_from(others[i])) != INSTRUMENT_NONE) {
            print_error("%s is found\n", others[i]);
            fail();
        }
    }
}

static void spot_and_derivatives_of_one_pair_stay_apart(void **state)
{
    (void)state;
    instrument_id_t perpetual = put("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    char text[UNIFIED_TEXT_MAX];
    instrument_unified(&table, perpetual, text);
    assert_string_equal(text, "BINANCE_BTC_USDT"); /* no suffix where nothing collides */

    instrument_id_t spot = put("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_SPOT);
    instrument_id_t delivery = put("BINANCE", "BTCUSDT_260327", "BTC", "USDT", INSTRUMENT_DELIVERY);
    instrument_id_t elsewhere = put("BYBIT", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    assert_int_equal(instrument_find(&table, STR("BTCUSDT")), INSTRUMENT_NONE);
    assert_int_equal(instrument_find_symbol(&table, STR("BTCUSDT")), INSTRUMENT_NONE);
    assert_int_equal(instrument_find(&table, STR("BTC/USDT")), spot); /* as everybody writes it */
    assert_int_equal(instrument_find(&table, STR("BINANCE_BTC_USDT")), spot);
    assert_int_equal(instrument_find(&table, STR("BINANCE:BTCUSDT.P")), perpetual);
    assert_int_equal(instrument_find(&table, STR("BINANCE_BTC_USDT_PERP")), perpetual);
    assert_int_equal(instrument_find(&table, STR("BTC_USDT_PERP")), INSTRUMENT_NONE); /* two venues */
    assert_int_equal(instrument_find(&table, STR("BYBIT:BTCUSDT")), elsewhere);
    assert_int_equal(instrument_find(&table, STR("btcusdt_260327")), delivery);

    static const char *const unified[] = {"BINANCE_BTC_USDT_PERP", "BINANCE_BTC_USDT", "BINANCE_BTC_USDT_260327", "BYBIT_BTC_USDT"};
    for (instrument_id_t id = 0; id < table.count; id++) {
        instrument_unified(&table, id, text);
        assert_string_equal(text, unified[id]);
        assert_int_equal(instrument_find(&table, str_from(text)), id);
    }
}

static void names_beyond_ascii_and_with_separators_work(void **state)
{
    (void)state;
    instrument_id_t exotic =
        put("BINANCE", "\xE5\xB8\x81\xE5\xAE\x89USDT", "\xE5\xB8\x81\xE5\xAE\x89", "USDT", INSTRUMENT_PERPETUAL);
    instrument_id_t kraken = put("KRAKEN", "PF_XBTUSD", "BTC", "USD", INSTRUMENT_PERPETUAL);
    assert_int_equal(instrument_find(&table, STR("\xE5\xB8\x81\xE5\xAE\x89USDT")), exotic);
    assert_int_equal(instrument_find(&table, STR("PF_XBTUSD")), kraken);
    assert_int_equal(instrument_find(&table, STR("KRAKEN_BTC_USD")), kraken);
    assert_int_equal(instrument_find(&table, STR("BTC/USD:USD")), kraken);
}

static void an_index_never_changes(void **state)
{
    (void)state;
    instrument_id_t first = put("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    instrument_id_t second = put("BINANCE", "ETHUSDT", "ETH", "USDT", INSTRUMENT_PERPETUAL);
    instrument_t changed = make("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    changed.tick_size = test_dec("0.01");
    changed.status = INSTRUMENT_HALTED;
    instrument_id_t again = INSTRUMENT_NONE;
    assert_ok(instrument_table_put(&table, &changed, &again));
    assert_int_equal(again, first);
    assert_int_equal(table.count, 2);
    assert_dec_equal(instrument_table_at(&table, first)->tick_size, "0.01");
    assert_string_equal(instrument_table_at(&table, second)->symbol, "ETHUSDT");
    assert_null(instrument_table_at(&table, 2));
    assert_null(instrument_table_at(&table, INSTRUMENT_NONE));
}

static void the_table_is_bounded(void **state)
{
    (void)state;
    for (unsigned i = 0; i < INSTRUMENT_MAX; i++) {
        char base[ASSET_TEXT_MAX], symbol[SYMBOL_TEXT_MAX];
        (void)snprintf(base, sizeof base, "C%u", i);
        (void)snprintf(symbol, sizeof symbol, "C%uUSDT", i);
        assert_int_equal(put("BINANCE", symbol, base, "USDT", INSTRUMENT_PERPETUAL), i);
    }
    instrument_t one_more = make("BINANCE", "ONEUSDT", "ONE", "USDT", INSTRUMENT_PERPETUAL);
    instrument_id_t id = 77;
    assert_result(instrument_table_put(&table, &one_more, &id), RESULT_FULL);
    assert_int_equal(id, 77);
    assert_int_equal(table.count, INSTRUMENT_MAX);
    assert_int_equal(instrument_find_symbol(&table, STR("c1023usdt")), 1023);
    assert_int_equal(instrument_find_symbol(&table, STR("C1024USDT")), INSTRUMENT_NONE);
}

typedef void spoil_t(instrument_t *instrument);
static void no_tick(instrument_t *i)
{
    i->tick_size = DEC_ZERO;
}
static void no_step(instrument_t *i)
{
    i->lot_step = test_dec("-0.1");
}
static void no_contract(instrument_t *i)
{
    i->contract_size = DEC_ZERO;
}
static void quantities_cross(instrument_t *i)
{
    i->quantity_min = test_dec("2000");
}
static void prices_cross(instrument_t *i)
{
    i->price_min = test_dec("2"), i->price_max = test_dec("1");
}
static void bands_cross(instrument_t *i)
{
    i->band_down = test_dec("1.05"), i->band_up = test_dec("0.95");
}
static void market_negative(instrument_t *i)
{
    i->market_step = test_dec("-1");
}
static void notional_negative(instrument_t *i)
{
    i->notional_min = test_dec("-1");
}
static void kind_unknown(instrument_t *i)
{
    i->kind = (instrument_kind_t)7;
}
static void too_many_brackets(instrument_t *i)
{
    i->bracket_count = INSTRUMENT_BRACKETS_MAX + 1;
}
static void delivery_without_date(instrument_t *i)
{
    i->kind = INSTRUMENT_DELIVERY;
}

static void set_brackets(instrument_t *i, const char *cap_0, const char *floor_1, const char *rate_1, uint32_t leverage_1)
{
    i->bracket_count = 2;
    i->brackets[0] = (leverage_bracket_t){125, DEC_ZERO, test_dec(cap_0), test_dec("0.004"), DEC_ZERO};
    i->brackets[1] = (leverage_bracket_t){leverage_1, test_dec(floor_1), test_dec("250000"), test_dec(rate_1), test_dec("50")};
}

static void brackets_with_hole(instrument_t *i)
{
    set_brackets(i, "50000", "60000", "0.005", 100);
}
static void brackets_overlap(instrument_t *i)
{
    set_brackets(i, "50000", "40000", "0.005", 100);
}
static void bracket_of_all(instrument_t *i)
{
    set_brackets(i, "50000", "50000", "1", 100);
}
static void bracket_unleveraged(instrument_t *i)
{
    set_brackets(i, "50000", "50000", "0.005", 0);
}
static void bracket_backwards(instrument_t *i)
{
    set_brackets(i, "0", "0", "0.005", 100);
}

static void rules_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    static spoil_t *const spoils[] = {
        no_tick,          no_step,           no_contract,         quantities_cross,  prices_cross,          bands_cross,
        market_negative,  notional_negative, kind_unknown,        too_many_brackets, delivery_without_date, brackets_with_hole,
        brackets_overlap, bracket_of_all,    bracket_unleveraged, bracket_backwards,
    };
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        instrument_t instrument = make("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
        instrument_id_t id = 77;
        spoils[i](&instrument);
        assert_result(instrument_table_put(&table, &instrument, &id), RESULT_BAD_ARGUMENT);
        assert_int_equal(id, 77);
        assert_int_equal(table.count, 0);
    }
}

static void names_that_could_break_a_file_or_a_line_are_refused(void **state)
{
    (void)state;
    static const char *const symbols[] = {"BTC USDT", "BTC\"USDT", "BTC\nUSDT", "BTC\\USDT", "BTC;USDT", "BTC,USDT", "BTC\x7FUSDT"};
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        instrument_t instrument = make("BINANCE", symbols[i], "BTC", "USDT", INSTRUMENT_PERPETUAL);
        assert_result(instrument_check(&instrument), RESULT_TEXT_BAD_CHARACTER);
    }
    instrument_t nameless = make("BINANCE", "", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    assert_result(instrument_check(&nameless), RESULT_TEXT_EMPTY);
    instrument_t endless = make("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    memset(endless.symbol, 'A', sizeof endless.symbol); /* no NUL */
    assert_result(instrument_check(&endless), RESULT_TEXT_TOO_LONG);
    instrument_t split = make("BINANCE", "BTCUSDT", "B-TC", "USDT", INSTRUMENT_PERPETUAL);
    assert_result(instrument_check(&split), RESULT_TEXT_BAD_CHARACTER);
}

static void brackets_are_found_by_notional(void **state)
{
    (void)state;
    instrument_t instrument = make("BINANCE", "BTCUSDT", "BTC", "USDT", INSTRUMENT_PERPETUAL);
    assert_null(instrument_bracket(&instrument, DEC_ONE));
    set_brackets(&instrument, "50000", "50000", "0.005", 100);
    assert_ok(instrument_check(&instrument));
    assert_int_equal(instrument_bracket(&instrument, DEC_ZERO)->leverage_max, 125);
    assert_int_equal(instrument_bracket(&instrument, test_dec("49999.999999999999999999"))->leverage_max, 125);
    assert_int_equal(instrument_bracket(&instrument, test_dec("50000"))->leverage_max, 100);
    assert_int_equal(instrument_bracket(&instrument, test_dec("250000"))->leverage_max, 100);
    assert_null(instrument_bracket(&instrument, test_dec("250000.000000000000000001")));
    assert_null(instrument_bracket(&instrument, test_dec("-1")));
}

static void every_status_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(instrument_status_text(INSTRUMENT_PENDING), "pending");
    assert_string_equal(instrument_status_text(INSTRUMENT_TRADING), "trading");
    assert_string_equal(instrument_status_text(INSTRUMENT_HALTED), "halted");
    assert_string_equal(instrument_status_text(INSTRUMENT_CLOSED), "closed");
    assert_string_equal(instrument_status_text(INSTRUMENT_UNKNOWN), "unknown");
}

static void long_names_still_have_a_unified_form(void **state)
{
    (void)state;
    (void)put("VENUEOFFIFTEENX", "S1", "BASEOFFIFTEENXX", "QUOTEFIFTEENXXX", INSTRUMENT_SPOT);
    (void)put("VENUEOFFIFTEENX", "S2", "BASEOFFIFTEENXX", "QUOTEFIFTEENXXX", INSTRUMENT_PERPETUAL);
    (void)put("VENUEOFFIFTEENX", "S3_DATEOFFIFTEENXX", "BASEOFFIFTEENXX", "QUOTEFIFTEENXXX", INSTRUMENT_DELIVERY);
    for (instrument_id_t id = 0; id < 3; id++) {
        char text[UNIFIED_TEXT_MAX];
        instrument_unified(&table, id, text);
        assert_int_equal(instrument_find(&table, str_from(text)), id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ten_spellings_are_one_instrument, clear),
        cmocka_unit_test_setup(other_texts_are_none, clear),
        cmocka_unit_test_setup(spot_and_derivatives_of_one_pair_stay_apart, clear),
        cmocka_unit_test_setup(names_beyond_ascii_and_with_separators_work, clear),
        cmocka_unit_test_setup(an_index_never_changes, clear),
        cmocka_unit_test_setup(the_table_is_bounded, clear),
        cmocka_unit_test_setup(rules_that_contradict_themselves_are_refused, clear),
        cmocka_unit_test_setup(names_that_could_break_a_file_or_a_line_are_refused, clear),
        cmocka_unit_test_setup(brackets_are_found_by_notional, clear),
        cmocka_unit_test_setup(every_status_has_a_word, clear),
        cmocka_unit_test_setup(long_names_still_have_a_unified_form, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
