#include "client/cli/token.h"

#include "client/cli/context.h"
#include "client/lib/state_folder.h"
#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)SESSION_TOKEN_SIZE * 2)

// The variable's value; NULL when it is empty as well.
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

char *token_path(const char *option)
{
    const char *file = option && *option ? option : variable("TIEJUN_TOKEN_FILE");
    return file ? strdup(file) : state_path("token");
}

static int open_for_reading(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        refuse(_("Whoever may add devices makes one: tiejun device add --person YOU --output F"),
               _("The token file %s cannot be read: %s."), path, strerror(errno));
    struct stat status;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & 077)
        refuse(_("Others may have read it. If so, have a new one made; else: chmod 600 FILE"),
               _("The token file %s can be read by others."), path);
    return descriptor;
}

void token_read(const char *path, uint8_t token[SESSION_TOKEN_SIZE])
{
    int descriptor = open_for_reading(path);
    char text[HEX_SIZE + 8];
    ssize_t length = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    size_t size = 0;
    bool good = strlen(text) == HEX_SIZE &&
                sodium_hex2bin(token, SESSION_TOKEN_SIZE, text, HEX_SIZE, NULL, &size, NULL) == 0;
    sodium_memzero(text, sizeof text);
    if (!good || size != SESSION_TOKEN_SIZE)
        refuse(NULL, _("The token file %s does not hold 64 hexadecimal digits."), path);
}

void token_write(const char *path, const uint8_t token[SESSION_TOKEN_SIZE])
{
    if (!state_make_folders(path))
        refuse(NULL, _("The folder of %s cannot be made: %s."), path, strerror(errno));
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        refuse(errno == EEXIST ? _("Name another one with --output; a token is never overwritten.")
                               : NULL,
               _("The token file %s cannot be made: %s."), path, strerror(errno));
    char text[HEX_SIZE + 2];
    sodium_bin2hex(text, sizeof text, token, SESSION_TOKEN_SIZE);
    text[HEX_SIZE] = '\n';
    bool written = write(descriptor, text, HEX_SIZE + 1) == (ssize_t)(HEX_SIZE + 1);
    written = fsync(descriptor) == 0 && written;
    sodium_memzero(text, sizeof text);
    if (close(descriptor) != 0 || !written) {
        unlink(path);
        refuse(NULL, _("The token file %s cannot be written."), path);
    }
}
