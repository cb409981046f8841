/* id.c: writing and reading client order ids. Numbers stand in base 36 without leading zeros, so one intent has one text only. */
#include "core/base/id.h"

#include "core/base/assert.h"

#include <string.h>

static bool leg_is_known(char letter)
{
    switch ((leg_t)letter) {
    case LEG_ENTRY:
    case LEG_STOP:
    case LEG_TARGET:
    case LEG_LADDER:
    case LEG_CLOSE:
    case LEG_CANARY:
        return true;
    }
    return false;
}

static char *put_base36(char *at, uint64_t value)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned length = 1;
    for (uint64_t rest = value / 36; rest > 0; rest /= 36) {
        length++;
    }
    for (unsigned i = length; i > 0; i--) {
        at[i - 1] = digits[value % 36];
        value /= 36;
    }
    return at + length;
}

void client_id_make(client_id_t *id, uint32_t epoch, uint64_t intent, leg_t leg)
{
    ASSERT(leg_is_known((char)leg));
    memset(id, 0, sizeof *id);
    char *at = id->text;
    *at++ = 'P';
    *at++ = '-';
    at = put_base36(at, epoch);
    *at++ = '-';
    at = put_base36(at, intent);
    *at++ = '-';
    *at = (char)leg;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static bool read_base36(str_t text, uint64_t most, uint64_t *out)
{
    if (text.length == 0 || (text.length > 1 && text.bytes[0] == '0')) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        int digit = digit_value(text.bytes[i]);
        if (digit < 0 || value > (most - (uint64_t)digit) / 36) {
            return false;
        }
        value = value * 36 + (uint64_t)digit;
    }
    *out = value;
    return true;
}

result_t client_id_parse(str_t text, uint32_t *epoch, uint64_t *intent, leg_t *leg)
{
    if (text.length >= CLIENT_ID_MAX || !str_eq(str_cut(&text, '-'), STR("P"))) {
        return RESULT_MALFORMED;
    }
    uint64_t epoch_read, intent_read;
    if (!read_base36(str_cut(&text, '-'), UINT32_MAX, &epoch_read) || !read_base36(str_cut(&text, '-'), UINT64_MAX, &intent_read)) {
        return RESULT_MALFORMED;
    }
    if (text.length != 1 || !leg_is_known(text.bytes[0])) {
        return RESULT_MALFORMED;
    }
    *epoch = (uint32_t)epoch_read;
    *intent = intent_read;
    *leg = (leg_t)text.bytes[0];
    return RESULT_OK;
}
