// A fact on a customer that nobody has registered registers it (domain.md 3.7): whoever logs it is
// told, since a name that was mistyped is a customer of its own from then on.
#pragma once

#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>

struct context;

// Whether something may have to be said: whether the fact is one's own on a customer that is not
// among one's own by what is known on this machine. To be asked before the fact is sent.
bool new_customer_possible(struct context *context, const Tiejun__V1__Fact *fact);

// Asks the daemon what became of the customer, and says so if the fact has registered it; names one
// of one's own whose name is nearly the same.
void new_customer_say(struct context *context, const Tiejun__V1__Fact *fact,
                      const Tiejun__V1__FactOutcome *outcome);

// The same of a fact that could not be sent yet.
void new_customer_say_unsent(struct context *context, const Tiejun__V1__Fact *fact);
