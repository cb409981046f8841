/* test_stream_lines.c: the lines of a file are the lines of its bytes, however they lie in the buffer; one that is too long is cut
 * once, and the next begins where it ends. shows: VEN-3, I20
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/prng.h"
#include "edge/face/world/stream_lines.h"

enum { BYTES = 3 * STREAM_LINE_MAX, LONGEST = STREAM_LINE_MAX - 1 };

static char bytes[BYTES];
static stream_lines_t lines;

/* Random lines; lengths crowd round the sizes at which the buffer turns over. */
static size_t fill(prng_t *prng, bool ends)
{
    static const size_t edges[] = {0, 1, 100, STREAM_READ_BYTES, LONGEST, STREAM_LINE_MAX, STREAM_LINE_MAX + STREAM_READ_BYTES};
    size_t size = 0;
    while (size < BYTES - 1) {
        size_t length = edges[prng_below(prng, sizeof edges / sizeof edges[0])] + prng_below(prng, 4);
        length = length < BYTES - 1 - size ? length : BYTES - 1 - size;
        for (size_t i = 0; i < length; i++)
            bytes[size++] = (char)('a' + prng_below(prng, 26));
        bytes[size++] = '\n';
    }
    return ends ? size : size - 1;
}

static void check_file(const char *path, size_t size)
{
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    memset(&lines, 0, sizeof lines);
    lines.file = file;
    size_t at = 0, length = 0, count = 0;
    char *line = NULL;
    while (stream_lines_next(&lines, &line, &length)) {
        const char *end = memchr(bytes + at, '\n', size - at);
        const size_t whole = end ? (size_t)(end + 1 - (bytes + at)) : size - at;
        assert_int_equal(length, whole < LONGEST ? whole : LONGEST);
        assert_memory_equal(line, bytes + at, length);
        at += whole;
        count++;
    }
    assert_int_equal(at, size);
    assert_true(count > 0);
    gzclose(file);
}

static void lines_are_those_of_the_bytes(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 7);
    for (unsigned round = 0; round < 24; round++) {
        char path[] = "/tmp/patriot-lines-XXXXXX";
        const int made = mkstemp(path);
        assert_true(made >= 0);
        close(made);
        const size_t size = fill(&prng, round % 3 != 0);
        gzFile file = gzopen(path, round % 2 == 0 ? "wb1" : "wbT"); /* packed, plain */
        assert_non_null(file);
        assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
        assert_int_equal(gzclose(file), Z_OK);
        check_file(path, size);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_those_of_the_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
