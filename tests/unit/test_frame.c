#include "common/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t header_size, body_size;

static enum frame_state peek(const char *bytes, size_t available, uint32_t limit)
{
    return frame_peek((const uint8_t *)bytes, available, limit, &header_size, &body_size);
}

static void test_headers_of_every_length_are_read_back(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 127, 128, 16383, 16384, 1048576, 268435456, UINT32_MAX};
    static const size_t headers[] = {1, 1, 1, 2, 2, 3, 3, 5, 5};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint8_t header[FRAME_HEADER_MAX];
        assert_int_equal(frame_header_write(header, sizes[i]), headers[i]);
        enum frame_state expected = sizes[i] ? FRAME_INCOMPLETE : FRAME_READY;
        assert_int_equal(frame_peek(header, headers[i], UINT32_MAX, &header_size, &body_size),
                         expected);
        assert_int_equal(header_size, headers[i]);
        assert_int_equal(body_size, sizes[i]);
    }
}

static void test_every_cut_of_a_frame_is_incomplete(void **state)
{
    (void)state;
    char frame[130] = "\x80\x01";
    assert_int_equal(peek(NULL, 0, FRAME_LIMIT), FRAME_INCOMPLETE);
    assert_int_equal(peek(frame, 1, FRAME_LIMIT), FRAME_INCOMPLETE);
    assert_int_equal(header_size, 0);
    for (size_t cut = 2; cut < 130; cut++) {
        assert_int_equal(peek(frame, cut, FRAME_LIMIT), FRAME_INCOMPLETE);
        assert_int_equal(body_size, 128);
    }
    assert_int_equal(peek(frame, 130, FRAME_LIMIT), FRAME_READY);
}

static void test_a_frame_over_the_limit_is_known_by_its_header(void **state)
{
    (void)state;
    assert_int_equal(peek("\x80\x20", 2, FRAME_LIMIT_UNAUTHENTICATED), FRAME_INCOMPLETE);
    assert_int_equal(peek("\x81\x20", 2, FRAME_LIMIT_UNAUTHENTICATED), FRAME_TOO_LONG);
    assert_int_equal(body_size, 4097);
    assert_int_equal(peek("\xff\xff\xff\xff\x0f", 5, FRAME_LIMIT), FRAME_TOO_LONG);
}

static void test_lengths_beyond_32_bits_are_malformed(void **state)
{
    (void)state;
    assert_int_equal(peek("\xff\xff\xff\xff\x1f", 5, FRAME_LIMIT), FRAME_MALFORMED);
    assert_int_equal(peek("\x80\x80\x80\x80\x80", 5, FRAME_LIMIT), FRAME_MALFORMED);
    assert_int_equal(peek("\x80\x80\x80\x80", 4, FRAME_LIMIT), FRAME_INCOMPLETE);
}

static void test_zero_padding_within_five_bytes_is_legal(void **state)
{
    (void)state;
    assert_int_equal(peek("\x81\x80\x80\x80\x00z", 6, FRAME_LIMIT), FRAME_READY);
    assert_int_equal(header_size, 5);
    assert_int_equal(body_size, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_of_every_length_are_read_back),
        cmocka_unit_test(test_every_cut_of_a_frame_is_incomplete),
        cmocka_unit_test(test_a_frame_over_the_limit_is_known_by_its_header),
        cmocka_unit_test(test_lengths_beyond_32_bits_are_malformed),
        cmocka_unit_test(test_zero_padding_within_five_bytes_is_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
