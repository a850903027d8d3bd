#include "client/lib/known_servers.h"

#include "client/lib/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The rest of a line about this server, or NULL.
static const char *about(const char *line, const char *server)
{
    size_t length = strlen(server);
    return strncmp(line, server, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static bool read_fingerprint(const char *text, char fingerprint[TLS_FINGERPRINT_SIZE])
{
    char word[2 * TLS_FINGERPRINT_SIZE];
    snprintf(word, sizeof word, "%s", text);
    word[strcspn(word, " \t\r\n")] = '\0';
    return tls_fingerprint_parse(word, fingerprint);
}

bool known_servers_find(const char *path, const char *server,
                        char fingerprint[TLS_FINGERPRINT_SIZE])
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    bool found = false;
    while (file && !found && getline(&line, &size, file) >= 0) {
        const char *rest = about(line, server);
        found = rest && read_fingerprint(rest, fingerprint);
    }
    free(line);
    if (file)
        (void)fclose(file);
    return found;
}

static bool copy_others(const char *path, const char *server, FILE *out)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    if (!file)
        return errno == ENOENT;
    while ((length = getline(&line, &size, file)) >= 0) {
        if (!about(line, server))
            fprintf(out, "%s%s", line, length > 0 && line[length - 1] == '\n' ? "" : "\n");
    }
    free(line);
    return fclose(file) == 0;
}

static bool write_anew(const char *path, const char *server, const char *fingerprint, FILE *out)
{
    bool copied = copy_others(path, server, out);
    fprintf(out, "%s %s\n", server, fingerprint);
    bool flushed = fflush(out) == 0 && fsync(fileno(out)) == 0;
    return fclose(out) == 0 && copied && flushed;
}

bool known_servers_remember(const char *path, const char *server,
                            const char fingerprint[TLS_FINGERPRINT_SIZE])
{
    char *beside = NULL;
    if (!state_make_folders(path) || asprintf(&beside, "%s.%d", path, (int)getpid()) < 0)
        return false;
    int descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    bool done = out && write_anew(path, server, fingerprint, out) && rename(beside, path) == 0;
    int fault = errno;
    if (!done)
        unlink(beside);
    free(beside);
    errno = fault;
    return done;
}
