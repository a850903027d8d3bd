// What a rehearsal would have brought in so far: people by handle, customers by name. Rows that
// only lack such a one would be taken. Grows with the number of people and customers.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

struct import_planned;

struct import_planned *import_planned_new(void);
void import_planned_free(struct import_planned *planned);

// Keeps whom an OrgRow, a Customer or a Deal would bring.
void import_planned_add(struct import_planned *planned, const ProtobufCMessage *message);

// Whether what the field of a refused message names is one of those. field may be NULL.
bool import_planned_explains(const struct import_planned *planned, const ProtobufCMessage *message,
                             const char *field);
