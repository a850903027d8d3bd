// UUIDs as text (RFC 9562), lower case.
#pragma once

#include <stdbool.h>

// 36 characters and the terminating NUL.
#define UUID_TEXT_SIZE 37

// A new version 7 UUID: time-ordered, and greater than every one that this process made before.
// Not for use from several threads.
void uuid_v7(char text[UUID_TEXT_SIZE]);

// The UUID of a name within a space ("import.deal", "CRM-1041"): the same for the same two texts
// everywhere and always. Version 8: the first 128 bits of BLAKE2b-256 over space, NUL, name.
void uuid_named(const char *space, const char *name, char text[UUID_TEXT_SIZE]);

// 8-4-4-4-12 hex digits of either case, nothing else. NULL is not valid.
bool uuid_valid(const char *text);
