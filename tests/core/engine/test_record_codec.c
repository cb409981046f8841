/* test_record_codec.c: the journal's bytes and text: exact round trips, agreement with record.proto, and every kind of bad input.
 * shows: I13, I16, OPS-6, OPS-18, R211
 */
#include <pb_decode.h>
#include <record.pb.h>

#include "core/base/prng.h"
#include "core/engine/record_text.h"
#include "core/engine/seam.h"
#include "half_fixture.h"

/* A journal with most kinds in it. */
static fixture_t *busy_life(void)
{
    fixture_t *f = fixture_start();
    const signal_t signal = fixture_signal(f, SIDE_LONG, "100", "97", "115");
    fixture_send_signal(f, &signal);
    fixture_fill(f, fixture_last(f, LEG_ENTRY), "6.6", "100");
    fixture_price(f, "112");
    fixture_fill(f, fixture_last(f, LEG_LADDER), "5.2", "112");
    trade_view_t view;
    assert_true(fixture_trade(f, &view));
    fixture_command(f, COMMAND_MOVE_STOP, view.id, 0, "108");
    fixture_command(f, COMMAND_CLOSE_TRADE, view.id, 0, "0");
    fixture_fill(f, fixture_last(f, LEG_CLOSE), "1.4", "113");
    fixture_tick(f, NS_PER_S);
    return f;
}

static void the_proto_file_describes_the_bytes(void **state)
{
    (void)state;
    fixture_t *f = busy_life();
    for (uint32_t i = 0; i < f->record_count; i++) {
        const order_record_t *record = &f->records[i];
        uint8_t bytes[RECORD_BYTES_MAX];
        size_t length = 0;
        assert_int_equal(record_encode(record, bytes, sizeof bytes, &length), RESULT_OK);
        patriot_record_Record decoded = patriot_record_Record_init_zero;
        pb_istream_t stream = pb_istream_from_buffer(bytes, length);
        assert_true(pb_decode(&stream, patriot_record_Record_fields, &decoded));
        assert_int_equal(decoded.number, record->number);
        assert_int_equal(decoded.time, record->time_ns);
        assert_int_equal(decoded.which_body, 16 + record->kind);
        if (record->kind == RECORD_INTENT) {
            assert_string_equal(decoded.body.intent.client_id, record->intent.spec.client_id.text);
            assert_dec(record->intent.spec.quantity, decoded.body.intent.quantity);
        }
        if (record->kind == RECORD_FILL) {
            assert_dec(record->fill.fill.price, decoded.body.fill.price);
            assert_int_equal(decoded.body.fill.trade_id, record->fill.fill.trade_id);
        }
        if (record->kind == RECORD_TRADE_CLOSED) {
            const char *text = decoded.body.trade_closed.realised_own;
            assert_dec(record->trade_closed.realised_own, text[0] == '\0' ? "0" : text);
        }
    }
    fixture_stop(f);
}

static void cut_and_spoiled_bytes_are_refused_or_harmless(void **state)
{
    (void)state;
    fixture_t *f = busy_life();
    prng_t prng;
    prng_seed(&prng, 5);
    for (uint32_t i = 0; i < f->record_count; i++) {
        uint8_t bytes[RECORD_BYTES_MAX];
        size_t length = 0;
        order_record_t out;
        assert_int_equal(record_encode(&f->records[i], bytes, sizeof bytes, &length), RESULT_OK);
        for (size_t cut = 0; cut < length; cut++) {
            assert_int_not_equal(record_decode(bytes, cut, &out), RESULT_OK);
            size_t unused = 0;
            uint8_t small[RECORD_BYTES_MAX];
            assert_int_equal(record_encode(&f->records[i], small, cut, &unused), RESULT_FULL);
        }
        for (int turn = 0; turn < 200; turn++) {
            uint8_t spoiled[RECORD_BYTES_MAX];
            memcpy(spoiled, bytes, length);
            spoiled[prng_below(&prng, length)] ^= (uint8_t)(1 + prng_below(&prng, 255));
            if (record_decode(spoiled, length, &out) == RESULT_OK) {
                size_t again = 0;
                assert_int_equal(record_encode(&out, spoiled, sizeof spoiled, &again), RESULT_OK);
                char text[RECORD_JSON_MAX];
                assert_true(record_json(&out, NULL, text, sizeof text) > 0);
            }
        }
    }
    order_record_t out;
    assert_int_equal(record_decode((const uint8_t *)"", 0, &out), RESULT_FIELD_MISSING);
    const uint8_t newer[] = {0x08, 0x01, 0xF2, 0x3F, 0x00}; /* body 1022: a kind of the future */
    assert_int_equal(record_decode(newer, sizeof newer, &out), RESULT_VERSION);
    fixture_stop(f);
}

static void json_is_whole_and_exact(void **state)
{
    (void)state;
    fixture_t *f = busy_life();
    char text[RECORD_JSON_MAX];
    const order_record_t *ladder = fixture_last_record(f, RECORD_LADDER);
    assert_true(record_json(ladder, order_half_instruments(f->half), text, sizeof text) > 0);
    assert_non_null(
        strstr(text, "\"kind\":\"LADDER\",\"instrument\":0,\"symbol\":\"BINANCE_BTC_USDT\",\"body\":{\"row\":0,\"price\":\"112\","
                     "\"position\":\"6.6\",\"close\":\"5.2\",\"rest\":\"1.4\",\"stop\":\"107.5\"}}"));
    assert_int_equal(record_json(ladder, NULL, text, 20), 0);
    order_record_t hostile = f->records[0];
    memset(hostile.session.version, 0, sizeof hostile.session.version);
    strcpy(hostile.session.version, "a\"b\\c\n\xff\xc3\xa9");
    assert_true(record_json(&hostile, NULL, text, sizeof text) > 0);
    assert_non_null(strstr(text, "a\\\"b\\\\c\\u000a\\ufffd\xc3\xa9"));
    order_record_t cheap = *fixture_last_record(f, RECORD_SIGNAL_INPUTS);
    cheap.inputs.inputs[0].value = 4.25e-12; /* of a coin of 0.0000000001 */
    assert_true(record_json(&cheap, NULL, text, sizeof text) > 0);
    assert_non_null(strstr(text, "\"1h.atr\":0.00000000000425}"));
    signal_t worse = fixture_signal(f, SIDE_LONG, "120", "97", "115.1");
    worse.confidence = 0.1 + 0.2;
    fixture_send_signal(f, &worse);
    assert_true(record_json(fixture_last_record(f, RECORD_SIGNAL), NULL, text, sizeof text) > 0);
    assert_non_null(strstr(text, "\"confidence\":0.3,"));
    assert_true(record_sentence(fixture_last_record(f, RECORD_SIGNAL), order_half_instruments(f->half), text, sizeof text) > 0);
    assert_non_null(strstr(text, "BTCUSDT refused: "));
    for (uint32_t i = 0; i < f->record_count; i++) {
        assert_true(record_json(&f->records[i], NULL, text, sizeof text) > 0);
        assert_true(record_sentence(&f->records[i], NULL, text, sizeof text) > 0);
    }
    fixture_stop(f);
}

static void signals_cross_by_name(void **state)
{
    (void)state;
    fixture_t *f = fixture_start();
    const signal_t signal = fixture_signal(f, SIDE_SHORT, "100.1", "102", "95");
    uint8_t bytes[SEAM_SIGNAL_MAX];
    size_t length = 0;
    assert_int_equal(seam_signal_encode(&signal, order_half_instruments(f->half), bytes, sizeof bytes, &length), RESULT_OK);
    /* The other side numbers its instruments in another order. */
    static instrument_table_t other;
    instrument_id_t id = 0;
    instrument_t eth = fixture_rules();
    strcpy(eth.symbol, "ETHUSDT");
    strcpy(eth.base, "ETH");
    assert_int_equal(instrument_table_put(&other, &eth, &id), RESULT_OK);
    signal_t out;
    memset(&out, 7, sizeof out);
    signal_t before = out;
    assert_int_equal(seam_signal_decode(bytes, length, &other, &out), RESULT_NOT_FOUND);
    assert_memory_equal(&before, &out, sizeof out);
    const instrument_t btc = fixture_rules();
    assert_int_equal(instrument_table_put(&other, &btc, &id), RESULT_OK);
    assert_int_equal(seam_signal_decode(bytes, length, &other, &out), RESULT_OK);
    assert_int_equal(out.instrument, id);
    assert_string_equal(out.id, signal.id);
    assert_dec(out.entry, "100.1");
    assert_int_equal(out.side, SIDE_SHORT);
    assert_int_equal(out.input_count, 1);
    assert_string_equal(out.inputs[0].name, "1h.atr");
    assert_true(out.inputs[0].value == 2);
    assert_int_equal(out.timeframe_source, TF_4H);
    for (size_t cut = 0; cut < length; cut++) {
        signal_t part;
        const result_t result = seam_signal_decode(bytes, cut, &other, &part);
        if (result == RESULT_OK) {
            assert_int_not_equal(signal_check(&part) == RESULT_OK && part.input_count == 1 && part.expires_ns == signal.expires_ns,
                                 1);
        }
    }
    fixture_stop(f);
}

static void outcomes_follow_from_records_alone(void **state)
{
    (void)state;
    fixture_t *f = busy_life();
    request_outcome_kind_t seen[4] = {0};
    unsigned count = 0;
    for (uint32_t i = 0; i < f->record_count; i++) {
        request_outcome_t outcome, back;
        if (!request_outcome_from_record(&f->records[i], &outcome)) {
            continue;
        }
        uint8_t bytes[SEAM_OUTCOME_MAX];
        size_t length = 0;
        assert_int_equal(seam_outcome_encode(&outcome, bytes, sizeof bytes, &length), RESULT_OK);
        assert_int_equal(seam_outcome_decode(bytes, length, &back), RESULT_OK);
        assert_int_equal(back.record, f->records[i].number);
        assert_int_equal(back.signal_number, 1);
        assert_true(count < 4);
        seen[count++] = back.kind;
    }
    assert_int_equal(count, 3);
    assert_int_equal(seen[0], REQUEST_ACCEPTED);
    assert_int_equal(seen[1], REQUEST_FILLED);
    assert_int_equal(seen[2], REQUEST_CLOSED);
    fixture_stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_proto_file_describes_the_bytes),
        cmocka_unit_test(cut_and_spoiled_bytes_are_refused_or_harmless),
        cmocka_unit_test(json_is_whole_and_exact),
        cmocka_unit_test(signals_cross_by_name),
        cmocka_unit_test(outcomes_follow_from_records_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
