// UTF-8 text and its width on a terminal, where a Chinese character takes two columns. Does not
// depend on the process's locale.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Decodes the character at text. Returns its length in bytes, 1 to 4, or 0 when size is 0 or the
// bytes are not UTF-8 (overlong forms, surrogates and beyond U+10FFFF included).
size_t utf8_decode(const char *text, size_t size, uint32_t *character);

// A NUL is valid UTF-8.
bool utf8_valid(const char *text, size_t size);

// Terminal columns. Control characters count 0, a byte that is not UTF-8 counts 1.
int text_width(const char *text);

// Bytes of the longest prefix of whole characters that fits into that many columns.
size_t text_fit(const char *text, int columns);

// Bytes of the first line when text is wrapped to that many columns: broken at a blank, or beside
// a wide character, or else in a word that is too long: behind one of its signs, as in a path, or
// where it must be. Skip the blanks that follow before the next call. 0 only for an empty text.
size_t text_line(const char *text, int columns);

// Terminal columns of the longest word, which text_line breaks in fewer columns only.
int text_word_width(const char *text);

// Cuts white space (ASCII, U+00A0 and U+3000) off both ends, in place; returns the new start
// within text.
char *text_trim(char *text);

// Whether a character may drive the terminal instead of being shown: control characters, and those
// that turn the direction of a text or break its line (Unicode's bidi controls and separators).
bool text_drives_terminal(uint32_t character);

// Blanks in the place of each such character, in place: what others wrote stays on its line, and
// tells the terminal nothing.
void text_flatten(char *text);
