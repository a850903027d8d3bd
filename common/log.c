#include "common/log.h"

#include "common/instant.h"
#include "common/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE_MAX 2048
// Room for the time or the prefix, the level, and two names.
#define LINE_MAX_SIZE (MESSAGE_MAX + 512)
#define NAME_MAX_BYTES 160

static enum log_level threshold = LOG_LEVEL_INFO;
static enum log_sink chosen = LOG_SINK_AUTOMATIC;

static const char *const names[] = {
    [LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning", [LOG_LEVEL_NOTICE] = "notice",
    [LOG_LEVEL_INFO] = "info",   [LOG_LEVEL_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
    threshold = level;
}

enum log_level log_level_named(const char *name)
{
    for (enum log_level level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++)
        if (!strcmp(names[level], name))
            return level;
    return 0;
}

int log_enabled(enum log_level level)
{
    return level <= threshold;
}

// JOURNAL_STREAM holds device and inode of the stream that systemd made; a child whose standard
// error goes elsewhere inherits the variable all the same (systemd.exec(5)).
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char own[64];
    struct stat status;
    if (!stream || fstat(STDERR_FILENO, &status) != 0)
        return false;
    snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    return strcmp(stream, own) == 0;
}

void log_open(enum log_sink sink)
{
    chosen = sink;
    if (sink == LOG_SINK_AUTOMATIC)
        chosen = stderr_is_journal() ? LOG_SINK_JOURNAL : LOG_SINK_STDERR;
}

// Appends a value at position at, made safe; returns the new position. Stops at limit, between
// characters.
static size_t append_safe(char *out, size_t at, size_t limit, const char *value, bool blanks)
{
    while (*value) {
        uint32_t character;
        size_t length = utf8_decode(value, strnlen(value, 4), &character);
        bool escape =
            length == 0 || text_drives_terminal(character) || (!blanks && character == ' ');
        size_t bytes = length ? length : 1;
        if (at >= limit || (escape ? 4 * bytes : bytes) > limit - at)
            break;
        for (size_t i = 0; i < bytes; i++, value++) {
            if (escape)
                at += (size_t)sprintf(out + at, "\\x%02x", (unsigned char)*value);
            else
                out[at++] = *value;
        }
    }
    return at;
}

static size_t append_name(char *out, size_t at, size_t limit, const char *name)
{
    size_t end = at + NAME_MAX_BYTES < limit ? at + NAME_MAX_BYTES : limit;
    at = append_safe(out, at, end, name && *name ? name : "-", false);
    return append_safe(out, at, end + 1, " ", true);
}

size_t log_line(char *out, size_t size, enum log_level level, const char *peer, const char *user,
                const char *message)
{
    // A byte for the newline and two for NULs: sprintf in append_safe writes one behind limit.
    size_t limit = size - 3;
    size_t at = append_safe(out, 0, limit - 1, names[level], false);
    at = append_safe(out, at, limit, " ", true);
    at = append_name(out, at, limit - 1, peer);
    at = append_name(out, at, limit - 1, user);
    at = append_safe(out, at, limit, message, true);
    out[at++] = '\n';
    out[at] = '\0';
    return at;
}

static size_t write_prefix(char *out, size_t size, enum log_level level)
{
    if (chosen == LOG_SINK_JOURNAL)
        return (size_t)snprintf(out, size, "<%d>", (int)level);
    char now[INSTANT_TEXT_SIZE];
    int64_t seconds;
    int32_t nanos;
    instant_now(&seconds, &nanos);
    if (!instant_format(seconds, 0, now))
        return 0;
    size_t until_z = strlen(now) - 1;
    return (size_t)snprintf(out, size, "%.*s.%03dZ ", (int)until_z, now, (int)(nanos / 1000000));
}

void log_event(enum log_level level, const char *peer, const char *user, const char *format, ...)
{
    if (!log_enabled(level))
        return;
    int saved = errno;
    if (chosen == LOG_SINK_AUTOMATIC)
        log_open(LOG_SINK_AUTOMATIC);

    char message[MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    char line[LINE_MAX_SIZE];
    size_t length = write_prefix(line, sizeof line, level);
    length += log_line(line + length, sizeof line - length, level, peer, user, message);
    // One write a line keeps lines of several processes apart. Nobody could be told of a failure.
    ssize_t ignored = write(STDERR_FILENO, line, length);
    (void)ignored;
    errno = saved;
}
