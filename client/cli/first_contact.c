#include "client/cli/first_contact.h"

#include "common/i18n.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRIES 3

bool first_contact_possible(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

// 1 yes, 0 no, -1 neither.
static int understand(const char *answer)
{
    if (strcmp(answer, "yes") == 0 || strcmp(answer, _("yes")) == 0)
        return 1;
    return strcmp(answer, "no") == 0 || strcmp(answer, _("no")) == 0 ? 0 : -1;
}

bool first_contact_ask(const char *server, const char *fingerprint)
{
    fprintf(stderr, _("The server %s is not known here yet.\n"), server);
    fprintf(stderr, _("Its certificate has this fingerprint (SHA-256):\n  %s\n"), fingerprint);
    for (int i = 0; i < TRIES; i++) {
        char answer[32];
        fprintf(stderr, "%s", _("Is it the one that you were told? (yes/no) "));
        fflush(stderr);
        if (!fgets(answer, sizeof answer, stdin))
            return false;
        answer[strcspn(answer, "\r\n")] = '\0';
        int meant = understand(answer);
        if (meant >= 0)
            return meant == 1;
    }
    return false;
}
