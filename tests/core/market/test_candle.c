/* test_candle.c: what a bar must look like, and longer bars from shorter ones and from trades: gaps, quiet bars, weeks, months.
 * shows: MKT-3, MKT-4, I10
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/time.h"
#include "core/market/candle.h"

static int64_t at(const char *text)
{
    int64_t time_ns = 0;
    assert_ok(time_parse(text, strlen(text), &time_ns));
    return time_ns;
}

static candle_t traded(int64_t open_ns, const char *open, const char *high, const char *low, const char *close, const char *volume)
{
    return (candle_t){
        .open_ns = open_ns,
        .open = test_dec(open),
        .high = test_dec(high),
        .low = test_dec(low),
        .close = test_dec(close),
        .volume = test_dec(volume),
        .quote_volume = test_dec("10"),
        .trades = 2,
        .state = CANDLE_TRADED,
        .closed = true,
    };
}

static candle_t quiet(int64_t open_ns, const char *price)
{
    candle_t candle = traded(open_ns, price, price, price, price, "0");
    candle.quote_volume = DEC_ZERO;
    candle.trades = 0;
    candle.state = CANDLE_QUIET;
    return candle;
}

static void assert_bar(const candle_t *bar, const char *open, const char *high, const char *low, const char *close,
                       const char *volume)
{
    assert_dec_equal(bar->open, open);
    assert_dec_equal(bar->high, high);
    assert_dec_equal(bar->low, low);
    assert_dec_equal(bar->close, close);
    assert_dec_equal(bar->volume, volume);
    assert_true(bar->closed);
}

static void bars_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const int64_t open_ns = at("2024-08-08T12:00:00Z");
    candle_t good = traded(open_ns, "10", "12", "9", "11", "5");
    assert_ok(candle_check(&good, TF_1H));
    assert_ok(candle_check(&good, TF_4H));
    assert_result(candle_check(&good, TF_8H), RESULT_TIME_MALFORMED);
    candle_t off = good;
    off.open_ns += 1;
    assert_result(candle_check(&off, TF_1H), RESULT_TIME_MALFORMED);
    off.open_ns = -NS_PER_HOUR;
    assert_result(candle_check(&off, TF_1H), RESULT_TIME_MALFORMED);

    static const struct {
        const char *open, *high, *low, *close, *volume;
        result_t result;
    } rows[] = {
        {"0", "12", "9", "11", "5", RESULT_NUMBER_OUT_OF_RANGE},
        {"10", "0", "9", "11", "5", RESULT_NUMBER_OUT_OF_RANGE},
        {"10", "12", "-9", "11", "5", RESULT_NUMBER_OUT_OF_RANGE},
        {"10", "12", "9", "0", "5", RESULT_NUMBER_OUT_OF_RANGE},
        {"10", "12", "9", "11", "-5", RESULT_NUMBER_OUT_OF_RANGE},
        {"13", "12", "9", "11", "5", RESULT_MALFORMED},
        {"10", "12", "9", "13", "5", RESULT_MALFORMED},
        {"8", "12", "9", "11", "5", RESULT_MALFORMED},
        {"10", "12", "9", "8", "5", RESULT_MALFORMED},
        {"10", "8", "9", "10", "5", RESULT_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        candle_t bad = traded(open_ns, rows[i].open, rows[i].high, rows[i].low, rows[i].close, rows[i].volume);
        assert_result(candle_check(&bad, TF_1H), rows[i].result);
    }
    candle_t negative_quote = good;
    negative_quote.quote_volume = test_dec("-1");
    assert_result(candle_check(&negative_quote, TF_1H), RESULT_NUMBER_OUT_OF_RANGE);

    candle_t silent = quiet(open_ns, "10");
    assert_ok(candle_check(&silent, TF_1H));
    silent.trades = 1;
    assert_result(candle_check(&silent, TF_1H), RESULT_MALFORMED);
    candle_t moved = quiet(open_ns, "10");
    moved.high = test_dec("11");
    assert_result(candle_check(&moved, TF_1H), RESULT_MALFORMED);
    candle_t priceless = quiet(open_ns, "0");
    assert_result(candle_check(&priceless, TF_1H), RESULT_NUMBER_OUT_OF_RANGE);
    candle_t missing = {.open_ns = open_ns, .state = CANDLE_MISSING};
    assert_ok(candle_check(&missing, TF_1H));
    missing.state = (candle_state_t)9;
    assert_result(candle_check(&missing, TF_1H), RESULT_UNKNOWN_VALUE);
}

static void only_what_divides_is_aggregated(void **state)
{
    (void)state;
    static const struct {
        timeframe_t from, to;
        result_t result;
    } rows[] = {
        {TF_1H, TF_4H, RESULT_OK},
        {TF_1H, TF_8H, RESULT_OK},
        {TF_4H, TF_8H, RESULT_OK},
        {TF_4H, TF_1D, RESULT_OK},
        {TF_1D, TF_1W, RESULT_OK},
        {TF_8H, TF_1W, RESULT_OK},
        {TF_1D, TF_1MO, RESULT_OK},
        {TF_12H, TF_3D, RESULT_OK},
        {TF_1M, TF_1MO, RESULT_OK},
        {TF_4H, TF_1H, RESULT_BAD_ARGUMENT},
        {TF_1H, TF_1H, RESULT_BAD_ARGUMENT},
        {TF_6H, TF_8H, RESULT_BAD_ARGUMENT},
        {TF_8H, TF_12H, RESULT_BAD_ARGUMENT},
        {TF_3D, TF_1W, RESULT_BAD_ARGUMENT},
        {TF_1W, TF_1MO, RESULT_BAD_ARGUMENT},
        {TF_3D, TF_1MO, RESULT_BAD_ARGUMENT},
        {TF_COUNT, TF_1D, RESULT_BAD_ARGUMENT},
        {TF_1H, TF_COUNT, RESULT_BAD_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        aggregate_t aggregate;
        assert_result(aggregate_init(&aggregate, rows[i].from, rows[i].to), rows[i].result);
    }
}

static void eight_hours_come_from_eight_single_ones(void **state)
{
    (void)state;
    static const char *const rows[8][5] = {
        {"100", "105", "99", "104", "1"}, {"104", "110", "103", "108", "2"}, {"108", "109", "101", "102", "3"},
        {"102", "103", "95", "96", "4"},  {"96", "97", "90", "91", "5"},     {"91", "99", "91", "98", "6"},
        {"98", "98", "97", "97", "7"},    {"97", "100", "96", "99", "8"},
    };
    aggregate_t aggregate;
    candle_t bar = {0};
    assert_ok(aggregate_init(&aggregate, TF_1H, TF_8H));
    int64_t start = at("2024-08-08T08:00:00Z");
    for (int i = 0; i < 8; i++) {
        candle_t part = traded(start + i * NS_PER_HOUR, rows[i][0], rows[i][1], rows[i][2], rows[i][3], rows[i][4]);
        assert_int_equal(aggregate_push(&aggregate, &part, &bar), i == 7);
    }
    assert_bar(&bar, "100", "110", "90", "99", "36");
    assert_dec_equal(bar.quote_volume, "80");
    assert_int_equal(bar.trades, 16);
    assert_int_equal(bar.state, CANDLE_TRADED);
    assert_true(bar.open_ns == start);
}

/* Two ways to the same day. */
static void a_day_from_hours_is_a_day_from_four_hours(void **state)
{
    (void)state;
    aggregate_t hours_to_4h, hours_to_day, four_to_day;
    assert_ok(aggregate_init(&hours_to_4h, TF_1H, TF_4H));
    assert_ok(aggregate_init(&hours_to_day, TF_1H, TF_1D));
    assert_ok(aggregate_init(&four_to_day, TF_4H, TF_1D));
    int64_t start = at("2024-08-08T00:00:00Z");
    unsigned days = 0;
    for (int i = 0; i < 72; i++) {
        dec_t middle = dec_from_int(100 + (i * 37) % 11);
        candle_t part = traded(start + i * NS_PER_HOUR, "1", "1", "1", "1", "1.5");
        part.open = part.close = middle;
        part.high = dec_plus(middle, DEC_ONE);
        part.low = dec_minus(middle, dec_from_int(1 + i % 3));
        candle_t four, direct, indirect;
        bool day = aggregate_push(&hours_to_day, &part, &direct);
        bool four_done = aggregate_push(&hours_to_4h, &part, &four);
        bool day_again = four_done && aggregate_push(&four_to_day, &four, &indirect);
        assert_int_equal(day, day_again);
        if (day) {
            assert_true(dec_eq(direct.open, indirect.open) && dec_eq(direct.high, indirect.high) &&
                        dec_eq(direct.low, indirect.low));
            assert_true(dec_eq(direct.close, indirect.close) && dec_eq(direct.volume, indirect.volume));
            assert_true(direct.open_ns == indirect.open_ns && direct.trades == indirect.trades);
            assert_dec_equal(direct.volume, "36");
            days++;
        }
    }
    assert_int_equal(days, 3);
}

static void weeks_and_months_end_where_the_calendar_says(void **state)
{
    (void)state;
    aggregate_t weeks, months;
    candle_t bar = {0};
    assert_ok(aggregate_init(&weeks, TF_1D, TF_1W));
    assert_ok(aggregate_init(&months, TF_1D, TF_1MO));
    unsigned weeks_seen = 0, months_seen = 0;
    int64_t day_ns = at("2024-01-01T00:00:00Z"); /* a Monday */
    for (int i = 0; i < 91; i++, day_ns += NS_PER_DAY) {
        candle_t part = traded(day_ns, "10", "12", "9", "11", "1");
        if (aggregate_push(&weeks, &part, &bar)) {
            assert_true(bar.open_ns == at("2024-01-01T00:00:00Z") + weeks_seen * 7 * NS_PER_DAY);
            assert_dec_equal(bar.volume, "7");
            weeks_seen++;
        }
        if (aggregate_push(&months, &part, &bar)) {
            static const char *const volumes[] = {"31", "29", "31"};
            assert_dec_equal(bar.volume, volumes[months_seen]);
            assert_int_equal(bar.state, CANDLE_TRADED);
            months_seen++;
        }
    }
    assert_int_equal(weeks_seen, 13);
    assert_int_equal(months_seen, 3);
}

static void quiet_parts_do_not_widen_a_traded_bar(void **state)
{
    (void)state;
    aggregate_t aggregate;
    candle_t bar = {0};
    int64_t start = at("2024-08-08T00:00:00Z");
    assert_ok(aggregate_init(&aggregate, TF_1H, TF_4H));
    candle_t parts[] = {quiet(start, "50"), traded(start + NS_PER_HOUR, "100", "101", "99", "100", "1"),
                        quiet(start + 2 * NS_PER_HOUR, "100"), traded(start + 3 * NS_PER_HOUR, "102", "103", "102", "103", "1")};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(aggregate_push(&aggregate, &parts[i], &bar), i == 3);
    }
    assert_bar(&bar, "100", "103", "99", "103", "2");
    assert_int_equal(bar.state, CANDLE_TRADED);

    for (int i = 0; i < 4; i++) {
        candle_t part = quiet(start + (4 + i) * NS_PER_HOUR, "103");
        assert_int_equal(aggregate_push(&aggregate, &part, &bar), i == 3);
    }
    assert_bar(&bar, "103", "103", "103", "103", "0");
    assert_int_equal(bar.state, CANDLE_QUIET);
}

/* Pushes hours `first` .. `last` after start and returns how many bars came out; the last one stands in *bar. */
static unsigned push_hours(aggregate_t *aggregate, int64_t start, int first, int last, candle_t *bar)
{
    unsigned bars = 0;
    for (int i = first; i <= last; i++) {
        candle_t part = traded(start + i * NS_PER_HOUR, "10", "12", "9", "11", "1");
        bars += aggregate_push(aggregate, &part, bar) ? 1 : 0;
    }
    return bars;
}

static void bars_with_a_hole_come_out_missing(void **state)
{
    (void)state;
    aggregate_t aggregate;
    candle_t bar = {0};
    int64_t start = at("2024-08-08T00:00:00Z");

    /* begun in the middle: not known */
    assert_ok(aggregate_init(&aggregate, TF_1H, TF_4H));
    assert_int_equal(push_hours(&aggregate, start, 1, 3, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(bar.open_ns == start && bar.closed && dec_is_zero(bar.close) && dec_is_zero(bar.volume));
    assert_int_equal(push_hours(&aggregate, start, 4, 7, &bar), 1);
    assert_int_equal(bar.state, CANDLE_TRADED);

    /* a hole inside one bar */
    assert_int_equal(push_hours(&aggregate, start, 8, 8, &bar), 0);
    assert_int_equal(push_hours(&aggregate, start, 10, 11, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);

    /* a part that says itself that it is missing */
    candle_t part = {.open_ns = start + 12 * NS_PER_HOUR, .state = CANDLE_MISSING, .closed = true};
    assert_false(aggregate_push(&aggregate, &part, &bar));
    assert_int_equal(push_hours(&aggregate, start, 13, 15, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(dec_is_zero(bar.low));

    /* a hole over the end of a bar: the bar that never ended comes out missing at once, the next is broken too */
    assert_int_equal(push_hours(&aggregate, start, 16, 17, &bar), 0);
    assert_int_equal(push_hours(&aggregate, start, 21, 21, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(bar.open_ns == start + 16 * NS_PER_HOUR);
    assert_int_equal(push_hours(&aggregate, start, 22, 23, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(bar.open_ns == start + 20 * NS_PER_HOUR);

    /* a hole that ends with the last part of a later bar: that one comes out, missing */
    assert_int_equal(push_hours(&aggregate, start, 24, 25, &bar), 0);
    assert_int_equal(push_hours(&aggregate, start, 35, 35, &bar), 1);
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(bar.open_ns == start + 32 * NS_PER_HOUR);
    assert_int_equal(push_hours(&aggregate, start, 36, 39, &bar), 1);
    assert_int_equal(bar.state, CANDLE_TRADED);
}

static void parts_that_may_not_count_change_nothing(void **state)
{
    (void)state;
    aggregate_t aggregate;
    candle_t bar = {0};
    int64_t start = at("2024-08-08T00:00:00Z");
    assert_ok(aggregate_init(&aggregate, TF_1H, TF_4H));
    assert_int_equal(push_hours(&aggregate, start, 0, 1, &bar), 0);
    aggregate_t before = aggregate;

    candle_t late = traded(start, "10", "99", "9", "11", "1");
    candle_t again = traded(start + NS_PER_HOUR, "10", "99", "9", "11", "1");
    candle_t open = traded(start + 2 * NS_PER_HOUR, "10", "99", "9", "11", "1");
    candle_t bad = traded(start + 2 * NS_PER_HOUR, "10", "1", "9", "11", "1");
    candle_t off = traded(start + 2 * NS_PER_HOUR + 1, "10", "99", "9", "11", "1");
    open.closed = false;
    const candle_t *const parts[] = {&late, &again, &open, &bad, &off};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_false(aggregate_push(&aggregate, parts[i], &bar));
        assert_memory_equal(&aggregate, &before, sizeof before);
    }
    assert_int_equal(push_hours(&aggregate, start, 2, 3, &bar), 1);
    assert_bar(&bar, "10", "12", "9", "11", "4");
}

static void sums_that_leave_the_range_are_not_known(void **state)
{
    (void)state;
    aggregate_t aggregate;
    candle_t bar = {0};
    assert_ok(aggregate_init(&aggregate, TF_2H, TF_4H));
    candle_t first = traded(0, "10", "12", "9", "11", "99999999999999999999");
    candle_t second = traded(2 * NS_PER_HOUR, "10", "12", "9", "11", "1");
    assert_false(aggregate_push(&aggregate, &first, &bar));
    assert_true(aggregate_push(&aggregate, &second, &bar));
    assert_int_equal(bar.state, CANDLE_MISSING);

    assert_ok(aggregate_init(&aggregate, TF_2H, TF_4H));
    first.volume = DEC_ONE;
    first.trades = UINT32_MAX;
    assert_false(aggregate_push(&aggregate, &first, &bar));
    assert_true(aggregate_push(&aggregate, &second, &bar));
    assert_int_equal(bar.trades, UINT32_MAX);
}

static void trades_become_bars(void **state)
{
    (void)state;
    candle_builder_t builder;
    candle_t bar = {0};
    int64_t start = at("2024-08-08T00:00:00Z");
    candle_builder_init(&builder, TF_1M);
    assert_false(candle_builder_trade(&builder, start + 5, test_dec("100"), test_dec("2"), &bar));
    assert_false(candle_builder_trade(&builder, start + 6, test_dec("105"), test_dec("1"), &bar));
    assert_false(candle_builder_trade(&builder, start + 7, test_dec("95"), test_dec("0.5"), &bar));
    assert_false(candle_builder_trade(&builder, start + NS_PER_MIN - 1, test_dec("101"), test_dec("1"), &bar));
    assert_true(candle_builder_trade(&builder, start + 3 * NS_PER_MIN, test_dec("200"), test_dec("1"), &bar));
    assert_bar(&bar, "100", "105", "95", "101", "4.5");
    assert_dec_equal(bar.quote_volume, "453.5");
    assert_int_equal(bar.trades, 4);
    assert_int_equal(bar.state, CANDLE_TRADED);
    assert_true(bar.open_ns == start);

    candle_builder_t before = builder;
    assert_false(candle_builder_trade(&builder, start + NS_PER_MIN, test_dec("1"), test_dec("1"), &bar)); /* late */
    assert_false(candle_builder_trade(&builder, start + 4 * NS_PER_MIN, test_dec("0"), test_dec("1"), &bar));
    assert_false(candle_builder_trade(&builder, start + 4 * NS_PER_MIN, test_dec("1"), test_dec("0"), &bar));
    assert_false(candle_builder_trade(&builder, -1, test_dec("1"), test_dec("1"), &bar));
    assert_memory_equal(&builder, &before, sizeof before);
    assert_true(candle_builder_trade(&builder, start + 4 * NS_PER_MIN, test_dec("1"), test_dec("1"), &bar));
    assert_bar(&bar, "200", "200", "200", "200", "1");
}

static void a_built_bar_whose_sums_leave_the_range_is_missing(void **state)
{
    (void)state;
    candle_builder_t builder;
    candle_t bar = {0};
    candle_builder_init(&builder, TF_1M);
    assert_false(candle_builder_trade(&builder, 0, test_dec("99999999999"), test_dec("99999999999"), &bar));
    assert_false(candle_builder_trade(&builder, 1, test_dec("1"), test_dec("1"), &bar));
    assert_true(candle_builder_trade(&builder, NS_PER_MIN, test_dec("1"), test_dec("99999999999999999999"), &bar));
    assert_int_equal(bar.state, CANDLE_MISSING);
    assert_true(dec_is_zero(bar.close) && bar.closed);
    assert_false(candle_builder_trade(&builder, NS_PER_MIN + 1, test_dec("1"), test_dec("1"), &bar));
    assert_true(candle_builder_trade(&builder, 2 * NS_PER_MIN, test_dec("1"), test_dec("1"), &bar));
    assert_int_equal(bar.state, CANDLE_MISSING);
    builder.bar.trades = UINT32_MAX;
    assert_false(candle_builder_trade(&builder, 2 * NS_PER_MIN, test_dec("1"), test_dec("1"), &bar));
    assert_true(candle_builder_trade(&builder, 3 * NS_PER_MIN, test_dec("1"), test_dec("1"), &bar));
    assert_int_equal(bar.state, CANDLE_MISSING);
}

static void builder_of_nothing(void *context)
{
    candle_builder_t builder;
    (void)context;
    candle_builder_init(&builder, TF_COUNT);
}

static void broken_beliefs_abort(void **state)
{
    (void)state;
    assert_aborts(builder_of_nothing, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_that_cannot_be_are_refused),
        cmocka_unit_test(only_what_divides_is_aggregated),
        cmocka_unit_test(eight_hours_come_from_eight_single_ones),
        cmocka_unit_test(a_day_from_hours_is_a_day_from_four_hours),
        cmocka_unit_test(weeks_and_months_end_where_the_calendar_says),
        cmocka_unit_test(quiet_parts_do_not_widen_a_traded_bar),
        cmocka_unit_test(bars_with_a_hole_come_out_missing),
        cmocka_unit_test(parts_that_may_not_count_change_nothing),
        cmocka_unit_test(sums_that_leave_the_range_are_not_known),
        cmocka_unit_test(trades_become_bars),
        cmocka_unit_test(a_built_bar_whose_sums_leave_the_range_is_missing),
        cmocka_unit_test(broken_beliefs_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
