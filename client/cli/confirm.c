#include "client/cli/confirm.h"

#include "client/cli/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// "y", "yes", "是", "好" and the like, by the language's own pattern.
static bool says_yes(void)
{
    char *answer = NULL;
    size_t size = 0;
    bool yes = getline(&answer, &size, stdin) > 0 && rpmatch(answer) == 1;
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
        if (says_yes())
            return true;
    }
    say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    return false;
}
