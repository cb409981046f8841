/* shows: MKT-9
 *
 * What is recorded is played back bit for bit, plain and compressed, also over two sittings; damage is named as file:line; the real
 * capture decodes to the last message, and its depth chain builds a book that never crosses.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/market/book.h"
#include "edge/exchange/binance/decode_market.h"
#include "edge/exchange/recorder.h"

static char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];

static int setup(void **state)
{
    (void)state;
    test_dir_make(folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static const char *const messages[] = {"{\"a\":1}", "[]", "{\"text\":\"\xC3\xA9 \\n \\u0000\"}", "x"};
enum { MESSAGES = 4 };

static void record_some(const char *name, int sittings)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (int sitting = 0; sitting < sittings; sitting++) {
        recorder_t *recorder;
        assert_ok(recorder_open(path, &recorder));
        for (int i = 0; i < MESSAGES; i++) {
            assert_ok(recorder_write(recorder, 1000 * sitting + i, str_from(messages[i])));
        }
        assert_true(recorder_count(recorder) == MESSAGES);
        assert_result(recorder_write(recorder, -1, STR("x")), RESULT_BAD_ARGUMENT);
        assert_result(recorder_write(recorder, 1, STR("")), RESULT_BAD_ARGUMENT);
        assert_ok(recorder_flush(recorder));
        assert_ok(recorder_close(recorder));
    }
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    static const char *const names[] = {"capture.stream", "capture.stream.gz"};
    for (int form = 0; form < 2; form++) {
        replay_t *replay;
        int64_t ns;
        str_t message;
        record_some(names[form], 2);
        assert_ok(replay_open(path, &replay));
        for (int i = 0; i < 2 * MESSAGES; i++) {
            assert_ok(replay_next(replay, &ns, &message));
            assert_true(ns == 1000 * (i / MESSAGES) + i % MESSAGES);
            assert_int_equal(message.length, strlen(messages[i % MESSAGES]));
            assert_memory_equal(message.bytes, messages[i % MESSAGES], message.length);
        }
        assert_result(replay_next(replay, &ns, &message), RESULT_EMPTY);
        assert_result(replay_next(replay, &ns, &message), RESULT_EMPTY);
        assert_string_equal(replay_error(replay), "");
        replay_close(replay);
    }
}

static void line_feeds_inside_become_blanks(void **state)
{
    (void)state;
    recorder_t *recorder;
    replay_t *replay;
    int64_t ns;
    str_t message;
    snprintf(path, sizeof path, "%s/feeds", folder);
    assert_ok(recorder_open(path, &recorder));
    assert_ok(recorder_write(recorder, 5, STR("{\n\"a\":1\n}")));
    assert_ok(recorder_close(recorder));
    assert_ok(replay_open(path, &replay));
    assert_ok(replay_next(replay, &ns, &message));
    assert_memory_equal(message.bytes, "{ \"a\":1 }", 9);
    replay_close(replay);
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void damage_is_named_with_its_line(void **state)
{
    (void)state;
    replay_t *replay;
    int64_t ns;
    str_t message;
    char expected[2 * TEST_PATH_MAX];
    const char text[] = "1 {}\nno time\n2\n3 \n-4 {}\n5 {}\n6 {\"cut\"";
    write_bytes("bad.stream", text, sizeof text - 1);
    assert_ok(replay_open(path, &replay));
    assert_ok(replay_next(replay, &ns, &message));
    assert_result(replay_next(replay, &ns, &message), RESULT_MALFORMED);
    snprintf(expected, sizeof expected, "%s:2: the line does not begin with a time in nanoseconds", path);
    assert_string_equal(replay_error(replay), expected);
    assert_result(replay_next(replay, &ns, &message), RESULT_MALFORMED);
    assert_result(replay_next(replay, &ns, &message), RESULT_MALFORMED);
    assert_result(replay_next(replay, &ns, &message), RESULT_MALFORMED);
    assert_ok(replay_next(replay, &ns, &message));
    assert_true(ns == 5 && replay_line(replay) == 6);
    assert_result(replay_next(replay, &ns, &message), RESULT_TRUNCATED);
    snprintf(expected, sizeof expected, "%s:7: the last line is not whole", path);
    assert_string_equal(replay_error(replay), expected);
    replay_close(replay);
    assert_result(replay_open("/nowhere/at/all", &replay), RESULT_NOT_FOUND);
}

/* Every cut of a compressed recording gives whole messages, then TRUNCATED; every spoilt byte gives damage or, in what no checksum
 * covers, the same messages. */
static void cut_and_spoilt_archives(void **state)
{
    (void)state;
    record_some("whole.stream.gz", 1);
    char bytes[4096];
    FILE *file = fopen(path, "r");
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t cut = 11; cut < length; cut++) {
        replay_t *replay;
        int64_t ns;
        str_t message;
        result_t result;
        int count = 0;
        write_bytes("cut.gz", bytes, cut);
        assert_ok(replay_open(path, &replay));
        while ((result = replay_next(replay, &ns, &message)) == RESULT_OK) {
            assert_int_equal(message.length, strlen(messages[count]));
            count++;
        }
        assert_result(result, RESULT_TRUNCATED);
        assert_true(replay_error(replay)[0] != '\0');
        replay_close(replay);
    }
    for (size_t at = 10; at < length; at++) {
        replay_t *replay;
        int64_t ns;
        str_t message;
        result_t result;
        int rounds = 0;
        bytes[at] ^= 0x20;
        write_bytes("spoilt.gz", bytes, length);
        bytes[at] ^= 0x20;
        assert_ok(replay_open(path, &replay));
        do {
            result = replay_next(replay, &ns, &message);
        } while ((result == RESULT_OK || result == RESULT_MALFORMED) && ++rounds < 100);
        assert_true(result == RESULT_CHECKSUM || result == RESULT_TRUNCATED || result == RESULT_EMPTY);
        replay_close(replay);
    }
}

static void overlong_lines_are_skipped(void **state)
{
    (void)state;
    size_t length = (size_t)RECORDING_LINE_MAX * 2 + 100;
    char *bytes = malloc(length + 16);
    replay_t *replay;
    int64_t ns;
    str_t message;
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    memcpy(bytes + length, "\n7 {}\n", 6);
    write_bytes("long.stream", bytes, length + 6);
    free(bytes);
    assert_ok(replay_open(path, &replay));
    assert_result(replay_next(replay, &ns, &message), RESULT_TEXT_TOO_LONG);
    assert_ok(replay_next(replay, &ns, &message));
    assert_true(ns == 7 && replay_line(replay) == 2);
    replay_close(replay);
}

static symbol_map_t symbols;
static binance_decoder_t decoder;
static book_t book;

/* As a feed does: what came before the snapshot waits for it. */
static char waiting[1 << 20];
static size_t waiting_length[64], waiting_count, waiting_used;

static void wait_for_snapshot(str_t message)
{
    assert_true(waiting_count < 64 && waiting_used + message.length <= sizeof waiting);
    memcpy(waiting + waiting_used, message.bytes, message.length);
    waiting_used += message.length;
    waiting_length[waiting_count++] = message.length;
}

static void apply_waiting(void)
{
    size_t at = 0;
    for (size_t i = 0; i < waiting_count; at += waiting_length[i++]) {
        market_event_t event;
        assert_ok(binance_decode_market(&decoder, waiting + at, waiting_length[i], 1, &event));
        result_t result = book_apply(&book, &event.depth);
        assert_true(result == RESULT_OK || result == RESULT_STALE);
    }
}

static void the_real_capture_decodes_and_its_book_never_crosses(void **state)
{
    (void)state;
    char data[TEST_PATH_MAX];
    if (!test_data_path("binance-usdm-btcusdt-20240808.stream.gz", data)) {
        print_message("skipped: the recorded stream is not here\n");
        skip();
    }
    replay_t *replay;
    int64_t ns;
    str_t message;
    uint64_t kinds[8] = {0}, refused = 0, applied = 0;
    symbol_map_init(&symbols);
    assert_ok(symbol_map_put(&symbols, STR("BTCUSDT"), 0));
    binance_decoder_init(&decoder, &symbols);
    book_init(&book);
    assert_ok(replay_open(data, &replay));
    result_t result;
    while ((result = replay_next(replay, &ns, &message)) == RESULT_OK) {
        market_event_t event;
        if (binance_decode_recorded(&decoder, 0, message.bytes, message.length, ns, &event) != RESULT_OK) {
            refused++;
            continue;
        }
        kinds[event.kind]++;
        level_t bid, ask;
        if (event.kind != MARKET_DEPTH) {
            continue;
        }
        if (book.state == BOOK_EMPTY && !event.depth.snapshot) {
            wait_for_snapshot(message);
            continue;
        }
        assert_ok(book_apply(&book, &event.depth));
        if (event.depth.snapshot) {
            apply_waiting();
        }
        assert_true(book_best(&book, &bid, &ask));
        assert_true(dec_lt(bid.price, ask.price));
        applied++;
    }
    assert_result(result, RESULT_EMPTY);
    assert_true(refused == 0);
    assert_true(kinds[MARKET_QUOTE] == 66089 && kinds[MARKET_TRADE] == 21313 && kinds[MARKET_DEPTH] == 6552);
    assert_true(decoder.general == 0); /* every frame of the venue went the fast way */
    assert_true(applied + waiting_count == 6552);
    assert_int_equal(book.state, BOOK_LIVE);
    replay_close(replay);
}

/* The first messages of the capture, cut at every byte: an error each time, never more. */
static void every_recorded_message_cut_at_every_byte(void **state)
{
    (void)state;
    char data[TEST_PATH_MAX];
    if (!test_data_path("binance-usdm-btcusdt-20240808.stream.gz", data)) {
        print_message("skipped: the recorded stream is not here\n");
        skip();
    }
    replay_t *replay;
    int64_t ns;
    str_t message;
    symbol_map_init(&symbols);
    assert_ok(symbol_map_put(&symbols, STR("BTCUSDT"), 0));
    binance_decoder_init(&decoder, &symbols);
    assert_ok(replay_open(data, &replay));
    for (int count = 0; count < (test_is_long() ? 94000 : 300) && replay_next(replay, &ns, &message) == RESULT_OK; count++) {
        size_t step = message.length > 2000 ? 37 : 1;
        for (size_t cut = 0; cut < message.length; cut += step) {
            market_event_t event;
            char *exact = malloc(cut > 0 ? cut : 1);
            memcpy(exact, message.bytes, cut);
            assert_int_not_equal(binance_decode_recorded(&decoder, 0, exact, cut, ns, &event), RESULT_OK);
            free(exact);
        }
    }
    replay_close(replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_goes_in_comes_out, setup, teardown),
        cmocka_unit_test_setup_teardown(line_feeds_inside_become_blanks, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_is_named_with_its_line, setup, teardown),
        cmocka_unit_test_setup_teardown(cut_and_spoilt_archives, setup, teardown),
        cmocka_unit_test_setup_teardown(overlong_lines_are_skipped, setup, teardown),
        cmocka_unit_test(the_real_capture_decodes_and_its_book_never_crosses),
        cmocka_unit_test(every_recorded_message_cut_at_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
