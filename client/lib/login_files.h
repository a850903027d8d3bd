// What `tiejun login` leaves with this user, in its state folder: which daemon it was, and a token
// for each daemon.
#pragma once

#include <stdbool.h>

// The daemon of the last login, as it was written; NULL when there was none. To be freed by the
// caller.
char *login_server(void);
// False with errno.
bool login_remember_server(const char *server);

// Where a login keeps the token for one daemon. "acme.example" and "acme.example:7535" are one.
// NULL for what is no daemon's name. To be freed by the caller.
char *login_token_path(const char *server);

// Where this user's token for one daemon is when nothing else says so: what a login has kept for
// it, else the file "token", which nobody need have made. To be freed by the caller.
char *login_token_found(const char *server);
