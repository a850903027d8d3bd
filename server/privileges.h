// Who the daemon runs as.
#pragma once

#include <stdbool.h>

// Started as root: makes folder (when one is named) and gives it to the user, then becomes the
// user for good. A folder that holds something must be the user's already. Started as anybody
// else: does nothing. False after logging why not.
__attribute__((warn_unused_result)) bool privileges_drop(const char *user, const char *folder);
