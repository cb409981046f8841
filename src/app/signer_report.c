/* signer_report.c: what `patriot ban` shows: used weight and order counts, a ban of the address, and whether the exchange's rules
 * keep the account from trading (asked for on demand only: the answer weighs ten). */
#include "app/signer_state.h"
#include "core/base/time.h"
#include "edge/exchange/binance/encode.h"

static void on_answer(void *context, const binance_result_t *result)
{
    signer_t *signer = context;
    signer->trading_asking = false;
    signer->trading_answers++;
    signer->trading_result = result->why;
    if (result->why != RESULT_OK)
        return;
    signer->trading_result = result->verdict.kind == BINANCE_VERDICT_ACCEPTED
                                 ? binance_decode_trading_status(result->body, &signer->trading, NULL)
                                 : RESULT_REFUSED;
}

void report_ask(signer_t *signer)
{
    binance_request_t request;
    int64_t wait_ms = 0;
    if (signer->trading_asking)
        return;
    result_t result = RESULT_BAD_STATE;
    if (signer->venue.ready && binance_encode_trading_status(&request) == RESULT_OK)
        result = binance_rest_send(signer->venue.rest, &request, on_answer, signer, &wait_ms);
    signer->trading_asking = result == RESULT_OK;
    if (result != RESULT_OK) {
        signer->trading_answers++;
        signer->trading_result = result;
    }
}

static void write_trading(const signer_t *signer, json_writer_t *writer, int64_t venue_ns)
{
    const binance_trading_status_t *trading = &signer->trading;
    bool known = signer->trading_answers > 0 && signer->trading_result == RESULT_OK;
    bool locked = known && trading->until_ns > venue_ns;
    json_field_bool(writer, "trading_asking", signer->trading_asking);
    json_field_u64(writer, "trading_answers", signer->trading_answers);
    json_field_string(writer, "trading", !known ? "unknown" : locked ? "locked" : "free");
    if (signer->trading_answers > 0 && !known)
        json_field_string(writer, "trading_why", result_text(signer->trading_result));
    if (locked) {
        json_field_i64(writer, "locked_until_ms", trading->until_ns == INT64_MAX ? -1 : trading->until_ns / NS_PER_MS);
        json_field_string(writer, "locked_where", trading->where);
        json_field_string(writer, "locked_rule", trading->rule);
    }
}

void report_write(const signer_t *signer, json_writer_t *writer)
{
    budget_view_t budget = {0};
    int64_t venue_ns = signer_now_ns(signer);
    int64_t venue_ms = venue_ns / NS_PER_MS;
    write_trading(signer, writer, venue_ns);
    json_field_string(writer, "mode", config_mode_text(config_current(signer->role.config)->mode));
    json_field_string(writer, "venue", signer->venue.rest_url);
    json_field_i64(writer, "venue_ms", venue_ms);
    if (!signer->venue.budget || budget_read(signer->venue.budget, signer->venue.account, venue_ms, &budget) != RESULT_OK)
        return;
    json_field_u64(writer, "weight_used", budget.weight_used);
    json_field_u64(writer, "weight_limit", budget.limits.weight_minute);
    json_field_u64(writer, "orders_10s", budget.orders_10s);
    json_field_u64(writer, "orders_10s_limit", budget.limits.orders_10s);
    json_field_u64(writer, "orders_minute", budget.orders_minute);
    json_field_u64(writer, "orders_minute_limit", budget.limits.orders_minute);
    json_field_u64(writer, "bans", budget.bans);
    json_field_i64(writer, "banned_until_ms", budget.banned_until_ms > venue_ms ? budget.banned_until_ms : 0);
}
