#include "client/lib/state_folder.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_BYTES 16

char *state_path(const char *rest)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path;
    int length = state && *state
                     ? asprintf(&path, "%s/tiejun/%s", state, rest)
                     : asprintf(&path, "%s/.local/state/tiejun/%s", home ? home : "", rest);
    if (length < 0)
        abort();
    return path;
}

char *state_folder_of(const uint8_t token[SESSION_TOKEN_SIZE])
{
    // Another hash than the one that the daemon keeps.
    static const char purpose[] = "tiejun outbox";
    uint8_t hash[NAME_BYTES];
    char name[2 * NAME_BYTES + 1];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)purpose, sizeof purpose);
    crypto_generichash_update(&state, token, SESSION_TOKEN_SIZE);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(name, sizeof name, hash, sizeof hash);
    return state_path(name);
}

bool state_make_folders(const char *file)
{
    char *folder = strdup(file);
    bool made = folder != NULL;
    for (char *slash = made ? strchr(folder + 1, '/') : NULL; slash && made;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = mkdir(folder, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(folder);
    return made;
}
