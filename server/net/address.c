#include "server/net/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// libevent's parser takes no port 0.
bool address_parse(const char *text, struct sockaddr_storage *address, int *length)
{
    char host[INET6_ADDRSTRLEN + 2];
    char *end;
    const char *colon = strrchr(text, ':');
    size_t size = colon ? (size_t)(colon - text) : sizeof host;
    if (size >= sizeof host || !colon[1]) {
        return false;
    }
    memcpy(host, text, size);
    host[size] = '\0';
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (*end || port > UINT16_MAX) {
        return false;
    }
    struct sockaddr_in *in = (struct sockaddr_in *)address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
    if (host[0] == '[' && host[size - 1] == ']') {
        host[size - 1] = '\0';
        *length = sizeof *in6;
        *in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        return inet_pton(AF_INET6, host + 1, &in6->sin6_addr) == 1;
    }
    *length = sizeof *in;
    *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &in->sin_addr) == 1;
}

void address_write(const struct sockaddr *address, char out[ADDRESS_SIZE])
{
    char host[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(out, ADDRESS_SIZE, "%s:%u", host, ntohs(in->sin_port));
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
        snprintf(out, ADDRESS_SIZE, "[%s]:%u", host, ntohs(in6->sin6_port));
    } else {
        snprintf(out, ADDRESS_SIZE, "?");
    }
}
