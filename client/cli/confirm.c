#include "client/cli/confirm.h"

#include "client/cli/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The pattern is the C locale's where the language's own is not installed, and knows "y" alone
// then.
bool confirm_answer(void)
{
    char *answer = NULL;
    size_t size = 0;
    const char *word = _("yes");
    bool yes = getline(&answer, &size, stdin) > 0 &&
               (rpmatch(answer) == 1 || strncmp(answer, word, strlen(word)) == 0);
    free(answer);
    return yes;
}

bool confirm(const struct context *context, const struct options *options, const char *question)
{
    if (options_flag(options, "yes") && !options_flag(options, "dry-run"))
        return true;
    if (!options_flag(options, "dry-run")) {
        if (isatty(STDIN_FILENO) != 1) {
            say_in(context, TABLE_DIM, "%s", _("Nothing was changed. To do it, say --yes."));
            return false;
        }
        fprintf(stderr, "%s [y/n] ", question);
        if (confirm_answer())
            return true;
    }
    say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    return false;
}
