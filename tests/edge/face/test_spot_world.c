/* test_spot_world.c: spot commands stand in the world's log: a folder opened again while the first world still stands in memory, as
 * after a death, holds the same orders, lists and balances; and a world of another product is refused.
 * shows: VEN-3
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "edge/face/world/market_rules.h"
#include "edge/face/world/world_spot.h"
#include "support/test_support.h"

typedef struct {
    market_source_t source;
    instrument_t rules;
} market_t;

static void make_market(market_t *market, instrument_kind_t kind)
{
    static const market_rules_t none;
    char error[MARKET_ERROR_MAX];
    memset(market, 0, sizeof *market);
    assert_int_equal(market_source_parse("synthetic:BTCUSDT=60000", &market->source, error), RESULT_OK);
    (void)market_rules_find(&none, "BTCUSDT", dec_from_int(60000), &market->rules);
    if (kind == INSTRUMENT_SPOT)
        market_rules_spot(&none, dec_from_int(60000), &market->rules);
    assert_int_equal(market_source_load(&market->source, &market->rules, error), RESULT_OK);
}

static result_t open_world(market_t *market, const char *folder, world_t **world, world_report_t *report)
{
    world_options_t options = {.folder = folder,
                               .seed = 9,
                               .seed_given = true,
                               .start_ns = INT64_C(1767225600) * NS_PER_S,
                               .sources = &market->source,
                               .source_count = 1,
                               .instruments = &market->rules,
                               .snapshot_bytes = 8192}; /* several snapshots on the way */
    return world_open(&options, world, report);
}

static dec_t about(const world_t *world, int64_t per_mille)
{
    dec_t price = venue_last_price(world_venue(world), 0);
    assert_int_equal(dec_mul_div(price, dec_from_int(1000 + per_mille), dec_from_int(1000), DEC_ROUND_DOWN, &price), RESULT_OK);
    assert_int_equal(dec_quantise(price, dec_from_scaled(1, 2), DEC_ROUND_DOWN, &price), RESULT_OK);
    return price;
}

static spot_place_t order_of(const world_t *world, uint32_t side, spot_type_t type, int64_t per_mille)
{
    spot_place_t place;
    memset(&place, 0, sizeof place);
    place.side = side;
    place.type = type;
    place.quantity = dec_from_scaled(1, 3);
    bool waits = type == SPOT_STOP_LOSS || type == SPOT_TAKE_PROFIT;
    place.stop_price = waits ? about(world, per_mille) : DEC_ZERO;
    place.price = waits || type == SPOT_MARKET ? DEC_ZERO : about(world, per_mille);
    return place;
}

/* Every kind of input: orders, an amend, a cancel, lists, settings. */
static void trade_a_while(world_t *world)
{
    uint32_t index = 0, lists = 0;
    assert_int_equal(world_account_ensure(world, "demo", "KEY", STR("USDT"), DEC_ZERO, &index), RESULT_OK);
    for (uint32_t asset = 0; asset < venue_asset_count(world_venue(world)); asset++)
        assert_int_equal(world_spot_transfer(world, 0, (venue_asset_t)asset, dec_from_int(10000)), SPOT_REJECT_NONE);
    assert_int_equal(world_spot_burn_bnb(world, 0, true), RESULT_OK);
    assert_int_equal(world_spot_fees(world, 0, dec_from_scaled(5, 4), dec_from_scaled(75, 5)), RESULT_OK);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(world_advance(world, world_now_ns(world) + 3 * NS_PER_MIN, WORLD_NEW_MOMENT), RESULT_OK);
        spot_place_t market = order_of(world, i % 2 ? VENUE_BUY : VENUE_SELL, SPOT_MARKET, 0);
        spot_place_t limit = order_of(world, VENUE_BUY, SPOT_LIMIT, -20);
        assert_int_equal(world_spot_place(world, &market, NULL).reject, SPOT_REJECT_NONE);
        spot_reply_t placed = world_spot_place(world, &limit, NULL);
        assert_int_equal(placed.reject, SPOT_REJECT_NONE);
        spot_amend_t amend = {.ref = {.id = placed.id}, .quantity = dec_from_scaled(5, 4)};
        assert_int_equal(world_spot_amend(world, &amend, NULL).reject, SPOT_REJECT_NONE);
        if (i % 3 == 0)
            assert_int_equal(world_spot_cancel(world, &amend.ref, NULL).reject, SPOT_REJECT_NONE);
        spot_list_place_t list;
        memset(&list, 0, sizeof list);
        list.kind = SPOT_LIST_OCO;
        list.legs[0] = order_of(world, VENUE_SELL, SPOT_LIMIT_MAKER, 1);
        list.legs[1] = order_of(world, VENUE_SELL, SPOT_STOP_LOSS, -1);
        spot_reply_t listed = world_spot_list_place(world, &list, NULL);
        lists += listed.reject == SPOT_REJECT_NONE;
        spot_ref_t ref = {.instrument = 0, .id = listed.id};
        if (i % 5 == 0 && listed.reject == SPOT_REJECT_NONE)
            assert_int_equal(world_spot_list_cancel(world, &ref, NULL).reject, SPOT_REJECT_NONE);
    }
    assert_true(lists > 10);
}

static void a_restart_finds_the_same_spot_world(void **state)
{
    char folder[TEST_PATH_MAX];
    market_t markets[3];
    world_t *first = NULL, *again = NULL, *other = NULL;
    world_report_t report;
    uint8_t left[32], right[32];
    (void)state;
    test_dir_make(folder);
    make_market(&markets[0], INSTRUMENT_SPOT);
    make_market(&markets[1], INSTRUMENT_SPOT);
    make_market(&markets[2], INSTRUMENT_PERPETUAL);
    assert_int_equal(open_world(&markets[0], folder, &first, &report), RESULT_OK);
    trade_a_while(first);
    assert_int_equal(open_world(&markets[1], folder, &again, &report), RESULT_OK);
    assert_true(report.restored && report.replayed > 0);
    venue_digest(world_venue(first), left);
    venue_digest(world_venue(again), right);
    assert_memory_equal(left, right, sizeof left);
    assert_true(world_account_at(first, 0)->fills > 40);
    assert_int_equal(world_account_at(first, 0)->fills, world_account_at(again, 0)->fills);
    assert_int_equal(open_world(&markets[2], folder, &other, &report), RESULT_BAD_STATE);
    assert_non_null(strstr(report.error, "the markets are not those"));
    world_close(again);
    world_close(first);
    for (size_t i = 0; i < 3; i++)
        market_source_release(&markets[i].source);
    test_dir_remove(folder);
}

static void assert_money(const world_t *world, const world_grant_t *grants)
{
    assert_int_equal(world_account_count(world), 1);
    for (uint32_t i = 0; i < 2; i++) {
        spot_balance_t balance;
        assert_int_equal(spot_balance(world_venue(world), 0, (venue_asset_t)i, &balance), RESULT_OK);
        assert_true(dec_eq(balance.free, grants[i].amount));
    }
}

/* A death between opening an account and paying in what was named for it: one input holds both, and without its last byte there is
 * neither. */
static void an_account_has_all_its_money_or_is_not_there(void **state)
{
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    market_t markets[3];
    world_t *worlds[3] = {NULL};
    world_report_t report;
    world_grant_t grants[2];
    struct stat before, after;
    uint32_t index = 0;
    (void)state;
    test_dir_make(folder);
    for (size_t i = 0; i < 3; i++)
        make_market(&markets[i], INSTRUMENT_SPOT);
    memset(grants, 0, sizeof grants);
    for (uint32_t i = 0; i < 2; i++)
        grants[i] = (world_grant_t){.amount = dec_from_int(7 + i), .asset = i, .wallet = WORLD_SPOT};
    assert_int_equal(open_world(&markets[0], folder, &worlds[0], &report), RESULT_OK);
    snprintf(path, sizeof path, "%s/inputs-000001.log", folder);
    assert_int_equal(stat(path, &before), 0);
    world_grant_t wrong[2] = {grants[0], grants[0]};
    assert_int_equal(world_account_begin(worlds[0], "demo", "KEY", STR("USDT"), DEC_ZERO, wrong, 2, &index),
                     RESULT_NUMBER_OUT_OF_RANGE);
    wrong[0].amount = dec_from_scaled(1, 9);
    assert_int_equal(world_account_begin(worlds[0], "demo", "KEY", STR("USDT"), DEC_ZERO, wrong, 1, &index),
                     RESULT_NUMBER_OUT_OF_RANGE);
    wrong[0].amount = dec_from_int(WORLD_GRANT_MAX + 1);
    assert_int_equal(world_account_begin(worlds[0], "demo", "KEY", STR("USDT"), DEC_ZERO, wrong, 1, &index),
                     RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(world_account_begin(worlds[0], "demo", "KEY", STR("GOLD"), DEC_ZERO, grants, 2, &index), RESULT_NOT_FOUND);
    assert_int_equal(world_account_begin(worlds[0], "demo", "KEY", STR("USDT"), DEC_ZERO, grants, 2, &index), RESULT_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_true(after.st_size > before.st_size);
    assert_money(worlds[0], grants);
    assert_int_equal(open_world(&markets[1], folder, &worlds[1], &report), RESULT_OK);
    assert_money(worlds[1], grants);
    assert_int_equal(truncate(path, after.st_size - 1), 0);
    assert_int_equal(open_world(&markets[2], folder, &worlds[2], &report), RESULT_OK);
    assert_int_equal(world_account_count(worlds[2]), 0);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    for (size_t i = 3; i-- > 0;) {
        world_close(worlds[i]);
        market_source_release(&markets[i].source);
    }
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_restart_finds_the_same_spot_world),
                                       cmocka_unit_test(an_account_has_all_its_money_or_is_not_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
