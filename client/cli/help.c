#include "client/cli/help.h"

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "common/i18n.h"
#include "common/text.h"

#include <string.h>

#define WIDTH 80
#define NOUN_COLUMN 13
#define VERB_COLUMN 26
#define USAGE_INDENT "        "
#define USAGE_COLUMN ((int)strlen(USAGE_INDENT))

struct noun {
    const char *name;
    const char *summary;
};

static const struct noun nouns[] = {
    {"login", N_("Log in with your password, on this computer")},
    {"enrol", N_("Begin here with the code that you were given")},
    {"logout", N_("Let this computer act for you no more")},
    {"password", N_("Change your password")},
    {"whoami", N_("Who you are, and where")},
    {"org", N_("The company, its regions, offices and teams")},
    {"person", N_("Who belongs where, and who leads")},
    {"goal", N_("Targets: set, split exactly, check that they add up")},
    {"standard", N_("What every rep does on every working day: 3-5-8")},
    {"calendar", N_("Holidays, make-up days, working days")},
    {"leave", N_("Who is away, and when")},
    {"rate", N_("What one currency is worth in another")},
    {"log", N_("Write down what was done")},
    {"day", N_("One day of one rep against the standard")},
    {"customer", N_("Customers and who owns them")},
    {"deal", N_("Deals, their grades and how they end")},
    {"report", N_("Roll-ups, funnel, a team's board")},
    {"objective", N_("Higher goals and their key results")},
    {"competitor", N_("Who else was seen at the customers, and who won")},
    {"fact", N_("The single facts under every number")},
    {"metric", N_("What can be counted")},
    {"setting", N_("The rules that a unit and those below it go by")},
    {"import", N_("Bring in a CSV file of another system")},
    {"brief", N_("The morning and the evening in a few lines")},
    {"notice", N_("What you were told without having asked")},
    {"sync", N_("What was logged and is not with the daemon yet")},
    {"device", N_("The computers that act for a person")},
    {"audit", N_("Who did what, and what was refused")},
    {"call", N_("Any method of the contract, in JSON")},
};

#define NOUN_COUNT (sizeof nouns / sizeof nouns[0])

static void pad(FILE *stream, const char *text, int column)
{
    fprintf(stream, "  %s", text);
    int width = 2 + text_width(text);
    do {
        fputc(' ', stream);
        width++;
    } while (width < column);
}

// Breaks a text into lines that begin at a column, where the first one begins already.
static void print_wrapped(FILE *stream, const char *text, int column)
{
    for (bool first = true; *text; first = false) {
        size_t length = text_line(text, WIDTH - column);
        fprintf(stream, "%*s%.*s\n", first ? 0 : column, "", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static const struct command *next_of(const struct command *const *tables, const char *noun,
                                     const struct command *after)
{
    bool passed = !after;
    for (; *tables; tables++) {
        for (const struct command *command = *tables; command->noun; command++) {
            if (passed && strcmp(command->noun, noun) == 0)
                return command;
            passed = passed || command == after;
        }
    }
    return NULL;
}

static void print_noun(const struct command *const *tables, const struct noun *noun, FILE *stream)
{
    pad(stream, noun->name, NOUN_COLUMN);
    print_wrapped(stream, _(noun->summary), NOUN_COLUMN);
    char verbs[256] = "";
    const struct command *command = NULL;
    while ((command = next_of(tables, noun->name, command))) {
        size_t length = strlen(verbs);
        if (command->verb)
            snprintf(verbs + length, sizeof verbs - length, "%s%s", length ? ", " : "",
                     command->verb);
    }
    fprintf(stream, "%*s", *verbs ? NOUN_COLUMN : 0, "");
    print_wrapped(stream, verbs, NOUN_COLUMN);
}

void help_all(const struct command *const *tables, FILE *stream)
{
    fprintf(stream, "%s\n\n%s\n\n", _("tiejun: set goals, track the process, take results."),
            _("Usage: tiejun NOUN VERB [ARGUMENT...] [OPTION...]"));
    fprintf(stream, "%s\n", _("First steps:"));
    static const struct noun steps[] = {
        {"tiejun whoami", N_("who the daemon takes you for")},
        {"tiejun org show", N_("the tree of units that you may see")},
        {"tiejun day", N_("your day against its standard")},
        {"tiejun report rollup", N_("this month, of all that you may see")},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        pad(stream, steps[i].name, VERB_COLUMN);
        print_wrapped(stream, _(steps[i].summary), VERB_COLUMN);
    }
    fprintf(stream, "\n%s\n", _("Nouns, and their verbs:"));
    for (size_t i = 0; i < NOUN_COUNT; i++) {
        if (next_of(tables, nouns[i].name, NULL))
            print_noun(tables, &nouns[i], stream);
    }
    fprintf(stream, "\n");
    print_wrapped(
        stream,
        _("Each has --help: tiejun goal --help, tiejun goal set --help. The daemon is the one of "
          "the last login; --server and TIEJUN_SERVER say another. It is trusted by its CA "
          "(TIEJUN_CA), else by the fingerprint of its certificate (TIEJUN_FINGERPRINT), which "
          "you are asked about the first time. Where it asks for a client's certificate: "
          "TIEJUN_CERTIFICATE and TIEJUN_KEY."),
        0);
}

// "goal set", or "day" for a command without a verb.
static void full_name(const struct command *command, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", command->noun, command->verb ? " " : "",
             command->verb ? command->verb : "");
}

void help_noun(const struct command *const *tables, const char *noun, FILE *stream)
{
    for (size_t i = 0; i < NOUN_COUNT; i++) {
        if (strcmp(nouns[i].name, noun) == 0)
            fprintf(stream, _("tiejun %s: %s\n\n"), noun, _(nouns[i].summary));
    }
    const struct command *command = NULL;
    while ((command = next_of(tables, noun, command))) {
        char name[64];
        char line[80];
        full_name(command, name, sizeof name);
        snprintf(line, sizeof line, "tiejun %s", name);
        pad(stream, line, VERB_COLUMN);
        print_wrapped(stream, _(command->summary), VERB_COLUMN);
    }
    fprintf(stream, _("\nOptions and an example of each: tiejun %s VERB --help\n"), noun);
}

// Length of the words of a usage that fit, one at least; "[--unit UNIT]" is one word.
static size_t usage_line(const char *usage, int columns)
{
    size_t fits = text_fit(usage, columns);
    size_t length = 0;
    int depth = 0;
    for (size_t at = 0;; at++) {
        if (depth == 0 && (usage[at] == ' ' || !usage[at])) {
            if (length > 0 && at > fits)
                return length;
            length = at;
        }
        if (!usage[at])
            return length;
        depth += (usage[at] == '[') - (usage[at] == ']');
    }
}

void help_usage(const struct command *command, FILE *stream)
{
    char name[64];
    char start[128];
    full_name(command, name, sizeof name);
    snprintf(start, sizeof start, _("Usage: tiejun %s"), name);
    fprintf(stream, "%s", start);
    int column = text_width(start) + 1;
    // The empty text stands for the catalog's header.
    for (const char *usage = *command->usage ? _(command->usage) : ""; *usage;) {
        size_t length = usage_line(usage, WIDTH - column);
        fprintf(stream, "%s%.*s", column == USAGE_COLUMN ? "\n" USAGE_INDENT : " ", (int)length,
                usage);
        usage += length;
        usage += strspn(usage, " ");
        column = USAGE_COLUMN;
    }
    fputc('\n', stream);
}

void help_command(const struct command *command, FILE *stream)
{
    print_wrapped(stream, _(command->summary), 0);
    fputc('\n', stream);
    help_usage(command, stream);
    if (command->options && command->options->name) {
        fprintf(stream, "\n%s\n", _("Options:"));
        options_print(stream, command->options);
    }
    fprintf(stream, "\n%s\n", _("Options of every command:"));
    options_print(stream, context_options);
    fprintf(stream, "\n%s\n", _("Example:"));
    for (const char *line = _(command->example); *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(stream, "  %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}
