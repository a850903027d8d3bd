// tiejun: the command line client. It finds the command that was asked for and runs it.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/help.h"
#include "client/cli/say.h"
#include "common/i18n.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_LENGTH_MAX 40

// One a line, so that additions do not meet.
// clang-format off
static const struct command *const tables[] = {
    login_commands,
    logout_commands,
    whoami_commands,
    org_commands,
    person_commands,
    invite_commands,
    goal_commands,
    standard_commands,
    calendar_commands,
    leave_commands,
    rate_commands,
    log_commands,
    day_commands,
    customer_commands,
    deal_commands,
    report_commands,
    objective_commands,
    competitor_commands,
    fact_commands,
    metric_commands,
    setting_commands,
    import_commands,
    device_commands,
    sync_commands,
    brief_commands,
    notice_commands,
    audit_commands,
    call_commands,
    NULL,
};
// clang-format on

static const struct command *find(const char *noun, const char *verb)
{
    for (const struct command *const *table = tables; *table; table++) {
        for (const struct command *command = *table; command->noun; command++) {
            if (strcmp(command->noun, noun) != 0)
                continue;
            if (!command->verb || (verb && strcmp(command->verb, verb) == 0))
                return command;
        }
    }
    return NULL;
}

static bool is_noun(const char *noun)
{
    for (const struct command *const *table = tables; *table; table++) {
        for (const struct command *command = *table; command->noun; command++) {
            if (strcmp(command->noun, noun) == 0)
                return true;
        }
    }
    return false;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Levenshtein's distance: letters to insert, delete or replace.
static size_t distance(const char *from, const char *to)
{
    size_t width = strlen(to);
    size_t costs[WORD_LENGTH_MAX + 1];
    if (width > WORD_LENGTH_MAX)
        return width;
    for (size_t j = 0; j <= width; j++)
        costs[j] = j;
    for (size_t i = 0; from[i]; i++) {
        size_t diagonal = costs[0];
        costs[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t replaced = diagonal + (from[i] != to[j]);
            diagonal = costs[j + 1];
            costs[j + 1] = least(replaced, least(costs[j], diagonal) + 1);
        }
    }
    return costs[width];
}

// The known noun, or verb of the noun when that is not NULL, that is nearest to a word; NULL when
// none is near.
static const char *nearest(const char *noun, const char *text)
{
    const char *best = NULL;
    size_t best_distance = strlen(text) / 2 + 1;
    for (const struct command *const *table = tables; *table; table++) {
        for (const struct command *command = *table; command->noun; command++) {
            const char *name = noun ? command->verb : command->noun;
            if (!name || (noun && strcmp(command->noun, noun) != 0))
                continue;
            size_t far = strncmp(name, text, strlen(text)) == 0 ? 0 : distance(text, name);
            if (far < best_distance) {
                best = name;
                best_distance = far;
            }
        }
    }
    return best;
}

static void refuse_unknown(const char *noun, const char *text) __attribute__((noreturn));

static void refuse_unknown(const char *noun, const char *text)
{
    const char *meant = nearest(noun, text);
    if (noun && meant)
        refuse_usage(_("tiejun %s has no verb \"%s\". Did you mean: tiejun %s %s?"), noun, text,
                     noun, meant);
    if (noun)
        refuse_usage(_("tiejun %s has no verb \"%s\". Its verbs: tiejun %s --help"), noun, text,
                     noun);
    if (meant)
        refuse_usage(_("There is no noun \"%s\". Did you mean: tiejun %s?"), text, meant);
    refuse_usage(_("There is no noun \"%s\". All there are: tiejun --help"), text);
}

// What was written may only fail here, when it leaves the buffer.
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    // Whoever reads has seen enough, as head has.
    if (errno == EPIPE)
        return code;
    fprintf(stderr, "tiejun: ");
    fprintf(stderr, _("Standard output cannot be written: %s."), strerror(errno));
    fputc('\n', stderr);
    return code == COMMAND_DONE ? COMMAND_REFUSED : code;
}

// A usage begins with the arguments, in their order.
static void refuse_missing(const struct command *command, size_t given) __attribute__((noreturn));

static void refuse_missing(const struct command *command, size_t given)
{
    const char *argument = _(command->usage);
    for (; given > 0; given--)
        argument += strcspn(argument, " ") + 1;
    complain(NULL, _("%.*s is missing."), (int)strcspn(argument, " "), argument);
    help_usage(command, stderr);
    exit(COMMAND_USAGE);
}

static void check_arguments(const struct command *command, const struct options *options)
{
    if (options->argument_count < command->arguments_min)
        refuse_missing(command, options->argument_count);
    if (options->argument_count > command->arguments_max)
        refuse_usage(_("\"%s\" is one argument too many; put a text with blanks in quotes."),
                     options->arguments[command->arguments_max]);
}

static int run(const struct command *command, int argc, char **argv)
{
    char name[64];
    char error[512];
    struct options options;
    snprintf(name, sizeof name, "tiejun %s%s%s", command->noun, command->verb ? " " : "",
             command->verb ? command->verb : "");
    if (!options_parse(&options, command->options, context_options, name, argc, argv, error,
                       sizeof error))
        refuse_usage("%s", error);
    // `tiejun call METHOD --help` is about the method.
    if (options.help && !(command->run == call_commands->run && options.argument_count > 0)) {
        help_command(command, stdout);
        options_release(&options);
        return COMMAND_DONE;
    }
    check_arguments(command, &options);
    struct context *context = context_new(&options);
    int code = command->run(context, &options);
    context_free(context);
    options_release(&options);
    return code;
}

static int choose(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        help_all(tables, argc < 2 ? stderr : stdout);
        return argc < 2 ? COMMAND_USAGE : COMMAND_DONE;
    }
    const char *noun = argv[1];
    const char *verb = argc > 2 ? argv[2] : NULL;
    if (strcmp(noun, "--version") == 0) {
        printf("tiejun %s\n", TIEJUN_VERSION);
        return COMMAND_DONE;
    }
    if (noun[0] == '-')
        refuse_usage(_("Options come after the command: tiejun NOUN VERB %s"), noun);
    const struct command *command = find(noun, verb);
    if (command)
        return run(command, argc - (command->verb ? 3 : 2), argv + (command->verb ? 3 : 2));
    if (!is_noun(noun))
        refuse_unknown(NULL, noun);
    bool asked = verb && (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0);
    if (verb && !asked)
        refuse_unknown(noun, verb);
    help_noun(tables, noun, asked ? stdout : stderr);
    return asked ? COMMAND_DONE : COMMAND_USAGE;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    // A file that may not grow is an error to be told, not a reason to die.
    signal(SIGXFSZ, SIG_IGN);
    i18n_init();
    if (sodium_init() < 0)
        return COMMAND_REFUSED;
    return finish(choose(argc, argv));
}
