// The names under which clients reach a server: what its certificate is made for.
#pragma once

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stddef.h>

enum { HOST_NAMES_MOST = 32, HOST_NAME_SIZE = 254 };

struct host_names {
    char names[HOST_NAMES_MOST][HOST_NAME_SIZE];
    size_t count;
};

// Adds the names of a list with commas: host names and IP addresses, each once whatever its case.
// False, with what was good before it added, at the first one that is no name or when there are
// too many; wrong then has it.
bool host_names_add(struct host_names *hosts, const char *list, char wrong[HOST_NAME_SIZE]);

// Adds localhost, its addresses and what this machine is called.
void host_names_add_own(struct host_names *hosts);

// Adds those that a certificate is made for.
void host_names_add_certified(struct host_names *hosts, const X509 *certificate);

// As a certificate's extension wants them; free with GENERAL_NAMES_free. NULL when memory is out.
GENERAL_NAMES *host_names_general(const struct host_names *hosts);
