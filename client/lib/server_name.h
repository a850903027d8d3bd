// Where a daemon is, as people write it: HOST, HOST:PORT or [IPV6]:PORT.
#pragma once

#include <stdbool.h>

#define SERVER_HOST_SIZE 256
#define SERVER_PORT_SIZE 16
#define SERVER_NAME_SIZE (SERVER_HOST_SIZE + SERVER_PORT_SIZE + 2)

struct server_name {
    // Without brackets.
    char host[SERVER_HOST_SIZE];
    char port[SERVER_PORT_SIZE];
    // Both, in the one form that names it everywhere: small letters, [IPV6]:PORT.
    char whole[SERVER_NAME_SIZE];
};

// A port that is left out is 7535. An address with several ":" and no brackets is an IPv6 one
// without a port. False when it is none of these.
bool server_name_parse(const char *text, struct server_name *name);
