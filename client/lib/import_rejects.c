#include "client/lib/import_rejects.h"

#include "common/text.h"

#include <errno.h>
#include <string.h>

// Bytes that are no text become U+FFFD.
static void write_text(FILE *stream, const char *text)
{
    size_t size = strlen(text);
    while (size > 0) {
        uint32_t character;
        size_t length = utf8_decode(text, size, &character);
        if (length == 0)
            fputs("\xef\xbf\xbd", stream);
        else if (*text == '"')
            fputs("\"\"", stream);
        else
            fwrite(text, 1, length, stream);
        text += length == 0 ? 1 : length;
        size -= length == 0 ? 1 : length;
    }
}

static void write_field(FILE *stream, const char *text, char end)
{
    size_t length = strlen(text);
    bool quoted = strpbrk(text, ",\"\r\n") != NULL || text[0] == ' ' || text[0] == '\t' ||
                  (length > 0 && strchr(" \t", text[length - 1]) != NULL);
    if (quoted)
        fputc('"', stream);
    write_text(stream, text);
    if (quoted)
        fputc('"', stream);
    fputc(end, stream);
}

static void write_fields(FILE *stream, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_field(stream, fields[i], i + 1 < count ? ',' : '\n');
}

static bool open_file(struct import_rejects *rejects)
{
    if (rejects->stream != NULL || rejects->failure != 0)
        return rejects->failure == 0;
    rejects->stream = fopen(rejects->path, "we");
    if (rejects->stream == NULL) {
        rejects->failure = errno;
        return false;
    }
    if (rejects->with_mark)
        fputs("\xef\xbb\xbf", rejects->stream);
    fputs("file,line,reason,", rejects->stream);
    write_fields(rejects->stream, rejects->columns, rejects->column_count);
    return true;
}

void import_rejects_add(struct import_rejects *rejects, int64_t line, const char *reason,
                        const char *const *fields, size_t count)
{
    if (!open_file(rejects))
        return;
    write_field(rejects->stream, rejects->source, ',');
    fprintf(rejects->stream, "%lld,", (long long)line);
    write_field(rejects->stream, reason, count > 0 ? ',' : '\n');
    write_fields(rejects->stream, fields, count);
}

bool import_rejects_close(struct import_rejects *rejects)
{
    if (rejects->stream != NULL) {
        bool failed = ferror(rejects->stream) != 0;
        if ((fclose(rejects->stream) != 0 || failed) && rejects->failure == 0)
            rejects->failure = errno != 0 ? errno : EIO;
        rejects->stream = NULL;
    }
    return rejects->failure == 0;
}
