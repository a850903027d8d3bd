// client/lib/csv_reader.h: what exports of real programs look like, and what must not end a file.

#include "client/lib/csv_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/tiejun_csv_XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 || close(descriptor) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const void *data, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static struct csv_reader *open_bytes(const void *data, size_t size, enum text_encoding encoding)
{
    char error[512] = "";
    struct csv_settings settings = {.encoding = encoding};
    write_file(data, size);
    struct csv_reader *reader = csv_reader_open(path, &settings, error, sizeof error);
    if (reader == NULL)
        print_error("%s\n", error);
    return reader;
}

static struct csv_reader *open_text(const char *text)
{
    return open_bytes(text, strlen(text), TEXT_ENCODING_AUTO);
}

// The next record, which must be good, as "line|field|field".
static void expect_record(struct csv_reader *reader, const char *expected)
{
    struct csv_record record;
    char text[1024];
    assert_int_equal(csv_reader_next(reader, &record), CSV_RECORD);
    if (record.problem != NULL)
        print_error("%s\n", record.problem);
    assert_null(record.problem);
    int used = snprintf(text, sizeof text, "%lld", (long long)record.line);
    for (size_t i = 0; i < record.count; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "|%s", record.fields[i]);
    assert_string_equal(text, expected);
}

static void expect_problem(struct csv_reader *reader, int64_t line, const char *part)
{
    struct csv_record record;
    assert_int_equal(csv_reader_next(reader, &record), CSV_RECORD);
    assert_int_equal(record.line, line);
    assert_non_null(record.problem);
    if (strstr(record.problem, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", record.problem, part);
}

static void expect_end(struct csv_reader *reader)
{
    struct csv_record record;
    assert_int_equal(csv_reader_next(reader, &record), CSV_END);
    assert_int_equal(csv_reader_next(reader, &record), CSV_END);
    csv_reader_close(reader);
}

static void expect_refused(const void *data, size_t size, const char *part)
{
    char error[512] = "";
    struct csv_settings settings = {0};
    write_file(data, size);
    assert_null(csv_reader_open(path, &settings, error, sizeof error));
    if (strstr(error, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error, part);
}

static void test_line_breaks(void **state)
{
    (void)state;
    static const char *const files[] = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n",
                                        "a,b\r1,2\r3,4\r", "a,b\n1,2\n3,4"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct csv_reader *reader = open_text(files[i]);
        expect_record(reader, "2|1|2");
        expect_record(reader, "3|3|4");
        expect_end(reader);
    }
}

static void test_mixed_line_breaks_are_counted(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("a,b\r1,2\n3,4\n\r\n5,6\r\r7,8\n");
    expect_record(reader, "2|1|2");
    expect_record(reader, "3|3|4");
    expect_record(reader, "5|5|6");
    expect_record(reader, "7|7|8");
    expect_end(reader);
}

static void test_quotes(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("a,b\r\n"
                                          "\"x, \"\"y\"\"\",\" kept \"\r\n"
                                          "\"two\r\nlines\",  cut  \r\n"
                                          "\"\",12\" pipe\r\n"
                                          "last,one\r\n");
    expect_record(reader, "2|x, \"y\"| kept ");
    expect_record(reader, "3|two\r\nlines|cut");
    expect_record(reader, "5||12\" pipe");
    expect_record(reader, "6|last|one");
    expect_end(reader);
}

static void test_empty_lines(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("\n\na,b\n\n1,2\n  \n,\n3,\n\n\n");
    expect_record(reader, "5|1|2");
    expect_record(reader, "8|3|");
    expect_end(reader);
}

static void test_columns(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text(" Account ,account,Stage,x,x\n1,2,3,4,5\n");
    size_t count;
    assert_string_equal(csv_reader_columns(reader, &count)[0], "Account");
    assert_int_equal(count, 5);
    assert_int_equal(csv_reader_column(reader, "account"), 1);
    assert_int_equal(csv_reader_column(reader, "STAGE"), 2);
    assert_int_equal(csv_reader_column(reader, "ACCOUNT"), CSV_COLUMN_AMBIGUOUS);
    assert_int_equal(csv_reader_column(reader, "x"), CSV_COLUMN_AMBIGUOUS);
    assert_int_equal(csv_reader_column(reader, "y"), CSV_COLUMN_NONE);
    csv_reader_close(reader);
}

static void test_separators(void **state)
{
    (void)state;
    static const char separators[] = ";\t|";
    for (const char *separator = separators; *separator != '\0'; separator++) {
        char text[64];
        char error[256];
        struct csv_settings settings = {.separator = *separator};
        snprintf(text, sizeof text, "a%cb\n1,5%c\n%c2\n", *separator, *separator, *separator);
        write_file(text, strlen(text));
        struct csv_reader *reader = csv_reader_open(path, &settings, error, sizeof error);
        assert_non_null(reader);
        expect_record(reader, "2|1,5|");
        expect_record(reader, "3||2");
        expect_end(reader);
    }
}

static void test_ragged(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("a,b\n1\n1,2,3\n1,2\n");
    expect_problem(reader, 2, "1 fields");
    expect_problem(reader, 3, "3 fields");
    expect_record(reader, "4|1|2");
    expect_end(reader);
}

static void test_nul(void **state)
{
    (void)state;
    static const char data[] = "a,b\n1,x\0y\n3,4\n";
    struct csv_reader *reader = open_bytes(data, sizeof data - 1, TEXT_ENCODING_AUTO);
    expect_problem(reader, 2, "NUL");
    expect_record(reader, "3|3|4");
    expect_end(reader);
}

// A file with one text of so many bytes between two good rows.
static char *long_text(size_t length, size_t *size)
{
    char *data = malloc(length + 64);
    assert_non_null(data);
    size_t used = (size_t)sprintf(data, "a,b\n1,2\n\"");
    memset(data + used, 'x', length);
    used += length;
    used += (size_t)sprintf(data + used, "\",2\n3,4\n");
    *size = used;
    return data;
}

static void test_long_field(void **state)
{
    (void)state;
    size_t size;
    char *data = long_text((size_t)1 << 20, &size);
    struct csv_reader *reader = open_bytes(data, size, TEXT_ENCODING_AUTO);
    expect_record(reader, "2|1|2");
    expect_problem(reader, 3, "256 KiB");
    expect_record(reader, "4|3|4");
    expect_end(reader);
    free(data);
}

static void test_endless_field(void **state)
{
    (void)state;
    size_t size;
    char *data = long_text(CSV_RECORD_SKIP_MAX + 70000, &size);
    struct csv_reader *reader = open_bytes(data, size, TEXT_ENCODING_AUTO);
    struct csv_record record;
    expect_record(reader, "2|1|2");
    assert_int_equal(csv_reader_next(reader, &record), CSV_FAILED);
    assert_non_null(strstr(csv_reader_error(reader), "line 3"));
    csv_reader_close(reader);
    free(data);
}

static void test_unclosed_quote(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("a,b\n1,2\n3,\"4\n5,6\n7,8\n");
    expect_record(reader, "2|1|2");
    expect_problem(reader, 3, "never closed");
    expect_end(reader);
}

static void test_utf8(void **state)
{
    (void)state;
    static const char marked[] = "\xef\xbb\xbf姓名,客户\n李伟,\"中文，公司\"\n";
    struct csv_reader *reader = open_text(marked);
    size_t count;
    assert_string_equal(csv_reader_columns(reader, &count)[0], "姓名");
    assert_true(csv_reader_wants_mark(reader));
    expect_record(reader, "2|李伟|中文，公司");
    expect_end(reader);
    reader = open_text(marked + 3);
    assert_int_equal(csv_reader_column(reader, "姓名"), 0);
    assert_false(csv_reader_wants_mark(reader));
    expect_record(reader, "2|李伟|中文，公司");
    expect_end(reader);
}

// One bad byte costs its row, not the encoding of the file.
static void test_damaged_utf8(void **state)
{
    (void)state;
    struct csv_reader *reader = open_text("姓名,客户\n李\xff伟,甲\n王芳,乙\n");
    expect_problem(reader, 2, "no text");
    expect_record(reader, "3|王芳|乙");
    expect_end(reader);
}

#define LI_WEI_GB "\xc0\xee\xce\xb0"
// 㐀, beyond GBK: four bytes.
#define FOUR_BYTES_GB "\x81\x39\xee\x39"

static void test_gb18030(void **state)
{
    (void)state;
    static const char data[] =
        "\xd0\xd5\xc3\xfb,\xbf\xcd\xbb\xa7\r\n" LI_WEI_GB "," FOUR_BYTES_GB "\r\n";
    for (int encoding = TEXT_ENCODING_AUTO; encoding <= TEXT_ENCODING_GB18030; encoding++) {
        if (encoding == TEXT_ENCODING_UTF8)
            continue;
        struct csv_reader *reader = open_bytes(data, sizeof data - 1, (enum text_encoding)encoding);
        assert_int_equal(csv_reader_column(reader, "客户"), 1);
        expect_record(reader, "2|李伟|㐀");
        expect_end(reader);
    }
}

static void test_damaged_gb18030(void **state)
{
    (void)state;
    static const char data[] = "a,b\n" LI_WEI_GB "," LI_WEI_GB "\n" LI_WEI_GB "\xff,1\n" LI_WEI_GB
                               ",2\n" LI_WEI_GB ",\xc0";
    struct csv_reader *reader = open_bytes(data, sizeof data - 1, TEXT_ENCODING_GB18030);
    expect_record(reader, "2|李伟|李伟");
    expect_problem(reader, 3, "no text");
    expect_record(reader, "4|李伟|2");
    expect_problem(reader, 5, "no text");
    expect_end(reader);
}

// Characters lie across the ends of blocks, whatever the blocks' size is.
static void test_long_gb18030(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    char *data = malloc(ROWS * 16 + 16);
    assert_non_null(data);
    size_t size = (size_t)sprintf(data, "a,b\n");
    for (int i = 0; i < ROWS; i++)
        size +=
            (size_t)sprintf(data + size, "%s,%d\n", i % 2 ? LI_WEI_GB : FOUR_BYTES_GB "x", i % 10);
    struct csv_reader *reader = open_bytes(data, size, TEXT_ENCODING_AUTO);
    free(data);
    struct csv_record record;
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(csv_reader_next(reader, &record), CSV_RECORD);
        assert_null(record.problem);
        assert_int_equal(record.line, i + 2);
        assert_string_equal(record.fields[0], i % 2 ? "李伟" : "㐀x");
    }
    expect_end(reader);
}

static void test_refused_files(void **state)
{
    (void)state;
    static const char utf16le[] = "\xff\xfe"
                                  "a\0,\0b\0\n\0";
    expect_refused(utf16le, sizeof utf16le - 1, "UTF-16");
    expect_refused("\xfe\xff\0a\0,", 6, "UTF-16");
    expect_refused(utf16le + 2, sizeof utf16le - 3, "UTF-16");
    expect_refused("PK\x03\x04rest", 8, "Excel");
    expect_refused("", 0, "empty");
    expect_refused("\n\n", 2, "empty");
    expect_refused("\xef\xbb\xbf", 3, "empty");
    char error[256];
    assert_null(csv_reader_open("/nowhere.csv", &(struct csv_settings){0}, error, sizeof error));
    assert_non_null(strstr(error, "/nowhere.csv"));
    assert_null(csv_reader_open("/tmp", &(struct csv_settings){0}, error, sizeof error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_breaks),
        cmocka_unit_test(test_mixed_line_breaks_are_counted),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_empty_lines),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_ragged),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_long_field),
        cmocka_unit_test(test_endless_field),
        cmocka_unit_test(test_unclosed_quote),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_damaged_utf8),
        cmocka_unit_test(test_gb18030),
        cmocka_unit_test(test_damaged_gb18030),
        cmocka_unit_test(test_long_gb18030),
        cmocka_unit_test(test_refused_files),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
