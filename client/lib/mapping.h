// A mapping file says how another program's CSV files become tiejun's data. It is an INI file:
//
//     source = our_crm                  ; names the program; part of every id, so keep it
//
//     [deals]                           ; any name; part of the ids as well
//     is = deal                         ; org, customer, deal or fact: see mapping_fields
//     files = opportunities*.csv        ; which files it is for; * and ? as in a shell
//     ref = {Opportunity ID}            ; FIELD = TEXT, in which {column} is filled in
//     customer = {Account}
//     default.customer = Prospect {Opportunity ID}   ; where the text's columns are all empty
//     stage = {Stage}
//     alias.stage.Closed Won = signed   ; one value in the place of another
//     date_format = %Y-%m-%d | %Y/%m/%d ; as strptime has it; the first that fits
//     encoding = auto                   ; auto, utf-8 or gb18030
//     separator = comma                 ; comma, semicolon, tab or bar
//
// "; " begins a comment. The key ends at " = ", or at the first "=" where there is none such.
#pragma once

#include "client/lib/csv_reader.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct mapping;
struct mapping_section;

// In the order in which they are imported: each stands on those before it.
enum mapping_kind { MAPPING_ORG, MAPPING_CUSTOMER, MAPPING_DEAL, MAPPING_FACT };
#define MAPPING_KINDS 4

// How the text of a field becomes a value.
enum mapping_type {
    MAPPING_TEXT,
    // A handle, or a name that one is made from.
    MAPPING_PERSON,
    // The path of a unit; empty levels at its end are dropped.
    MAPPING_UNIT,
    MAPPING_DATE,
    MAPPING_INSTANT,
    MAPPING_MONEY,
    MAPPING_NUMBER,
    // A value of the contract's enum, by its short name.
    MAPPING_CHOICE,
    // Has a rule of its own in import_row.c.
    MAPPING_OTHER,
};

struct mapping_field {
    const char *name;
    enum mapping_type type;
    // Every section of this kind must have it.
    bool required;
    // The field of the contract's message; NULL when the name is the same.
    const char *member;
    // What it means, N_().
    const char *help;
};

// The fields of a kind, ended by an entry without a name.
const struct mapping_field *mapping_fields(enum mapping_kind kind);
// "org", "customer", "deal", "fact".
const char *mapping_kind_name(enum mapping_kind kind);

// Reads a mapping file. NULL when it cannot be read or is wrong; error is then one sentence in the
// user's language that names the file, the line and what to do. Free with mapping_free.
struct mapping *mapping_load(const char *path, char *error, size_t error_size);
void mapping_free(struct mapping *mapping);

// The section for a file by the name of the file. NULL when there is none or more than one, with a
// sentence. The section belongs to the mapping.
struct mapping_section *mapping_section_for(struct mapping *mapping, const char *path, char *error,
                                            size_t error_size);

enum mapping_kind mapping_section_kind(const struct mapping_section *section);
struct csv_settings mapping_section_csv(const struct mapping_section *section);
// strptime formats separated by "|", never NULL for days; NULL for instants in RFC 3339.
const char *mapping_date_format(const struct mapping_section *section);
const char *mapping_time_format(const struct mapping_section *section);
// An IANA name, or NULL.
const char *mapping_time_zone(const struct mapping_section *section);

// The space in which a section's refs become ids (uuid_named): "our_crm/deals".
const char *mapping_id_space(const struct mapping_section *section);
// The space of the deals that a section's facts name in their field "deal"; NULL when it is not
// known.
const char *mapping_deal_space(const struct mapping_section *section);

// Finds the section's columns in a file. False when one is missing, with a sentence that proposes
// the column meant.
bool mapping_bind(struct mapping_section *section, const struct csv_reader *reader,
                  const char *path, char *error, size_t error_size);

// Whether the section says anything about a field.
bool mapping_has(const struct mapping_section *section, const char *field);

// A field's text for one record of the file that the section was bound to: filled in, trimmed,
// alias applied, default in the place of an empty one. NULL when it is empty in the end. Lives in
// the arena or the mapping.
const char *mapping_value(const struct mapping_section *section, const char *field,
                          const struct csv_record *record, struct arena *arena);
