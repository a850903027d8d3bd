#include "client/lib/import_text.h"

#include "client/lib/import_memory.h"
#include "common/i18n.h"
#include "common/text.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE 65536
#define NO_CONVERTER ((iconv_t)-1)

struct import_text {
    int descriptor;
    iconv_t converter;
    bool marked;
    uint64_t done;
    uint64_t total;
    // Bytes of the file that were read and not handed out yet.
    char block[BLOCK_SIZE];
    size_t start;
    size_t end;
};

static ssize_t read_fully(int descriptor, char *out, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(descriptor, out + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

// Moves what is left to the front and fills the block up.
static bool refill(struct import_text *text)
{
    memmove(text->block, text->block + text->start, text->end - text->start);
    text->end -= text->start;
    text->start = 0;
    ssize_t got = read_fully(text->descriptor, text->block + text->end, BLOCK_SIZE - text->end);
    if (got < 0)
        return false;
    text->end += (size_t)got;
    text->done += (uint64_t)got;
    return true;
}

struct utf8_tally {
    uint64_t valid;
    uint64_t invalid;
};

// Counts characters beyond ASCII and bytes that belong to none. Returns the bytes that were looked
// at: all but a character that may go on in the next block.
static size_t tally_utf8(struct utf8_tally *tally, const char *data, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if ((unsigned char)data[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t character;
        size_t length = utf8_decode(data + at, size - at, &character);
        if (length == 0 && size - at < 4)
            break;
        if (length == 0)
            tally->invalid++;
        else
            tally->valid++;
        at += length == 0 ? 1 : length;
    }
    return at;
}

static void tally_file(struct utf8_tally *tally, const struct import_text *text)
{
    size_t kept = text->end;
    char block[BLOCK_SIZE];
    memcpy(block, text->block, kept);
    off_t offset = (off_t)kept;
    for (;;) {
        size_t seen = tally_utf8(tally, block, kept);
        memmove(block, block + seen, kept - seen);
        kept -= seen;
        ssize_t got = pread(text->descriptor, block + kept, BLOCK_SIZE - kept, offset);
        if (got <= 0)
            break;
        offset += got;
        kept += (size_t)got;
    }
    // What is left over began a character that never ended; on a pipe there is more to come.
    if (text->total > 0)
        tally->invalid += kept;
}

// Real GB18030 is nearly all invalid as UTF-8, while a damaged UTF-8 file is nearly all valid:
// only its damaged rows are to be lost.
static bool looks_like_gb18030(const struct import_text *text)
{
    struct utf8_tally tally = {0};
    tally_file(&tally, text);
    return tally.invalid > tally.valid;
}

static bool begins_with(const struct import_text *text, const char *bytes, size_t count)
{
    return text->end >= count && memcmp(text->block, bytes, count) == 0;
}

// What people hand over in the place of a CSV file.
static bool refuse_others(const struct import_text *text, const char *path, char *error,
                          size_t error_size)
{
    if (begins_with(text, "\xff\xfe", 2) || begins_with(text, "\xfe\xff", 2) ||
        (text->end >= 2 && (text->block[0] == '\0') != (text->block[1] == '\0'))) {
        snprintf(error, error_size, _("%s is UTF-16; save it as \"CSV UTF-8\"."), path);
        return false;
    }
    if (begins_with(text, "PK\x03\x04", 4) || begins_with(text, "\xd0\xcf\x11\xe0", 4)) {
        snprintf(error, error_size, _("%s is an Excel workbook; save the sheet as \"CSV UTF-8\"."),
                 path);
        return false;
    }
    return true;
}

static bool open_file(struct import_text *text, const char *path)
{
    text->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (text->descriptor < 0)
        return false;
    struct stat status;
    if (fstat(text->descriptor, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (S_ISREG(status.st_mode))
        text->total = (uint64_t)status.st_size;
    return refill(text);
}

static bool choose_encoding(struct import_text *text, enum text_encoding encoding)
{
    text->marked = begins_with(text, "\xef\xbb\xbf", 3);
    if (text->marked) {
        text->start = 3;
        return true;
    }
    if (encoding == TEXT_ENCODING_UTF8 ||
        (encoding == TEXT_ENCODING_AUTO && !looks_like_gb18030(text)))
        return true;
    text->converter = iconv_open("UTF-8", "GB18030");
    return text->converter != NO_CONVERTER;
}

struct import_text *import_text_open(const char *path, enum text_encoding encoding, char *error,
                                     size_t error_size)
{
    struct import_text *text = import_must(calloc(1, sizeof *text));
    text->descriptor = -1;
    text->converter = NO_CONVERTER;
    if (!open_file(text, path))
        snprintf(error, error_size, _("%s cannot be read: %s."), path, strerror(errno));
    else if (refuse_others(text, path, error, error_size)) {
        if (choose_encoding(text, encoding))
            return text;
        snprintf(error, error_size, _("%s is GB18030, which this system cannot convert."), path);
    }
    import_text_close(text);
    return NULL;
}

void import_text_close(struct import_text *text)
{
    if (text == NULL)
        return;
    if (text->converter != NO_CONVERTER)
        iconv_close(text->converter);
    if (text->descriptor >= 0)
        close(text->descriptor);
    free(text);
}

// 0xff stands in no UTF-8: it marks what could not be converted.
static void skip_invalid(struct import_text *text, char **out, size_t *room)
{
    *(*out)++ = '\xff';
    (*room)--;
    text->start++;
}

static ssize_t convert(struct import_text *text, char *out, size_t size)
{
    char *next = out;
    size_t room = size;
    while (text->start < text->end && room > 0) {
        char *in = text->block + text->start;
        size_t left = text->end - text->start;
        size_t result = iconv(text->converter, &in, &left, &next, &room);
        int why = errno;
        text->start = text->end - left;
        if (result != (size_t)-1 || why == E2BIG)
            break;
        // A character that is cut off by the end of the block goes on in the next one.
        if (why == EINVAL && next > out)
            break;
        if (why == EINVAL) {
            size_t before = text->end - text->start;
            if (!refill(text))
                return -1;
            if (text->end - text->start > before)
                continue;
        }
        skip_invalid(text, &next, &room);
    }
    return next - out;
}

ssize_t import_text_read(struct import_text *text, char *out, size_t size)
{
    if (text->start == text->end && !refill(text))
        return -1;
    if (text->converter != NO_CONVERTER)
        return convert(text, out, size);
    size_t available = text->end - text->start;
    size_t taken = available < size ? available : size;
    memcpy(out, text->block + text->start, taken);
    text->start += taken;
    return (ssize_t)taken;
}

void import_text_progress(const struct import_text *text, uint64_t *done, uint64_t *total)
{
    *done = text->done;
    *total = text->total;
}

bool import_text_wants_mark(const struct import_text *text)
{
    return text->marked || text->converter != NO_CONVERTER;
}
