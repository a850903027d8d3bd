#include "client/lib/login_files.h"

#include "client/lib/server_name.h"
#include "client/lib/state_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE 300

char *login_server(void)
{
    char line[NAME_SIZE] = "";
    char *path = state_path("server");
    FILE *file = fopen(path, "re");
    bool read = file && fgets(line, sizeof line, file);
    if (file)
        fclose(file);
    free(path);
    line[strcspn(line, "\n")] = '\0';
    return read && *line ? strdup(line) : NULL;
}

bool login_remember_server(const char *server)
{
    char *path = state_path("server");
    char *fresh = state_path("server.new");
    FILE *file = state_make_folders(path) ? fopen(fresh, "we") : NULL;
    bool written = file && fprintf(file, "%s\n", server) > 0;
    written = file && fclose(file) == 0 && written && rename(fresh, path) == 0;
    free(fresh);
    free(path);
    return written;
}

char *login_token_path(const char *server)
{
    char name[NAME_SIZE];
    struct server_name parts;
    // A file's name has no slash.
    if (!server_name_parse(server, &parts) || strchr(parts.whole, '/'))
        return NULL;
    if (snprintf(name, sizeof name, "tokens/%s", parts.whole) >= (int)sizeof name)
        return NULL;
    return state_path(name);
}

char *login_token_found(const char *server)
{
    char *path = login_token_path(server);
    if (path && access(path, F_OK) == 0)
        return path;
    free(path);
    return state_path("token");
}
