// Which server a client speaks to.
//
// With a CA, the server's certificate must be signed by it and be for the server's name. Without
// one, the certificate itself must be known by its SHA-256 fingerprint: told by the user, or
// remembered from the first connection, on which a person is asked. Nothing else is trusted, the
// system's CAs neither.
#pragma once

#include "client/lib/server_name.h"
#include "common/tls.h"

#include <stdbool.h>

struct trust {
    // PEM files, or NULL. Certificate and key show who this client is, where a server asks.
    const char *ca;
    const char *certificate;
    const char *key;
    // What the certificate's must be, in any form, or NULL. It is remembered.
    const char *fingerprint;
    // Asks a person whether a server that is new here is the right one; NULL: there is none.
    bool (*ask)(const char *server, const char *fingerprint);
};

// TIEJUN_CA, TIEJUN_CERTIFICATE, TIEJUN_KEY and TIEJUN_FINGERPRINT, each where trust says nothing.
void trust_take_environment(struct trust *trust);

enum trust_verdict {
    TRUST_YES,
    TRUST_NO,
    // A person was asked, which takes its time, and said yes: connect anew.
    TRUST_FROM_NOW_ON,
};

// Sentences in the user's language, without a newline.
struct trust_refusal {
    char message[1024];
    char hint[512];
};

// A context for connections to that server. NULL with refusal filled in.
SSL_CTX *trust_context(const struct trust *trust, struct trust_refusal *refusal);

// After the handshake, for a trust without a CA. refusal is filled in for TRUST_NO.
enum trust_verdict trust_judge(const struct trust *trust, const struct server_name *server,
                               const SSL *tls, struct trust_refusal *refusal);

// Why a handshake was broken off because of the certificate, for a trust with a CA. False when that
// was not the reason.
bool trust_explain(const struct trust *trust, const struct server_name *server, const SSL *tls,
                   struct trust_refusal *refusal);
