// Files of other programs: any bytes are records or sentences, and fields joined to a record again
// are the same fields. client/lib/csv_reader.h, import_text.h.

#include "client/lib/csv_reader.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

enum { FIELDS_MAX = 64, JOINED_MAX = 1 << 20 };

// Quoted, so that every byte of it counts.
static size_t quote(char *out, const char *field)
{
    size_t length = 0;
    out[length++] = '"';
    for (; *field; field++) {
        if (*field == '"')
            out[length++] = '"';
        out[length++] = *field;
    }
    out[length++] = '"';
    return length;
}

// The record under a line of column names, each field in quotes. 0 when it does not fit.
static size_t join(const struct csv_record *record, char separator, char *out)
{
    size_t length = 0;
    for (int line = 0; line < 2; line++) {
        for (size_t i = 0; i < record->count; i++) {
            const char *text = line == 0 ? "c" : record->fields[i];
            if (length + 2 * strlen(text) + 4 > JOINED_MAX)
                return 0;
            if (i > 0)
                out[length++] = separator;
            length += quote(out + length, text);
        }
        out[length++] = '\n';
    }
    return length;
}

static bool is_empty(const struct csv_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->fields[i][0] != '\0')
            return false;
    return true;
}

// Reads the joined record back.
static void check_joined(const struct csv_record *record, char separator)
{
    static char joined[JOINED_MAX];
    char error[512];
    size_t size = join(record, separator, joined);
    if (size == 0 || size > CSV_RECORD_MAX || record->count > FIELDS_MAX || is_empty(record))
        return;
    const struct csv_settings settings = {TEXT_ENCODING_UTF8, separator};
    struct csv_reader *reader =
        csv_reader_open(file_of(joined, size), &settings, error, sizeof error);
    PROMISE(reader);
    struct csv_record again;
    PROMISE(csv_reader_next(reader, &again) == CSV_RECORD);
    PROMISE(!again.problem && again.count == record->count);
    for (size_t i = 0; i < again.count; i++)
        PROMISE(strcmp(again.fields[i], record->fields[i]) == 0);
    PROMISE(csv_reader_next(reader, &again) == CSV_END);
    csv_reader_close(reader);
}

static void check_record(const struct csv_record *record, size_t columns, int64_t after)
{
    PROMISE(record->line > after);
    if (record->problem) {
        PROMISE(*record->problem && !strchr(record->problem, '\n'));
        return;
    }
    PROMISE(record->count == columns);
    for (size_t i = 0; i < record->count; i++)
        PROMISE(utf8_valid(record->fields[i], strlen(record->fields[i])));
}

static void read_all(struct csv_reader *reader, char separator)
{
    struct csv_record record;
    enum csv_result result;
    size_t columns;
    int64_t line = 0;
    csv_reader_columns(reader, &columns);
    while ((result = csv_reader_next(reader, &record)) == CSV_RECORD) {
        check_record(&record, columns, line);
        line = record.line;
        if (!record.problem)
            check_joined(&record, separator);
    }
    PROMISE(result == CSV_END || *csv_reader_error(reader));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separators[] = {',', ';', '\t', '|'};
    struct input input = {data, size};
    uint8_t choice = input_byte(&input);
    const struct csv_settings settings = {choice % 3, separators[choice / 3 % 4]};
    char error[512] = "";
    struct csv_reader *reader =
        csv_reader_open(file_of(input.data, input.size), &settings, error, sizeof error);
    if (reader)
        read_all(reader, settings.separator);
    else
        PROMISE(*error && !strchr(error, '\n'));
    csv_reader_close(reader);
    return 0;
}
