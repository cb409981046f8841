/* asset_index.c: what an asset counts as margin in multi-assets mode: the endpoint and, with the same names shortened, the stream.
 */
#include <stdio.h>
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

static void write_index(call_t *call, const char *asset, const venue_asset_index_t *index)
{
    json_writer_t *writer = &call->writer;
    char symbol[ASSET_TEXT_MAX + 4];
    snprintf(symbol, sizeof symbol, "%sUSD", asset);
    json_begin_object(writer);
    json_field_string(writer, "symbol", symbol);
    write_ms(writer, "time", venue_now(call->venue));
    write_money(writer, "index", index->index);
    write_money(writer, "bidBuffer", index->buffer);
    write_money(writer, "askBuffer", index->buffer);
    write_money(writer, "bidRate", index->bid_rate);
    write_money(writer, "askRate", index->ask_rate);
    write_money(writer, "autoExchangeBidBuffer", index->exchange_buffer);
    write_money(writer, "autoExchangeAskBuffer", index->exchange_buffer);
    write_money(writer, "autoExchangeBidRate", index->exchange_bid_rate);
    write_money(writer, "autoExchangeAskRate", index->exchange_ask_rate);
    json_end_object(writer);
}

/* "BNBUSD" is the index of BNB. */
static bool is_symbol_of(str_t symbol, const char *asset)
{
    size_t length = strlen(asset);
    return symbol.length == length + 3 && memcmp(symbol.bytes, asset, length) == 0 && memcmp(symbol.bytes + length, "USD", 3) == 0;
}

void handle_asset_index(call_t *call)
{
    str_t symbol = {0};
    bool found = false;
    if (!call_text(call, "symbol", PARAM_OPTIONAL, &symbol))
        return;
    uint32_t count = venue_asset_count(call->venue);
    if (symbol.length == 0)
        json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = venue_asset_name(call->venue, (venue_asset_t)i);
        venue_asset_index_t index;
        if ((symbol.length > 0 && !is_symbol_of(symbol, name)) ||
            venue_asset_index(call->venue, (venue_asset_t)i, &index) != RESULT_OK)
            continue;
        found = true;
        write_index(call, name, &index);
    }
    if (symbol.length == 0)
        json_end_array(&call->writer);
    else if (!found)
        call_fail(call, 400, -1121, "Invalid symbol.");
}
