/* test_secret.c: secrets are wiped, guarded and compared without a trace; hex and base64 have one text for one value.
 * shows: OPS-10, I15
 */
#include "support/test_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "edge/secret/secret.h"

static secret_t secret; /* large: not for the stack */

/* Stands before the library's comparison in constant time, to see that it is the one that is used: time itself cannot be tested. */
static size_t compared;
int CRYPTO_memcmp(const void *a, const void *b, size_t length)
{
    const unsigned char *left = a, *right = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < length; i++) {
        difference |= left[i] ^ right[i];
    }
    compared += length;
    return difference;
}

static void a_secret_is_bounded_and_wiped(void **state)
{
    (void)state;
    static char longest[SECRET_MAX + 1];
    static const secret_t nothing;
    memset(longest, 'x', sizeof longest);
    assert_result(secret_set(&secret, "", 0), RESULT_TEXT_EMPTY);
    assert_ok(secret_set(&secret, longest, SECRET_MAX));
    assert_result(secret_set(&secret, longest, SECRET_MAX + 1), RESULT_TEXT_TOO_LONG);
    assert_int_equal(secret.length, SECRET_MAX);
    assert_ok(secret_set(&secret, "key", 3)); /* nothing of the longer one stays behind */
    assert_int_equal(secret.length, 3);
    assert_memory_equal(secret.bytes, "key", 3);
    assert_memory_equal(secret.bytes + 3, nothing.bytes, SECRET_MAX - 3);
    secret_wipe(&secret);
    assert_memory_equal(&secret, &nothing, sizeof nothing);
    char word[] = "word";
    secret_wipe_bytes(word, sizeof word);
    assert_memory_equal(word, "\0\0\0\0\0", sizeof word);
}

static void write_file(const char *path, const char *bytes, size_t length, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, length), length);
    assert_int_equal(fchmod(file, mode), 0);
    assert_int_equal(close(file), 0);
}

static void files_that_others_may_read_are_refused(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 16];
    test_dir_make(folder);
    (void)snprintf(path, sizeof path, "%s/key", folder);

    assert_result(secret_read_file(&secret, path), RESULT_NOT_FOUND);
    static const mode_t open_modes[] = {0640, 0604, 0644, 0660, 0601, 0610};
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        write_file(path, "topsecret", 9, open_modes[i]);
        assert_result(secret_read_file(&secret, path), RESULT_PERMISSION);
        assert_int_equal(secret.length, 0);
    }
    static const struct {
        const char *written;
        size_t length;
    } rows[] = {{"topsecret", 9}, {"topsecret\n", 10}, {"topsecret\r\n", 11}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file(path, rows[i].written, rows[i].length, 0600);
        assert_ok(secret_read_file(&secret, path));
        assert_int_equal(secret.length, 9);
        assert_memory_equal(secret.bytes, "topsecret", 9);
        secret_wipe(&secret);
    }
    write_file(path, "\n", 1, 0400);
    (void)unlink(path);
    write_file(path, "\n", 1, 0400);
    assert_result(secret_read_file(&secret, path), RESULT_TEXT_EMPTY);
    (void)unlink(path);
    static char long_bytes[SECRET_MAX + 3];
    memset(long_bytes, 'k', sizeof long_bytes);
    write_file(path, long_bytes, SECRET_MAX, 0600);
    assert_ok(secret_read_file(&secret, path));
    secret_wipe(&secret);
    for (size_t extra = 1; extra <= 3; extra++) {
        write_file(path, long_bytes, SECRET_MAX + extra, 0600);
        assert_result(secret_read_file(&secret, path), RESULT_TEXT_TOO_LONG);
    }
    assert_result(secret_read_file(&secret, folder), RESULT_PERMISSION); /* a folder is no key */
    (void)unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_result(secret_read_file(&secret, path), RESULT_PERMISSION); /* and a pipe does not block us */
    assert_int_equal(secret.length, 0);
    test_dir_remove(folder);
}

static void a_guarded_process_leaves_no_core_and_cannot_be_read(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit;
        bool guarded = secret_guard_process() == RESULT_OK && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                       getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
        _exit(guarded ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void comparison_sees_every_byte(void **state)
{
    (void)state;
    unsigned char a[32], b[32];
    assert_ok(secret_random(a, sizeof a));
    memcpy(b, a, sizeof a);
    assert_true(secret_equal(a, b, sizeof a));
    assert_true(secret_equal(a, b, 0));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] ^= 1;
        compared = 0;
        assert_false(secret_equal(a, b, sizeof a));
        assert_int_equal(compared, sizeof a); /* all of it, wherever they differ */
        b[i] ^= 1;
    }
}

static void random_bytes_differ(void **state)
{
    (void)state;
    unsigned char a[300] = {0}, b[300] = {0};
    assert_ok(secret_random(a, sizeof a));
    assert_ok(secret_random(b, sizeof b));
    assert_memory_not_equal(a, b, sizeof a);
    assert_ok(secret_random(NULL, 0));
    unsigned seen[256] = {0}, kinds = 0;
    for (size_t i = 0; i < sizeof a; i++) {
        kinds += seen[a[i]]++ == 0 ? 1 : 0;
    }
    assert_true(kinds > 100);
}

/* RFC 4231, cases 1, 2, 3, 6; and Binance's documented example. */
static void hmac_gives_the_published_values(void **state)
{
    (void)state;
    unsigned char zero_b[20], aa[131], dd[50];
    memset(zero_b, 0x0b, sizeof zero_b);
    memset(aa, 0xaa, sizeof aa);
    memset(dd, 0xdd, sizeof dd);
    static const char binance_key[] = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    static const char binance_query[] =
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    static const char larger[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    const struct {
        const void *key;
        size_t key_length;
        const void *bytes;
        size_t length;
        const char *mac;
    } rows[] = {
        {zero_b, sizeof zero_b, "Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?", 28, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {aa, 20, dd, sizeof dd, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {aa, sizeof aa, larger, sizeof larger - 1, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {binance_key, sizeof binance_key - 1, binance_query, sizeof binance_query - 1,
         "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"},
        {"", 0, "", 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t mac[HMAC_SHA256_SIZE];
        char text[2 * HMAC_SHA256_SIZE + 1];
        assert_ok(secret_hmac_sha256(rows[i].key, rows[i].key_length, rows[i].bytes, rows[i].length, mac));
        assert_ok(hex_encode(mac, sizeof mac, text, sizeof text));
        assert_string_equal(text, rows[i].mac);
    }
}

static void hex_is_strict(void **state)
{
    (void)state;
    char text[9];
    unsigned char bytes[4] = {0x00, 0x7f, 0xab, 0xff}, back[4] = {0};
    size_t length = sizeof back;
    assert_ok(hex_encode(bytes, 4, text, sizeof text));
    assert_string_equal(text, "007fabff");
    assert_result(hex_encode(bytes, 4, text, 8), RESULT_TEXT_TOO_LONG);
    assert_result(hex_encode(bytes, 0, text, 0), RESULT_TEXT_TOO_LONG);
    assert_ok(hex_decode(STR("007FabFf"), back, &length));
    assert_int_equal(length, 4);
    assert_memory_equal(bytes, back, 4);
    static const char *const bad[] = {"0", "0g", "0x", " 0", "00 ", "00:", "\xff\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_result(hex_decode(str_from(bad[i]), back, &length), RESULT_TEXT_BAD_CHARACTER);
        assert_int_equal(length, 4);
    }
    assert_result(hex_decode(STR("0011223344"), back, &length), RESULT_TEXT_TOO_LONG);
    assert_ok(hex_decode(STR(""), back, &length));
    assert_int_equal(length, 0);
}

/* RFC 4648, section 10. */
static void base64_is_strict(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"},
                                          {"\xfb\xff\xbf", "+/+/"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[16];
        unsigned char back[16];
        size_t size = strlen(rows[i][0]), length = sizeof back;
        assert_ok(base64_encode(rows[i][0], size, text, sizeof text));
        assert_string_equal(text, rows[i][1]);
        assert_ok(base64_decode(str_from(text), back, &length));
        assert_int_equal(length, size);
        assert_memory_equal(back, rows[i][0], size);
        if (size > 0) {
            assert_result(base64_encode(rows[i][0], size, text, strlen(rows[i][1])), RESULT_TEXT_TOO_LONG);
            length = size - 1;
            assert_result(base64_decode(str_from(rows[i][1]), back, &length), RESULT_TEXT_TOO_LONG);
            assert_int_equal(length, size - 1);
        }
    }
    static const char *const bad[] = {"Zg",    "Zg=",  "Zg===",      "=",        "====",     "Z===", "Zh==",
                                      "ZI==",  "ZQ=A", "Zm+=",       "Zm9=",     "Zm8=Zm8=", "Zm-_", "Zm9v\n",
                                      " Zm9v", "Zm 9", "Z\xC3\xA4=", "Zg==Zg==", "=Zg="};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        unsigned char back[16];
        size_t length = sizeof back;
        if (base64_decode(str_from(bad[i]), back, &length) != RESULT_TEXT_BAD_CHARACTER) {
            print_error("\"%s\" is taken\n", bad[i]);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_bounded_and_wiped),
        cmocka_unit_test(files_that_others_may_read_are_refused),
        cmocka_unit_test(a_guarded_process_leaves_no_core_and_cannot_be_read),
        cmocka_unit_test(comparison_sees_every_byte),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(hmac_gives_the_published_values),
        cmocka_unit_test(hex_is_strict),
        cmocka_unit_test(base64_is_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
