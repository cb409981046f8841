/* decode_control.c: replies, errors, moments and goodbyes of a stream connection. */
#include "edge/exchange/binance/decode_control.h"

#include "edge/exchange/binance/decode_json.h"

#include <string.h>

typedef struct {
    str_t type, result, error, id, data;
    str_t code;
    char message[BINANCE_ERROR_TEXT_MAX];
    uint64_t moment;
    int64_t time_ns;
} control_t;

bool binance_is_control(const char *bytes, size_t length)
{
    static const str_t heads[] = {{"{\"result\"", 9},
                                  {"{\"id\"", 5},
                                  {"{\"error\"", 8},
                                  {"{\"code\"", 7},
                                  {"{\"msg\"", 6},
                                  {"{\"e\":\"moment\"", 13},
                                  {"{\"e\":\"serverShutdown\"", 21}};
    str_t text = {bytes, length};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        if (str_starts_with(text, heads[i])) {
            return true;
        }
    }
    /* Blanks or an unusual order: let the decoder look. Market frames begin with {"stream" or {"e" and another event. */
    return !str_starts_with(text, STR("{\"stream\"")) && !str_starts_with(text, STR("{\"e\""));
}

static int64_t id_of(str_t raw)
{
    json_reader_t reader;
    int64_t id;
    json_reader_init(&reader, raw.bytes, raw.length);
    return raw.bytes != NULL && json_read_i64(&reader, &id) == RESULT_OK && id >= 0 ? id : -1;
}

/* {"code":4,"msg":".."} of an error, or the same at the top. */
static void error_read(str_t raw, binance_control_t *control)
{
    control->kind = BINANCE_CONTROL_ERROR;
    if (binance_decode_error(raw, &control->code, control->text, sizeof control->text) != RESULT_OK) {
        control->code = 0;
        memcpy(control->text, "an error without words", 23);
    }
}

result_t binance_decode_control(const char *bytes, size_t length, binance_control_t *control)
{
    static const field_t fields[] = {
        FIELD(control_t, "e", type, TAKE_WORD, FIELD_OPTIONAL),     FIELD(control_t, "result", result, TAKE_RAW, FIELD_OPTIONAL),
        FIELD(control_t, "error", error, TAKE_RAW, FIELD_OPTIONAL), FIELD(control_t, "id", id, TAKE_RAW, FIELD_OPTIONAL),
        FIELD(control_t, "code", code, TAKE_RAW, FIELD_OPTIONAL),   FIELD(control_t, "msg", message, TAKE_TEXT, FIELD_OPTIONAL),
        FIELD(control_t, "data", data, TAKE_RAW, FIELD_OPTIONAL),   FIELD(control_t, "n", moment, TAKE_U64, FIELD_OPTIONAL),
        FIELD(control_t, "E", time_ns, TAKE_MS, FIELD_OPTIONAL),
    };
    control_t told;
    memset(&told, 0, sizeof told);
    result_t result = DECODE_DOCUMENT(((str_t){bytes, length}), fields, &told, NULL);
    if (result != RESULT_OK) {
        return result;
    }
    binance_control_t made = {.id = id_of(told.id)};
    if (told.error.bytes != NULL) {
        error_read(told.error, &made);
    } else if (told.type.bytes != NULL && str_eq(told.type, STR("moment"))) {
        made.kind = BINANCE_CONTROL_MOMENT;
        made.moment = told.moment;
        made.venue_ms = told.time_ns / NS_PER_MS;
    } else if (told.type.bytes != NULL && str_eq(told.type, STR("serverShutdown"))) {
        made.kind = BINANCE_CONTROL_SHUTDOWN;
    } else if (told.type.bytes == NULL && told.result.bytes != NULL) {
        made.kind = BINANCE_CONTROL_REPLY;
    } else if (told.type.bytes == NULL && told.code.bytes != NULL && told.data.bytes == NULL) {
        error_read((str_t){bytes, length}, &made);
    } else if (told.data.bytes != NULL) {
        return binance_decode_control(told.data.bytes, told.data.length, control); /* serverShutdown in an envelope */
    } else {
        return RESULT_UNSUPPORTED;
    }
    *control = made;
    return RESULT_OK;
}
