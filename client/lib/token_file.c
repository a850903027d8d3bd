#include "client/lib/token_file.h"

#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)SESSION_TOKEN_SIZE * 2)

static bool fail(char *reason, size_t reason_size, const char *why)
{
    snprintf(reason, reason_size, "%s", why);
    return false;
}

static bool parse(char *text, uint8_t token[SESSION_TOKEN_SIZE])
{
    size_t size = 0;
    text[strcspn(text, "\r\n")] = '\0';
    return strlen(text) == HEX_SIZE &&
           sodium_hex2bin(token, SESSION_TOKEN_SIZE, text, HEX_SIZE, NULL, &size, NULL) == 0 &&
           size == SESSION_TOKEN_SIZE;
}

bool token_file_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE], char *reason,
                     size_t reason_size)
{
    struct stat status;
    char text[HEX_SIZE + 8];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(reason, reason_size, strerror(errno));
    bool open_to_others =
        fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & 077;
    ssize_t length = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    bool good = parse(text, token);
    sodium_memzero(text, sizeof text);
    if (open_to_others)
        return fail(reason, reason_size, _("others can read it"));
    return good || fail(reason, reason_size, _("it does not hold 64 hexadecimal digits"));
}
