/* usdm_codes_fixture.h: requests that must be refused with one code and text and change nothing, in a world with a symbol for each
 * rule.
 */
#pragma once

#include "core/base/str.h"
#include "edge/face/usdm_fixture.h"
#include "edge/json/json_reader.h"
#include "support/test_support.h"

enum { CODES_MAX = 400, TEXT_MAX = 400 };

/* --- what was seen ---------------------------------------------------------------------------- */

static int seen[CODES_MAX];
static unsigned seen_count;

static inline bool was_seen(int code)
{
    for (unsigned i = 0; i < seen_count; i++) {
        if (seen[i] == code)
            return true;
    }
    return false;
}

static inline void note(int code)
{
    if (!was_seen(code) && seen_count < CODES_MAX)
        seen[seen_count++] = code;
}

/* {"code":n,"msg":"..."} with the escapes of the text resolved. */
static inline int read_error(str_t body, char text[TEXT_MAX])
{
    int64_t code = 0;
    json_reader_t reader;
    json_reader_init(&reader, body.bytes, body.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("code")))
            json_read_i64(&reader, &code);
        else if (str_eq(key, STR("msg")))
            json_read_text(&reader, text, TEXT_MAX, NULL);
        else
            json_skip(&reader);
    }
    return json_finish(&reader) == RESULT_OK ? (int)code : 0;
}

/* `text` ends in '*' where what follows depends on prices or times. */
static inline void check_error(const bench_t *bench, const char *what, int code, const char *text)
{
    char said[TEXT_MAX] = "";
    int got = read_error(bench->reply.body, said);
    size_t length = strlen(text);
    bool open = length > 0 && text[length - 1] == '*';
    bool same = got == code && (open ? strncmp(said, text, length - 1) == 0 : strcmp(said, text) == 0);
    if (!same)
        fail_msg("%s: wanted %d \"%s\", got %u %d \"%s\"", what, code, text, bench->reply.status, got, said);
    assert_true(bench->reply.status >= 400);
    note(code);
}

/* Asked with a signature: refused so, and nothing has happened. */
static inline void refused(bench_t *bench, const char *method, const char *path, const char *parameters, int code, const char *text)
{
    char what[2200];
    uint64_t before = venue_event_count(world_venue(bench->world));
    (void)ask_signed(bench, method, path, parameters);
    snprintf(what, sizeof what, "%s %s?%s", method, path, parameters);
    check_error(bench, what, code, text);
    assert_int_equal(venue_event_count(world_venue(bench->world)), before);
}

static inline void granted(bench_t *bench, const char *method, const char *path, const char *parameters)
{
    if (ask_signed(bench, method, path, parameters) != 200)
        fail_msg("%s %s?%s: %.300s", method, path, parameters, bench->reply.body.bytes);
}

static inline void order(bench_t *bench, const char *parameters, int code, const char *text)
{
    refused(bench, "POST", "/fapi/v1/order", parameters, code, text);
}

static inline void algo(bench_t *bench, const char *parameters, int code, const char *text)
{
    refused(bench, "POST", "/fapi/v1/algoOrder", parameters, code, text);
}

static inline void pass(bench_t *bench, int64_t time_ns)
{
    assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + time_ns, WORLD_NEW_MOMENT), RESULT_OK);
}

static inline uint64_t newest_order(bench_t *bench, bool open_only)
{
    venue_order_t row;
    venue_select_t select = {.account = world_account_at(bench->world, 0)->account,
                             .instrument = INSTRUMENT_NONE,
                             .newest = true,
                             .open_only = open_only};
    assert_int_equal(venue_orders(world_venue(bench->world), &select, &row, 1), 1);
    return row.id;
}

/* --- a world with a symbol for each rule ------------------------------------------------------ */

static inline instrument_t rules_of(const char *symbol)
{
    instrument_t rules;
    memset(&rules, 0, sizeof rules);
    snprintf(rules.venue, sizeof rules.venue, "BINANCE");
    snprintf(rules.symbol, sizeof rules.symbol, "%s", symbol);
    snprintf(rules.base, sizeof rules.base, "%.3s", symbol);
    snprintf(rules.quote, sizeof rules.quote, "USDT");
    snprintf(rules.settle, sizeof rules.settle, "USDT");
    rules.kind = INSTRUMENT_PERPETUAL;
    rules.status = INSTRUMENT_TRADING;
    rules.tick_size = test_dec("0.5");
    rules.price_min = test_dec("100");
    rules.price_max = test_dec("4000000");
    rules.lot_step = rules.market_step = test_dec("0.002");
    rules.quantity_min = rules.market_quantity_min = test_dec("0.004");
    rules.quantity_max = test_dec("1000");
    rules.market_quantity_max = test_dec("120");
    rules.notional_min = test_dec("50");
    rules.band_up = test_dec("1.05");
    rules.band_down = test_dec("0.95");
    rules.contract_size = DEC_ONE;
    rules.trigger_protect = test_dec("0.05");
    rules.liquidation_fee = test_dec("0.0125");
    rules.bracket_count = 2;
    rules.brackets[0] = (leverage_bracket_t){125, DEC_ZERO, test_dec("50000"), test_dec("0.004"), DEC_ZERO};
    rules.brackets[1] = (leverage_bracket_t){20, test_dec("50000"), test_dec("100000000"), test_dec("0.01"), test_dec("300")};
    return rules;
}

static inline int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    instrument_t usual = rules_of("BTCUSDT"), tight = rules_of("TGTUSDT"), late = rules_of("LTEUSDT");
    tight.band_up = test_dec("1.000001");          /* below the best ask */
    tight.trigger_protect = test_dec("0.0000001"); /* less than mark and price ever agree */
    late.status = INSTRUMENT_PENDING;
    bench_market(bench, "BTCUSDT", 60000, &usual);
    bench_market(bench, "TGTUSDT", 60000, &tight);
    bench_market(bench, "LTEUSDT", 60000, &late);
    bench_open(bench);
    *state = bench;
    return 0;
}

#define BUY    "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=60000"
#define DEEP   "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=58000"
#define MARKET "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010"
#define STOP   "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=0.010&triggerPrice=50000"
