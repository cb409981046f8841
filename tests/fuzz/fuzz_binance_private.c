/* fuzz_binance_private.c: rooms: edge/exchange
 *
 * Any bytes as a private frame and as every REST reply: no step outside the bytes, nothing believed that failed, texts always
 * terminated.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/exchange/binance/classify.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/exchange/binance/decode_public.h"
#include "edge/exchange/symbol_filters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static symbol_map_t symbols;
static instrument_table_t table;
static binance_private_t decoded;

static void each_event(void *context, const private_event_t *event)
{
    uint64_t *count = context;
    (*count)++;
    ASSERT(event->kind >= PRIVATE_ORDER && event->kind <= PRIVATE_GAP);
}

static void each_instrument(void *context, const instrument_t *instrument)
{
    (void)context;
    ASSERT(dec_sign(instrument->tick_size) > 0 && dec_sign(instrument->lot_step) > 0);
    ASSERT(memchr(instrument->symbol, '\0', sizeof instrument->symbol) != NULL);
}

static void each_candle(void *context, const candle_t *candle)
{
    (void)context;
    ASSERT(dec_le(candle->low, candle->high));
}

static void private_frame(str_t text)
{
    binance_detail_t detail = {""};
    result_t result = binance_decode_private(&symbols, text, &decoded, &detail);
    ASSERT(memchr(detail.text, '\0', sizeof detail.text) != NULL);
    ASSERT(result == RESULT_OK || decoded.count == 0);
    for (uint32_t i = 0; i < decoded.count; i++) {
        const private_event_t *event = &decoded.events[i];
        if (event->kind == PRIVATE_FILL) {
            ASSERT(dec_sign(event->fill.fill.price) > 0 && dec_sign(event->fill.fill.quantity) > 0 &&
                   event->fill.fill.trade_id != 0);
        }
    }
}

static void rest_replies(str_t text)
{
    uint64_t count = 0;
    binance_list_t list = {.symbols = &symbols, .each = each_event, .context = &count};
    private_order_t order;
    binance_account_t account;
    binance_trading_status_t trading;
    binance_account_config_t config;
    position_mode_t mode;
    int64_t number;
    uint32_t small;
    dec_t money;
    char key[BINANCE_LISTEN_KEY_MAX], message[32];
    (void)binance_decode_orders(&list, text, NULL);
    (void)binance_decode_algo_orders(&list, text, NULL);
    (void)binance_decode_positions(&list, text, NULL);
    (void)binance_decode_balances(&list, text, NULL);
    (void)binance_decode_fills(&list, text, NULL);
    (void)binance_decode_incomes(&list, text, NULL);
    (void)binance_decode_settings(&list, text, NULL);
    (void)binance_decode_account(&list, text, &account, NULL);
    (void)binance_decode_order(&symbols, text, &order, &number, NULL);
    (void)binance_decode_algo_order(&symbols, text, &order, &number, NULL);
    (void)binance_decode_algo_cancel(text, &order, NULL);
    (void)binance_decode_account_config(text, &config, NULL);
    (void)binance_decode_position_mode(text, &mode, NULL);
    (void)binance_decode_leverage(text, &small, &money, NULL);
    (void)binance_decode_listen_key(text, key, NULL);
    (void)binance_decode_trading_status(text, &trading, NULL);
    (void)binance_decode_error(text, &number, message, sizeof message);
}

static void market_replies(str_t text)
{
    binance_exchange_info_t info;
    symbol_filters_report_t report;
    mark_t mark;
    int64_t number;
    uint32_t taken;
    memset(&table, 0, sizeof table);
    (void)binance_decode_exchange_info(text, &info, each_instrument, NULL, NULL);
    (void)binance_decode_klines(text, TF_1M, 1, each_candle, NULL, NULL);
    (void)binance_decode_premium_index(text, &mark, &number, NULL);
    (void)binance_decode_time(text, &number, NULL);
    (void)symbol_filters_parse(text, "BINANCE", &table, &report);
    (void)binance_decode_leverage_brackets(text, &table, &taken, NULL);
}

static void verdicts(str_t text)
{
    static const unsigned statuses[] = {200, 400, 403, 418, 500, 503};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        const binance_answer_t answer = {
            .ask = BINANCE_ASK_PLACE, .status = statuses[i], .body = text, .retry_after_s = -1, .readable = true};
        binance_verdict_t verdict;
        order_reply_t reply = {0};
        binance_classify(&answer, &verdict);
        binance_verdict_reply(&verdict, &reply);
        ASSERT(verdict.message[0] != '\0' && memchr(verdict.message, '\0', sizeof verdict.message) != NULL);
        ASSERT(memchr(reply.text, '\0', sizeof reply.text) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size > 0 ? size : 1);
    if (symbols.count == 0) {
        symbol_map_init(&symbols);
        ASSERT(symbol_map_put(&symbols, STR("BTCUSDT"), 0) == RESULT_OK);
    }
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    str_t text = {bytes, size};
    private_frame(text);
    rest_replies(text);
    market_replies(text);
    verdicts(text);
    free(bytes);
    return 0;
}
