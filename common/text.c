#include "common/text.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

// Length of the character that a first byte begins, and the bits of it that count.
static size_t utf8_start(uint8_t byte, uint32_t *bits)
{
    if (byte < 0x80) {
        *bits = byte;
        return 1;
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        *bits = byte & 0x1F;
        return 2;
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        *bits = byte & 0x0F;
        return 3;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        *bits = byte & 0x07;
        return 4;
    }
    return 0;
}

size_t utf8_decode(const char *text, size_t size, uint32_t *character)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *bytes = (const uint8_t *)text;
    uint32_t value;
    size_t length = size ? utf8_start(bytes[0], &value) : 0;
    if (length == 0 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *character = value;
    return length;
}

// How many of the first bytes are seen at once to be ASCII, as most are.
static size_t ascii_start(const char *text, size_t size)
{
    uint64_t bytes;
    if (size < sizeof bytes)
        return (uint8_t)*text < 0x80;
    memcpy(&bytes, text, sizeof bytes);
    return bytes & 0x8080808080808080U ? (uint8_t)*text < 0x80 : sizeof bytes;
}

bool utf8_valid(const char *text, size_t size)
{
    while (size) {
        uint32_t character;
        size_t length = ascii_start(text, size);
        if (length == 0)
            length = utf8_decode(text, size, &character);
        if (length == 0)
            return false;
        text += length;
        size -= length;
    }
    return true;
}

// wcwidth knows no wide characters in the locale "C", so it is asked in C.UTF-8.
static int character_width(uint32_t character)
{
    static locale_t utf8;
    if (character < 0x7F)
        return character >= ' ' ? 1 : 0;
    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    int width = wcwidth((wchar_t)character);
    if (before)
        uselocale(before);
    return width > 0 ? width : 0;
}

// Length in bytes and width of the character at text, which is not at its end.
static size_t next_character(const char *text, uint32_t *character, int *width)
{
    size_t length = utf8_decode(text, strnlen(text, 4), character);
    if (length == 0) {
        *character = 0xFFFD;
        *width = 1;
        return 1;
    }
    *width = character_width(*character);
    return length;
}

int text_width(const char *text)
{
    int width = 0;
    while (*text) {
        uint32_t character;
        int columns;
        text += next_character(text, &character, &columns);
        width += columns;
    }
    return width;
}

size_t text_fit(const char *text, int columns)
{
    size_t size = 0;
    while (text[size]) {
        uint32_t character;
        int width;
        size_t length = next_character(text + size, &character, &width);
        if (width > columns)
            break;
        columns -= width;
        size += length;
    }
    return size;
}

// Punctuation that Chinese typesetting keeps off the start of a line.
static bool closes(uint32_t character)
{
    static const uint32_t closing[] = {0x3001, 0x3002, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF01, 0xFF1F,
                                       0xFF09, 0x300B, 0x300D, 0x300F, 0x3011, 0x201D, 0x2019};
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (character == closing[i])
            return true;
    return false;
}

// Bytes of so much of a word as is to stand on a line that it does not fit into.
static size_t word_part(const char *word, size_t fits)
{
    for (size_t end = fits; end > 1; end--)
        if (strchr("/_-.,:;=", word[end - 1]))
            return end;
    return fits;
}

size_t text_line(const char *text, int columns)
{
    size_t fits = text_fit(text, columns);
    if (text[fits] == '\0' || text[fits] == ' ')
        return fits;
    size_t best = 0;
    int before_width = 0;
    for (size_t at = 0; at <= fits && text[at];) {
        uint32_t character;
        int width;
        size_t length = next_character(text + at, &character, &width);
        bool beside_wide = (width == 2 || before_width == 2) && !closes(character);
        if (at > 0 && (text[at] == ' ' || beside_wide))
            best = at;
        before_width = width;
        at += length;
    }
    if (best)
        return best;
    if (fits)
        return word_part(text, fits);
    // Not even one character fits: it is taken all the same, or the caller would never end.
    uint32_t character;
    int width;
    return next_character(text, &character, &width);
}

int text_word_width(const char *text)
{
    int longest = 0;
    int word = 0;
    while (*text) {
        uint32_t character;
        int width;
        text += next_character(text, &character, &width);
        word = character == ' ' ? 0 : width == 2 ? 2 : word + width;
        longest = word > longest ? word : longest;
        // A line may end behind a wide character.
        word = width == 2 ? 0 : word;
    }
    return longest;
}

// Bytes of the white space at text, 0 when there is none.
static size_t space_at(const char *text)
{
    if (*text && strchr(" \t\n\v\f\r", *text))
        return 1;
    if (!strncmp(text, "\u00A0", 2))
        return 2;
    return strncmp(text, "\u3000", 3) ? 0 : 3;
}

char *text_trim(char *text)
{
    while (space_at(text))
        text += space_at(text);
    char *end = text;
    for (char *p = text; *p;) {
        size_t space = space_at(p);
        p += space ? space : 1;
        if (!space)
            end = p;
    }
    *end = '\0';
    return text;
}

bool text_drives_terminal(uint32_t character)
{
    return character < ' ' || (character >= 0x7F && character < 0xA0) || character == 0x61C ||
           character == 0x200E || character == 0x200F ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069);
}

void text_flatten(char *text)
{
    while (*text) {
        uint32_t character;
        size_t length = utf8_decode(text, strnlen(text, 4), &character);
        if (length && text_drives_terminal(character))
            memset(text, ' ', length);
        text += length ? length : 1;
    }
}
