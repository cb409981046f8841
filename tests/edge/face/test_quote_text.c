/* test_quote_text.c: the quote message, put together by hand, is byte for byte what the JSON writer makes of the same event, and
 * goes under the name of its own stream.
 * shows: VEN-3
 */
#include <ctype.h>

#include "edge/face/binance_usdm/usdm_parts.h"
#include "edge/face/usdm_fixture.h"
#include "edge/face/world/world_acts.h"
#include "edge/json/json_writer.h"

enum { ROUNDS = 300, EXPECTED_MAX = 64 * 1024 };

static char expected[EXPECTED_MAX];
static uint32_t quotes;
static int only = -1; /* instrument whose quotes are followed; -1: of both */

/* The event as the writer makes it. */
static str_t written(const bench_t *bench, const venue_event_t *event, char *room, size_t capacity)
{
    const quote_t *quote = &event->quote;
    const instrument_t *rules = venue_instrument_at(world_venue(bench->world), event->instrument);
    json_writer_t writer;
    str_t text;
    json_writer_init(&writer, room, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "e", "bookTicker");
    json_field_u64(&writer, "u", quote->update_id);
    json_field_string(&writer, "s", rules->symbol);
    json_field_string(&writer, "ps", rules->symbol);
    json_field_dec_least(&writer, "b", quote->bid, dec_places(rules->tick_size));
    json_field_dec_least(&writer, "B", quote->bid_quantity, dec_places(rules->lot_step));
    json_field_dec_least(&writer, "a", quote->ask, dec_places(rules->tick_size));
    json_field_dec_least(&writer, "A", quote->ask_quantity, dec_places(rules->lot_step));
    json_field_i64(&writer, "T", event->time_ns / NS_PER_MS);
    json_field_i64(&writer, "E", event->time_ns / NS_PER_MS);
    json_field_i64(&writer, "st", 1);
    json_end_object(&writer);
    assert_int_equal(json_writer_finish(&writer, &text), RESULT_OK);
    return text;
}

/* The frame that a combined stream has to get for a quote. */
static void expect(void *context, const venue_event_t *event)
{
    if (event->kind != VENUE_EVENT_QUOTE || (only >= 0 && event->instrument != only))
        return;
    quotes++;
    size_t used = strlen(expected);
    char name[SYMBOL_TEXT_MAX] = "";
    const bench_t *bench = context;
    const char *symbol = venue_instrument_at(world_venue(bench->world), event->instrument)->symbol;
    for (size_t i = 0; symbol[i] != '\0'; i++)
        name[i] = (char)tolower((unsigned char)symbol[i]);
    used += (size_t)snprintf(expected + used, sizeof expected - used, "{\"stream\":\"%s@bookTicker\",\"data\":", name);
    used += written(context, event, expected + used, sizeof expected - used).length;
    snprintf(expected + used, sizeof expected - used, "}\n");
}

static int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_market(bench, "ETHUSDT", 3000, NULL);
    bench_open(bench);
    assert_int_equal(world_listen(bench->world, expect, bench), RESULT_OK);
    *state = bench;
    return 0;
}

static void run(bench_t *bench, fake_socket_t *socket)
{
    for (int round = 0; round < ROUNDS; round++) {
        socket->all[0] = expected[0] = '\0';
        assert_int_equal(world_advance(bench->world, world_now_ns(bench->world) + NS_PER_S, WORLD_NEW_MOMENT), RESULT_OK);
        assert_string_equal(socket->all, expected);
    }
}

static void quotes_are_what_the_writer_makes_of_them(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    quotes = 0;
    face_session_t *session = face_session_open(bench->face, &socket, STR("/public/stream"),
                                                STR("streams=btcusdt@bookTicker/ethusdt@bookTicker"), STR("1"));
    assert_non_null(session);
    run(bench, &socket);
    assert_true(quotes > ROUNDS); /* of both symbols, in turns */
    instrument_t finer = *venue_instrument_at(world_venue(bench->world), 1);
    finer.tick_size = dec_from_scaled(1, 4);
    finer.lot_step = finer.quantity_min = finer.market_step = finer.market_quantity_min = dec_from_scaled(1, 5);
    assert_int_equal(world_rules_set(bench->world, 1, &finer), RESULT_OK); /* from now on with more places */
    quotes = 0;
    run(bench, &socket);
    assert_true(quotes > ROUNDS);
    assert_non_null(strstr(socket.all, "ETHUSDT"));
    face_session_close(bench->face, session);
}

/* What was kept of the stream that was told last is not kept beyond its symbol's name. */
static void a_renamed_symbol_goes_by_its_new_name(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    face_session_t *session =
        face_session_open(bench->face, &socket, STR("/public/stream"), STR("streams=btcusdt@bookTicker"), STR("1"));
    assert_non_null(session);
    only = 0;
    run(bench, &socket);
    world_act_t rename = {.kind = WORLD_RENAME, .instrument = 0, .text = "NEWUSDT"};
    assert_int_equal(world_act(bench->world, &rename, NULL), RESULT_OK);
    quotes = 0;
    run(bench, &socket);
    assert_true(quotes > 0);
    only = -1;
    face_session_close(bench->face, session);
}

/* One number in two symbols of different steps, zero, one with more places than the step, the longest: each by itself and repeated.
 */
static void a_number_has_the_places_of_its_symbol(void **state)
{
    bench_t *bench = *state;
    const dec_t numbers[] = {DEC_ZERO, dec_from_int(7), dec_from_scaled(12345, 8), dec_from_scaled(INT64_MAX, 0),
                             dec_from_scaled(INT64_MAX, 18)};
    instrument_t coarse = *venue_instrument_at(world_venue(bench->world), 1);
    coarse.lot_step = coarse.quantity_min = coarse.market_step = coarse.market_quantity_min = DEC_ONE;
    assert_int_equal(world_rules_set(bench->world, 1, &coarse), RESULT_OK);
    char room[1024];
    for (unsigned i = 0; i < 400; i++) {
        const dec_t number = numbers[i / 4 % 5], other = numbers[i / 20 % 5];
        venue_event_t event = {.kind = VENUE_EVENT_QUOTE, .instrument = (instrument_id_t)(i % 2), .time_ns = i / 3 * NS_PER_MS};
        event.quote = (quote_t){number, other, number, other, i == 0 ? UINT64_MAX : i};
        str_t text = quote_text(bench->face, &event), wanted = written(bench, &event, room, sizeof room);
        assert_int_equal(text.length, wanted.length);
        assert_memory_equal(text.bytes, wanted.bytes, text.length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(quotes_are_what_the_writer_makes_of_them, begin, end),
        cmocka_unit_test_setup_teardown(a_renamed_symbol_goes_by_its_new_name, begin, end),
        cmocka_unit_test_setup_teardown(a_number_has_the_places_of_its_symbol, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
