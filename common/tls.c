#include "common/tls.h"

#include "common/i18n.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DIGEST_SIZE 32

static bool blame(struct tls_fault *fault, const char *file, const char *what)
{
    *fault = (struct tls_fault){file, what};
    ERR_clear_error();
    return false;
}

static bool is_readable(const char *path, struct tls_fault *fault)
{
    return access(path, R_OK) == 0 || blame(fault, path, strerror(errno));
}

// A key with a passphrase is refused: nobody sits before a daemon.
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static bool is_of_today(const SSL_CTX *tls, const char *path, struct tls_fault *fault)
{
    const X509 *certificate = SSL_CTX_get0_certificate(tls);
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return blame(fault, path, N_("it has expired"));
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return blame(fault, path, N_("it is not valid yet; is this computer's clock right?"));
    return true;
}

static bool load_identity(SSL_CTX *tls, const struct tls_files *files, struct tls_fault *fault)
{
    if (!is_readable(files->certificate, fault) || !is_readable(files->key, fault))
        return false;
    if (SSL_CTX_use_certificate_chain_file(tls, files->certificate) != 1)
        return blame(fault, files->certificate, N_("it holds no certificate in PEM form"));
    if (!is_of_today(tls, files->certificate, fault))
        return false;
    SSL_CTX_set_default_passwd_cb(tls, no_passphrase);
    if (SSL_CTX_use_PrivateKey_file(tls, files->key, SSL_FILETYPE_PEM) == 1)
        return true;
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH)
        return blame(fault, files->key, N_("it is the key of another certificate"));
    return blame(fault, files->key, N_("it holds no key in PEM form, or one with a passphrase"));
}

static bool load_ca(SSL_CTX *tls, enum tls_side side, const char *path, struct tls_fault *fault)
{
    if (!is_readable(path, fault))
        return false;
    if (SSL_CTX_load_verify_locations(tls, path, NULL) != 1)
        return blame(fault, path, N_("it holds no certificate in PEM form"));
    if (side == TLS_SERVER)
        SSL_CTX_set_client_CA_list(tls, SSL_load_client_CA_file(path));
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return true;
}

static void set_manners(SSL_CTX *tls)
{
    SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
    // Ten thousand idle connections hold no buffers.
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(tls, 0);
    // Frames say where they end: an end of the stream in the wrong place is seen there, and who
    // only closes its socket is no attacker.
    SSL_CTX_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

SSL_CTX *tls_context_new(enum tls_side side, const struct tls_files *files, struct tls_fault *fault)
{
    SSL_CTX *tls = SSL_CTX_new(side == TLS_SERVER ? TLS_server_method() : TLS_client_method());
    if (!tls) {
        blame(fault, "OpenSSL", strerror(ENOMEM));
        return NULL;
    }
    set_manners(tls);
    if ((files->certificate && !load_identity(tls, files, fault)) ||
        (files->ca && !load_ca(tls, side, files->ca, fault))) {
        SSL_CTX_free(tls);
        return NULL;
    }
    return tls;
}

bool tls_expect(SSL *tls, const char *host)
{
    X509_VERIFY_PARAM *expected = SSL_get0_param(tls);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1)
        return true;
    ERR_clear_error();
    return SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1;
}

bool tls_fingerprint(const X509 *certificate, char text[TLS_FINGERPRINT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1 || size != DIGEST_SIZE)
        return false;
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return true;
}

X509 *tls_certificate_read(const char *path)
{
    FILE *file = fopen(path, "re");
    X509 *certificate = file ? PEM_read_X509(file, NULL, no_passphrase, NULL) : NULL;
    if (file)
        (void)fclose(file);
    ERR_clear_error();
    return certificate;
}

bool tls_fingerprint_of_file(const char *path, char text[TLS_FINGERPRINT_SIZE])
{
    X509 *certificate = tls_certificate_read(path);
    bool done = certificate && tls_fingerprint(certificate, text);
    X509_free(certificate);
    return done;
}

bool tls_fingerprint_parse(const char *text, char fingerprint[TLS_FINGERPRINT_SIZE])
{
    size_t digits = 0;
    for (; *text; text++) {
        if (*text == ':' && digits > 0 && digits % 2 == 0)
            continue;
        if (!isxdigit((unsigned char)*text) || digits == TLS_FINGERPRINT_SIZE - 1)
            return false;
        fingerprint[digits++] = (char)tolower((unsigned char)*text);
    }
    fingerprint[digits] = '\0';
    return digits == TLS_FINGERPRINT_SIZE - 1;
}

const char *tls_error_text(unsigned long error)
{
    const char *words = error ? ERR_reason_error_string(error) : NULL;
    return words ? words : "";
}

const char *tls_error(void)
{
    const char *words = tls_error_text(ERR_get_error());
    ERR_clear_error();
    return words;
}
