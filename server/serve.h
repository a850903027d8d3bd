// The daemon proper: from start to clean stop.
#pragma once

#include "server/config.h"

// Serves until SIGTERM or SIGINT, then answers what was accepted and stops. Returns the exit
// code of the process.
int serve(const struct config *config);
