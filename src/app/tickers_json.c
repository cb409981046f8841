/* tickers_json.c: see tickers_json.h. */
#include "app/tickers_json.h"

void tickers_write_refused(json_writer_t *writer, const tickers_t *tickers)
{
    json_write_key(writer, "refused_lines");
    json_begin_array(writer);
    for (uint32_t i = 0; i < tickers->refusal_count && i < CONFIG_SYMBOLS_MAX; i++) {
        json_begin_object(writer);
        json_field_u64(writer, "line", tickers->refusals[i].line);
        json_field_string(writer, "text", tickers->refusals[i].text);
        json_field_string(writer, "reason", tickers->refusals[i].reason);
        json_end_object(writer);
    }
    json_end_array(writer);
}
