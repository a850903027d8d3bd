// The question before a server that is new here is spoken to, as ssh asks it.
#pragma once

#include <stdbool.h>

// Whether there is a person to ask: a terminal at both ends.
bool first_contact_possible(void);

// For trust.ask: shows the fingerprint, and takes nothing but a whole yes for one.
bool first_contact_ask(const char *server, const char *fingerprint);
