/* fuzz_bus.c: any bytes from a peer on the bus: a frame is refused, waited for, or decoded; what is decoded is written and read
 * again the same, and orders and answers inside it are taken apart as the watchdog and the signer do. rooms: edge/bus
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/bus/bus_frame.h"
#include "edge/bus/bus_order_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static instrument_table_t table;
static bus_message_t message, again;
static uint8_t first[BUS_FRAME_BYTES], second[BUS_FRAME_BYTES];

static void table_make(void)
{
    const instrument_t instrument = {
        .venue = "BINANCE", .symbol = "BTCUSDT", .base = "BTC", .quote = "USDT", .settle = "USDT", .kind = INSTRUMENT_PERPETUAL};
    table.items[0] = instrument;
    table.count = 1;
}

/* A string may lose what stands behind its NUL and an enumeration may not be known; what is left then is stable. */
static void check_frame(void)
{
    size_t length = 0, length_again = 0, used = 0;
    if (bus_frame_encode(&message, message.ack, message.epoch, first, sizeof first, &length) != RESULT_OK) {
        return; /* as long as a frame may be already: ack and epoch stand twice in what we write */
    }
    ASSERT(length <= BUS_FRAME_BYTES);
    ASSERT(bus_frame_decode(first, length - 1, &again, &used) == RESULT_TRUNCATED);
    ASSERT(bus_frame_decode(first, length, &again, &used) == RESULT_OK && used == length);
    ASSERT(again.ack == message.ack && again.epoch == message.epoch && again.number == message.number);
    ASSERT(bus_frame_encode(&again, again.ack, again.epoch, second, sizeof second, &length_again) == RESULT_OK);
    ASSERT(length == length_again && memcmp(first, second, length) == 0);
}

static void check_orders(void)
{
    static order_action_t action, untouched_action;
    static order_input_t input, untouched_input;
    memset(&action, 0xA5, sizeof action);
    memset(&input, 0xA5, sizeof input);
    memcpy(&untouched_action, &action, sizeof action);
    memcpy(&untouched_input, &input, sizeof input);
    if (message.which_body == patriot_bus_Envelope_order_command_tag) {
        if (bus_order_action_decode(&message.body.order_command, &table, &action) == RESULT_OK) {
            bus_message_clear(&again);
            ASSERT(bus_order_action_encode(&action, &table, &again) == RESULT_OK);
        } else {
            ASSERT(memcmp(&action, &untouched_action, sizeof action) == 0);
        }
    }
    if (bus_order_input_decode(&message, &table, &input) == RESULT_OK) {
        bus_message_clear(&again);
        ASSERT(bus_order_input_encode(&input, &table, &again) == RESULT_OK);
    } else {
        ASSERT(memcmp(&input, &untouched_input, sizeof input) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (table.count == 0) {
        table_make();
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    size_t at = 0, used = 0;
    while (bus_frame_decode(bytes + at, size - at, &message, &used) == RESULT_OK) {
        ASSERT(used > 0 && used <= size - at);
        at += used;
        check_frame();
        check_orders();
    }
    free(bytes);
    return 0;
}
