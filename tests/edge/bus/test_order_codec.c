/* test_order_codec.c: what crosses between watchdog and signer arrives as it was, or is refused; nothing in between.
 * shows: OPS-4, ORD-11, I2, I10, R004
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/prng.h"
#include "edge/bus/bus_frame.h"
#include "edge/bus/bus_order_codec.h"
#include "support/test_support.h"

static instrument_table_t ours;   /* the sender's numbering */
static instrument_table_t theirs; /* the receiver's: the other way round */

static bus_message_t message;
static uint8_t frame[BUS_FRAME_BYTES];
static size_t frame_length;

static void name(instrument_t *instrument, const char *symbol, instrument_kind_t kind)
{
    memset(instrument, 0, sizeof *instrument);
    snprintf(instrument->venue, sizeof instrument->venue, "BINANCE");
    snprintf(instrument->symbol, sizeof instrument->symbol, "%s", symbol);
    instrument->kind = kind;
}

static int setup(void **state)
{
    (void)state;
    ours.count = theirs.count = 3;
    name(&ours.items[0], "BTCUSDT", INSTRUMENT_PERPETUAL);
    name(&ours.items[1], "ETHUSDT", INSTRUMENT_PERPETUAL);
    name(&ours.items[2], "BTCUSDT", INSTRUMENT_SPOT); /* the same text, another thing */
    theirs.items[0] = ours.items[2];
    theirs.items[1] = ours.items[1];
    theirs.items[2] = ours.items[0];
    return 0;
}

static void through_a_frame(void)
{
    size_t used = 0;
    assert_int_equal(bus_frame_encode(&message, 0, 3, frame, sizeof frame, &frame_length), RESULT_OK);
    bus_message_clear(&message);
    assert_int_equal(bus_frame_decode(frame, frame_length, &message, &used), RESULT_OK);
    assert_int_equal(used, frame_length);
}

static order_action_t action_of(action_kind_t kind)
{
    order_action_t action;
    memset(&action, 0, sizeof action);
    action.kind = kind;
    action.priority = PRIORITY_STOP;
    action.number = 77;
    action.record = 1234567890123;
    action.trade = 9;
    action.instrument = 0;
    return action;
}

static order_action_t cross_action(const order_action_t *action)
{
    order_action_t arrived;
    memset(&arrived, 0, sizeof arrived);
    bus_message_clear(&message);
    assert_int_equal(bus_order_action_encode(action, &ours, &message), RESULT_OK);
    through_a_frame();
    assert_int_equal(message.which_body, patriot_bus_Envelope_order_command_tag);
    assert_int_equal(bus_order_action_decode(&message.body.order_command, &theirs, &arrived), RESULT_OK);
    assert_int_equal(arrived.kind, action->kind);
    assert_int_equal(arrived.number, action->number);
    assert_int_equal(arrived.record, action->record);
    assert_int_equal(arrived.trade, action->trade);
    return arrived;
}

static order_action_t a_stop(void)
{
    order_action_t action = action_of(ACTION_PLACE);
    client_id_make(&action.place.client_id, 3, 42, LEG_STOP);
    action.place.instrument = 0;
    action.place.leg = LEG_STOP;
    action.place.side = ORDER_SELL;
    action.place.position = POSITION_BOTH;
    action.place.type = ORDER_STOP_MARKET;
    action.place.tif = TIF_GTC;
    action.place.trigger_by = TRIGGER_BY_MARK;
    action.place.reduce = REDUCE_ONLY;
    action.place.quantity = test_dec("0.123456789012345678");
    action.place.trigger = test_dec("99999999999999999999.999999999999999999");
    return action;
}

static void actions_arrive_as_they_were(void **state)
{
    (void)state;
    order_action_t action = a_stop();
    order_action_t arrived = cross_action(&action);
    assert_int_equal(arrived.instrument, 2); /* the receiver's own number */
    assert_int_equal(arrived.place.instrument, 2);
    assert_string_equal(arrived.place.client_id.text, action.place.client_id.text);
    assert_true(dec_eq(arrived.place.quantity, action.place.quantity));
    assert_true(dec_eq(arrived.place.trigger, action.place.trigger));
    assert_true(dec_is_zero(arrived.place.price));
    assert_int_equal(arrived.place.leg, LEG_STOP);
    assert_int_equal(arrived.place.side, ORDER_SELL);
    assert_int_equal(arrived.place.type, ORDER_STOP_MARKET);
    assert_int_equal(arrived.place.reduce, REDUCE_ONLY);
    assert_int_equal(arrived.place.trigger_by, TRIGGER_BY_MARK);

    action = action_of(ACTION_CANCEL);
    client_id_make(&action.order.client_id, 3, 42, LEG_ENTRY);
    action.order.algo = true;
    action.order.venue_order_id = UINT64_MAX;
    arrived = cross_action(&action);
    assert_true(arrived.order.algo);
    assert_true(arrived.order.venue_order_id == UINT64_MAX);

    action = action_of(ACTION_QUERY_ORDER);
    client_id_make(&action.order.client_id, 3, 42, LEG_ENTRY);
    action.order.since_ns = INT64_C(1700000000000000001);
    assert_true(cross_action(&action).order.since_ns == INT64_C(1700000000000000001));

    action = a_stop(); /* the price that measures an order without one */
    action.reference = test_dec("45000.1");
    assert_true(dec_eq(cross_action(&action).reference, test_dec("45000.1")));

    action = action_of(ACTION_SNAPSHOT);
    action.instrument = INSTRUMENT_NONE;
    action.snapshot.since_ns = -5;
    action.snapshot.count = 2;
    action.snapshot.symbols[0] = 1;
    action.snapshot.symbols[1] = 2;
    arrived = cross_action(&action);
    assert_int_equal(arrived.instrument, INSTRUMENT_NONE);
    assert_int_equal(arrived.snapshot.since_ns, -5);
    assert_int_equal(arrived.snapshot.count, 2);
    assert_int_equal(arrived.snapshot.symbols[0], 1);
    assert_int_equal(arrived.snapshot.symbols[1], 0);

    action = action_of(ACTION_SET_LEVERAGE);
    action.leverage = 20;
    assert_int_equal(cross_action(&action).leverage, 20);
    action = action_of(ACTION_SET_MARGIN_TYPE);
    action.margin_type = MARGIN_ISOLATED;
    assert_int_equal(cross_action(&action).margin_type, MARGIN_ISOLATED);
    action = action_of(ACTION_SET_POSITION_MODE);
    action.mode = POSITION_MODE_HEDGE;
    assert_int_equal(cross_action(&action).mode, POSITION_MODE_HEDGE);
    action = action_of(ACTION_QUERY_FILLS);
    action.fills.since_ns = 17;
    assert_int_equal(cross_action(&action).fills.since_ns, 17);
    action = action_of(ACTION_READ_RULES);
    (void)cross_action(&action);
    action = action_of(ACTION_NOTIFY);
    action.notice = NOTICE_LADDER_FIRED;
    assert_int_equal(cross_action(&action).notice, NOTICE_LADDER_FIRED);
}

static order_input_t cross_input(const order_input_t *input)
{
    order_input_t arrived;
    memset(&arrived, 0, sizeof arrived);
    bus_message_clear(&message);
    assert_int_equal(bus_order_input_encode(input, &ours, &message), RESULT_OK);
    through_a_frame();
    assert_int_equal(bus_order_input_decode(&message, &theirs, &arrived), RESULT_OK);
    assert_int_equal(arrived.kind, input->kind);
    return arrived;
}

static void fill_order(private_order_t *order)
{
    memset(order, 0, sizeof *order);
    snprintf(order->client_id, sizeof order->client_id, "autoclose-1234567890123456789012345678"); /* not ours; 38 characters */
    order->instrument = 1;
    order->algo = true;
    order->venue_order_id = 12;
    order->engine_order_id = 13;
    order->status = PRIVATE_STATUS_TRIGGERING;
    order->owner = OWNER_LIQUIDATION;
    order->side = ORDER_BUY;
    order->position = POSITION_SHORT;
    order->type = 0; /* a type nobody knows */
    order->reduce = REDUCE_NO;
    order->quantity = test_dec("1.5");
    order->price = test_dec("3000.01");
    order->filled_known = true;
    order->filled = test_dec("0.5");
    snprintf(order->reason, sizeof order->reason, "why");
}

static void expect_order(const private_order_t *order)
{
    private_order_t wanted;
    fill_order(&wanted);
    assert_string_equal(order->client_id, wanted.client_id);
    assert_int_equal(order->instrument, 1);
    assert_int_equal(order->status, wanted.status);
    assert_int_equal(order->owner, wanted.owner);
    assert_int_equal(order->position, wanted.position);
    assert_int_equal(order->engine_order_id, 13);
    assert_true(dec_eq(order->quantity, wanted.quantity) && dec_eq(order->price, wanted.price) &&
                dec_eq(order->filled, wanted.filled));
    assert_true(order->filled_known);
    assert_string_equal(order->reason, "why");
}

static void replies_and_events_arrive_as_they_were(void **state)
{
    order_input_t input;
    (void)state;
    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_REPLY;
    input.reply.action = 5;
    input.reply.kind = REPLY_REJECTED;
    input.reply.reject = REJECT_WOULD_TRIGGER;
    input.reply.code = -2021;
    snprintf(input.reply.text, sizeof input.reply.text, "Order would immediately trigger.");
    order_input_t arrived = cross_input(&input);
    assert_int_equal(arrived.reply.code, -2021);
    assert_int_equal(arrived.reply.reject, REJECT_WOULD_TRIGGER);
    assert_string_equal(arrived.reply.text, input.reply.text);
    assert_int_equal(arrived.reply.order.status, PRIVATE_STATUS_NONE);
    input.reply.kind = REPLY_ACCEPTED;
    fill_order(&input.reply.order);
    arrived = cross_input(&input);
    expect_order(&arrived.reply.order);

    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_PRIVATE;
    input.event.kind = PRIVATE_FILL;
    input.event.time_ns = 44;
    fill_order(&input.event.fill.order);
    input.event.fill.fill.trade_id = 99;
    input.event.fill.fill.price = test_dec("1");
    input.event.fill.fill.quantity = test_dec("2");
    input.event.fill.fill.fee = test_dec("-0.01"); /* a rebate */
    snprintf(input.event.fill.fill.fee_asset, sizeof input.event.fill.fill.fee_asset, "BNB");
    input.event.fill.fill.realised = test_dec("-12.5");
    input.event.fill.fill.maker = true;
    arrived = cross_input(&input);
    expect_order(&arrived.event.fill.order);
    assert_int_equal(arrived.event.time_ns, 44);
    assert_true(dec_eq(arrived.event.fill.fill.fee, test_dec("-0.01")) &&
                dec_eq(arrived.event.fill.fill.realised, test_dec("-12.5")));
    assert_string_equal(arrived.event.fill.fill.fee_asset, "BNB");
    assert_true(arrived.event.fill.fill.maker);

    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_PRIVATE;
    input.event.kind = PRIVATE_GAP;
    assert_int_equal(cross_input(&input).event.kind, PRIVATE_GAP);
    input.event.kind = PRIVATE_INCOME;
    input.event.income = (private_income_t){.kind = INCOME_FUNDING,
                                            .instrument = INSTRUMENT_NONE,
                                            .asset = "USDT",
                                            .amount = test_dec("-0.1"),
                                            .time_ns = 8,
                                            .venue_id = 7};
    arrived = cross_input(&input);
    assert_int_equal(arrived.event.income.instrument, INSTRUMENT_NONE);
    assert_true(dec_eq(arrived.event.income.amount, test_dec("-0.1")));
    input.event.kind = PRIVATE_BALANCE;
    input.event.balance =
        (private_balance_t){.asset = "USDT", .wallet = test_dec("10000"), .available_known = true, .available = test_dec("9000")};
    assert_true(dec_eq(cross_input(&input).event.balance.available, test_dec("9000")));
    input.event.kind = PRIVATE_POSITION;
    input.event.position =
        (private_position_t){.instrument = 0, .position = POSITION_BOTH, .amount = test_dec("-3"), .entry = test_dec("100")};
    arrived = cross_input(&input);
    assert_int_equal(arrived.event.position.instrument, 2);
    assert_true(dec_eq(arrived.event.position.amount, test_dec("-3")));
    input.event.kind = PRIVATE_MODE;
    input.event.mode = POSITION_MODE_ONE_WAY;
    assert_int_equal(cross_input(&input).event.mode, POSITION_MODE_ONE_WAY);
}

static void answers_to_questions_arrive_as_they_were(void **state)
{
    order_input_t input;
    (void)state;
    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_QUERY_RESULT;
    input.query.action = 6;
    input.query.endpoints = ENDPOINTS_ALGO;
    order_input_t arrived = cross_input(&input);
    assert_false(arrived.query.found);
    assert_int_equal(arrived.query.endpoints, ENDPOINTS_ALGO);
    input.query.found = true;
    fill_order(&input.query.order);
    arrived = cross_input(&input);
    expect_order(&arrived.query.order);

    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_SNAPSHOT;
    input.snapshot.action = 6;
    input.snapshot.section = SECTION_SETTINGS;
    input.snapshot.phase = SNAPSHOT_ITEM;
    input.snapshot.item.kind = PRIVATE_SETTINGS;
    input.snapshot.item.settings = (private_settings_t){.instrument = 1, .leverage = 20, .margin_type = MARGIN_CROSSED};
    arrived = cross_input(&input);
    assert_int_equal(arrived.snapshot.item.settings.leverage, 20);
    input.snapshot.phase = SNAPSHOT_FAILED;
    assert_int_equal(cross_input(&input).snapshot.phase, SNAPSHOT_FAILED);
    input.snapshot.phase = SNAPSHOT_END;
    input.snapshot.section = (snapshot_section_t)0;
    assert_int_equal(cross_input(&input).snapshot.phase, SNAPSHOT_END);

    memset(&input, 0, sizeof input);
    input.kind = ORDER_INPUT_RULES;
    name(&input.rules, "XRPUSDT", INSTRUMENT_PERPETUAL); /* known to neither table yet */
    snprintf(input.rules.base, sizeof input.rules.base, "XRP");
    input.rules.status = INSTRUMENT_TRADING;
    input.rules.tick_size = test_dec("0.0001");
    input.rules.liquidation_fee = test_dec("0.015");
    input.rules.bracket_count = INSTRUMENT_BRACKETS_MAX;
    for (unsigned i = 0; i < INSTRUMENT_BRACKETS_MAX; i++) {
        input.rules.brackets[i] = (leverage_bracket_t){
            .leverage_max = 75 - i, .notional_cap = dec_from_int(1000 * (i + 1)), .maintenance_rate = test_dec("0.005")};
    }
    arrived = cross_input(&input);
    assert_string_equal(arrived.rules.symbol, "XRPUSDT");
    assert_true(dec_eq(arrived.rules.tick_size, test_dec("0.0001")) && dec_eq(arrived.rules.liquidation_fee, test_dec("0.015")));
    assert_int_equal(arrived.rules.bracket_count, INSTRUMENT_BRACKETS_MAX);
    assert_int_equal(arrived.rules.brackets[15].leverage_max, 60);
    assert_true(dec_eq(arrived.rules.brackets[15].notional_cap, dec_from_int(16000)));

    input.kind = ORDER_INPUT_TIME;
    assert_int_equal(bus_order_input_encode(&input, &ours, &message), RESULT_UNSUPPORTED);
}

/* --- refusals --------------------------------------------------------------------------------- */

static result_t decode_spoilt(void)
{
    order_action_t untouched = action_of(ACTION_READ_RULES);
    order_action_t before = untouched;
    result_t result = bus_order_action_decode(&message.body.order_command, &theirs, &untouched);
    if (result != RESULT_OK) {
        assert_memory_equal(&untouched, &before, sizeof before);
    }
    return result;
}

static void spoil_begin(void)
{
    order_action_t action = a_stop();
    bus_message_clear(&message);
    assert_int_equal(bus_order_action_encode(&action, &ours, &message), RESULT_OK);
    assert_int_equal(decode_spoilt(), RESULT_OK);
}

static void an_order_that_makes_no_sense_is_refused(void **state)
{
    patriot_bus_OrderCommand *command = &message.body.order_command;
    patriot_bus_OrderSpec *spec = &command->what.place;
    (void)state;
#define SPOILT(change, wanted)                                                                                                     \
    do {                                                                                                                           \
        spoil_begin();                                                                                                             \
        change;                                                                                                                    \
        assert_int_equal(decode_spoilt(), wanted);                                                                                 \
    } while (0)
    SPOILT(command->action = 0, RESULT_FIELD_MISSING);
    SPOILT(command->kind = 99, RESULT_UNKNOWN_VALUE);
    SPOILT(command->kind = ACTION_CANCEL, RESULT_MALFORMED); /* a cancel with an order's body */
    SPOILT(command->which_what = 0, RESULT_MALFORMED);
    SPOILT(snprintf(command->symbol.name, sizeof command->symbol.name, "NOUSDT"), RESULT_NOT_FOUND);
    SPOILT(spec->symbol.kind = INSTRUMENT_DELIVERY, RESULT_NOT_FOUND);
    SPOILT(spec->side = 3, RESULT_UNKNOWN_VALUE);
    SPOILT(spec->side = 0, RESULT_UNKNOWN_VALUE);
    SPOILT(spec->leg = 'Q', RESULT_UNKNOWN_VALUE);
    SPOILT(spec->leg = LEG_ENTRY, RESULT_MALFORMED); /* contradicts the client id */
    SPOILT(spec->type = 7, RESULT_UNKNOWN_VALUE);
    SPOILT(spec->reduce = 0, RESULT_UNKNOWN_VALUE);
    SPOILT(snprintf(spec->client_id, sizeof spec->client_id, "web_123"), RESULT_MALFORMED); /* not one of ours */
    SPOILT(snprintf(spec->quantity, sizeof spec->quantity, "1e5"), RESULT_NUMBER_MALFORMED);
    SPOILT(snprintf(spec->quantity, sizeof spec->quantity, "NaN"), RESULT_NUMBER_MALFORMED);
    SPOILT(snprintf(spec->quantity, sizeof spec->quantity, "-1"), RESULT_NUMBER_OUT_OF_RANGE);
    SPOILT(snprintf(spec->price, sizeof spec->price, "100000000000000000000"), RESULT_NUMBER_OUT_OF_RANGE);
    order_action_t action = a_stop();
    action.instrument = 7; /* nobody's */
    assert_int_equal(bus_order_action_encode(&action, &ours, &message), RESULT_NOT_FOUND);
}

/* Any bit of a frame flipped, any byte cut: refused or another whole message; never a crash, never half a value. */
static void spoilt_frames_never_give_half_a_value(void **state)
{
    prng_t prng;
    (void)state;
    prng_seed(&prng, 11);
    spoil_begin();
    assert_int_equal(bus_frame_encode(&message, 0, 3, frame, sizeof frame, &frame_length), RESULT_OK);
    static uint8_t good[4096];
    memcpy(good, frame, frame_length);
    unsigned refused = 0;
    for (unsigned i = 0; i < 20000; i++) {
        size_t used = 0;
        memcpy(frame, good, frame_length);
        unsigned flips = 1 + (unsigned)(prng_next(&prng) % 4);
        for (unsigned j = 0; j < flips; j++) {
            frame[4 + prng_next(&prng) % (frame_length - 4)] ^= (uint8_t)(1u << (prng_next(&prng) % 8));
        }
        bus_message_clear(&message);
        if (bus_frame_decode(frame, frame_length, &message, &used) != RESULT_OK) {
            refused++;
            continue;
        }
        if (message.which_body == patriot_bus_Envelope_order_command_tag) {
            order_action_t action;
            refused += bus_order_action_decode(&message.body.order_command, &theirs, &action) != RESULT_OK;
        } else {
            order_input_t input;
            refused += bus_order_input_decode(&message, &theirs, &input) != RESULT_OK;
        }
    }
    assert_true(refused > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_arrive_as_they_were),
        cmocka_unit_test(replies_and_events_arrive_as_they_were),
        cmocka_unit_test(answers_to_questions_arrive_as_they_were),
        cmocka_unit_test(an_order_that_makes_no_sense_is_refused),
        cmocka_unit_test(spoilt_frames_never_give_half_a_value),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
