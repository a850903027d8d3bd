#include "server/auth/password_rule.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

// The ten characters and more that lists of stolen passwords begin with.
static const char *const common_ones[] = {
    "1234567890",   "12345678910", "0123456789",   "0987654321",    "9876543210",    "1122334455",
    "1111111111",   "0000000000",  "1q2w3e4r5t",   "1qaz2wsx3edc",  "qwertyuiop",    "qwerty12345",
    "qwerty123456", "asdfghjkl;",  "zaq12wsxcde3", "password12",    "password123",   "password1234",
    "passw0rd123",  "iloveyou123", "letmein123",   "administrator", "admin12345",    "admin123456",
    "welcome123",   "changeme123", "woaini1314",   "woaini520520",  "woaini1314520", "5201314520",
    "a123456789",   "aa123456789", "q123456789",   "1234567890a",   "123456789a",    "tiejun12345",
    "abcdefghij",   "abcd123456",  "abc1234567",   "123456abcdef",
};

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

// One character over and over, or two that take turns.
static bool is_one_pattern(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 2; i < length; i++) {
        if (text[i] != text[i - 2]) {
            return false;
        }
    }
    return true;
}

static bool is_common(const char *text)
{
    for (size_t i = 0; i < sizeof common_ones / sizeof *common_ones; i++) {
        if (strcasecmp(text, common_ones[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *password_fault(const char *text, const char *handle, const char *name)
{
    if (characters(text) < PASSWORD_CHARACTERS_LEAST) {
        return "password_short";
    }
    if (strlen(text) > PASSWORD_BYTES_MOST) {
        return "password_long";
    }
    if (is_one_pattern(text) || is_common(text) || strcasecmp(text, handle) == 0 ||
        strcasecmp(text, name) == 0) {
        return "password_obvious";
    }
    return NULL;
}
