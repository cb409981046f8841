/* classify.c: the table of codes, and the few rules around it.
 *
 * Order of judgement: a ban or a forbidden door first (whatever the body says); then a success that can be read; then an error of
 * the venue's own form by its code; then the HTTP status. What remains unread on a path that may have made an order is UNKNOWN.
 */
#include "edge/exchange/binance/classify.h"

#include "core/base/assert.h"
#include "edge/exchange/binance/decode_private.h"

#include <string.h>

typedef enum {
    NOTE_NONE,
    NOTE_RULES = 1,    /* read the instrument's rules again */
    NOTE_POSITION = 2, /* our picture of the position may be wrong */
    NOTE_FROZEN = 4,   /* the symbol takes no orders now */
} note_t;

typedef struct {
    int32_t from, to; /* inclusive; from <= to, both negative */
    binance_verdict_kind_t kind;
    reject_class_t reject;
    unsigned notes;
} code_row_t;

/* The first row that contains the code decides. */
static const code_row_t code_rows[] = {
    /* the state is not known, or is known to be "not done, try later" */
    {-1000, -1000, BINANCE_VERDICT_UNKNOWN, REJECT_OTHER, NOTE_NONE},
    {-1001, -1001, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-1002, -1002, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_NONE},
    {-1003, -1003, BINANCE_VERDICT_BANNED, REJECT_BUSY, NOTE_NONE},
    {-1007, -1006, BINANCE_VERDICT_UNKNOWN, REJECT_OTHER, NOTE_NONE},
    {-1008, -1008, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-1016, -1015, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-1021, -1021, BINANCE_VERDICT_RESYNC, REJECT_BUSY, NOTE_NONE},
    {-5028, -5028, BINANCE_VERDICT_RESYNC, REJECT_BUSY, NOTE_NONE},
    {-1022, -1022, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_NONE},
    {-1013, -1013, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-1111, -1111, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-1112, -1112, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-1122, -1121, BINANCE_VERDICT_REJECTED, REJECT_OTHER, NOTE_RULES | NOTE_FROZEN},
    {-1125, -1125, BINANCE_VERDICT_NOT_FOUND, REJECT_OTHER, NOTE_NONE},
    /* orders */
    {-2011, -2011, BINANCE_VERDICT_NOT_FOUND, REJECT_UNKNOWN_ORDER, NOTE_NONE},
    {-2012, -2012, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-2013, -2013, BINANCE_VERDICT_NOT_FOUND, REJECT_UNKNOWN_ORDER, NOTE_NONE},
    {-2015, -2014, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_NONE},
    {-2017, -2016, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_FROZEN},
    {-2019, -2018, BINANCE_VERDICT_REJECTED, REJECT_MARGIN, NOTE_NONE},
    {-2020, -2020, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    {-2021, -2021, BINANCE_VERDICT_REJECTED, REJECT_WOULD_TRIGGER, NOTE_NONE},
    {-2022, -2022, BINANCE_VERDICT_REJECTED, REJECT_REDUCE_ONLY, NOTE_POSITION},
    {-2023, -2023, BINANCE_VERDICT_REJECTED, REJECT_OTHER, NOTE_POSITION | NOTE_FROZEN},
    {-2024, -2024, BINANCE_VERDICT_REJECTED, REJECT_REDUCE_ONLY, NOTE_POSITION},
    {-2028, -2027, BINANCE_VERDICT_REJECTED, REJECT_MARGIN, NOTE_NONE},
    /* filters */
    {-4007, -4000, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-4014, -4013, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-4016, -4016, BINANCE_VERDICT_REJECTED, REJECT_PRICE_BAND, NOTE_NONE},
    {-4022, -4022, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_FROZEN},
    {-4023, -4023, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-4024, -4024, BINANCE_VERDICT_REJECTED, REJECT_PRICE_BAND, NOTE_NONE},
    /* settings */
    {-4046, -4046, BINANCE_VERDICT_ALREADY, REJECT_NOT_CHANGED, NOTE_NONE},
    {-4048, -4047, BINANCE_VERDICT_REJECTED, REJECT_EXPOSED, NOTE_NONE},
    {-4059, -4059, BINANCE_VERDICT_ALREADY, REJECT_NOT_CHANGED, NOTE_NONE},
    {-4068, -4067, BINANCE_VERDICT_REJECTED, REJECT_EXPOSED, NOTE_NONE},
    {-4161, -4161, BINANCE_VERDICT_REJECTED, REJECT_EXPOSED, NOTE_NONE},
    {-4531, -4531, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE},
    /* doors that are shut */
    {-4088, -4087, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_FROZEN},
    {-4192, -4192, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_FROZEN},
    {-4403, -4400, BINANCE_VERDICT_FORBIDDEN, REJECT_PERMISSION, NOTE_FROZEN},
    {-4209, -4202, BINANCE_VERDICT_REJECTED, REJECT_MARGIN, NOTE_NONE},
    /* the rest that needs a special answer */
    {-4083, -4083, BINANCE_VERDICT_UNKNOWN, REJECT_OTHER, NOTE_NONE},
    {-4116, -4116, BINANCE_VERDICT_EXISTS, REJECT_DUPLICATE_ID, NOTE_NONE},
    {-4117, -4117, BINANCE_VERDICT_NOT_DONE, REJECT_BUSY, NOTE_NONE}, /* the stop is triggering: it can no longer be changed */
    {-4118, -4118, BINANCE_VERDICT_REJECTED, REJECT_REDUCE_ONLY, NOTE_POSITION},
    {-4120, -4120, BINANCE_VERDICT_REJECTED, REJECT_WRONG_ENDPOINT, NOTE_NONE},
    {-4131, -4131, BINANCE_VERDICT_REJECTED, REJECT_PRICE_BAND, NOTE_NONE},
    {-4141, -4140, BINANCE_VERDICT_REJECTED, REJECT_OTHER, NOTE_FROZEN},
    {-4164, -4164, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-4184, -4183, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-4211, -4210, BINANCE_VERDICT_REJECTED, REJECT_FILTER, NOTE_RULES},
    {-5022, -5021, BINANCE_VERDICT_REJECTED, REJECT_EXPECTED, NOTE_NONE},
};

/* NULL for a code that has no row: a plain rejection. */
static const code_row_t *code_find(int64_t code)
{
    for (size_t i = 0; i < sizeof code_rows / sizeof code_rows[0]; i++) {
        if (code >= code_rows[i].from && code <= code_rows[i].to) {
            return &code_rows[i];
        }
    }
    return NULL;
}

reject_class_t binance_reject_class(int64_t code)
{
    const code_row_t *row = code_find(code);
    return row != NULL ? row->reject : REJECT_OTHER;
}

static void say(binance_verdict_t *verdict, const char *message)
{
    size_t length = strlen(message);
    length = length < sizeof verdict->message - 1 ? length : sizeof verdict->message - 1;
    memcpy(verdict->message, message, length);
    verdict->message[length] = '\0';
}

static bool may_have_happened(binance_ask_t ask)
{
    return ask != BINANCE_ASK_READ;
}

/* Nobody can say what became of it: on an order path that is UNKNOWN; a read simply brought no information. */
static void judge_unclear(const binance_answer_t *answer, binance_verdict_t *verdict, const char *message)
{
    verdict->kind = may_have_happened(answer->ask) ? BINANCE_VERDICT_UNKNOWN : BINANCE_VERDICT_NOT_DONE;
    verdict->wait_ms = 1000;
    say(verdict, message);
}

static void judge_code(const binance_answer_t *answer, binance_verdict_t *verdict)
{
    const code_row_t *row = code_find(verdict->code);
    verdict->kind = row != NULL ? row->kind : BINANCE_VERDICT_REJECTED;
    verdict->refresh_rules = row != NULL && (row->notes & NOTE_RULES) != 0;
    verdict->refresh_position = row != NULL && (row->notes & NOTE_POSITION) != 0;
    verdict->symbol_frozen = row != NULL && (row->notes & NOTE_FROZEN) != 0;
    if (verdict->kind == BINANCE_VERDICT_UNKNOWN && !may_have_happened(answer->ask)) {
        verdict->kind = BINANCE_VERDICT_NOT_DONE;
    }
    if (verdict->kind == BINANCE_VERDICT_NOT_DONE) {
        verdict->wait_ms = 1000;
    }
    if (verdict->kind == BINANCE_VERDICT_BANNED) {
        verdict->wait_ms = answer->retry_after_s >= 0 ? answer->retry_after_s * 1000 : -1;
    }
}

/* 503 has three meanings, told apart by their words only. */
static void judge_unavailable(const binance_answer_t *answer, binance_verdict_t *verdict)
{
    str_t words = str_from(verdict->message);
    if (verdict->code == 0) { /* no JSON: a plain text, or a page of something in between */
        words = str_trim(answer->body);
    }
    if (str_starts_with(words, STR("Service Unavailable")) ||
        str_starts_with(words, STR("Internal error; unable to process your request"))) {
        verdict->kind = BINANCE_VERDICT_NOT_DONE;
        verdict->wait_ms = 1000;
        say(verdict, "the venue is not available; nothing was done");
        return;
    }
    judge_unclear(answer, verdict, "503 without a statement that nothing was done");
}

static void judge_status(const binance_answer_t *answer, binance_verdict_t *verdict)
{
    switch (answer->status) {
    case 408:
        judge_unclear(answer, verdict, "408: the venue gave up waiting for itself");
        return;
    case 401:
    case 403:
    case 451:
        verdict->kind = BINANCE_VERDICT_FORBIDDEN;
        say(verdict, answer->status == 403   ? "403: a firewall in front of the venue refused the request"
                     : answer->status == 451 ? "451: the venue refuses this region"
                                             : "401: the venue refuses the key");
        return;
    case 503:
        judge_unavailable(answer, verdict);
        return;
    default:
        judge_unclear(answer, verdict,
                      answer->status >= 500 ? "the venue failed with a 5xx status: it may have happened"
                                            : "an answer that cannot be read");
        return;
    }
}

static bool status_is_success(unsigned status)
{
    return status >= 200 && status < 300;
}

void binance_classify(const binance_answer_t *answer, binance_verdict_t *verdict)
{
    *verdict = (binance_verdict_t){.kind = BINANCE_VERDICT_UNKNOWN};
    char message[sizeof verdict->message] = "";
    int64_t code = 0;
    bool is_error = binance_decode_error(answer->body, &code, message, sizeof message) == RESULT_OK;
    if (answer->status == 429 || answer->status == 418) {
        verdict->kind = BINANCE_VERDICT_BANNED;
        verdict->code = is_error ? code : 0;
        verdict->wait_ms = answer->retry_after_s >= 0 ? answer->retry_after_s * 1000 : -1;
        say(verdict, answer->status == 418 ? "418: the venue has banned this address" : "429: too many requests");
        return;
    }
    if (status_is_success(answer->status) && (!is_error || code >= 0)) {
        if (!answer->readable) {
            judge_unclear(answer, verdict, "a success whose body cannot be read");
            return;
        }
        verdict->kind = BINANCE_VERDICT_ACCEPTED;
        say(verdict, "accepted");
        return;
    }
    if (is_error && code < 0) {
        verdict->code = code;
        say(verdict, message[0] != '\0' ? message : "the venue gave a code without words");
        if (answer->status == 503 && code != -1001 && code != -1008) {
            judge_unavailable(answer, verdict);
            return;
        }
        /* A code out of a 5xx is believed only where the table knows it: an unknown one may stand for anything. */
        if (answer->status >= 500 && code_find(code) == NULL) {
            judge_unclear(answer, verdict, "a 5xx status with a code that is not known");
            return;
        }
        judge_code(answer, verdict);
        return;
    }
    judge_status(answer, verdict);
}

const char *binance_verdict_text(binance_verdict_kind_t kind)
{
    static const char *const texts[] = {
        [BINANCE_VERDICT_ACCEPTED] = "accepted",  [BINANCE_VERDICT_REJECTED] = "rejected",
        [BINANCE_VERDICT_NOT_DONE] = "not done",  [BINANCE_VERDICT_UNKNOWN] = "unknown",
        [BINANCE_VERDICT_EXISTS] = "exists",      [BINANCE_VERDICT_NOT_FOUND] = "not found",
        [BINANCE_VERDICT_ALREADY] = "already so", [BINANCE_VERDICT_RESYNC] = "clock is off",
        [BINANCE_VERDICT_BANNED] = "banned",      [BINANCE_VERDICT_FORBIDDEN] = "forbidden",
    };
    return (unsigned)kind < sizeof texts / sizeof texts[0] ? texts[kind] : "unknown verdict";
}

static reject_class_t class_of(const binance_verdict_t *verdict)
{
    switch (verdict->kind) {
    case BINANCE_VERDICT_NOT_DONE:
    case BINANCE_VERDICT_RESYNC:
    case BINANCE_VERDICT_BANNED:
        return REJECT_BUSY;
    case BINANCE_VERDICT_EXISTS:
        return REJECT_DUPLICATE_ID;
    case BINANCE_VERDICT_NOT_FOUND:
        return REJECT_UNKNOWN_ORDER;
    case BINANCE_VERDICT_ALREADY:
        return REJECT_NOT_CHANGED;
    case BINANCE_VERDICT_FORBIDDEN:
        return REJECT_PERMISSION;
    case BINANCE_VERDICT_ACCEPTED:
    case BINANCE_VERDICT_UNKNOWN:
        return REJECT_OTHER;
    case BINANCE_VERDICT_REJECTED:
        return binance_reject_class(verdict->code);
    }
    return REJECT_OTHER;
}

void binance_verdict_reply(const binance_verdict_t *verdict, order_reply_t *reply)
{
    reply->kind = verdict->kind == BINANCE_VERDICT_ACCEPTED  ? REPLY_ACCEPTED
                  : verdict->kind == BINANCE_VERDICT_UNKNOWN ? REPLY_UNKNOWN
                                                             : REPLY_REJECTED;
    reply->reject = class_of(verdict);
    reply->code = verdict->code > INT32_MIN && verdict->code < INT32_MAX ? (int32_t)verdict->code : 0;
    size_t length = strlen(verdict->message);
    length = length < sizeof reply->text - 1 ? length : sizeof reply->text - 1;
    memset(reply->text, 0, sizeof reply->text);
    memcpy(reply->text, verdict->message, length);
}
