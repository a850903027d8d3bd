#include "client/lib/trust.h"

#include "client/lib/known_servers.h"
#include "client/lib/state_folder.h"
#include "common/i18n.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum trust_verdict refuse(struct trust_refusal *refusal, const char *hint,
                                 const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum trust_verdict refuse(struct trust_refusal *refusal, const char *hint,
                                 const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(refusal->message, sizeof refusal->message, format, arguments);
    va_end(arguments);
    snprintf(refusal->hint, sizeof refusal->hint, "%s", hint);
    return TRUST_NO;
}

static void take(const char **place, const char *variable)
{
    const char *value = getenv(variable);
    if (!*place && value && *value)
        *place = value;
}

void trust_take_environment(struct trust *trust)
{
    take(&trust->ca, "TIEJUN_CA");
    take(&trust->certificate, "TIEJUN_CERTIFICATE");
    take(&trust->key, "TIEJUN_KEY");
    take(&trust->fingerprint, "TIEJUN_FINGERPRINT");
}

SSL_CTX *trust_context(const struct trust *trust, struct trust_refusal *refusal)
{
    const struct tls_files files = {trust->certificate, trust->key, trust->ca};
    struct tls_fault fault;
    SSL_CTX *context = NULL;
    if (!trust->certificate != !trust->key)
        refuse(refusal, _("Give both, or neither."),
               _("TIEJUN_CERTIFICATE and TIEJUN_KEY belong together."));
    else if (!(context = tls_context_new(TLS_CLIENT, &files, &fault)))
        refuse(refusal, _("TIEJUN_CA or --ca, TIEJUN_CERTIFICATE and TIEJUN_KEY name PEM files."),
               _("The file %s cannot be used: %s."), fault.file, _(fault.what));
    return context;
}

// ---- without a CA: by fingerprint ----

static enum trust_verdict remember(const char *path, const struct server_name *server,
                                   const char *fingerprint, enum trust_verdict verdict,
                                   struct trust_refusal *refusal)
{
    char known[TLS_FINGERPRINT_SIZE];
    if ((known_servers_find(path, server->whole, known) && strcmp(known, fingerprint) == 0) ||
        known_servers_remember(path, server->whole, fingerprint))
        return verdict;
    return refuse(refusal, "", _("The server cannot be remembered in %s: %s."), path,
                  strerror(errno));
}

static enum trust_verdict judge_told(const struct trust *trust, const char *path,
                                     const struct server_name *server, const char *shown,
                                     struct trust_refusal *refusal)
{
    char told[TLS_FINGERPRINT_SIZE];
    if (!tls_fingerprint_parse(trust->fingerprint, told))
        return refuse(refusal, _("`tiejund certificate` and `tiejund init` print it."),
                      _("\"%s\" is no fingerprint: it has 64 hexadecimal digits."),
                      trust->fingerprint);
    if (strcmp(told, shown) != 0)
        return refuse(refusal,
                      _("Either the fingerprint is not this server's, or somebody is in between. "
                        "Ask who runs the server."),
                      _("The server %s is not the one you named: its certificate has the "
                        "fingerprint %s."),
                      server->whole, shown);
    return remember(path, server, shown, TRUST_YES, refusal);
}

static enum trust_verdict judge_known(const char *path, const struct server_name *server,
                                      const char *known, const char *shown,
                                      struct trust_refusal *refusal)
{
    if (strcmp(known, shown) == 0)
        return TRUST_YES;
    char hint[512];
    snprintf(hint, sizeof hint,
             _("Ask who runs the server for the new fingerprint. If it is this one, say so once "
               "with --fingerprint; what was known is in %s."),
             path);
    return refuse(refusal, hint,
                  _("WARNING: the server %s HAS ANOTHER CERTIFICATE than before. Somebody may be "
                    "reading along. Its fingerprint is now %s, and was %s."),
                  server->whole, shown, known);
}

static enum trust_verdict judge_new(const struct trust *trust, const char *path,
                                    const struct server_name *server, const char *shown,
                                    struct trust_refusal *refusal)
{
    if (trust->ask && trust->ask(server->whole, shown))
        return remember(path, server, shown, TRUST_FROM_NOW_ON, refusal);
    if (trust->ask)
        return refuse(refusal, _("Who runs the server knows its fingerprint: tiejund prints it."),
                      _("The server %s is not trusted."), server->whole);
    char hint[512];
    snprintf(hint, sizeof hint,
             _("If who runs it says that this is its fingerprint: --fingerprint %s, or name its "
               "CA with --ca FILE."),
             shown);
    return refuse(refusal, hint, _("The server %s is not known here yet."), server->whole);
}

enum trust_verdict trust_judge(const struct trust *trust, const struct server_name *server,
                               const SSL *tls, struct trust_refusal *refusal)
{
    char shown[TLS_FINGERPRINT_SIZE];
    char known[TLS_FINGERPRINT_SIZE];
    const X509 *certificate = SSL_get0_peer_certificate(tls);
    if (trust->ca)
        return TRUST_YES;
    if (!certificate || !tls_fingerprint(certificate, shown))
        return refuse(refusal, "", _("The server %s shows no certificate."), server->whole);
    char *path = state_path("known_servers");
    enum trust_verdict verdict = trust->fingerprint
                                     ? judge_told(trust, path, server, shown, refusal)
                                 : known_servers_find(path, server->whole, known)
                                     ? judge_known(path, server, known, shown, refusal)
                                     : judge_new(trust, path, server, shown, refusal);
    free(path);
    return verdict;
}

// ---- with a CA ----

static const char *certificate_fault(long code)
{
    switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return _("it is not for this name");
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return _("it has expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return _("it is not valid yet; is this computer's clock right?");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return _("another CA has signed it");
    default:
        return X509_verify_cert_error_string(code);
    }
}

bool trust_explain(const struct trust *trust, const struct server_name *server, const SSL *tls,
                   struct trust_refusal *refusal)
{
    char hint[512];
    long code = SSL_get_verify_result(tls);
    if (!trust->ca || code == X509_V_OK)
        return false;
    if (code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH)
        snprintf(hint, sizeof hint,
                 _("Who runs the server adds the name: tiejund certificate --host %s"),
                 server->host);
    else
        snprintf(hint, sizeof hint, _("The CA is that of %s."), trust->ca);
    refuse(refusal, hint, _("The server %s cannot be trusted by its certificate: %s."),
           server->whole, certificate_fault(code));
    return true;
}
