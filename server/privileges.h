// Who the daemon runs as.
#pragma once

#include <stdbool.h>

// As root: makes the folder and gives it to the user. One that is not the user's and holds
// something already, or is behind a link, is refused: it may be /tmp, or any that the link's owner
// chose. As anybody else, or without a folder: does nothing. False after logging why not.
__attribute__((warn_unused_result)) bool privileges_hand_over(const char *user, const char *folder);

// As root: becomes the user for good. As anybody: renounces core files, and whatever a set-user-id
// program would give. False after logging why not.
__attribute__((warn_unused_result)) bool privileges_drop(const char *user);
