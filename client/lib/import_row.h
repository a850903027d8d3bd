// One record of a CSV file as the messages that bring it in, by its section of the mapping.
#pragma once

#include "client/lib/mapping.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

#define IMPORT_ROW_MESSAGES 2

struct import_row {
    // What goes first: OrgRow (the person, then the unit's leader), Customer, Deal or Fact.
    ProtobufCMessage *messages[IMPORT_ROW_MESSAGES];
    size_t count;
    // What goes when that is in: the signing of a deal, a Fact; else NULL.
    ProtobufCMessage *signing;
};

// Makes the messages in the arena, for the file that the section was bound to. False when the
// record cannot be taken; reason is then a sentence in the user's language.
bool import_row_make(const struct mapping_section *section, const struct csv_record *record,
                     struct arena *arena, struct import_row *row, char *reason, size_t reason_size);
