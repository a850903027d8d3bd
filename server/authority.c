#include "server/authority.h"

#include "common/log.h"
#include "common/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    // A CA that ends takes every client's trust with it: ten years. A server's certificate is made
    // anew with one command, and nobody has to be told: 825 days, the longest that is taken widely.
    CA_DAYS = 3653,
    SERVER_DAYS = 825,
    // A clock that is a little behind must not reject a fresh certificate.
    BACKDATE_SECONDS = 3600,
    SERIAL_SIZE = 16,
};

struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

static void identity_release(struct identity *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
}

void authority_path(const char *folder, const char *name, char path[AUTHORITY_PATH_SIZE])
{
    snprintf(path, AUTHORITY_PATH_SIZE, "%.4000s/%s", folder, name);
}

static bool complain(const char *path, const char *what, const char *why)
{
    log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot %s %s: %s", what, path, why);
    return false;
}

static bool exists(const char *folder, const char *name)
{
    char path[AUTHORITY_PATH_SIZE];
    authority_path(folder, name, path);
    return access(path, F_OK) == 0;
}

// ---- files ----

static bool write_pem(FILE *file, const struct identity *identity, bool is_key)
{
    bool written = is_key
                       ? PEM_write_PKCS8PrivateKey(file, identity->key, NULL, NULL, 0, NULL, NULL)
                       : PEM_write_X509(file, identity->certificate);
    return written && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

// Whole or not at all: written beside its place, then renamed.
static bool save(const char *folder, const char *name, const struct identity *identity, bool is_key)
{
    char path[AUTHORITY_PATH_SIZE];
    char beside[AUTHORITY_PATH_SIZE];
    char new_name[32];
    snprintf(new_name, sizeof new_name, "%s.new", name);
    authority_path(folder, name, path);
    authority_path(folder, new_name, beside);
    unlink(beside);
    int descriptor =
        open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, is_key ? (mode_t)0600 : (mode_t)0644);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file) {
        return complain(path, "make", strerror(errno));
    }
    bool written = write_pem(file, identity, is_key);
    if (fclose(file) != 0 || !written || rename(beside, path) != 0) {
        unlink(beside);
        return complain(path, "write", strerror(errno));
    }
    return true;
}

// The key first: a certificate is never there without it.
static bool save_both(const char *folder, const char *name, const struct identity *identity)
{
    char key[16];
    char certificate[16];
    snprintf(key, sizeof key, "%s.key", name);
    snprintf(certificate, sizeof certificate, "%s.pem", name);
    return save(folder, key, identity, true) && save(folder, certificate, identity, false);
}

static bool load_ca(const char *folder, struct identity *ca)
{
    char path[AUTHORITY_PATH_SIZE];
    authority_path(folder, "ca.pem", path);
    ca->certificate = tls_certificate_read(path);
    if (!ca->certificate) {
        return complain(path, "read", "it holds no certificate in PEM form");
    }
    authority_path(folder, "ca.key", path);
    FILE *file = fopen(path, "re");
    ca->key = file ? PEM_read_PrivateKey(file, NULL, NULL, (void *)"") : NULL;
    const char *why = file ? "it holds no key" : strerror(errno);
    if (file) {
        (void)fclose(file);
    }
    if (!ca->key || X509_check_private_key(ca->certificate, ca->key) != 1) {
        ERR_clear_error();
        return complain(path, "use", ca->key ? "it is not the key of ca.pem" : why);
    }
    return true;
}

// ---- certificates ----

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[SERIAL_SIZE];
    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        return false;
    }
    // Positive, as RFC 5280 asks.
    bytes[0] &= 0x7F;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return set;
}

static bool set_subject(X509 *certificate, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    const unsigned char *text = (const unsigned char *)name;
    return X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"tiejun",
                                      -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1;
}

static bool set_dates(X509 *certificate, int days)
{
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -BACKDATE_SECONDS) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, NULL);
}

static bool add_extension(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool add_hosts(X509 *certificate, const struct host_names *hosts)
{
    GENERAL_NAMES *names = host_names_general(hosts);
    bool added = names && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0,
                                            X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return added;
}

// A key, and a certificate for it that only lacks its purpose and its signature.
static bool start_identity(struct identity *identity, const char *name, int days)
{
    identity->key = EVP_EC_gen("P-256");
    identity->certificate = X509_new();
    return identity->key && identity->certificate &&
           X509_set_version(identity->certificate, X509_VERSION_3) == 1 &&
           set_serial(identity->certificate) && set_subject(identity->certificate, name) &&
           set_dates(identity->certificate, days) &&
           X509_set_pubkey(identity->certificate, identity->key) == 1;
}

static bool sign(X509 *certificate, const struct identity *issuer)
{
    return X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)) == 1 &&
           add_extension(certificate, issuer->certificate, NID_subject_key_identifier, "hash") &&
           add_extension(certificate, issuer->certificate, NID_authority_key_identifier,
                         "keyid:always") &&
           X509_sign(certificate, issuer->key, EVP_sha256()) > 0;
}

static bool make_ca(const char *folder, struct identity *ca)
{
    X509 *certificate;
    bool made =
        start_identity(ca, "tiejun CA", CA_DAYS) && (certificate = ca->certificate) &&
        add_extension(certificate, certificate, NID_basic_constraints,
                      "critical,CA:TRUE,pathlen:0") &&
        add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        sign(certificate, ca);
    if (!made) {
        return complain(folder, "make a CA in", tls_error());
    }
    return save_both(folder, "ca", ca);
}

static bool make_server(const char *folder, const struct identity *ca,
                        const struct host_names *hosts)
{
    struct identity server = {0};
    X509 *certificate;
    bool made =
        start_identity(&server, "tiejund", SERVER_DAYS) && (certificate = server.certificate) &&
        add_extension(certificate, ca->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(certificate, ca->certificate, NID_key_usage, "critical,digitalSignature") &&
        add_extension(certificate, ca->certificate, NID_ext_key_usage, "serverAuth") &&
        add_hosts(certificate, hosts) && sign(certificate, ca);
    made = made ? save_both(folder, "server", &server)
                : complain(folder, "make a certificate in", tls_error());
    identity_release(&server);
    return made;
}

// ---- the folder ----

// Its lock is the folder itself. Returns a descriptor that holds it, or -1.
static int lock_folder(const char *folder)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL,
                  "cannot make %s, the folder for certificates: %s; name another one with "
                  "--tls-folder",
                  folder, strerror(errno));
        return -1;
    }
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || flock(descriptor, LOCK_EX) != 0) {
        complain(folder, "open", strerror(errno));
        if (descriptor >= 0) {
            close(descriptor);
        }
        return -1;
    }
    return descriptor;
}

static bool ensure_ca(const char *folder, struct identity *ca)
{
    return exists(folder, "ca.pem") ? load_ca(folder, ca) : make_ca(folder, ca);
}

static void add_present_hosts(const char *folder, struct host_names *hosts)
{
    char path[AUTHORITY_PATH_SIZE];
    authority_path(folder, "server.pem", path);
    X509 *present = tls_certificate_read(path);
    if (present) {
        host_names_add_certified(hosts, present);
    }
    X509_free(present);
}

static bool certify(const char *folder, const struct host_names *hosts)
{
    struct identity ca = {0};
    struct host_names all = *hosts;
    host_names_add_own(&all);
    add_present_hosts(folder, &all);
    bool done = ensure_ca(folder, &ca) && make_server(folder, &ca, &all);
    identity_release(&ca);
    return done;
}

static bool is_for(X509 *certificate, const char *host)
{
    bool is = X509_check_ip_asc(certificate, host, 0) == 1 ||
              X509_check_host(certificate, host, 0, 0, NULL) == 1;
    ERR_clear_error();
    return is;
}

// A certificate that was there stays as it is: clients may know it by its fingerprint.
static void name_missing(const char *folder, const struct host_names *hosts)
{
    char path[AUTHORITY_PATH_SIZE];
    authority_path(folder, "server.pem", path);
    X509 *present = tls_certificate_read(path);
    for (size_t i = 0; present && i < hosts->count; i++) {
        if (!is_for(present, hosts->names[i])) {
            log_event(LOG_LEVEL_WARNING, NULL, NULL,
                      "%s is not for %s; to make it so, run: tiejund certificate --host %s", path,
                      hosts->names[i], hosts->names[i]);
        }
    }
    X509_free(present);
}

static bool has_server(const char *folder)
{
    return exists(folder, "server.pem") && exists(folder, "server.key");
}

static bool make_server_once(const char *folder, const struct host_names *hosts)
{
    int lock = lock_folder(folder);
    bool done = lock >= 0 && (has_server(folder) || certify(folder, hosts));
    if (lock >= 0) {
        close(lock);
    }
    return done;
}

bool authority_ensure(const char *folder, const struct host_names *hosts)
{
    bool done = has_server(folder) || make_server_once(folder, hosts);
    if (done) {
        name_missing(folder, hosts);
    }
    return done;
}

bool authority_renew(const char *folder, const struct host_names *hosts)
{
    int lock = lock_folder(folder);
    bool done = lock >= 0 && certify(folder, hosts);
    if (lock >= 0) {
        close(lock);
    }
    return done;
}
