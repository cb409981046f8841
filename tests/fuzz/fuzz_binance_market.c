/* fuzz_binance_market.c: rooms: edge/exchange
 *
 * Any bytes as a market frame: the fast way never takes what the general way refuses and never reads another value; on failure the
 * event is untouched. Also as a REST snapshot and as a control frame: no step outside the bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/exchange/binance/decode_control.h"
#include "edge/exchange/binance/decode_market.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static symbol_map_t symbols;
static binance_decoder_t fast_decoder, general_decoder;

static void same_levels(const level_t *a, const level_t *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        ASSERT(dec_eq(a[i].price, b[i].price) && dec_eq(a[i].quantity, b[i].quantity));
    }
}

static void same(const market_event_t *a, const market_event_t *b)
{
    ASSERT(a->kind == b->kind && a->instrument == b->instrument && a->time_ns == b->time_ns && a->received_ns == b->received_ns);
    switch (a->kind) {
    case MARKET_QUOTE:
        ASSERT(dec_eq(a->quote.bid, b->quote.bid) && dec_eq(a->quote.ask, b->quote.ask) &&
               a->quote.update_id == b->quote.update_id);
        ASSERT(dec_eq(a->quote.bid_quantity, b->quote.bid_quantity) && dec_eq(a->quote.ask_quantity, b->quote.ask_quantity));
        break;
    case MARKET_TRADE:
        ASSERT(dec_eq(a->trade.price, b->trade.price) && dec_eq(a->trade.quantity, b->trade.quantity));
        ASSERT(a->trade.id == b->trade.id && a->trade.buyer_is_maker == b->trade.buyer_is_maker);
        break;
    case MARKET_MARK:
        ASSERT(dec_eq(a->mark.mark, b->mark.mark) && dec_eq(a->mark.index, b->mark.index));
        ASSERT(dec_eq(a->mark.funding_rate, b->mark.funding_rate) && a->mark.funding_next_ns == b->mark.funding_next_ns);
        break;
    case MARKET_DEPTH:
        ASSERT(a->depth.first_id == b->depth.first_id && a->depth.last_id == b->depth.last_id &&
               a->depth.previous_id == b->depth.previous_id);
        ASSERT(a->depth.snapshot == b->depth.snapshot && a->depth.bid_count == b->depth.bid_count &&
               a->depth.ask_count == b->depth.ask_count);
        same_levels(a->depth.bids, b->depth.bids, a->depth.bid_count);
        same_levels(a->depth.asks, b->depth.asks, a->depth.ask_count);
        break;
    case MARKET_BAR:
    case MARKET_LIQUIDATION:
    case MARKET_STATUS:
        break;
    }
}

static void prepare(void)
{
    static bool prepared;
    if (!prepared) {
        symbol_map_init(&symbols);
        ASSERT(symbol_map_put(&symbols, STR("BTCUSDT"), 0) == RESULT_OK);
        binance_decoder_init(&fast_decoder, &symbols);
        binance_decoder_init(&general_decoder, &symbols);
        prepared = true;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    market_event_t fast, general, untouched;
    binance_control_t control;
    char *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    prepare();
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    memset(&fast, 0x5A, sizeof fast);
    memset(&general, 0x5A, sizeof general);
    memset(&untouched, 0x5A, sizeof untouched);
    result_t fast_result = binance_decode_market_fast(&fast_decoder, bytes, size, 1, &fast);
    result_t general_result = binance_decode_market_general(&general_decoder, bytes, size, 1, &general);
    if (fast_result == RESULT_OK) {
        ASSERT(general_result == RESULT_OK);
        same(&fast, &general);
    } else {
        ASSERT(memcmp(&fast, &untouched, sizeof fast) == 0);
    }
    if (general_result != RESULT_OK) {
        ASSERT(memcmp(&general, &untouched, sizeof general) == 0 && general_decoder.problem.what[0] != '\0');
    }
    (void)binance_decode_depth_snapshot(&general_decoder, 0, bytes, size, 1, &general);
    (void)binance_is_control(bytes, size);
    (void)binance_decode_control(bytes, size, &control);
    free(bytes);
    return 0;
}
