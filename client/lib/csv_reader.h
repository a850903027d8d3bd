// Records of a CSV file (RFC 4180) one after the other, in bounded memory: CRLF, LF or CR, quoted
// line breaks, any separator. What is wrong with one record is told with that record and the next
// one is read all the same.
#pragma once

#include "client/lib/import_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The longest record that is taken, in bytes; a longer one is a problem of that record.
#define CSV_RECORD_MAX ((size_t)256 << 10)
// The longest one that is read through to find its end.
#define CSV_RECORD_SKIP_MAX ((size_t)8 << 20)

struct csv_settings {
    enum text_encoding encoding;
    // ',' when 0.
    char separator;
};

struct csv_record {
    // Line of the file, from 1, on which it begins.
    int64_t line;
    // Texts without white space around them unless it was quoted; one for each column when there is
    // no problem. Good until the next record is read.
    const char *const *fields;
    size_t count;
    // A sentence in the user's language when the record cannot be taken, else NULL. The fields are
    // then as far as they go, and may hold bytes that are not UTF-8.
    const char *problem;
};

enum csv_result {
    CSV_RECORD,
    CSV_END,
    // The rest of the file cannot be read; csv_reader_error says why.
    CSV_FAILED,
};

#define CSV_COLUMN_NONE (-1)
// Several columns have this name.
#define CSV_COLUMN_AMBIGUOUS (-2)

struct csv_reader;

// Opens the file and reads its first record, the names of the columns. NULL when that fails, with a
// sentence in the user's language. Free with csv_reader_close.
struct csv_reader *csv_reader_open(const char *path, const struct csv_settings *settings,
                                   char *error, size_t error_size);
void csv_reader_close(struct csv_reader *reader);

// Names of the columns, good until csv_reader_close.
const char *const *csv_reader_columns(const struct csv_reader *reader, size_t *count);

// A column's place by its name; when no name is the very same, upper and lower case are taken for
// the same. Negative when there is none.
int csv_reader_column(const struct csv_reader *reader, const char *name);

// Records without any text (",,,") are passed over.
enum csv_result csv_reader_next(struct csv_reader *reader, struct csv_record *record);
const char *csv_reader_error(const struct csv_reader *reader);

// As import_text.h has them.
void csv_reader_progress(const struct csv_reader *reader, uint64_t *done, uint64_t *total);
bool csv_reader_wants_mark(const struct csv_reader *reader);
