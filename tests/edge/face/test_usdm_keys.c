/* test_usdm_keys.c: who may ask for what: signatures of the three kinds over the raw bytes, keys with rights and address lists,
 * sessions that log on, limits told in headers and replies.
 * shows: VEN-1, VEN-3, MKT-7
 */
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "edge/face/usdm_fixture.h"
#include "edge/secret/sign.h"
#include "support/test_support.h"

enum { PEM_MAX = 8000 };

typedef struct {
    char open_pem[PEM_MAX]; /* the public half */
    sign_key_t *key;
} pair_t;

static void take_pem(BIO *bio, char pem[PEM_MAX])
{
    int length = BIO_read(bio, pem, PEM_MAX - 1);
    assert_true(length > 0);
    pem[length] = '\0';
    BIO_free(bio);
}

static pair_t make_pair(const char *kind)
{
    pair_t pair;
    char private_pem[PEM_MAX];
    static secret_t secret;
    EVP_PKEY *pkey =
        strcmp(kind, "RSA") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048) : EVP_PKEY_Q_keygen(NULL, NULL, kind);
    assert_non_null(pkey);
    BIO *open = BIO_new(BIO_s_mem()), *closed = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PUBKEY(open, pkey), 1);
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(closed, pkey, NULL, NULL, 0, NULL, NULL), 1);
    take_pem(open, pair.open_pem);
    take_pem(closed, private_pem);
    EVP_PKEY_free(pkey);
    assert_ok(secret_set(&secret, private_pem, strlen(private_pem)));
    assert_ok(sign_key_open(&secret, &pair.key));
    secret_wipe(&secret);
    return pair;
}

/* base64 in a query: '+', '/' and '=' escaped. */
static void escape(const char *text, char *out)
{
    for (; *text; text++) {
        if (strchr("+/=", *text))
            out += sprintf(out, "%%%02X", (unsigned char)*text);
        else
            *out++ = *text;
    }
    *out = '\0';
}

static int begin(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench_market(bench, "BTCUSDT", 60000, NULL);
    bench_open(bench);
    *state = bench;
    return 0;
}

static long long now_ms(const bench_t *bench)
{
    return (long long)(world_now_ns(bench->world) / NS_PER_MS);
}

static unsigned ask_from(bench_t *bench, const char *address, const char *method, const char *path, const char *query,
                         const char *key)
{
    face_request_t request = {.method = str_from(method),
                              .path = str_from(path),
                              .query = str_from(query),
                              .api_key = str_from(key),
                              .address = str_from(address),
                              .wall_ns = bench->wall_ns};
    face_handle(bench->face, &request, &bench->reply);
    return bench->reply.status;
}

static unsigned ask_with(bench_t *bench, pair_t *pair, const char *key, const char *method, const char *path,
                         const char *parameters)
{
    char text[1000], signature[SIGN_TEXT_MAX], escaped[3 * SIGN_TEXT_MAX], query[6000];
    snprintf(text, sizeof text, "%s%stimestamp=%lld", parameters, parameters[0] ? "&" : "", now_ms(bench));
    assert_ok(sign_text(pair->key, text, strlen(text), signature));
    escape(signature, escaped);
    snprintf(query, sizeof query, "%s&signature=%s", text, escaped);
    return ask_from(bench, "127.0.0.1", method, path, query, key);
}

static void all_three_kinds_of_signature_pass(void **state)
{
    bench_t *bench = *state;
    static const char *const kinds[] = {"RSA", "ED25519"};
    for (size_t i = 0; i < 2; i++) {
        pair_t pair = make_pair(kinds[i]), stranger = make_pair(kinds[i]);
        assert_ok(face_key_add(bench->face, STR("KEY"), str_from(kinds[i]), str_from(pair.open_pem), FACE_KEY_TRADES, STR("")));
        assert_int_equal(ask_with(bench, &pair, kinds[i], "GET", "/fapi/v3/balance", ""), 200);
        assert_int_equal(
            ask_with(bench, &pair, kinds[i], "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010"), 200);
        assert_int_equal(ask_with(bench, &stranger, kinds[i], "GET", "/fapi/v3/balance", ""), 400);
        assert_says(bench, "-1022");
        sign_key_close(pair.key);
        sign_key_close(stranger.key);
    }
    /* HMAC over what was sent, byte for byte: a batch with bare brackets and quotes, and the same escaped, are two texts. */
    static const char *const batches[] = {
        "batchOrders=[{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"MARKET\",\"quantity\":\"0.010\"}]",
        "batchOrders=%5B%7B%22symbol%22%3A%22BTCUSDT%22%2C%22side%22%3A%22BUY%22%2C%22type%22%3A%22MARKET%22%2C%22quantity%22%3A%"
        "220.010%"
        "22%7D%5D",
    };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/batchOrders", batches[i]), 200);
        assert_says(bench, "\"orderId\":");
    }
}

static void a_key_does_what_it_may_from_where_it_may(void **state)
{
    bench_t *bench = *state;
    char text[200], query[400], hex[65];
    assert_ok(face_key_add(bench->face, STR("KEY"), STR("READER"), STR("SECRET"), FACE_KEY_READS, STR("10.0.0.1, ::1")));
    assert_result(face_key_add(bench->face, STR("KEY"), STR("READER"), STR("SECRET"), FACE_KEY_READS, STR("")), RESULT_DUPLICATE);
    assert_result(face_key_add(bench->face, STR("NOBODY"), STR("OTHER"), STR("SECRET"), FACE_KEY_READS, STR("")), RESULT_NOT_FOUND);
    snprintf(text, sizeof text, "timestamp=%lld", now_ms(bench));
    sign(text, hex);
    snprintf(query, sizeof query, "%s&signature=%s", text, hex);
    assert_int_equal(ask_from(bench, "10.0.0.1", "GET", "/fapi/v3/balance", query, "READER"), 200);
    assert_says(bench, "\"accountAlias\":\"demo\"");
    assert_int_equal(ask_from(bench, "::1", "GET", "/fapi/v3/balance", query, "READER"), 200);
    assert_int_equal(ask_from(bench, "10.0.0.2", "GET", "/fapi/v3/balance", query, "READER"), 401);
    assert_says(bench, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}");
    snprintf(text, sizeof text, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=%lld", now_ms(bench));
    sign(text, hex);
    snprintf(query, sizeof query, "%s&signature=%s", text, hex);
    uint64_t before = venue_event_count(world_venue(bench->world));
    assert_int_equal(ask_from(bench, "10.0.0.1", "POST", "/fapi/v1/order", query, "READER"), 401);
    assert_says(bench, "-2015");
    assert_int_equal(venue_event_count(world_venue(bench->world)), before);
    assert_int_equal(ask_from(bench, "10.0.0.1", "POST", "/fapi/v1/listenKey", "", "READER"), 200); /* listening is reading */
}

/* --- sessions --------------------------------------------------------------------------------- */

static void say(bench_t *bench, face_session_t *session, const char *text)
{
    face_session_text(bench->face, session, str_from(text), bench->wall_ns);
}

static void logon(bench_t *bench, face_session_t *session, pair_t *pair, const char *key)
{
    char payload[300], signature[SIGN_TEXT_MAX], text[2000];
    snprintf(payload, sizeof payload, "apiKey=%s&timestamp=%lld", key, now_ms(bench));
    assert_ok(sign_text(pair->key, payload, strlen(payload), signature));
    snprintf(text, sizeof text,
             "{\"id\":1,\"method\":\"session.logon\",\"params\":{\"apiKey\":\"%s\",\"timestamp\":%lld,\"signature\":\"%s\"}}", key,
             now_ms(bench), signature);
    say(bench, session, text);
}

static void a_session_logs_on_trades_and_logs_out(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    char text[400];
    pair_t pair = make_pair("ED25519"), rsa = make_pair("RSA");
    assert_ok(face_key_add(bench->face, STR("KEY"), STR("ED"), str_from(pair.open_pem), FACE_KEY_TRADES, STR("")));
    assert_ok(face_key_add(bench->face, STR("KEY"), STR("RSA"), str_from(rsa.open_pem), FACE_KEY_TRADES, STR("")));
    face_session_t *session = face_session_open(bench->face, &socket, STR("/ws-fapi/v1"), STR(""), STR("1"));
    say(bench, session, "{\"id\":0,\"method\":\"session.status\"}");
    assert_non_null(strstr(socket.last, "{\"id\":0,\"status\":200,\"result\":{\"apiKey\":null,\"authorizedSince\":null,"));
    snprintf(text, sizeof text,
             "{\"id\":2,\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":\"MARKET\","
             "\"quantity\":\"0.010\",\"timestamp\":%lld}}",
             now_ms(bench));
    say(bench, session, text);
    assert_non_null(strstr(socket.last, "\"status\":400,\"error\":{\"code\":-1102,\"msg\":\"Mandatory parameter 'apiKey'"));
    logon(bench, session, &rsa, "RSA");
    assert_non_null(strstr(socket.last, "{\"code\":-4056,\"msg\":\"RSA API key is not supported.\"}"));
    logon(bench, session, &rsa, "ED");
    assert_non_null(strstr(socket.last, "\"code\":-1022"));
    logon(bench, session, &pair, "ED");
    assert_non_null(strstr(socket.last, "{\"id\":1,\"status\":200,\"result\":{\"apiKey\":\"ED\",\"authorizedSince\":"));
    say(bench, session, text); /* neither key nor signature */
    assert_non_null(strstr(socket.last, "{\"id\":2,\"status\":200,\"result\":{\"clientOrderId\":"));
    assert_non_null(
        strstr(socket.last, "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":300,\"count\":1}"));
    say(bench, session, "{\"id\":3,\"method\":\"account.balance\",\"params\":{\"timestamp\":1}}"); /* time is still asked for */
    assert_non_null(strstr(socket.last, "\"code\":-1021"));
    say(bench, session, "{\"id\":4,\"method\":\"session.logout\"}");
    assert_non_null(strstr(socket.last, "\"apiKey\":null"));
    say(bench, session, text);
    assert_non_null(strstr(socket.last, "\"code\":-1102"));
    face_session_close(bench->face, session);
    sign_key_close(pair.key);
    sign_key_close(rsa.key);
}

static const char *header(const bench_t *bench, const char *name)
{
    for (uint32_t i = 0; i < bench->reply.header_count; i++) {
        if (strcmp(bench->reply.headers[i].name, name) == 0)
            return bench->reply.headers[i].value;
    }
    return "";
}

static void limits_are_told(void **state)
{
    bench_t *bench = *state;
    static fake_socket_t socket;
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010"), 200);
    assert_string_equal(header(bench, "X-MBX-ORDER-COUNT-10S"), "1");
    assert_string_equal(header(bench, "X-MBX-ORDER-COUNT-1M"), "1");
    assert_string_equal(header(bench, "X-MBX-USED-WEIGHT-1M"), "0"); /* a placement weighs nothing */
    assert_int_equal(ask_signed(bench, "POST", "/fapi/v1/batchOrders", "batchOrders=[{}]"), 200);
    assert_string_equal(header(bench, "X-MBX-ORDER-COUNT-10S"), "6"); /* a batch: five on the short window, one on the long */
    assert_string_equal(header(bench, "X-MBX-ORDER-COUNT-1M"), "2");
    assert_string_equal(header(bench, "X-MBX-USED-WEIGHT-1M"), "5");
    assert_int_equal(ask_signed(bench, "GET", "/fapi/v1/rateLimit/order", ""), 200);
    assert_says(bench, "\"intervalNum\":10,\"limit\":300,\"count\":6}");
    /* Weights count by address, refused requests too. */
    assert_int_equal(ask_from(bench, "9.9.9.9", "GET", "/fapi/v1/depth", "symbol=NOPE", ""), 400);
    assert_string_equal(header(bench, "X-MBX-USED-WEIGHT-1M"), "1");
    face_session_t *session = face_session_open(bench->face, &socket, STR("/ws-fapi/v1"), STR(""), STR("9.9.9.9"));
    say(bench, session, "{\"id\":1,\"method\":\"time\"}");
    assert_non_null(strstr(socket.last,
                           "\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,"
                           "\"limit\":2400,\"count\":2}]"));
    say(bench, session, "{\"id\":2,\"method\":\"time\",\"params\":{\"returnRateLimits\":false}}");
    assert_null(strstr(socket.last, "rateLimits"));
    for (int i = 0; i < 120; i++)
        (void)ask_from(bench, "9.9.9.9", "GET", "/fapi/v1/aggTrades", "symbol=BTCUSDT", "");
    for (int i = 0; i < 4; i++)
        say(bench, session, "{\"id\":3,\"method\":\"depth\",\"params\":{\"symbol\":\"BTCUSDT\"}}");
    assert_non_null(strstr(socket.last, "{\"id\":3,\"status\":429,\"error\":{\"code\":-1003,"));
    assert_non_null(strstr(socket.last, "\"retryAfter\":"));
    face_session_close(bench->face, session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_three_kinds_of_signature_pass, begin, end),
        cmocka_unit_test_setup_teardown(a_key_does_what_it_may_from_where_it_may, begin, end),
        cmocka_unit_test_setup_teardown(a_session_logs_on_trades_and_logs_out, begin, end),
        cmocka_unit_test_setup_teardown(limits_are_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
