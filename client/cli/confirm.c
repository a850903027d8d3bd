#include "client/cli/confirm.h"

#include "client/cli/command.h"
#include "client/cli/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whether the next line of the terminal is a yes: "y", "yes" and the like, and in Chinese "是". The
// pattern is the C locale's where the language's own is not installed, and knows "y" alone then.
static bool answer_is_yes(void)
{
    char *answer = NULL;
    size_t size = 0;
    const char *word = _("yes");
    bool yes = getline(&answer, &size, stdin) > 0 &&
               (rpmatch(answer) == 1 || strncmp(answer, word, strlen(word)) == 0);
    free(answer);
    return yes;
}

// At the terminal, which there must be.
static bool ask(const char *question)
{
    if (isatty(STDIN_FILENO) != 1)
        refuse_usage(_("Nothing was changed: there is nobody to ask here. To do it, add --yes."));
    // What is asked about stands above.
    fflush(stdout);
    fprintf(stderr, "%s [y/n] ", question);
    return answer_is_yes();
}

void confirm_or_end(const struct context *context, const struct options *options,
                    const char *question)
{
    if (options_flag(options, "yes") || ask(question))
        return;
    say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    exit(COMMAND_REFUSED);
}

bool confirm(const struct context *context, const struct options *options, const char *question)
{
    bool dry_run = options_flag(options, "dry-run");
    if (dry_run)
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    else
        confirm_or_end(context, options, question);
    return !dry_run;
}
