// The one-time code with which a person sets a password and enrols a device: 20 symbols of
// Crockford's base 32, 100 random bits, in groups of five: "7K3QM-2XJ9W-0ZDT4-HB8NC".
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { INVITE_CODE_SIZE = 24, INVITE_CODE_HASH = 32 };

// A new one. It is a secret: the caller wipes it.
void invite_code_make(char code[INVITE_CODE_SIZE]);

// What the daemon knows a code by: BLAKE2b-256 of its symbols. Small letters, hyphens and blanks do
// not matter; O is read as 0, I and L as 1. False when the text is no code.
bool invite_code_hash(const char *text, uint8_t hash[INVITE_CODE_HASH]);
