#include "client/lib/token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)SESSION_TOKEN_SIZE * 2)

static enum token_fault judge(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return TOKEN_IS_UNREADABLE;
    if (S_ISREG(status.st_mode) && status.st_uid != geteuid())
        return TOKEN_IS_ANOTHERS;
    if (S_ISREG(status.st_mode) && status.st_mode & 077)
        return TOKEN_IS_OPEN_TO_OTHERS;
    return TOKEN_IS_GOOD;
}

// Of the first line; who logged in may stand behind it.
static bool parse(char *text, uint8_t token[SESSION_TOKEN_SIZE])
{
    uint8_t bytes[SESSION_TOKEN_SIZE];
    size_t size = 0;
    text[strcspn(text, "\r\n")] = '\0';
    bool good = strlen(text) == HEX_SIZE &&
                sodium_hex2bin(bytes, sizeof bytes, text, HEX_SIZE, NULL, &size, NULL) == 0 &&
                size == sizeof bytes;
    if (good)
        memcpy(token, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return good;
}

static enum token_fault take(int descriptor, uint8_t token[SESSION_TOKEN_SIZE])
{
    char text[HEX_SIZE + 8];
    ssize_t length = read(descriptor, text, sizeof text - 1);
    if (length < 0)
        return TOKEN_IS_UNREADABLE;
    text[length] = '\0';
    bool good = parse(text, token);
    sodium_memzero(text, sizeof text);
    return good ? TOKEN_IS_GOOD : TOKEN_IS_NO_HEX;
}

enum token_fault token_file_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE])
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? TOKEN_IS_ABSENT : TOKEN_IS_UNREADABLE;
    enum token_fault fault = judge(descriptor);
    if (fault == TOKEN_IS_GOOD)
        fault = take(descriptor, token);
    int why = errno;
    close(descriptor);
    errno = why;
    return fault;
}
