#include "client/lib/csv_reader.h"

#include "client/lib/import_memory.h"
#include "common/i18n.h"
#include "common/text.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLOCK_SIZE 65536

struct csv_reader {
    struct import_text *text;
    struct csv_parser parser;
    char block[BLOCK_SIZE];
    size_t start;
    size_t end;
    // The line on which the next byte stands, and whether the last byte was a carriage return.
    int64_t line;
    bool after_return;

    // The record under way: texts one behind the other, each with its NUL, and where each begins.
    char *texts;
    size_t texts_size;
    size_t texts_capacity;
    size_t *starts;
    const char **fields;
    size_t count;
    size_t fields_capacity;
    int64_t record_line;
    size_t record_bytes;
    bool begun;
    bool complete;
    bool has_nul;
    bool finished;

    char **columns;
    size_t column_count;
    char problem[256];
    char error[512];
};

static void reserve_field(struct csv_reader *reader, size_t size)
{
    if (reader->count == reader->fields_capacity) {
        size_t capacity = reader->fields_capacity * 2 + 32;
        reader->starts =
            import_must(reallocarray(reader->starts, capacity, sizeof *reader->starts));
        reader->fields =
            import_must(reallocarray(reader->fields, capacity, sizeof *reader->fields));
        reader->fields_capacity = capacity;
    }
    if (reader->texts_size + size + 1 > reader->texts_capacity) {
        reader->texts_capacity = (reader->texts_size + size + 1) * 2;
        reader->texts = import_must(realloc(reader->texts, reader->texts_capacity));
    }
}

// libcsv found the end of a field.
static void take_field(void *data, size_t size, void *context)
{
    struct csv_reader *reader = context;
    if (reader->record_bytes > CSV_RECORD_MAX)
        return;
    reserve_field(reader, size);
    reader->starts[reader->count++] = reader->texts_size;
    char *text = reader->texts + reader->texts_size;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    reader->texts_size += size + 1;
    reader->has_nul = reader->has_nul || memchr(text, '\0', size) != NULL;
}

// libcsv found the end of a record.
static void take_record(int terminator, void *context)
{
    (void)terminator;
    struct csv_reader *reader = context;
    reader->complete = true;
}

static void begin_record(struct csv_reader *reader)
{
    reader->texts_size = 0;
    reader->count = 0;
    reader->record_bytes = 0;
    reader->begun = false;
    reader->complete = false;
    reader->has_nul = false;
}

// Bytes up to and including the next line break, or all there are.
static size_t line_length(const char *data, size_t size)
{
    size_t length = 0;
    while (length < size && data[length] != '\n' && data[length] != '\r')
        length++;
    return length < size ? length + 1 : size;
}

static bool is_blank(const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (strchr(" \t\r\n", data[i]) == NULL || data[i] == '\0')
            return false;
    }
    return true;
}

// The second half of a CRLF comes alone and begins no line.
static void count_line(struct csv_reader *reader, const char *data, size_t size)
{
    char last = data[size - 1];
    if (last == '\r' || (last == '\n' && !(size == 1 && reader->after_return)))
        reader->line++;
    reader->after_return = last == '\r';
}

// Gives libcsv one line at most, so that it ends one record at most and we know where that began.
static void feed_line(struct csv_reader *reader)
{
    const char *data = reader->block + reader->start;
    size_t size = line_length(data, reader->end - reader->start);
    if (!reader->begun && !is_blank(data, size)) {
        reader->begun = true;
        reader->record_line = reader->line;
    }
    if (reader->begun)
        reader->record_bytes += size;
    size_t parsed = csv_parse(&reader->parser, data, size, take_field, take_record, reader);
    // Outside of its strict mode nothing else stops it.
    if (parsed < size)
        import_must(NULL);
    reader->start += size;
    count_line(reader, data, size);
}

static bool fill_block(struct csv_reader *reader)
{
    ssize_t got = import_text_read(reader->text, reader->block, sizeof reader->block);
    if (got < 0) {
        snprintf(reader->error, sizeof reader->error, _("Reading failed in line %lld: %s."),
                 (long long)reader->line, strerror(errno));
        return false;
    }
    reader->start = 0;
    reader->end = (size_t)got;
    return true;
}

// The last record may lack its line break, or the end of its last quotation.
static void finish(struct csv_reader *reader)
{
    reader->finished = true;
    // Only strict parsers find it, which find too much everywhere else.
    csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&reader->parser, take_field, take_record, reader) == 0)
        return;
    reader->complete = true;
    snprintf(reader->problem, sizeof reader->problem, "%s",
             _("A quotation mark opens here and is never closed; everything behind it was taken "
               "for one text."));
}

// Reads on until a record is complete. CSV_END when there was none left.
static enum csv_result read_record(struct csv_reader *reader)
{
    begin_record(reader);
    reader->problem[0] = '\0';
    while (!reader->complete && !reader->finished) {
        if (reader->start == reader->end && !fill_block(reader))
            return CSV_FAILED;
        if (reader->end == 0)
            finish(reader);
        else
            feed_line(reader);
        if (reader->record_bytes > CSV_RECORD_SKIP_MAX) {
            snprintf(reader->error, sizeof reader->error,
                     _("The row in line %lld does not end within 8 MiB: a closing quotation mark "
                       "seems to be missing. Nothing behind it was read."),
                     (long long)reader->record_line);
            return CSV_FAILED;
        }
    }
    return reader->complete ? CSV_RECORD : CSV_END;
}

static bool all_valid(const struct csv_reader *reader)
{
    return utf8_valid(reader->texts, reader->texts_size);
}

static void judge_record(struct csv_reader *reader)
{
    char *problem = reader->problem;
    size_t size = sizeof reader->problem;
    if (problem[0] != '\0')
        return;
    if (reader->record_bytes > CSV_RECORD_MAX)
        snprintf(problem, size, _("The row is longer than 256 KiB."));
    else if (reader->has_nul)
        snprintf(problem, size, _("The row holds a NUL byte."));
    else if (!all_valid(reader))
        snprintf(problem, size, _("The row holds bytes that are no text in the file's encoding."));
    else if (reader->columns != NULL && reader->count != reader->column_count)
        snprintf(problem, size, _("The row has %zu fields, the first line has %zu."), reader->count,
                 reader->column_count);
}

static bool is_empty(const struct csv_reader *reader)
{
    // Nothing but the NULs behind the texts.
    return reader->texts_size == reader->count && reader->problem[0] == '\0' &&
           reader->record_bytes <= CSV_RECORD_MAX;
}

enum csv_result csv_reader_next(struct csv_reader *reader, struct csv_record *record)
{
    enum csv_result result;
    do {
        result = read_record(reader);
    } while (result == CSV_RECORD && is_empty(reader));
    if (result != CSV_RECORD)
        return result;
    for (size_t i = 0; i < reader->count; i++)
        reader->fields[i] = reader->texts + reader->starts[i];
    judge_record(reader);
    record->line = reader->record_line;
    record->fields = reader->fields;
    record->count = reader->count;
    record->problem = reader->problem[0] != '\0' ? reader->problem : NULL;
    return CSV_RECORD;
}

static void keep_columns(struct csv_reader *reader, const struct csv_record *record)
{
    reader->columns = import_must(calloc(record->count, sizeof *reader->columns));
    for (size_t i = 0; i < record->count; i++)
        reader->columns[i] = import_must(strdup(record->fields[i]));
    reader->column_count = record->count;
}

static bool read_columns(struct csv_reader *reader, const char *path, char *error,
                         size_t error_size)
{
    struct csv_record record = {0};
    enum csv_result result = csv_reader_next(reader, &record);
    if (result == CSV_FAILED)
        snprintf(error, error_size, "%s: %s", path, reader->error);
    else if (result == CSV_END)
        snprintf(error, error_size,
                 _("%s is empty; its first line must have the names of the columns."), path);
    else if (record.problem != NULL)
        snprintf(error, error_size, _("%s, line %lld: %s"), path, (long long)record.line,
                 record.problem);
    else
        keep_columns(reader, &record);
    return reader->columns != NULL;
}

static void start_parser(struct csv_reader *reader, char separator)
{
    csv_init(&reader->parser, 0);
    csv_set_blk_size(&reader->parser, 4096);
    if (separator != '\0')
        csv_set_delim(&reader->parser, (unsigned char)separator);
}

struct csv_reader *csv_reader_open(const char *path, const struct csv_settings *settings,
                                   char *error, size_t error_size)
{
    struct csv_reader *reader = import_must(calloc(1, sizeof *reader));
    start_parser(reader, settings->separator);
    reader->line = 1;
    reader->text = import_text_open(path, settings->encoding, error, error_size);
    if (reader->text != NULL && read_columns(reader, path, error, error_size))
        return reader;
    csv_reader_close(reader);
    return NULL;
}

void csv_reader_close(struct csv_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->column_count; i++)
        free(reader->columns[i]);
    free(reader->columns);
    free(reader->texts);
    free(reader->starts);
    free(reader->fields);
    csv_free(&reader->parser);
    import_text_close(reader->text);
    free(reader);
}

const char *const *csv_reader_columns(const struct csv_reader *reader, size_t *count)
{
    *count = reader->column_count;
    return (const char *const *)reader->columns;
}

static int find_column(const struct csv_reader *reader, const char *name,
                       int (*compare)(const char *, const char *))
{
    int found = CSV_COLUMN_NONE;
    for (size_t i = 0; i < reader->column_count; i++) {
        if (compare(reader->columns[i], name) != 0)
            continue;
        if (found != CSV_COLUMN_NONE)
            return CSV_COLUMN_AMBIGUOUS;
        found = (int)i;
    }
    return found;
}

int csv_reader_column(const struct csv_reader *reader, const char *name)
{
    int found = find_column(reader, name, strcmp);
    return found == CSV_COLUMN_NONE ? find_column(reader, name, strcasecmp) : found;
}

const char *csv_reader_error(const struct csv_reader *reader)
{
    return reader->error;
}

void csv_reader_progress(const struct csv_reader *reader, uint64_t *done, uint64_t *total)
{
    import_text_progress(reader->text, done, total);
}

bool csv_reader_wants_mark(const struct csv_reader *reader)
{
    return import_text_wants_mark(reader->text);
}
