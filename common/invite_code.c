#include "common/invite_code.h"

#include <sodium.h>
#include <stddef.h>
#include <string.h>

enum { SYMBOLS = 20, GROUP = 5 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void invite_code_make(char code[INVITE_CODE_SIZE])
{
    char *out = code;
    for (int i = 0; i < SYMBOLS; i++) {
        if (i > 0 && i % GROUP == 0)
            *out++ = '-';
        *out++ = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    }
    *out = '\0';
}

// 0 for what is no symbol.
static char symbol(char character)
{
    if (character >= 'a' && character <= 'z')
        character = (char)(character - 'a' + 'A');
    if (character == 'O')
        return '0';
    if (character == 'I' || character == 'L')
        return '1';
    return character && strchr(alphabet, character) ? character : '\0';
}

bool invite_code_hash(const char *text, uint8_t hash[INVITE_CODE_HASH])
{
    char symbols[SYMBOLS];
    size_t count = 0;
    bool good = true;
    for (; good && *text; text++) {
        if (*text == '-' || *text == ' ')
            continue;
        good = count < SYMBOLS && symbol(*text);
        if (good)
            symbols[count++] = symbol(*text);
    }
    good = good && count == SYMBOLS;
    if (good)
        crypto_generichash(hash, INVITE_CODE_HASH, (const unsigned char *)symbols, SYMBOLS, NULL,
                           0);
    sodium_memzero(symbols, sizeof symbols);
    return good;
}
