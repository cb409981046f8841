/* fuzz_text.c: the smallest readers of all: decimals, times, numbers, order ids. What is taken is written and read again the same.
 * rooms: core/base
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/dec.h"
#include "core/base/id.h"
#include "core/base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_dec(str_t text)
{
    dec_t value = {12345}, again = DEC_ZERO;
    char buffer[DEC_TEXT_MAX];
    if (dec_parse(text.bytes, text.length, &value) != RESULT_OK) {
        ASSERT(value.units == 12345);
        return;
    }
    const size_t length = dec_format(value, buffer);
    ASSERT(length < DEC_TEXT_MAX && dec_parse(buffer, length, &again) == RESULT_OK && dec_eq(value, again));
}

static void check_time(str_t text)
{
    int64_t value = -12345, again = 0;
    char buffer[TIME_TEXT_MAX];
    if (time_parse(text.bytes, text.length, &value) != RESULT_OK) {
        ASSERT(value == -12345);
        return;
    }
    const size_t length = time_format(value, 9, buffer);
    ASSERT(length < TIME_TEXT_MAX && time_parse(buffer, length, &again) == RESULT_OK && value == again);
}

static void check_numbers(str_t text)
{
    uint64_t u = 7;
    int64_t i = 7;
    char buffer[21];
    uint64_t u_again = 0;
    int64_t i_again = 0;
    if (str_to_u64(text, &u) == RESULT_OK) {
        ASSERT(str_to_u64((str_t){buffer, str_from_u64(u, buffer)}, &u_again) == RESULT_OK && u == u_again);
    } else {
        ASSERT(u == 7);
    }
    if (str_to_i64(text, &i) == RESULT_OK) {
        ASSERT(str_to_i64((str_t){buffer, str_from_i64(i, buffer)}, &i_again) == RESULT_OK && i == i_again);
    } else {
        ASSERT(i == 7);
    }
}

/* Ours are exactly the texts that we write. */
static void check_id(str_t text)
{
    uint32_t epoch;
    uint64_t intent;
    leg_t leg;
    client_id_t id;
    if (client_id_parse(text, &epoch, &intent, &leg) == RESULT_OK) {
        client_id_make(&id, epoch, intent, leg);
        ASSERT(str_eq(str_from(id.text), text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    const str_t text = {bytes, size};
    check_dec(text);
    check_time(text);
    check_numbers(text);
    check_id(text);
    free(bytes);
    return 0;
}
