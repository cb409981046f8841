/* test_containers.c: arena, ring, and the table of results.
 * shows: I17
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/arena.h"
#include "core/base/result.h"
#include "core/base/ring.h"

static void arena_gives_aligned_zeroed_pieces_until_it_is_used_up(void **state)
{
    (void)state;
    _Alignas(128) unsigned char memory[256]; /* the arena begins one byte after such an address and ends one byte before the next */
    memset(memory, 0xAA, sizeof memory);
    arena_t arena;
    arena_init(&arena, memory + 1, sizeof memory - 2);
    unsigned char *one = arena_take(&arena, 3, 1);
    uint64_t *eight = arena_take(&arena, sizeof *eight, sizeof *eight);
    assert_non_null(one);
    assert_non_null(eight);
    assert_int_equal((uintptr_t)eight % sizeof *eight, 0);
    assert_true(*eight == 0 && one[0] == 0 && one[2] == 0);
    assert_true((unsigned char *)eight >= one + 3);
    size_t used = arena.used;
    assert_null(arena_take(&arena, 256, 1));
    assert_null(arena_take(&arena, SIZE_MAX, 64));
    assert_int_equal(arena.used, used);
    assert_non_null(arena_take(&arena, arena.size - arena.used, 1));
    assert_null(arena_take(&arena, 1, 1));
    assert_null(arena_take(&arena, 0, 128)); /* not even its padding fits */
    arena_reset(&arena);
    assert_ptr_equal(arena_take(&arena, 1, 1), one);
}

static void align_by_three(void *context)
{
    unsigned char memory[8];
    arena_t arena;
    (void)context;
    arena_init(&arena, memory, sizeof memory);
    (void)arena_take(&arena, 1, 3);
}

static void arena_over_nothing(void *context)
{
    arena_t arena;
    (void)context;
    arena_init(&arena, NULL, 1);
}

static void ring_of_nothing(void *context)
{
    uint32_t memory[1];
    ring_t ring;
    (void)context;
    ring_init(&ring, memory, sizeof memory[0], 0);
}

static void broken_beliefs_abort(void **state)
{
    (void)state;
    assert_aborts(align_by_three, NULL);
    assert_aborts(arena_over_nothing, NULL);
    assert_aborts(ring_of_nothing, NULL);
}

static void ring_is_first_in_first_out_and_bounded(void **state)
{
    (void)state;
    uint32_t memory[4], item = 0;
    ring_t ring;
    ring_init(&ring, memory, sizeof memory[0], 4);
    assert_result(ring_pop(&ring, &item), RESULT_EMPTY);
    assert_null(ring_at(&ring, 0));
    uint32_t in = 0, out = 0;
    for (unsigned round = 0; round < 100; round++) {
        unsigned count = 1 + round % 4;
        for (unsigned i = 0; i < count; i++, in++) {
            assert_ok(ring_push(&ring, &in));
        }
        assert_int_equal(ring.count, count);
        if (count == 4) {
            assert_result(ring_push(&ring, &in), RESULT_FULL);
        }
        assert_int_equal(*(const uint32_t *)ring_at(&ring, count - 1), in - 1);
        assert_null(ring_at(&ring, count));
        for (unsigned i = 0; i < count; i++, out++) {
            assert_int_equal(*(const uint32_t *)ring_at(&ring, 0), out);
            assert_ok(ring_pop(&ring, &item));
            assert_int_equal(item, out);
        }
    }
}

static void ring_push_over_drops_the_oldest(void **state)
{
    (void)state;
    uint32_t memory[3];
    ring_t ring;
    ring_init(&ring, memory, sizeof memory[0], 3);
    for (uint32_t i = 0; i < 10; i++) {
        ring_push_over(&ring, &i);
        uint32_t oldest = i < 3 ? 0 : i - 2;
        assert_int_equal(ring.count, i < 3 ? i + 1 : 3);
        assert_int_equal(*(const uint32_t *)ring_at(&ring, 0), oldest);
        assert_int_equal(*(const uint32_t *)ring_at(&ring, ring.count - 1), i);
    }
}

static void every_result_has_words_of_its_own(void **state)
{
    (void)state;
    for (int a = 0; a < RESULT_COUNT; a++) {
        assert_true(strlen(result_text((result_t)a)) > 0);
        for (int b = a + 1; b < RESULT_COUNT; b++) {
            assert_string_not_equal(result_text((result_t)a), result_text((result_t)b));
            assert_string_not_equal(result_name((result_t)a), result_name((result_t)b));
        }
    }
    assert_string_equal(result_name(RESULT_NUMBER_TOO_PRECISE), "NUMBER_TOO_PRECISE");
    volatile int beyond = RESULT_COUNT;
    assert_string_equal(result_text((result_t)beyond), "unknown result");
    assert_string_equal(result_name((result_t)beyond), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_aligned_zeroed_pieces_until_it_is_used_up),
        cmocka_unit_test(broken_beliefs_abort),
        cmocka_unit_test(ring_is_first_in_first_out_and_bounded),
        cmocka_unit_test(ring_push_over_drops_the_oldest),
        cmocka_unit_test(every_result_has_words_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
