#include "server/host_names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { LABEL_MOST = 63 };

static bool is_address(const char *name)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
}

// Labels of letters, digits and hyphens with dots between them (RFC 1123); the first may be "*".
static bool is_host_name(const char *name)
{
    size_t label = 0;
    const char *rest = strncmp(name, "*.", 2) == 0 ? name + 2 : name;
    for (const char *c = rest; *c; c++) {
        if (*c == '.' ? label == 0 || c[-1] == '-' : *c == '-' && label == 0) {
            return false;
        }
        if (*c != '.' && *c != '-' && !isalnum((unsigned char)*c)) {
            return false;
        }
        label = *c == '.' ? 0 : label + 1;
        if (label > LABEL_MOST) {
            return false;
        }
    }
    return label > 0 && rest[strlen(rest) - 1] != '-';
}

static bool is_known(const struct host_names *hosts, const char *name)
{
    for (size_t i = 0; i < hosts->count; i++) {
        if (strcasecmp(hosts->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool add(struct host_names *hosts, const char *name)
{
    if (!is_address(name) && !is_host_name(name)) {
        return false;
    }
    if (is_known(hosts, name)) {
        return true;
    }
    if (hosts->count == HOST_NAMES_MOST) {
        return false;
    }
    snprintf(hosts->names[hosts->count++], HOST_NAME_SIZE, "%s", name);
    return true;
}

bool host_names_add(struct host_names *hosts, const char *list, char wrong[HOST_NAME_SIZE])
{
    for (;;) {
        size_t length = strcspn(list, ",");
        snprintf(wrong, HOST_NAME_SIZE, "%.*s", (int)(length < HOST_NAME_SIZE ? length : 0), list);
        if (length >= HOST_NAME_SIZE || !add(hosts, wrong)) {
            return false;
        }
        if (!list[length]) {
            return true;
        }
        list += length + 1;
    }
}

void host_names_add_own(struct host_names *hosts)
{
    char own[HOST_NAME_SIZE] = "";
    add(hosts, "localhost");
    add(hosts, "127.0.0.1");
    add(hosts, "::1");
    if (gethostname(own, sizeof own - 1) == 0) {
        add(hosts, own);
    }
}

static void add_general(struct host_names *hosts, const GENERAL_NAME *general)
{
    char text[HOST_NAME_SIZE] = "";
    int kind;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(general, &kind);
    int length = ASN1_STRING_length(value);
    const unsigned char *data = ASN1_STRING_get0_data(value);
    if (kind == GEN_DNS && length < HOST_NAME_SIZE) {
        snprintf(text, sizeof text, "%.*s", length, (const char *)data);
    } else if (kind == GEN_IPADD && (length == 4 || length == 16)) {
        inet_ntop(length == 4 ? AF_INET : AF_INET6, data, text, sizeof text);
    }
    add(hosts, text);
}

void host_names_add_certified(struct host_names *hosts, const X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        add_general(hosts, sk_GENERAL_NAME_value(names, i));
    }
    GENERAL_NAMES_free(names);
}

static bool set_general(GENERAL_NAME *general, const char *name)
{
    bool address = is_address(name);
    ASN1_STRING *value = address ? a2i_IPADDRESS(name) : ASN1_IA5STRING_new();
    if (!value || (!address && ASN1_STRING_set(value, name, (int)strlen(name)) != 1)) {
        ASN1_STRING_free(value);
        return false;
    }
    GENERAL_NAME_set0_value(general, address ? GEN_IPADD : GEN_DNS, value);
    return true;
}

GENERAL_NAMES *host_names_general(const struct host_names *hosts)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    for (size_t i = 0; names && i < hosts->count; i++) {
        GENERAL_NAME *general = GENERAL_NAME_new();
        if (!general || !set_general(general, hosts->names[i]) ||
            sk_GENERAL_NAME_push(names, general) == 0) {
            GENERAL_NAME_free(general);
            GENERAL_NAMES_free(names);
            names = NULL;
        }
    }
    return names;
}
