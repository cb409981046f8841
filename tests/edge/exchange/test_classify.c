/* shows: ORD-7, OPS-16, I2, I3, I11
 *
 * The table between "it happened", "it did not" and "nobody knows": an order is refused only when the venue says so in a form that
 * can be read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edge/exchange/binance/classify.h"

static binance_verdict_t verdict;

static binance_verdict_kind_t judge(binance_ask_t ask, unsigned status, const char *body)
{
    const binance_answer_t answer = {
        .ask = ask, .status = status, .body = str_from(body), .retry_after_s = -1, .readable = body[0] == '{' || body[0] == '['};
    binance_classify(&answer, &verdict);
    assert_true(verdict.message[0] != '\0');
    return verdict.kind;
}

static void placements(void **state)
{
    (void)state;
    static const struct {
        unsigned status;
        const char *body;
        binance_verdict_kind_t kind;
    } rows[] = {
        {200, "{\"orderId\":1}", BINANCE_VERDICT_ACCEPTED},
        {200, "{\"code\":200,\"msg\":\"success\"}", BINANCE_VERDICT_ACCEPTED},
        {200, "", BINANCE_VERDICT_UNKNOWN},
        {200, "<html>maintenance</html>", BINANCE_VERDICT_UNKNOWN},
        {200, "\"ok\"", BINANCE_VERDICT_UNKNOWN},
        {200, "{\"code\":-2019,\"msg\":\"Margin is insufficient.\"}", BINANCE_VERDICT_REJECTED},
        {400, "{\"code\":-2019,\"msg\":\"Margin is insufficient.\"}", BINANCE_VERDICT_REJECTED},
        {400, "{\"code\":-4116,\"msg\":\"ClientOrderId is duplicated.\"}", BINANCE_VERDICT_EXISTS},
        {400, "{\"code\":-2011,\"msg\":\"Unknown order sent.\"}", BINANCE_VERDICT_NOT_FOUND},
        {400, "{\"code\":-2013,\"msg\":\"Order does not exist.\"}", BINANCE_VERDICT_NOT_FOUND},
        {400, "{\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}", BINANCE_VERDICT_RESYNC},
        {400, "{\"code\":-1007,\"msg\":\"Timeout waiting for response from backend server.\"}", BINANCE_VERDICT_UNKNOWN},
        {400, "{\"code\":-1000,\"msg\":\"An unknown error occurred.\"}", BINANCE_VERDICT_UNKNOWN},
        {400, "{\"code\":-9999,\"msg\":\"A new refusal.\"}", BINANCE_VERDICT_REJECTED},
        {400, "not json", BINANCE_VERDICT_UNKNOWN},
        {404, "", BINANCE_VERDICT_UNKNOWN},
        {408, "{\"code\":-1007,\"msg\":\"Timeout\"}", BINANCE_VERDICT_UNKNOWN},
        {408, "", BINANCE_VERDICT_UNKNOWN},
        {500, "", BINANCE_VERDICT_UNKNOWN},
        {500, "{\"code\":-9999,\"msg\":\"?\"}", BINANCE_VERDICT_UNKNOWN},
        {502, "<html><h1>502 Bad Gateway</h1></html>", BINANCE_VERDICT_UNKNOWN},
        {504, "", BINANCE_VERDICT_UNKNOWN},
        {503, "{\"code\":-1000,\"msg\":\"Unknown error, please check your request or try again later.\"}", BINANCE_VERDICT_UNKNOWN},
        {503, "Unknown error, please check your request or try again later.", BINANCE_VERDICT_UNKNOWN},
        {503, "Service Unavailable.", BINANCE_VERDICT_NOT_DONE},
        {503, "{\"code\":0,\"msg\":\"Service Unavailable.\"}", BINANCE_VERDICT_UNKNOWN},
        {503, "{\"code\":-1001,\"msg\":\"Internal error; unable to process your request. Please try again.\"}",
         BINANCE_VERDICT_NOT_DONE},
        {503, "{\"code\":-1008,\"msg\":\"Request throttled by system-level protection.\"}", BINANCE_VERDICT_NOT_DONE},
        {503, "<html>cdn page</html>", BINANCE_VERDICT_UNKNOWN},
        {429, "{\"code\":-1003,\"msg\":\"Too many requests.\"}", BINANCE_VERDICT_BANNED},
        {418, "", BINANCE_VERDICT_BANNED},
        {400, "{\"code\":-1003,\"msg\":\"banned until 1\"}", BINANCE_VERDICT_BANNED},
        {403, "<html>WAF</html>", BINANCE_VERDICT_FORBIDDEN},
        {401, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}", BINANCE_VERDICT_FORBIDDEN},
        {451, "", BINANCE_VERDICT_FORBIDDEN},
        {400, "{\"code\":-4120,\"msg\":\"Order type not supported for this endpoint.\"}", BINANCE_VERDICT_REJECTED},
        {301, "", BINANCE_VERDICT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        binance_verdict_kind_t kind = judge(BINANCE_ASK_PLACE, rows[i].status, rows[i].body);
        if (kind != rows[i].kind) {
            fail_msg("%u %s: %s", rows[i].status, rows[i].body, binance_verdict_text(kind));
        }
        order_reply_t reply = {0};
        binance_verdict_reply(&verdict, &reply);
        assert_int_equal(reply.kind, kind == BINANCE_VERDICT_ACCEPTED  ? REPLY_ACCEPTED
                                     : kind == BINANCE_VERDICT_UNKNOWN ? REPLY_UNKNOWN
                                                                       : REPLY_REJECTED);
    }
}

/* Whatever comes back, a placement is called refused only out of the venue's own words or a status that says that nothing was done.
 */
static void no_status_without_words_refuses_an_order(void **state)
{
    (void)state;
    for (unsigned status = 100; status < 600; status++) {
        binance_verdict_kind_t kind = judge(BINANCE_ASK_PLACE, status, "?");
        bool gate = status == 401 || status == 403 || status == 451 || status == 429 || status == 418;
        assert_int_equal(kind == BINANCE_VERDICT_UNKNOWN, !gate);
    }
}

static void reads_bring_no_information_instead(void **state)
{
    (void)state;
    assert_int_equal(judge(BINANCE_ASK_READ, 502, "<html>"), BINANCE_VERDICT_NOT_DONE);
    assert_int_equal(judge(BINANCE_ASK_READ, 200, ""), BINANCE_VERDICT_NOT_DONE);
    assert_int_equal(judge(BINANCE_ASK_READ, 400, "{\"code\":-1007,\"msg\":\"x\"}"), BINANCE_VERDICT_NOT_DONE);
    assert_int_equal(judge(BINANCE_ASK_CANCEL, 502, ""), BINANCE_VERDICT_UNKNOWN);
    assert_int_equal(judge(BINANCE_ASK_CHANGE, 400, "{\"code\":-4046,\"msg\":\"No need to change margin type.\"}"),
                     BINANCE_VERDICT_ALREADY);
    assert_int_equal(judge(BINANCE_ASK_CHANGE, 400, "{\"code\":-4059,\"msg\":\"No need to change position side.\"}"),
                     BINANCE_VERDICT_ALREADY);
}

static void what_else_a_refusal_says(void **state)
{
    (void)state;
    (void)judge(BINANCE_ASK_PLACE, 400, "{\"code\":-4014,\"msg\":\"Price not increased by tick size.\"}");
    assert_true(verdict.refresh_rules);
    (void)judge(BINANCE_ASK_PLACE, 400, "{\"code\":-2022,\"msg\":\"ReduceOnly Order is rejected.\"}");
    assert_true(verdict.refresh_position);
    (void)judge(BINANCE_ASK_PLACE, 400, "{\"code\":-4141,\"msg\":\"Symbol is closed.\"}");
    assert_true(verdict.symbol_frozen);
    static const struct {
        int64_t code;
        reject_class_t reject;
    } rows[] = {
        {-2021, REJECT_WOULD_TRIGGER}, {-2022, REJECT_REDUCE_ONLY},  {-4118, REJECT_REDUCE_ONLY},    {-2011, REJECT_UNKNOWN_ORDER},
        {-2013, REJECT_UNKNOWN_ORDER}, {-4116, REJECT_DUPLICATE_ID}, {-4120, REJECT_WRONG_ENDPOINT}, {-4046, REJECT_NOT_CHANGED},
        {-4059, REJECT_NOT_CHANGED},   {-4047, REJECT_EXPOSED},      {-4048, REJECT_EXPOSED},        {-4067, REJECT_EXPOSED},
        {-4068, REJECT_EXPOSED},       {-1111, REJECT_FILTER},       {-1013, REJECT_FILTER},         {-4003, REJECT_FILTER},
        {-4005, REJECT_FILTER},        {-4013, REJECT_FILTER},       {-4014, REJECT_FILTER},         {-4023, REJECT_FILTER},
        {-4164, REJECT_FILTER},        {-4016, REJECT_PRICE_BAND},   {-4024, REJECT_PRICE_BAND},     {-4131, REJECT_PRICE_BAND},
        {-2018, REJECT_MARGIN},        {-2019, REJECT_MARGIN},       {-2027, REJECT_MARGIN},         {-2028, REJECT_MARGIN},
        {-1001, REJECT_BUSY},          {-1008, REJECT_BUSY},         {-1015, REJECT_BUSY},           {-1003, REJECT_BUSY},
        {-5021, REJECT_EXPECTED},      {-5022, REJECT_EXPECTED},     {-2014, REJECT_PERMISSION},     {-2015, REJECT_PERMISSION},
        {-4087, REJECT_PERMISSION},    {-4088, REJECT_PERMISSION},   {-4400, REJECT_PERMISSION},     {-1, REJECT_OTHER},
        {-1102, REJECT_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(binance_reject_class(rows[i].code), rows[i].reject);
    }
}

static void bans_state_their_time(void **state)
{
    (void)state;
    binance_answer_t answer = {.ask = BINANCE_ASK_PLACE, .status = 418, .body = STR(""), .retry_after_s = 120};
    binance_classify(&answer, &verdict);
    assert_true(verdict.kind == BINANCE_VERDICT_BANNED && verdict.wait_ms == 120000);
    answer.retry_after_s = -1;
    binance_classify(&answer, &verdict);
    assert_true(verdict.wait_ms == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placements),
        cmocka_unit_test(no_status_without_words_refuses_an_order),
        cmocka_unit_test(reads_bring_no_information_instead),
        cmocka_unit_test(what_else_a_refusal_says),
        cmocka_unit_test(bans_state_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
