// The log: one line for each event on standard error.
//
//     2026-07-15T01:30:00.123Z info 127.0.0.1:40112 li.wei goal.set refused: unknown_unit
//
// Time (left out under the journal, which has its own), level, peer, user ("-" where there is
// none), message. Whatever is in the values, an event stays one line: control characters and bytes
// that are not UTF-8 are written as \xNN, and peer and user are kept free of blanks. Lines end
// after 2 KiB. Messages of the log are English and not translated.
#pragma once

#include <stddef.h>

// Numbers are syslog's, which the journal understands.
enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

enum log_sink {
    // The journal when JOURNAL_STREAM says that standard error is connected to it.
    LOG_SINK_AUTOMATIC,
    LOG_SINK_STDERR,
    LOG_SINK_JOURNAL,
};

// Without a call: LOG_SINK_AUTOMATIC.
void log_open(enum log_sink sink);

// Drops events above this level. LOG_LEVEL_INFO at the start.
void log_set_level(enum log_level level);

// "error", "warning", "notice", "info", "debug" to the level; 0 for another word.
enum log_level log_level_named(const char *name);

// For costly arguments: whether an event of this level is written at all.
int log_enabled(enum log_level level);

// peer: address of the other end; user: handle or id. Either may be NULL. Keeps errno.
void log_event(enum log_level level, const char *peer, const char *user, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// The line that log_event writes, without time and journal prefix, ended by "\n" and NUL. Returns
// its length. size: at least 64 bytes; what does not fit is cut off. For tests and other sinks.
size_t log_line(char *out, size_t size, enum log_level level, const char *peer, const char *user,
                const char *message);
