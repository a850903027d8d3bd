#include "common/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static unsigned char *pieces[COUNT];
    struct arena *arena = arena_new(1 << 24);
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i * 37 % 5000;
        pieces[i] = arena_alloc(arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t at = 0; at < size; at++)
            assert_int_equal(pieces[i][at], 0);
        memset(pieces[i], (int)(i % 255 + 1), size);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t at = 0; at < i * 37 % 5000; at++)
            assert_int_equal(pieces[i][at], i % 255 + 1);
    arena_free(arena);
}

static void test_the_budget_is_kept_to_the_byte(void **state)
{
    (void)state;
    struct arena *arena = arena_new(100000);
    assert_null(arena_alloc(arena, 100001));
    assert_non_null(arena_alloc(arena, 99968));
    assert_int_equal(arena_used(arena), 99968);
    assert_null(arena_alloc(arena, 33));
    assert_non_null(arena_alloc(arena, 32));
    assert_null(arena_alloc(arena, 0));
    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_int_equal(arena_used(arena), 100000);
    arena_free(arena);
}

static void test_a_refused_piece_leaves_the_rest_usable(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64);
    assert_null(arena_alloc(arena, SIZE_MAX - 7));
    assert_null(
        arena_strdup(arena, "0123456789012345678901234567890123456789012345678901234567890123"));
    assert_string_equal(arena_strdup(arena, "铁军"), "铁军");
    assert_string_equal(arena_printf(arena, "%d of %s", 3, "8"), "3 of 8");
    assert_null(arena_printf(arena, "%64d", 1));
    assert_memory_equal(arena_copy(arena, "a\0b", 3), "a\0b", 3);
    arena_free(arena);
    arena_free(NULL);
}

static void test_an_arena_without_budget_gives_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    assert_null(arena_alloc(arena, 1));
    arena_free(arena);
}

static void test_the_allocator_draws_on_the_budget_and_frees_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64);
    ProtobufCAllocator allocator = arena_allocator(arena);
    char *piece = allocator.alloc(allocator.allocator_data, 48);
    strcpy(piece, "kept");
    allocator.free(allocator.allocator_data, piece);
    assert_string_equal(piece, "kept");
    assert_null(allocator.alloc(allocator.allocator_data, 48));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(test_the_budget_is_kept_to_the_byte),
        cmocka_unit_test(test_a_refused_piece_leaves_the_rest_usable),
        cmocka_unit_test(test_an_arena_without_budget_gives_nothing),
        cmocka_unit_test(test_the_allocator_draws_on_the_budget_and_frees_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
