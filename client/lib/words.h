// The contract's own words as a person reads them, in their language: "new_customer" is "new
// customer". A word that is not known here, such as a metric that a director has added, is shown
// as it is with blanks for "_".
#pragma once

#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/report.pb-c.h"

#include <stddef.h>

#define WORD_SIZE 96

// Of a text that the daemon may have left out, where a sentence needs one.
static inline const char *or_empty(const char *text)
{
    return text ? text : "";
}

// All of them write into out and return it.

// A metric, a kind of fact, a role, a unit's kind, a source of targets and so on.
const char *word(const char *text, char out[WORD_SIZE]);

// Why a fact is not effective, as a sentence's part: "no decision maker is named".
const char *word_reason(const char *code, char out[WORD_SIZE]);

// The same in a word or two, for tables: "no decision maker".
const char *word_reason_short(const char *code, char out[WORD_SIZE]);

// Values of the contract's enums; UNSPECIFIED gives an empty text.
const char *word_enum(const ProtobufCEnumDescriptor *descriptor, int value, char out[WORD_SIZE]);

// The value's short name untranslated, for files: "new_customer".
const char *word_code(const ProtobufCEnumDescriptor *descriptor, int value, char out[WORD_SIZE]);

// "A", "B", "C" or "".
const char *word_grade(Tiejun__V1__Grade grade);
