/* fuzz_record.c: any bytes as a journal record: refused, or a record that is written again, reads back the same and can be told as
 * text. rooms: core/engine edge/json
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/engine/record_codec.h"
#include "core/engine/record_text.h"
#include "edge/json/json_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const order_record_t *record)
{
    static char text[RECORD_JSON_MAX];
    const size_t length = record_json(record, NULL, text, sizeof text);
    ASSERT(length > 0 && length < RECORD_JSON_MAX && text[length] == '\0');
    json_reader_t reader;
    json_reader_init(&reader, text, length);
    json_skip(&reader);
    ASSERT(json_finish(&reader) == RESULT_OK);
    const size_t sentence = record_sentence(record, NULL, text, sizeof text);
    ASSERT(sentence > 0 && sentence < RECORD_JSON_MAX && text[sentence] == '\0');
}

static void check_record(const order_record_t *record)
{
    uint8_t bytes[RECORD_BYTES_MAX], again[RECORD_BYTES_MAX];
    size_t length = 0, length_again = 0;
    order_record_t copy;
    ASSERT(record->kind > RECORD_NONE && record->kind < RECORD_KIND_COUNT);
    ASSERT(record_encode(record, bytes, sizeof bytes, &length) == RESULT_OK);
    ASSERT(record_decode(bytes, length, &copy) == RESULT_OK);
    ASSERT(memcmp(&copy, record, sizeof copy) == 0);
    ASSERT(record_encode(&copy, again, sizeof again, &length_again) == RESULT_OK);
    ASSERT(length == length_again && memcmp(bytes, again, length) == 0);
    ASSERT(length == 0 || record_encode(record, again, length - 1, &length_again) == RESULT_FULL);
    check_text(record);
    request_outcome_t outcome;
    (void)request_outcome_from_record(record, &outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    order_record_t record, untouched;
    memset(&record, 0xA5, sizeof record);
    memcpy(&untouched, &record, sizeof untouched);
    uint8_t *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    if (record_decode(bytes, size, &record) == RESULT_OK) {
        check_record(&record);
    } else {
        ASSERT(memcmp(&record, &untouched, sizeof record) == 0);
    }
    free(bytes);
    return 0;
}
