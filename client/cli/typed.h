// Options and arguments as requests want them, and the options that several commands have.
#pragma once

#include "common/i18n.h"
#include "common/options.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A money amount in major units as typed. Ends the program with COMMAND_USAGE when it is none.
int64_t context_money(const char *text, const char *currency);
// A target as typed: money when there is a currency, else a count.
int64_t context_target(const char *text, const char *currency);

// Reads a number without a sign at *text, which moves behind it, in units of the last of so many
// decimals: "12.5" of 3 is 12500. A point without a digit behind it is no part of it. False for
// anything else, for more decimals, and for what is too large.
bool decimal_take(const char **text, int decimals, int64_t *value);
// The same of a whole text.
bool decimal_read(const char *text, int decimals, int64_t *value);

#define UNIT_OPTION                                                                                \
    {                                                                                              \
        "unit", 'u', OPTION_STRING, N_("UNIT"), N_("Unit, by path or name; yours when left out")   \
    }
#define PERSON_OPTION                                                                              \
    {                                                                                              \
        "person", 'p', OPTION_STRING, N_("HANDLE"), N_("Person, by handle")                        \
    }
#define CURRENCY_OPTION                                                                            \
    {                                                                                              \
        "currency", 0, OPTION_STRING, N_("CODE"),                                                  \
            N_("Currency of amounts; the office's when left out")                                  \
    }
#define LIMIT_OPTION                                                                               \
    {                                                                                              \
        "limit", 'n', OPTION_INTEGER, N_("N"), N_("Most rows to show; 200 when left out")          \
    }
#define OPTIONS_END                                                                                \
    {                                                                                              \
        NULL, 0, OPTION_FLAG, NULL, NULL                                                           \
    }

// What LIMIT_OPTION says. Ends the program with COMMAND_USAGE when it is less than 1.
int64_t context_limit(const struct options *options);

// An option's or an argument's text as requests want it, or NULL; it is not copied, and not to be
// written to.
char *option_text(const struct options *options, const char *name);
char *argument_text(const struct options *options, size_t index);
// The unit of a command that takes one: its first argument, or --unit. Both at once end the program
// with COMMAND_USAGE.
char *unit_text(const struct options *options);

// An option whose value is one of an enum's short names; 0, which is UNSPECIFIED, when it was not
// given. Ends the program with COMMAND_USAGE when there is no such value.
int option_enum(const struct options *options, const char *name,
                const ProtobufCEnumDescriptor *descriptor);
// The same of any text.
int enum_value(const char *text, const ProtobufCEnumDescriptor *descriptor);
