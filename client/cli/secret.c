#include "client/cli/secret.h"

#include "client/cli/say.h"
#include "common/i18n.h"
#include "common/options.h"

#include <bsd/readpassphrase.h>
#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

// Byte by byte: what comes after the line is for the next call.
static void read_line(int descriptor, char out[SECRET_SIZE])
{
    size_t length = 0;
    ssize_t count;
    char byte = '\0';
    while ((count = read(descriptor, &byte, 1)) != 0 && byte != '\n') {
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            refuse(NULL, _("File descriptor %d cannot be read: %s."), descriptor, strerror(errno));
        if (length == SECRET_SIZE - 1)
            refuse(NULL, _("The line on file descriptor %d is too long."), descriptor);
        out[length++] = byte;
    }
    if (count == 0 && length == 0)
        refuse(NULL, _("File descriptor %d ends before the line that is wanted."), descriptor);
    out[length] = '\0';
}

// readpassphrase() gives the terminal back as it was, whatever signal comes.
static void ask(const char *question, int flags, char out[SECRET_SIZE])
{
    if (!readpassphrase(question, out, SECRET_SIZE, flags | RPP_REQUIRE_TTY))
        refuse_usage(_("There is nobody to ask here: scripts add --password-fd N, and --person "
                       "where a name is wanted."));
}

void secret_read(const struct options *options, const char *question, char out[SECRET_SIZE])
{
    int64_t descriptor = options_integer(options, "password-fd", -1);
    if (!options_given(options, "password-fd"))
        ask(question, RPP_ECHO_OFF, out);
    else if (descriptor < 0 || descriptor > INT_MAX)
        refuse_usage(_("--password-fd is the number of an open file descriptor."));
    else
        read_line((int)descriptor, out);
}

void secret_read_new(const struct options *options, const char *question, const char *again,
                     char out[SECRET_SIZE])
{
    char second[SECRET_SIZE];
    secret_read(options, question, out);
    if (options_given(options, "password-fd"))
        return;
    ask(again, RPP_ECHO_OFF, second);
    bool same = strcmp(out, second) == 0;
    sodium_memzero(second, sizeof second);
    if (same)
        return;
    sodium_memzero(out, SECRET_SIZE);
    refuse(_("Nothing was changed. Try again."), "%s", _("The two are not the same."));
}

void secret_read_open(const char *question, char out[SECRET_SIZE])
{
    ask(question, RPP_ECHO_ON, out);
}
