// TLS 1.3 for both ends of the wire: contexts from PEM files, fingerprints, and words for what goes
// wrong. Older versions are not spoken.
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

enum tls_side { TLS_SERVER, TLS_CLIENT };

// Paths of PEM files.
struct tls_files {
    // The certificate that this side shows, with those that lead to its CA behind it, and its key.
    // A client may have neither: NULL.
    const char *certificate;
    const char *key;
    // Who must have signed what the other side shows. NULL: a server asks for no certificate, and a
    // client has to judge the server's by itself once the handshake is done.
    const char *ca;
};

// What is wrong with a file.
struct tls_fault {
    const char *file;
    // A phrase, N_() or of strerror(): "it has expired".
    const char *what;
};

// Free with SSL_CTX_free. NULL with fault filled in. No sessions are kept and no tickets given:
// every connection is made anew, and none costs memory when it is gone.
SSL_CTX *tls_context_new(enum tls_side side, const struct tls_files *files,
                         struct tls_fault *fault);

// Makes a connection of a client expect the name or the IP address that the certificate must be
// for. Only looked at where the context has a CA. False when memory is out.
bool tls_expect(SSL *tls, const char *host);

// 64 digits and the NUL.
#define TLS_FINGERPRINT_SIZE 65

// SHA-256 of a certificate, in lower-case hex: what `openssl x509 -fingerprint -sha256` shows.
bool tls_fingerprint(const X509 *certificate, char text[TLS_FINGERPRINT_SIZE]);

// The same of the first certificate of a file.
bool tls_fingerprint_of_file(const char *path, char text[TLS_FINGERPRINT_SIZE]);

// Reads a fingerprint as people have it: either case, with or without colons. False when it is not
// one of 64 digits.
bool tls_fingerprint_parse(const char *text, char fingerprint[TLS_FINGERPRINT_SIZE]);

// The first certificate of a file, or NULL; free with X509_free.
X509 *tls_certificate_read(const char *path);

// Takes the oldest error off OpenSSL's queue of this thread, empties it, and says it in OpenSSL's
// English words; "" when there is none. Good until the next call.
const char *tls_error(void);

// The same for an error's number.
const char *tls_error_text(unsigned long error);
