#include "client/cli/token.h"

#include "client/cli/say.h"
#include "client/lib/login_files.h"
#include "client/lib/state_folder.h"
#include "client/lib/token_file.h"
#include "common/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)SESSION_TOKEN_SIZE * 2)
// 64 characters of up to 4 bytes, a newline, and room for the token's own line.
#define HANDLE_SIZE 258

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

char *token_path_for(const char *option, const char *server, bool for_login)
{
    if ((option && *option) || variable("TIEJUN_TOKEN_FILE"))
        return token_path(option);
    char *path = login_token_path(server);
    if (!path)
        refuse_usage(_("\"%s\" is not HOST:PORT."), server);
    if (for_login)
        return path;
    free(path);
    return login_token_found(server);
}

// The mend as it is typed.
static _Noreturn void refuse_readable(const char *path)
{
    char *hint;
    if (asprintf(&hint, _("If others may have read it, log out and in again; else: chmod 600 %s"),
                 path) < 0)
        abort();
    refuse(hint, _("The token file %s can be read by others."), path);
}

static _Noreturn void refuse_absent(const char *path, const char *server)
{
    char *hint;
    // Where nobody has said which daemon it is.
    const char *named = strcmp(server, SESSION_SERVER_DEFAULT) == 0 ? _("HOST:PORT") : server;
    if (asprintf(&hint,
                 _("Log in with: tiejun login --server %s. With the code of an invitation: tiejun "
                   "enrol --server %s"),
                 named, named) < 0)
        abort();
    refuse(hint, _("This computer is not logged in at %s: there is no token file %s."), server,
           path);
}

void token_read(const char *path, const char *server, uint8_t token[SESSION_TOKEN_SIZE])
{
    switch (token_file_read(path, token)) {
    case TOKEN_IS_GOOD:
        return;
    case TOKEN_IS_ABSENT:
        refuse_absent(path, server);
    case TOKEN_IS_UNREADABLE:
        refuse(NULL, _("The token file %s cannot be read: %s."), path, strerror(errno));
    case TOKEN_IS_ANOTHERS:
        refuse(NULL, _("The token file %s belongs to another user."), path);
    case TOKEN_IS_OPEN_TO_OTHERS:
        refuse_readable(path);
    case TOKEN_IS_NO_HEX:
        refuse(NULL, _("The token file %s does not hold 64 hexadecimal digits."), path);
    }
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

// ---- one token after another ----

// Who logged in with the token in a file: the line behind it. False when it does not say.
static bool read_person(const char *path, char person[HANDLE_SIZE])
{
    char line[HANDLE_SIZE] = "";
    FILE *file = fopen(path, "re");
    bool found = file && fgets(line, sizeof line, file) && fgets(person, HANDLE_SIZE, file);
    if (file)
        fclose(file);
    sodium_memzero(line, sizeof line);
    person[found ? strcspn(person, "\n") : 0] = '\0';
    return found && *person;
}

static void note_person(const char *path, const char *person)
{
    FILE *file = fopen(path, "ae");
    bool written = file && fprintf(file, "%s\n", person) > 0;
    written = file && fclose(file) == 0 && written;
    if (!written)
        refuse(NULL, _("The token file %s cannot be written."), path);
}

// The outbox is found by the token.
static void take_facts_along(const uint8_t before[SESSION_TOKEN_SIZE],
                             const uint8_t now[SESSION_TOKEN_SIZE])
{
    char *from = state_folder_of(before);
    char *to = state_folder_of(now);
    // Nothing is there to take, or it stays where it was: neither loses a fact.
    (void)rename(from, to);
    free(from);
    free(to);
}

void token_keep(const char *path, const char *place, const char *server,
                const uint8_t token[SESSION_TOKEN_SIZE], const char *person)
{
    char before[HANDLE_SIZE];
    note_person(path, person);
    if (read_person(place, before) && strcmp(before, person) == 0) {
        uint8_t old[SESSION_TOKEN_SIZE];
        token_read(place, server, old);
        take_facts_along(old, token);
        sodium_memzero(old, sizeof old);
    }
    if (rename(path, place) != 0)
        refuse(NULL, _("The token file %s cannot be made: %s."), place, strerror(errno));
}
