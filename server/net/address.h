// Addresses as settings and the log write them: "192.0.2.1:7535", "[2001:db8::1]:7535".
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

// Of the longest, with its NUL.
#define ADDRESS_SIZE (INET6_ADDRSTRLEN + 10)

// False when the text is none. length: how much of the storage is the address, in bytes. Port 0
// is one.
bool address_parse(const char *text, struct sockaddr_storage *address, int *length);

// "?" when it is neither IPv4 nor IPv6.
void address_write(const struct sockaddr *address, char out[ADDRESS_SIZE]);
