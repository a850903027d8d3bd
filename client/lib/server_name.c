#include "client/lib/server_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PORT_DEFAULT "7535"

static bool copy(char *out, size_t size, const char *text, size_t length)
{
    if (length == 0 || length >= size)
        return false;
    for (size_t i = 0; i < length; i++)
        out[i] = (char)tolower((unsigned char)text[i]);
    out[length] = '\0';
    // It goes into a file of lines with blanks between words.
    return strcspn(out, " \t\r\n") == length;
}

static bool split(const char *text, struct server_name *name)
{
    const char *bracket = text[0] == '[' ? strchr(text, ']') : NULL;
    const char *colon = strrchr(bracket ? bracket : text, ':');
    if (!bracket && colon && strchr(text, ':') != colon)
        colon = NULL;
    if (!bracket && text[0] == '[')
        return false;
    if (bracket && bracket[1] && colon != bracket + 1)
        return false;
    const char *port = colon ? colon + 1 : PORT_DEFAULT;
    if (!copy(name->port, SERVER_PORT_SIZE, port, strlen(port)))
        return false;
    if (bracket)
        return copy(name->host, SERVER_HOST_SIZE, text + 1, (size_t)(bracket - text - 1));
    return copy(name->host, SERVER_HOST_SIZE, text, colon ? (size_t)(colon - text) : strlen(text));
}

bool server_name_parse(const char *text, struct server_name *name)
{
    if (!split(text, name))
        return false;
    snprintf(name->whole, sizeof name->whole, strchr(name->host, ':') ? "[%s]:%s" : "%s:%s",
             name->host, name->port);
    return true;
}
