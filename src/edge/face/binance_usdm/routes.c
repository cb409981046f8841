/* routes.c: every endpoint as a row: method, path, who may call it, what it costs, who answers. And the way of a request through
 * them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

static const route_t routes[] = {
    /* method, path, security, weight, by parameters, orders 10 s, orders 1 m, handler */
    {"GET", "/fapi/v1/ping", SECURITY_NONE, 1, NULL, 0, 0, handle_ping},
    {"GET", "/fapi/v1/time", SECURITY_NONE, 1, NULL, 0, 0, handle_time},
    {"GET", "/fapi/v1/exchangeInfo", SECURITY_NONE, 1, NULL, 0, 0, handle_exchange_info},
    {"GET", "/fapi/v1/depth", SECURITY_NONE, 1, weigh_depth, 0, 0, handle_depth},
    {"GET", "/fapi/v1/trades", SECURITY_NONE, 5, NULL, 0, 0, handle_trades},
    {"GET", "/fapi/v1/historicalTrades", SECURITY_KEY, 20, NULL, 0, 0, handle_trades},
    {"GET", "/fapi/v1/aggTrades", SECURITY_NONE, 20, NULL, 0, 0, handle_agg_trades},
    {"GET", "/fapi/v1/klines", SECURITY_NONE, 5, weigh_klines, 0, 0, handle_klines},
    {"GET", "/fapi/v1/markPriceKlines", SECURITY_NONE, 5, weigh_klines, 0, 0, handle_mark_klines},
    {"GET", "/fapi/v1/premiumIndex", SECURITY_NONE, 1, weigh_symbol_1_10, 0, 0, handle_premium_index},
    {"GET", "/fapi/v1/fundingRate", SECURITY_NONE, 0, NULL, 0, 0, handle_funding_rate},
    {"GET", "/fapi/v1/fundingInfo", SECURITY_NONE, 0, NULL, 0, 0, handle_funding_info},
    {"GET", "/fapi/v1/ticker/24hr", SECURITY_NONE, 1, weigh_symbol_1_40, 0, 0, handle_ticker_24h},
    {"GET", "/fapi/v1/ticker/price", SECURITY_NONE, 1, weigh_symbol_1_2, 0, 0, handle_ticker_price},
    {"GET", "/fapi/v2/ticker/price", SECURITY_NONE, 1, weigh_symbol_1_2, 0, 0, handle_ticker_price_v2},
    {"GET", "/fapi/v1/ticker/bookTicker", SECURITY_NONE, 2, weigh_symbol_2_5, 0, 0, handle_ticker_book},
    {"GET", "/fapi/v1/openInterest", SECURITY_NONE, 1, NULL, 0, 0, handle_open_interest},

    {"POST", "/fapi/v1/order", SECURITY_SIGNED, 0, NULL, 1, 1, handle_order_place},
    {"PUT", "/fapi/v1/order", SECURITY_SIGNED, 0, NULL, 1, 1, handle_order_amend},
    {"DELETE", "/fapi/v1/order", SECURITY_SIGNED, 1, NULL, 0, 0, handle_order_cancel},
    {"GET", "/fapi/v1/order", SECURITY_SIGNED, 1, NULL, 0, 0, handle_order_get},
    {"POST", "/fapi/v1/order/test", SECURITY_SIGNED, 0, NULL, 0, 0, handle_order_test},
    {"POST", "/fapi/v1/batchOrders", SECURITY_SIGNED, 5, NULL, 5, 1, handle_batch_place},
    {"PUT", "/fapi/v1/batchOrders", SECURITY_SIGNED, 5, NULL, 5, 1, handle_batch_amend},
    {"DELETE", "/fapi/v1/batchOrders", SECURITY_SIGNED, 1, NULL, 0, 0, handle_batch_cancel},
    {"DELETE", "/fapi/v1/allOpenOrders", SECURITY_SIGNED, 1, NULL, 0, 0, handle_cancel_all},
    {"POST", "/fapi/v1/countdownCancelAll", SECURITY_SIGNED, 10, NULL, 0, 0, handle_countdown},
    {"GET", "/fapi/v1/openOrder", SECURITY_SIGNED, 1, NULL, 0, 0, handle_open_order},
    {"GET", "/fapi/v1/openOrders", SECURITY_SIGNED, 1, weigh_symbol_1_40, 0, 0, handle_open_orders},
    {"GET", "/fapi/v1/allOrders", SECURITY_SIGNED, 5, NULL, 0, 0, handle_all_orders},

    {"POST", "/fapi/v1/algoOrder", SECURITY_SIGNED, 0, NULL, 1, 1, handle_algo_place},
    {"DELETE", "/fapi/v1/algoOrder", SECURITY_SIGNED, 1, NULL, 0, 0, handle_algo_cancel},
    {"GET", "/fapi/v1/algoOrder", SECURITY_SIGNED, 1, NULL, 0, 0, handle_algo_get},
    {"GET", "/fapi/v1/openAlgoOrders", SECURITY_SIGNED, 1, weigh_symbol_1_40, 0, 0, handle_algo_open},
    {"GET", "/fapi/v1/allAlgoOrders", SECURITY_SIGNED, 5, NULL, 0, 0, handle_algo_all},
    {"DELETE", "/fapi/v1/algoOpenOrders", SECURITY_SIGNED, 1, NULL, 0, 0, handle_algo_cancel_all},

    {"POST", "/fapi/v1/leverage", SECURITY_SIGNED, 1, NULL, 0, 0, handle_leverage},
    {"POST", "/fapi/v1/marginType", SECURITY_SIGNED, 1, NULL, 0, 0, handle_margin_type},
    {"POST", "/fapi/v1/positionMargin", SECURITY_SIGNED, 1, NULL, 0, 0, handle_position_margin},
    {"GET", "/fapi/v1/positionSide/dual", SECURITY_SIGNED, 30, NULL, 0, 0, handle_mode_get},
    {"POST", "/fapi/v1/positionSide/dual", SECURITY_SIGNED, 1, NULL, 0, 0, handle_mode_set},
    {"GET", "/fapi/v1/multiAssetsMargin", SECURITY_SIGNED, 30, NULL, 0, 0, handle_multi_assets_get},
    {"POST", "/fapi/v1/multiAssetsMargin", SECURITY_SIGNED, 1, NULL, 0, 0, handle_multi_assets_set},
    {"GET", "/fapi/v1/feeBurn", SECURITY_SIGNED, 30, NULL, 0, 0, handle_fee_burn_get},
    {"POST", "/fapi/v1/feeBurn", SECURITY_SIGNED, 1, NULL, 0, 0, handle_fee_burn_set},

    {"GET", "/fapi/v2/account", SECURITY_SIGNED, 5, NULL, 0, 0, handle_account_v2},
    {"GET", "/fapi/v3/account", SECURITY_SIGNED, 5, NULL, 0, 0, handle_account_v3},
    {"GET", "/fapi/v2/balance", SECURITY_SIGNED, 5, NULL, 0, 0, handle_balance_v2},
    {"GET", "/fapi/v3/balance", SECURITY_SIGNED, 5, NULL, 0, 0, handle_balance_v3},
    {"GET", "/fapi/v2/positionRisk", SECURITY_SIGNED, 5, NULL, 0, 0, handle_position_risk_v2},
    {"GET", "/fapi/v3/positionRisk", SECURITY_SIGNED, 5, NULL, 0, 0, handle_position_risk_v3},
    {"GET", "/fapi/v1/userTrades", SECURITY_SIGNED, 5, NULL, 0, 0, handle_user_trades},
    {"GET", "/fapi/v1/income", SECURITY_SIGNED, 30, NULL, 0, 0, handle_income},
    {"GET", "/fapi/v1/leverageBracket", SECURITY_SIGNED, 1, NULL, 0, 0, handle_brackets},
    {"GET", "/fapi/v1/symbolConfig", SECURITY_SIGNED, 5, NULL, 0, 0, handle_symbol_config},
    {"GET", "/fapi/v1/accountConfig", SECURITY_SIGNED, 5, NULL, 0, 0, handle_account_config},
    {"GET", "/fapi/v1/commissionRate", SECURITY_SIGNED, 20, NULL, 0, 0, handle_commission},
    {"GET", "/fapi/v1/apiTradingStatus", SECURITY_SIGNED, 1, weigh_symbol_1_10, 0, 0, handle_api_status},
    {"GET", "/fapi/v1/rateLimit/order", SECURITY_SIGNED, 1, NULL, 0, 0, handle_rate_limit_order},
    {"GET", "/fapi/v1/adlQuantile", SECURITY_SIGNED, 5, NULL, 0, 0, handle_adl},
    {"POST", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, 0, 0, handle_listen_key_new},
    {"PUT", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, 0, 0, handle_listen_key_keep},
    {"DELETE", "/fapi/v1/listenKey", SECURITY_KEY, 1, NULL, 0, 0, handle_listen_key_end},

    {"GET", "/sapi/v1/capital/config/getall", SECURITY_NONE, 1, NULL, 0, 0, handle_empty_array},
    {"GET", "/sapi/v1/margin/allPairs", SECURITY_NONE, 1, NULL, 0, 0, handle_empty_array},
    {"GET", "/sapi/v1/system/status", SECURITY_NONE, 1, NULL, 0, 0, handle_system_status},
};

const route_t *route_find(str_t method, str_t path, bool *path_known)
{
    *path_known = false;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!str_eq(path, str_from(routes[i].path)))
            continue;
        *path_known = true;
        if (str_eq(method, str_from(routes[i].method)))
            return &routes[i];
    }
    return NULL;
}

/* --- the way of a request --------------------------------------------------------------------- */

void call_begin(usdm_t *usdm, call_t *call)
{
    call->usdm = usdm;
    call->world = usdm->world;
    call->venue = world_venue(usdm->world);
    call->account = NULL;
    call->secret = NULL;
    call->param_count = call->source_first = 0;
    call->text_used = 0;
    call->status = 200;
    call->error_code = 0;
    call->orders_placed = 0;
}

str_t call_end(call_t *call)
{
    str_t body = {0};
    if (!call_failed(call) && json_writer_finish(&call->writer, &body) != RESULT_OK)
        call_fail(call, 503, -1001, "Internal error; unable to process your request. Please try again.");
    if (call_failed(call)) {
        json_writer_init(&call->writer, call->usdm->reply, sizeof call->usdm->reply);
        json_begin_object(&call->writer);
        json_field_i64(&call->writer, "code", call->error_code);
        json_field_string(&call->writer, "msg", call->error_text);
        json_end_object(&call->writer);
        (void)json_writer_finish(&call->writer, &body);
    }
    return body;
}

/* "/fapi.binance.com/fapi/v1/order" -> "/fapi/v1/order": clients that can only change scheme and port keep the host as first
 * segment. */
static str_t without_host(str_t path)
{
    str_t rest = path;
    if (rest.length == 0 || rest.bytes[0] != '/')
        return path;
    rest.bytes++;
    rest.length--;
    str_t first = str_cut(&rest, '/');
    bool is_host = memchr(first.bytes, '.', first.length) != NULL;
    /* The slash before the rest is still there, one byte back. */
    return is_host && rest.length > 0 ? (str_t){rest.bytes - 1, rest.length + 1} : path;
}

static void add_header(usdm_reply_t *reply, const char *name, int64_t value)
{
    if (reply->header_count == USDM_REPLY_HEADERS_MAX)
        return;
    usdm_header_t *header = &reply->headers[reply->header_count++];
    header->name = name;
    str_from_i64(value, header->value);
}

static bool check_security(usdm_t *usdm, call_t *call, const route_t *route, const usdm_request_t *request)
{
    if (route->security == SECURITY_NONE)
        return true;
    bool reads = route->security == SECURITY_KEY || str_eq(request->method, STR("GET"));
    if (!gate_check_key(usdm, call, request->api_key, reads ? USDM_KEY_READS : USDM_KEY_TRADES, request->address))
        return false;
    if (route->security == SECURITY_KEY)
        return true;
    static const size_t room_max = 64 * 1024;
    char *query_room = usdm->reply + sizeof usdm->reply / 2, *body_room = query_room + room_max;
    str_t signature = {0};
    str_t query = gate_without_signature(request->query, query_room, room_max, &signature);
    str_t body = gate_without_signature(request->body, body_room, room_max, &signature);
    return gate_check_time(usdm, call, request->wall_ns) && gate_check_signature(usdm, call, query, body, signature);
}

/* An attached order ("takeProfit[triggerPrice]=...") that is silently dropped would leave a position without the stop its owner
 * asked for. */
static bool refuse_attached(call_t *call)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (memchr(call->params[i].name.bytes, '[', call->params[i].name.length)) {
            char text[CALL_ERROR_MAX];
            snprintf(text, sizeof text, "Not all sent parameters were read; read '%u' parameter(s) but was sent '%u'.",
                     call->param_count - 1, call->param_count);
            return call_fail(call, 400, -1104, text);
        }
    }
    return true;
}

static void refuse_unknown(call_t *call, str_t method, str_t path)
{
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "Path %.*s, Method %.*s is invalid", (int)(path.length < 120 ? path.length : 120), path.bytes,
             (int)(method.length < 16 ? method.length : 16), method.bytes);
    call_fail(call, 404, -5000, text);
}

static void run(usdm_t *usdm, call_t *call, const route_t *route, const usdm_request_t *request, usdm_reply_t *reply)
{
    gate_wait_t wait = {.wall_ns = request->wall_ns};
    uint32_t weight = route->weigh ? route->weigh(call) : route->weight;
    bool passed = gate_weigh(usdm, call, request->address, weight, &wait);
    add_header(reply, "X-MBX-USED-WEIGHT-1M", wait.used);
    if (!passed) {
        add_header(reply, "Retry-After", wait.retry_s);
        return;
    }
    if (call_failed(call) || !check_security(usdm, call, route, request) || !refuse_attached(call))
        return;
    if (route->security == SECURITY_SIGNED && !str_eq(request->method, STR("GET")) && !call_refuse_unknown(call))
        return;
    if (route->orders_minute > 0) {
        uint32_t seconds = 0, minute = 0;
        reply->placement = true;
        if (!gate_count_orders(usdm, call, route->orders_10s, route->orders_minute, request->wall_ns))
            return;
        gate_order_counts(usdm, call->account, &seconds, &minute);
        add_header(reply, "X-MBX-ORDER-COUNT-10S", seconds);
        add_header(reply, "X-MBX-ORDER-COUNT-1M", minute);
    }
    json_writer_init(&call->writer, usdm->reply, sizeof usdm->reply);
    route->handle(call);
}

/* In lockstep an account's process puts each answer behind the private events that came before it. */
static void tell_events(const usdm_t *usdm, const call_t *call, usdm_reply_t *reply)
{
    const usdm_session_t *session = call->account ? lockstep_session_of(usdm, call->account->account) : NULL;
    if (session)
        add_header(reply, "X-LOCKSTEP-EVENTS", (int64_t)session->events_sent);
}

void usdm_handle(usdm_t *usdm, const usdm_request_t *request, usdm_reply_t *reply)
{
    call_t *call = &usdm->call;
    call_begin(usdm, call);
    reply->header_count = 0;
    reply->placement = false;
    json_writer_init(&call->writer, usdm->reply, sizeof usdm->reply);
    str_t path = without_host(request->path);
    bool path_known = false;
    call_add_params(call, request->query);
    call_add_params(call, request->body);
    const route_t *route = route_find(request->method, path, &path_known);
    if (route)
        run(usdm, call, route, request, reply);
    else
        refuse_unknown(call, request->method, path);
    /* A cancel is as dear to lose as a placement. */
    reply->placement = reply->placement || (route && route->security == SECURITY_SIGNED && str_eq(request->method, STR("DELETE")));
    tell_events(usdm, call, reply);
    reply->body = call_end(call);
    reply->status = call->status;
}

bool usdm_is_stream_path(str_t path)
{
    str_t rest = without_host(path);
    return str_starts_with(rest, STR("/ws")) || str_starts_with(rest, STR("/stream")) || str_starts_with(rest, STR("/public/")) ||
           str_starts_with(rest, STR("/market/")) || str_starts_with(rest, STR("/private/"));
}

/* --- life ------------------------------------------------------------------------------------- */

result_t usdm_create(const usdm_options_t *options, usdm_t **out)
{
    usdm_t *usdm = calloc(1, sizeof *usdm);
    if (!usdm)
        return RESULT_FULL;
    usdm->world = options->world;
    usdm->output = options->output;
    usdm->speed = options->speed;
    usdm->strict_clock = options->strict_clock;
    usdm->patience_ns = 3 * NS_PER_S;
    world_listen(options->world, stream_on_venue_event, usdm);
    *out = usdm;
    return RESULT_OK;
}

void usdm_destroy(usdm_t *usdm)
{
    if (!usdm)
        return;
    world_listen(usdm->world, NULL, NULL);
    for (uint32_t i = 0; i < usdm->secret_count; i++)
        sign_key_close(usdm->secrets[i].key);
    free(usdm);
}

void usdm_speed_set(usdm_t *usdm, double speed)
{
    usdm->speed = speed;
}
