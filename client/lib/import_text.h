// The text of a file that another program wrote: whatever its encoding, it is read as UTF-8 without
// a byte order mark, in bounded memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum text_encoding {
    // A byte order mark or mostly valid UTF-8: UTF-8; else GB18030, of which GBK and GB2312 are
    // parts. A file is looked through in whole, a pipe by its first block.
    TEXT_ENCODING_AUTO,
    TEXT_ENCODING_UTF8,
    TEXT_ENCODING_GB18030,
};

struct import_text;

// NULL when the file cannot be read or is no text that we know (UTF-16, an Excel workbook); error
// is then one sentence in the user's language that says what to do. Free with import_text_close.
struct import_text *import_text_open(const char *path, enum text_encoding encoding, char *error,
                                     size_t error_size);
void import_text_close(struct import_text *text);

// Next bytes, 0 at the end, -1 with errno when reading fails. What is not text in the file's
// encoding comes as bytes that are not UTF-8: the reader finds them where it checks its rows. size
// must be at least 16.
ssize_t import_text_read(struct import_text *text, char *out, size_t size);

// For a bar of progress: bytes of the file read so far, and its size, 0 when that is not known.
void import_text_progress(const struct import_text *text, uint64_t *done, uint64_t *total);

// Whether a program that looks for a byte order mark would need one on files for the same reader.
bool import_text_wants_mark(const struct import_text *text);
