// Numbers of the chain from a gap to a day's work, as a person types them in place of what history
// says: "rate.visit=12%,order=30,000,lag.c=20,days=15.5".
#pragma once

#include "tiejun/v1/solve.pb-c.h"

#include <stddef.h>

struct context;

// Adds what one such text says to the request. Ends the program with COMMAND_USAGE when it cannot
// be read; whether there is such a number is for the daemon to say.
void what_if_read(struct context *context, const char *text, const char *currency,
                  Tiejun__V1__SolveServiceSolveRequest *request);
