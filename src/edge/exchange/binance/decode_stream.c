/* decode_stream.c: frames of the private stream -> private events.
 *
 * Every event has an envelope of e, E and T; what it says stands in one inner object ("o" of orders, "a" of account updates, "ac"
 * and "ai" of settings). The frame is read twice: once for the envelope with the inner object as raw text, once for that.
 */
#include "edge/exchange/binance/decode_stream.h"

#include "core/base/assert.h"

#include <string.h>

static const field_t frame_fields[] = {
    FIELD(stream_frame_t, "e", type, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "stream", stream, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "data", data, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "E", event_ns, TAKE_MS, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "T", time_ns, TAKE_MS, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "o", order, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "a", account, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "ac", leverage, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "ai", assets_mode, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "p", positions, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(stream_frame_t, "listenKey", listen_key, TAKE_NAME, FIELD_OPTIONAL),
};

private_event_t *stream_event_add(stream_work_t *work, private_kind_t kind, int64_t time_ns)
{
    binance_private_t *out = work->out;
    if (out->count == BINANCE_PRIVATE_EVENTS_MAX) {
        decode_fail(&work->decode, RESULT_FULL, NULL, "more balances and positions than one frame may have");
        return NULL;
    }
    private_event_t *event = &out->events[out->count++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->time_ns = time_ns;
    return event;
}

/* A decoder over an inner object; inner_end carries its error to the outer one. */
bool stream_inner_begin(stream_work_t *work, decode_t *inner, str_t raw, const char *field)
{
    if (work->decode.reader.error == RESULT_OK && raw.bytes == NULL) {
        decode_fail(&work->decode, RESULT_FIELD_MISSING, field, "it is missing");
    }
    decode_init(inner, raw);
    return work->decode.reader.error == RESULT_OK;
}

bool stream_inner_end(stream_work_t *work, decode_t *inner)
{
    decode_t *outer = &work->decode;
    if (decode_finish(inner, NULL) != RESULT_OK && outer->reader.error == RESULT_OK) {
        outer->reader.at = (size_t)(inner->reader.bytes - outer->reader.bytes) + inner->reader.error_at;
        decode_fail(outer, inner->reader.error, inner->field, inner->reader.error_what);
    }
    return outer->reader.error == RESULT_OK;
}

void stream_word_put(binance_private_t *out, str_t word)
{
    size_t length = word.length < sizeof out->word - 1 ? word.length : sizeof out->word - 1;
    memcpy(out->word, word.bytes, length);
    out->word[length] = '\0';
}

/* --- the frame -------------------------------------------------------------------------------- */

static bool type_is_ignored(str_t type)
{
    static const str_t ignored[] = {
        {"TRADE_LITE", 10}, {"STRATEGY_UPDATE", 15}, {"GRID_UPDATE", 11}, {"CONDITIONAL_ORDER_TRIGGER_REJECT", 32}};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        if (str_eq(type, ignored[i])) {
            return true;
        }
    }
    return false;
}

static void event_decode(stream_work_t *work)
{
    str_t type = work->frame.type;
    work->out->event_ns = work->frame.event_ns;
    stream_word_put(work->out, type);
    if (str_eq(type, STR("ORDER_TRADE_UPDATE"))) {
        stream_order_update(work);
    } else if (str_eq(type, STR("ALGO_UPDATE"))) {
        stream_algo_update(work);
    } else if (str_eq(type, STR("ACCOUNT_UPDATE"))) {
        stream_account_update(work);
    } else if (str_eq(type, STR("ACCOUNT_CONFIG_UPDATE"))) {
        stream_config_update(work);
    } else if (str_eq(type, STR("MARGIN_CALL"))) {
        stream_margin_call(work);
    } else if (type_is_ignored(type)) {
        work->out->kind = BINANCE_PRIVATE_IGNORED;
    } else {
        bool expired = str_eq(type, STR("listenKeyExpired"));
        work->out->kind = expired ? BINANCE_PRIVATE_KEY_EXPIRED : BINANCE_PRIVATE_UNKNOWN;
        if (expired) {
            memcpy(work->out->listen_key, work->frame.listen_key, sizeof work->out->listen_key);
        }
        (void)stream_event_add(work, PRIVATE_GAP, work->frame.event_ns);
    }
}

/* The fields that stand before the events: cleared cheaply, the events are cleared as they are added. */
static void out_clear(binance_private_t *out)
{
    memset(out, 0, offsetof(binance_private_t, events));
}

result_t binance_decode_private(const symbol_map_t *symbols, str_t frame, binance_private_t *out, binance_detail_t *detail)
{
    ASSERT(symbols != NULL && out != NULL);
    stream_work_t work;
    memset(&work, 0, sizeof work);
    work.symbols = symbols;
    work.out = out;
    decode_init(&work.decode, frame);
    DECODE_OBJECT(&work.decode, frame_fields, &work.frame);
    if (work.decode.reader.error == RESULT_OK && work.frame.data.bytes != NULL && work.frame.type.bytes == NULL) {
        str_t data = work.frame.data; /* the combined envelope */
        if (json_finish(&work.decode.reader) == RESULT_OK) {
            memset(&work.frame, 0, sizeof work.frame);
            decode_init(&work.decode, data);
            DECODE_OBJECT(&work.decode, frame_fields, &work.frame);
        }
    }
    if (work.decode.reader.error == RESULT_OK && work.frame.type.bytes == NULL) {
        decode_fail(&work.decode, RESULT_UNSUPPORTED, "e", "no event");
    }
    out_clear(out);
    if (work.decode.reader.error == RESULT_OK) {
        event_decode(&work);
    }
    result_t result = decode_finish(&work.decode, detail);
    if (result != RESULT_OK) {
        out_clear(out);
    }
    return result;
}
