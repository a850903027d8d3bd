// Which passwords are taken. Length is what counts (NIST SP 800-63B, 5.1.1.2): no rules about kinds
// of characters. A password is the bytes that were typed, in UTF-8: they are not normalised, so an
// accent typed as two characters is another password than the same accent typed as one.
#pragma once

enum {
    // Characters, not bytes.
    PASSWORD_CHARACTERS_LEAST = 10,
    // Bytes: hashing is not to be fed without end.
    PASSWORD_BYTES_MOST = 1024,
};

// Why a new password is not taken, as a code of refusals: NULL when it is. handle and name are
// those of its person. text is valid UTF-8.
const char *password_fault(const char *text, const char *handle, const char *name);
