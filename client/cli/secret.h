// Passwords and codes: asked for without echo on the terminal itself, whatever standard input is,
// or read from a file descriptor that a script opened. Never from the command line, which others
// can read.
#pragma once

struct options;

#define SECRET_SIZE 1032

// Reads a line into out. options: --password-fd N, in which case question is not asked; each call
// takes the next line there. Ends the program with COMMAND_REFUSED where there is neither. The
// caller wipes out.
void secret_read(const struct options *options, const char *question, char out[SECRET_SIZE]);

// A new one: asked twice on the terminal; the program ends when the two are not the same.
void secret_read_new(const struct options *options, const char *question, const char *again,
                     char out[SECRET_SIZE]);

// The same for what may be seen: a name.
void secret_read_open(const char *question, char out[SECRET_SIZE]);

#define PASSWORD_FD_OPTION                                                                         \
    {                                                                                              \
        "password-fd", 0, OPTION_INTEGER, N_("N"),                                                 \
            N_("Read it from this file descriptor, a line each, not the terminal")                 \
    }
