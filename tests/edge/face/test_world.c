/* test_world.c: the world around the venue: names of market files, the input log, and the way back after an end without warning.
 * shows: VEN-3
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/face/world/market_rules.h"
#include "edge/face/world/world.h"
#include "edge/face/world/world_log.h"
#include "support/test_support.h"

static void symbols_are_read_from_file_names(void **state)
{
    static const struct {
        const char *path, *symbol;
        timeframe_t timeframe;
    } cases[] = {{"market/BINANCE_ETHUSDT_1h.csv.gz", "ETHUSDT", TF_1H},
                 {"/a_USDT/BINANCE_ETH_USDT_4h.csv", "ETHUSDT", TF_4H},
                 {"binance-usdm-xrpusdt-1h-202003-202603.csv.gz", "XRPUSDT", TF_1H},
                 {"coinbase-spot-btcusd-1m-9days.csv.gz", "BTCUSD", TF_1M},
                 {"binance-usdm-btcusdt-20240808.stream.gz", "BTCUSDT", TF_COUNT}};
    char symbol[SYMBOL_TEXT_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(market_symbol_from_path(cases[i].path, symbol), RESULT_OK);
        assert_string_equal(symbol, cases[i].symbol);
        assert_int_equal(market_timeframe_from_path(cases[i].path), cases[i].timeframe);
    }
    assert_int_equal(market_symbol_from_path("history.csv", symbol), RESULT_NOT_FOUND);
    assert_int_equal(market_symbol_from_path("USDT_1h.csv", symbol), RESULT_NOT_FOUND);
}

static void bad_markets_are_named(void **state)
{
    static const char *const bad[] = {"",           "candles",       "candles:",       "candles:history.csv", "stream:",
                                      "synthetic:", "synthetic:X=0", "synthetic:X=-1", "synthetic:X=abc",     "gold:1"};
    market_source_t source = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char error[MARKET_ERROR_MAX] = "";
        assert_int_equal(market_source_parse(bad[i], &source, error), RESULT_MALFORMED);
        assert_true(error[0] != '\0');
    }
    assert_int_equal(source.symbol[0], 0); /* a failed call changes nothing */
}

/* --- the input log ---------------------------------------------------------------------------- */

typedef struct {
    uint32_t count;
    char text[256];
} heard_t;

static result_t hear(void *context, uint32_t type, const void *body, size_t length)
{
    heard_t *heard = context;
    size_t used = strlen(heard->text);
    heard->count++;
    snprintf(heard->text + used, sizeof heard->text - used, "%u:%.*s;", type, (int)length, (const char *)body);
    return RESULT_OK;
}

static void a_torn_end_is_cut_and_damage_is_named(void **state)
{
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16], error[WORLD_LOG_TEXT_MAX] = "", wanted[64];
    heard_t heard = {0};
    world_log_t log = WORLD_LOG_NONE;
    uint64_t cut = 0;
    (void)state;
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/inputs.log", folder);
    assert_int_equal(world_log_open(&log, path, hear, &heard, NULL, error), RESULT_OK);
    assert_int_equal(world_log_append(&log, 3, "one", 3), RESULT_OK);
    assert_int_equal(world_log_append(&log, 4, "four", 4), RESULT_OK);
    uint64_t whole = log.bytes;
    world_log_close(&log);

    for (uint64_t length = whole; length > whole - 15; length--) { /* every length the second record can be torn at */
        heard = (heard_t){0};
        assert_int_equal(truncate(path, (off_t)length), 0);
        assert_int_equal(world_log_open(&log, path, hear, &heard, &cut, error), RESULT_OK);
        assert_int_equal(heard.count, length == whole ? 2 : 1);
        assert_int_equal(cut, length == whole ? 0 : length - 15);
        if (length < whole) {
            assert_string_equal(heard.text, "3:one;");
            assert_int_equal(world_log_append(&log, 4, "four", 4), RESULT_OK);
        }
        world_log_close(&log);
    }
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 13, SEEK_SET), 0);
    assert_int_equal(fputc('X', file), 'X');
    assert_int_equal(fclose(file), 0);
    assert_int_equal(world_log_open(&log, path, hear, &heard, &cut, error), RESULT_CHECKSUM);
    snprintf(wanted, sizeof wanted, "byte 0");
    assert_non_null(strstr(error, wanted));
    assert_non_null(strstr(error, path));
    test_dir_remove(folder);
}

/* --- going on --------------------------------------------------------------------------------- */

typedef struct {
    market_source_t source;
    instrument_t rules;
} market_t;

static void make_market(market_t *market)
{
    static market_rules_t none;
    char error[MARKET_ERROR_MAX];
    *market = (market_t){0};
    assert_int_equal(market_source_parse("synthetic:BTCUSDT=60000", &market->source, error), RESULT_OK);
    (void)market_rules_find(&none, "BTCUSDT", dec_from_int(60000), &market->rules);
    assert_int_equal(market_source_load(&market->source, &market->rules, error), RESULT_OK);
}

static result_t open_world(market_t *market, const char *folder, uint64_t seed, world_t **world, world_report_t *report)
{
    world_options_t options = {.folder = folder,
                               .seed = seed,
                               .seed_given = true,
                               .start_ns = INT64_C(1767225600) * NS_PER_S,
                               .sources = &market->source,
                               .source_count = 1,
                               .instruments = &market->rules,
                               .snapshot_bytes = 4096}; /* several snapshots on the way */
    return world_open(&options, world, report);
}

/* An order amended, and the tier left to what is traded: both are looked back on after a restart. */
static void change_by_hand(world_t *world, venue_account_t account)
{
    venue_place_t place;
    venue_order_t order;
    memset(&place, 0, sizeof place);
    place.account = account;
    place.type = VENUE_LIMIT;
    place.quantity = dec_from_scaled(10, 3);
    dec_t last = venue_last_price(world_venue(world), 0);
    place.price = dec_from_int((int64_t)(last.units / DEC_UNITS_PER_ONE) * 9 / 10);
    assert_int_equal(venue_reject_code(world_place(world, &place, &order).reject), 200);
    venue_amend_t amend;
    memset(&amend, 0, sizeof amend);
    amend.ref = (venue_ref_t){.account = account, .id = order.id};
    amend.quantity = dec_from_scaled(20, 3);
    amend.price = place.price;
    amend.modify_id = 77;
    assert_int_equal(world_amend(world, &amend, NULL).reject, VENUE_REJECT_NONE);
    assert_int_equal(world_fee_tier(world, account, WORLD_TIER_EARNED), RESULT_OK);
    /* What is refused stands in the log too, and is no reason not to come back. */
    assert_int_equal(world_fee_tier(world, account, 99), RESULT_BAD_ARGUMENT);
    assert_int_equal(world_deliver(world, 0, dec_from_scaled(1, 9)), RESULT_BAD_ARGUMENT);
}

static void trade_a_while(world_t *world)
{
    uint32_t index = 0;
    assert_int_equal(world_account_ensure(world, "demo", "KEY", STR("USDT"), dec_from_int(100000), &index), RESULT_OK);
    venue_account_t account = world_account_at(world, index)->account;
    int stops = 0; /* moments that ended early */
    for (int i = 0; i < 60; i++) {
        int64_t to_ns = world_now_ns(world) + 7 * NS_PER_MIN;
        assert_int_equal(world_advance(world, to_ns, i % 4 == 0 ? WORLD_NEW_MOMENT : WORLD_MOMENT_TO_EVENT), RESULT_OK);
        stops += world_now_ns(world) < to_ns;
        if (i == 0)
            change_by_hand(world, account);
        assert_true(world_now_ns(world) == to_ns || (i % 4 != 0 && world_now_ns(world) > to_ns - 7 * NS_PER_MIN));
        venue_place_t place;
        memset(&place, 0, sizeof place);
        place.account = account;
        place.side = i % 3 == 0 ? VENUE_SELL : VENUE_BUY;
        place.type = VENUE_MARKET;
        place.quantity = dec_from_scaled(10 + i, 3);
        (void)world_place(world, &place, NULL);
        place.type = VENUE_LIMIT; /* one that rests a little way off, so that moments end at its fill */
        place.tif = VENUE_GTC;
        dec_t last = venue_last_price(world_venue(world), 0);
        int64_t whole = (int64_t)(last.units / DEC_UNITS_PER_ONE);
        place.price = dec_from_int(place.side == VENUE_BUY ? whole - whole / 1000 : whole + whole / 1000);
        (void)world_place(world, &place, NULL);
    }
    assert_true(stops > 3);
    assert_int_equal(world_listen_key_set(world, account, WORLD_SPOT, STR("abc"), 5), RESULT_OK);
}

static void assert_same(const world_t *a, const world_t *b)
{
    uint8_t left[32], right[32];
    venue_digest(world_venue(a), left);
    venue_digest(world_venue(b), right);
    assert_memory_equal(left, right, sizeof left);
    const world_account_t *x = world_account_at(a, 0), *y = world_account_at(b, 0);
    assert_true(dec_eq(x->realised, y->realised) && dec_eq(x->fees, y->fees) && dec_eq(x->funding, y->funding));
    assert_int_equal(x->fills, y->fills);
    assert_string_equal(x->listen_keys[WORLD_SPOT].text, "abc");
    assert_string_equal(x->listen_keys[WORLD_SPOT].text, y->listen_keys[WORLD_SPOT].text);
    assert_string_equal(x->listen_keys[WORLD_FUTURES].text, "");
    assert_int_equal(world_moment(a), world_moment(b));
}

/* The folder is opened a second time while the first world still stands in memory: as after a death without a last snapshot. */
static void a_restart_finds_the_same_world(void **state)
{
    char folder[TEST_PATH_MAX];
    market_t markets[4];
    world_t *first = NULL, *again = NULL, *ephemeral = NULL, *other = NULL;
    world_report_t report;
    (void)state;
    test_dir_make(folder);
    for (size_t i = 0; i < 4; i++)
        make_market(&markets[i]);
    assert_int_equal(open_world(&markets[0], folder, 9, &first, &report), RESULT_OK);
    assert_false(report.restored);
    trade_a_while(first);
    assert_int_equal(open_world(&markets[1], folder, 9, &again, &report), RESULT_OK);
    assert_true(report.restored);
    assert_same(first, again);
    venue_change_t change;
    assert_int_equal(venue_changes(world_venue(again), 0, &change, 1), 1);
    assert_int_equal(change.modify_id, 77);
    assert_true(dec_eq(change.quantity_before, dec_from_scaled(10, 3)) && dec_eq(change.quantity_after, dec_from_scaled(20, 3)));
    assert_int_equal(open_world(&markets[2], NULL, 9, &ephemeral, &report), RESULT_OK);
    trade_a_while(ephemeral);
    assert_same(first, ephemeral); /* one seed, one run, with or without a folder */
    assert_int_equal(open_world(&markets[3], folder, 10, &other, &report), RESULT_BAD_STATE);
    assert_non_null(strstr(report.error, "seed 9"));
    world_close(again);
    world_close(first);
    world_close(ephemeral);
    for (size_t i = 0; i < 4; i++)
        market_source_release(&markets[i].source);
    test_dir_remove(folder);
}

/* The newest snapshot without the inputs that followed it is an older world: said, and gone on from only when somebody asks for it.
 */
static void a_lost_input_log_is_told(void **state)
{
    char folder[TEST_PATH_MAX], pattern[TEST_PATH_MAX + 16];
    market_t markets[3];
    world_t *first = NULL, *again = NULL;
    world_report_t report;
    glob_t logs;
    (void)state;
    test_dir_make(folder);
    for (size_t i = 0; i < 3; i++)
        make_market(&markets[i]);
    assert_int_equal(open_world(&markets[0], folder, 9, &first, &report), RESULT_OK);
    trade_a_while(first);
    snprintf(pattern, sizeof pattern, "%s/inputs-*.log", folder);
    assert_int_equal(glob(pattern, 0, NULL, &logs), 0);
    assert_int_equal(logs.gl_pathc, 1); /* that of the snapshot before is gone */
    assert_int_equal(unlink(logs.gl_pathv[0]), 0);
    assert_int_equal(open_world(&markets[1], folder, 9, &again, &report), RESULT_BAD_STATE);
    assert_non_null(strstr(report.error, logs.gl_pathv[0]));
    assert_non_null(strstr(report.error, "is missing"));
    assert_int_equal(access(logs.gl_pathv[0], F_OK), -1); /* nothing was made in its place */
    FILE *empty = fopen(logs.gl_pathv[0], "w");
    assert_non_null(empty);
    (void)fclose(empty);
    assert_int_equal(open_world(&markets[2], folder, 9, &again, &report), RESULT_OK);
    assert_true(report.restored && report.replayed == 0);
    globfree(&logs);
    world_close(again);
    world_close(first);
    for (size_t i = 0; i < 3; i++)
        market_source_release(&markets[i].source);
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_are_read_from_file_names),
        cmocka_unit_test(bad_markets_are_named),
        cmocka_unit_test(a_torn_end_is_cut_and_damage_is_named),
        cmocka_unit_test(a_restart_finds_the_same_world),
        cmocka_unit_test(a_lost_input_log_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
