#include "client/cli/what_if.h"

#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "common/arena.h"

#include <stdlib.h>
#include <string.h>

// Digits behind the point: of a rate in billionths, of one in percent, of days.
#define RATE_DIGITS 9
#define PERCENT_DIGITS 7
#define DAY_DIGITS 3
// The whole of a rate, in billionths.
#define RATE_WHOLE INT64_C(1000000000)
// A request of more is a slip of the pen.
#define REPLACEMENTS_MAX 64

static bool is_money(const char *name)
{
    static const char *const names[] = {"target", "booked", "open", "order"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static bool read_value(const char *name, const char *text, const char *currency, int64_t *value)
{
    if (is_money(name)) {
        *value = context_money(text, currency);
        return true;
    }
    if (strncmp(name, "rate.", 5) == 0 || strncmp(name, "win.", 4) == 0) {
        bool percent = strchr(text, '%') != NULL;
        return decimal_take(&text, percent ? PERCENT_DIGITS : RATE_DIGITS, value) &&
               strcmp(text, percent ? "%" : "") == 0 && *value <= RATE_WHOLE;
    }
    return decimal_read(text, strcmp(name, "days") == 0 ? DAY_DIGITS : 0, value);
}

static void add(struct context *context, const char *text, const char *currency,
                Tiejun__V1__SolveServiceSolveRequest *request)
{
    const char *equals = strchr(text, '=');
    Tiejun__V1__Replacement *made = arena_alloc(context_arena(context), sizeof *made);
    if (!made)
        abort();
    tiejun__v1__replacement__init(made);
    made->has_value = true;
    if (equals)
        made->name = context_text(context, "%.*s", (int)(equals - text), text);
    if (!equals || !read_value(made->name, equals + 1, currency, &made->value))
        refuse_usage(
            _("\"%s\" is no number of the chain; write it like rate.visit=12%% or order=30,000."),
            text);
    if (request->n_replacements == REPLACEMENTS_MAX)
        refuse_usage("%s", _("These are too many numbers."));
    request->replacements[request->n_replacements++] = made;
}

// The end of the first number of a list: the comma before the next "name=", since amounts have
// commas too.
static size_t first_length(const char *text)
{
    const char *next = strchr(text, '=');
    next = next ? strchr(next + 1, '=') : NULL;
    if (!next)
        return strlen(text);
    while (next > text && *next != ',')
        next--;
    return (size_t)(next - text);
}

void what_if_read(struct context *context, const char *text, const char *currency,
                  Tiejun__V1__SolveServiceSolveRequest *request)
{
    struct arena *arena = context_arena(context);
    if (!request->replacements)
        request->replacements = arena_alloc(arena, REPLACEMENTS_MAX * sizeof(void *));
    if (!request->replacements)
        abort();
    while (*text) {
        size_t length = first_length(text);
        add(context, context_text(context, "%.*s", (int)length, text), currency, request);
        text += length;
        // "a=b=c" has no comma: what is left of it is no number.
        if (length == 0)
            refuse_usage(_("\"%s\" is no number of the chain; write it like rate.visit=12%% or "
                           "order=30,000."),
                         text);
        text += *text == ',';
    }
}
