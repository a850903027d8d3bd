// Short ids: the last 8 hex digits of a UUID, which are random in every version that tiejun makes.
// They are what tables show, and what a person may type in place of the whole id.
#pragma once

#include <stdbool.h>

struct context;

// The part of an id that tables show; the id itself when it is shorter, NULL for NULL.
const char *short_id(const char *id);
bool is_short_id(const char *text);

// The whole id of what a person typed for a deal's or a fact's id. They end the program with
// COMMAND_REFUSED when there is no such thing, or several.

// Any other text than a short id is given back as it is: a deal may be named by its customer.
char *whole_deal_id(struct context *context, char *text);
// Looked for among the last 30 days of the person; NULL: the caller. What is no id at all ends the
// program with COMMAND_USAGE: it shall not wait in the outbox to be refused.
char *whole_fact_id(struct context *context, char *text, char *person);
