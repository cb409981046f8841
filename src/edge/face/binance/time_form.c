/* time_form.c: see time_form.h. */
#include "edge/face/binance/time_form.h"

#include <string.h>

#include "core/base/time.h"

enum { MARK = 1, MICRO_DIGITS = 3 }; /* a control byte never stands in JSON text */

bool time_form_read(str_t text, time_form_t *form)
{
    bool micro = str_eq(text, STR("MICROSECOND")) || str_eq(text, STR("microsecond"));
    *form = micro ? TIME_FORM_US : TIME_FORM_MS;
    return micro || str_eq(text, STR("MILLISECOND")) || str_eq(text, STR("millisecond"));
}

static void write_both(json_writer_t *writer, int64_t time_us)
{
    char text[32];
    unsigned rest = (unsigned)(time_us % 1000);
    size_t length = str_from_i64(time_us / 1000, text);
    text[length++] = MARK;
    text[length++] = (char)('0' + rest / 100);
    text[length++] = (char)('0' + rest / 10 % 10);
    text[length++] = (char)('0' + rest % 10);
    json_write_raw(writer, (str_t){text, length});
}

void time_form_write(json_writer_t *writer, int64_t time_ns)
{
    if (writer->time_form == TIME_FORM_BOTH && time_ns >= 0)
        write_both(writer, time_ns / NS_PER_US);
    else
        json_write_i64(writer, time_ns / (writer->time_form == TIME_FORM_US ? NS_PER_US : NS_PER_MS));
}

str_t time_form_cut(str_t text, time_form_t form, char *room)
{
    const char *from = text.bytes, *end = text.bytes + text.length;
    const char *mark = text.length > 0 ? memchr(from, MARK, text.length) : NULL;
    size_t length = 0;
    if (!mark)
        return text;
    for (; mark; mark = memchr(from, MARK, (size_t)(end - from))) {
        memcpy(room + length, from, (size_t)(mark - from));
        length += (size_t)(mark - from);
        from = mark + 1 + (form == TIME_FORM_US ? 0 : MICRO_DIGITS);
    }
    memcpy(room + length, from, (size_t)(end - from));
    return (str_t){room, length + (size_t)(end - from)};
}
