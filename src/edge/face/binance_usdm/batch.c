/* batch.c: up to five orders, or ten ids, in one request; each element has its own verdict. */
#include <stdio.h>
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"
#include "edge/json/json_reader.h"

enum { BATCH_ORDERS_MAX = 5, BATCH_IDS_MAX = 10 };

/* Runs one element as a call of its own: its parameters in, its JSON or its error out, at the end of the array being written. */
typedef void element_fn(call_t *call);

typedef struct {
    uint32_t param_count;
    size_t text_used;
} call_mark_t;

static call_mark_t mark(const call_t *call)
{
    return (call_mark_t){call->param_count, call->text_used};
}

static void write_error(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "code", call->error_code);
    json_field_string(&call->writer, "msg", call->error_text);
    json_end_object(&call->writer);
}

static void run_element(call_t *call, call_mark_t before, element_fn *run)
{
    if (!call_failed(call) && call_refuse_unknown(call))
        run(call);
    if (call_failed(call))
        write_error(call);
    call->status = 200;
    call->error_code = 0;
    call->param_count = before.param_count;
    call->text_used = before.text_used;
}

/* {"symbol":"BTCUSDT","quantity":"0.1",...}: values are texts, numbers or booleans. */
static void read_object(call_t *call, json_reader_t *reader)
{
    char text[256];
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        str_t raw = {0};
        if (json_peek(reader) == JSON_STRING) {
            size_t length = 0;
            if (json_read_text(reader, text, sizeof text, &length) == RESULT_OK)
                raw = (str_t){text, length};
        } else {
            json_read_raw(reader, &raw);
        }
        call_add_param(call, key, raw, PARAM_PLAIN);
    }
}

static void run_orders(call_t *call, element_fn *run)
{
    str_t list = {0};
    if (!call_text(call, "batchOrders", PARAM_MANDATORY, &list))
        return;
    /* The elements see only their own parameters. */
    call_mark_t before = {0, call->text_used};
    call->param_count = call->source_first = 0;
    json_reader_t reader;
    uint32_t count = 0;
    json_reader_init(&reader, list.bytes, list.length);
    json_enter_array(&reader);
    while (json_next_item(&reader)) {
        json_skip(&reader);
        count++;
    }
    if (json_finish(&reader) != RESULT_OK) {
        call_fail(call, 400, -1102, "Mandatory parameter 'batchOrders' was not sent, was empty/null, or malformed.");
        return;
    }
    if (count == 0 || count > BATCH_ORDERS_MAX) {
        call_fail(call, 400, -4082, "Invalid number of batch place orders.");
        return;
    }
    json_begin_array(&call->writer);
    json_reader_init(&reader, list.bytes, list.length);
    json_enter_array(&reader);
    while (json_next_item(&reader)) {
        if (json_peek(&reader) == JSON_OBJECT)
            read_object(call, &reader);
        else
            json_skip(&reader);
        run_element(call, before, run);
    }
    json_end_array(&call->writer);
}

void handle_batch_place(call_t *call)
{
    run_orders(call, handle_order_place);
}

void handle_batch_amend(call_t *call)
{
    run_orders(call, handle_order_amend);
}

/* The name as documented, or all in lower case as ccxt sends it. */
static bool read_list(call_t *call, const char *name, const char *lower, str_t *list)
{
    return call_text(call, call_has(call, name) ? name : lower, PARAM_OPTIONAL, list);
}

/* Ids are numbers or texts of numbers; client ids are texts. */
static void cancel_list(call_t *call, str_t list, const char *parameter)
{
    json_reader_t reader;
    uint32_t count = 0;
    json_reader_init(&reader, list.bytes, list.length);
    json_enter_array(&reader);
    json_begin_array(&call->writer);
    while (json_next_item(&reader)) {
        call_mark_t before = mark(call);
        char text[64];
        str_t id = {0};
        size_t length = 0;
        if (json_peek(&reader) == JSON_STRING) {
            if (json_read_text(&reader, text, sizeof text, &length) == RESULT_OK)
                id = (str_t){text, length};
        } else {
            json_read_raw(&reader, &id);
        }
        count++;
        call_add_param(call, str_from(parameter), id, PARAM_PLAIN);
        run_element(call, before, handle_order_cancel);
    }
    json_end_array(&call->writer);
    if (json_finish(&reader) != RESULT_OK || count == 0)
        call_fail(call, 400, -1102, "Mandatory parameter 'orderIdList' was not sent, was empty/null, or malformed.");
}

/* How many elements a list has; more than the exchange takes must be refused before the first is cancelled. */
static uint32_t count_items(str_t list)
{
    json_reader_t reader;
    uint32_t count = 0;
    json_reader_init(&reader, list.bytes, list.length);
    json_enter_array(&reader);
    while (json_next_item(&reader)) {
        json_skip(&reader);
        count++;
    }
    return count;
}

void handle_batch_cancel(call_t *call)
{
    str_t ids = {0}, client_ids = {0};
    if (!read_list(call, "orderIdList", "orderidlist", &ids) ||
        !read_list(call, "origClientOrderIdList", "origclientorderidlist", &client_ids))
        return;
    str_t list = ids.length > 0 ? ids : client_ids;
    if (count_items(list) > BATCH_IDS_MAX) {
        call_fail(call, 400, -4032, "Exceed maximum cancel order size.");
        return;
    }
    cancel_list(call, list, ids.length > 0 ? "orderId" : "origClientOrderId");
}
