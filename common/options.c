#include "common/options.h"

#include "common/i18n.h"
#include "common/period.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// One appearance of an option on the line.
struct option_value {
    const struct option_spec *spec;
    const char *text;
    int64_t integer;
    // What text points to for OPTION_DATE.
    char date[DATE_TEXT_SIZE];
};

// A parse under way.
struct line {
    struct options *options;
    char **words;
    int count;
    int next;
    const char *command;
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line->error, line->error_size, format, arguments);
    va_end(arguments);
    return false;
}

static void *must_calloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) {
        fputs("tiejun: no memory left\n", stderr);
        abort();
    }
    return memory;
}

static const struct option_spec *find_in(const struct option_spec *specs, const char *name,
                                         size_t length, char letter)
{
    for (; specs && specs->name; specs++)
        if (name ? strlen(specs->name) == length && !strncmp(specs->name, name, length)
                 : specs->letter == letter)
            return specs;
    return NULL;
}

// By name when there is one, else by letter.
static const struct option_spec *find(const struct options *options, const char *name,
                                      size_t length, char letter)
{
    const struct option_spec *spec = find_in(options->own, name, length, letter);
    return spec ? spec : find_in(options->shared, name, length, letter);
}

static bool read_integer(const char *text, int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *value = number;
    return errno == 0 && end != text && *end == '\0' && strchr("+-0123456789", *text);
}

// Reads the text of a value as its kind asks.
static bool read_value(struct line *line, struct option_value *value)
{
    const char *name = value->spec->name;
    date_day today = date_today_local();
    date_day from;
    date_day to;
    switch (value->spec->kind) {
    case OPTION_INTEGER:
        if (!read_integer(value->text, &value->integer))
            return fail(line, _("option --%s wants a whole number, not \"%s\""), name, value->text);
        return true;
    case OPTION_DATE:
        if (!period_parse(value->text, today, &from, &to) || from != to)
            return fail(line, _("option --%s wants a day such as 2026-07-15 or today, not \"%s\""),
                        name, value->text);
        date_format(from, value->date);
        value->text = value->date;
        return true;
    case OPTION_PERIOD:
        if (!period_parse(value->text, today, &from, &to))
            return fail(line,
                        _("option --%s wants a period such as 2026-07, 2026-Q3, 2026-W30, "
                          "this-month or 2026-07-01..2026-07-15, not \"%s\""),
                        name, value->text);
        return true;
    default:
        return true;
    }
}

static bool add(struct line *line, const struct option_spec *spec, const char *text)
{
    struct option_value *value = &line->options->values[line->options->value_count++];
    value->spec = spec;
    value->text = text;
    return read_value(line, value);
}

static bool take_next(struct line *line, const struct option_spec *spec)
{
    if (line->next == line->count)
        return fail(line, _("option --%s wants a value: --%s=%s"), spec->name, spec->name,
                    spec->argument ? _(spec->argument) : "");
    return add(line, spec, line->words[line->next++]);
}

static bool parse_long(struct line *line, const char *name)
{
    size_t length = strcspn(name, "=");
    const char *text = name[length] ? name + length + 1 : NULL;
    const struct option_spec *spec = find(line->options, name, length, 0);
    if (!spec && !strcmp(name, "help")) {
        line->options->help = true;
        return true;
    }
    if (!spec)
        return fail(line, _("unknown option --%.*s; see %s --help"), (int)length, name,
                    line->command);
    if (spec->kind == OPTION_FLAG && text)
        return fail(line, _("option --%s takes no value; write --%s alone"), spec->name,
                    spec->name);
    if (spec->kind == OPTION_FLAG || text)
        return add(line, spec, text);
    return take_next(line, spec);
}

// A word of letters: flags, of which the last may be an option with its value behind it.
static bool parse_letters(struct line *line, const char *letters)
{
    for (; *letters && !line->options->help; letters++) {
        const struct option_spec *spec = find(line->options, NULL, 0, *letters);
        if (!spec && *letters == 'h')
            line->options->help = true;
        else if (!spec)
            return fail(line, _("unknown option -%s; see %s --help"), letters, line->command);
        else if (spec->kind != OPTION_FLAG)
            return letters[1] ? add(line, spec, letters + 1) : take_next(line, spec);
        else
            add(line, spec, NULL);
    }
    return true;
}

static bool parse_word(struct line *line, const char *word, bool *options_ended)
{
    if (*options_ended || word[0] != '-' || !word[1]) {
        line->options->arguments[line->options->argument_count++] = word;
        return true;
    }
    if (!strcmp(word, "--")) {
        *options_ended = true;
        return true;
    }
    return word[1] == '-' ? parse_long(line, word + 2) : parse_letters(line, word + 1);
}

// Flags may be joined, so a line has at most as many options as characters.
static size_t most_options(int argc, char **argv)
{
    size_t most = 0;
    for (int i = 0; i < argc; i++)
        most += strlen(argv[i]) + 1;
    return most;
}

bool options_parse(struct options *options, const struct option_spec *own,
                   const struct option_spec *shared, const char *command, int argc, char **argv,
                   char *error, size_t error_size)
{
    *options = (struct options){
        .own = own,
        .shared = shared,
        .arguments = must_calloc((size_t)argc + 1, sizeof *options->arguments),
        .values = must_calloc(most_options(argc, argv) + 1, sizeof *options->values),
    };
    struct line line = {
        .options = options,
        .words = argv,
        .count = argc,
        .command = command,
        .error = error,
        .error_size = error_size,
    };
    bool options_ended = false;
    if (error_size)
        error[0] = '\0';
    while (line.next < argc && !options->help)
        if (!parse_word(&line, argv[line.next++], &options_ended))
            return false;
    return true;
}

void options_release(struct options *options)
{
    free(options->arguments);
    free(options->values);
    *options = (struct options){0};
}

// The last appearance, NULL when there is none.
static const struct option_value *last_value(const struct options *options, const char *name)
{
    const struct option_spec *spec = find(options, name, strlen(name), 0);
    if (!spec) {
        fprintf(stderr, "tiejun: no option table has --%s\n", name);
        abort();
    }
    for (size_t i = options->value_count; i > 0; i--)
        if (options->values[i - 1].spec == spec)
            return &options->values[i - 1];
    return NULL;
}

bool options_flag(const struct options *options, const char *name)
{
    return last_value(options, name);
}

bool options_known(const struct options *options, const char *name)
{
    return find(options, name, strlen(name), 0);
}

bool options_given(const struct options *options, const char *name)
{
    return last_value(options, name);
}

const char *options_string(const struct options *options, const char *name)
{
    const struct option_value *value = last_value(options, name);
    return value ? value->text : NULL;
}

size_t options_list(const struct options *options, const char *name, const char **list,
                    size_t capacity)
{
    const struct option_value *last = last_value(options, name);
    size_t count = 0;
    for (size_t i = 0; last && i < options->value_count; i++) {
        if (options->values[i].spec != last->spec)
            continue;
        if (count < capacity)
            list[count] = options->values[i].text;
        count++;
    }
    return count;
}

int64_t options_integer(const struct options *options, const char *name, int64_t fallback)
{
    const struct option_value *value = last_value(options, name);
    return value ? value->integer : fallback;
}
