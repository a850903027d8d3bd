#include "client/cli/key_result.h"

#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/lib/words.h"
#include "common/arena.h"

#include <stdlib.h>
#include <string.h>

#define RESULTS_MAX 64
#define MILLI_DIGITS 3

// Reads a number at *text, which moves behind it.
static bool read_milli(const char **text, int64_t *milli)
{
    const char *at = *text + (**text == '-');
    int64_t value;
    if (!decimal_take(&at, MILLI_DIGITS, &value))
        return false;
    *milli = **text == '-' ? -value : value;
    *text = at;
    return true;
}

bool key_result_milli(const char *text, int64_t *milli)
{
    return read_milli(&text, milli) && !*text;
}

static Tiejun__V1__NewKeyResult *new_result(struct context *context,
                                            Tiejun__V1__ObjectiveServiceAddRequest *request,
                                            Tiejun__V1__KeyResultSource source)
{
    Tiejun__V1__NewKeyResult *made = arena_alloc(context_arena(context), sizeof *made);
    if (!made)
        abort();
    if (request->n_key_results == RESULTS_MAX)
        refuse_usage("%s", _("These are too many key results."));
    tiejun__v1__new_key_result__init(made);
    made->has_source = true;
    made->source = source;
    request->key_results[request->n_key_results++] = made;
    return made;
}

// "churn=12..5 %".
static void read_number(struct context *context, const char *text,
                        Tiejun__V1__ObjectiveServiceAddRequest *request)
{
    Tiejun__V1__NewKeyResult *made =
        new_result(context, request, TIEJUN__V1__KEY_RESULT_SOURCE__KEY_RESULT_SOURCE_NUMBER);
    const char *equals = strrchr(text, '=');
    const char *at = equals ? equals + 1 : "";
    made->has_from_milli = made->has_to_milli = true;
    bool good = read_milli(&at, &made->from_milli) && strncmp(at, "..", 2) == 0;
    at += good ? 2 : 0;
    if (!good || !read_milli(&at, &made->to_milli))
        refuse_usage(_("\"%s\" is no key result; write it like \"churn=12..5 %%\"."), text);
    made->title = context_text(context, "%.*s", (int)(equals - text), text);
    while (*at == ' ')
        at++;
    made->measure = context_text(context, "%s", at);
}

// "won_against:Globex=5".
static void read_count(struct context *context, const char *text,
                       Tiejun__V1__ObjectiveServiceAddRequest *request)
{
    const char *equals = strrchr(text, '=');
    const char *colon = strchr(text, ':');
    int64_t most = 0;
    if (!equals || !key_result_milli(equals + 1, &most) || most <= 0)
        refuse_usage(_("\"%s\" counts nothing; write it like recruits=8 or won_against:Globex=5."),
                     text);
    if (colon > equals)
        colon = NULL;
    char word_text[WORD_SIZE];
    const char *what = context_text(context, "%.*s", (int)((colon ? colon : equals) - text), text);
    Tiejun__V1__NewKeyResult *made =
        new_result(context, request, enum_value(what, &tiejun__v1__key_result_source__descriptor));
    word_enum(&tiejun__v1__key_result_source__descriptor, made->source, word_text);
    if (colon)
        made->competitor = context_text(context, "%.*s", (int)(equals - colon - 1), colon + 1);
    made->title =
        context_text(context, "%s%s%s", word_text, colon ? " " : "", or_empty(made->competitor));
    made->has_from_milli = made->has_to_milli = true;
    made->to_milli = most;
}

static void read_milestone(struct context *context, const char *text,
                           Tiejun__V1__ObjectiveServiceAddRequest *request)
{
    new_result(context, request, TIEJUN__V1__KEY_RESULT_SOURCE__KEY_RESULT_SOURCE_MILESTONE)
        ->title = context_text(context, "%s", text);
}

void key_results_read(struct context *context, const struct options *options,
                      Tiejun__V1__ObjectiveServiceAddRequest *request)
{
    static const struct {
        const char *option;
        void (*read)(struct context *, const char *, Tiejun__V1__ObjectiveServiceAddRequest *);
    } kinds[] = {{"number", read_number}, {"milestone", read_milestone}, {"count", read_count}};
    request->key_results =
        arena_alloc(context_arena(context), RESULTS_MAX * sizeof *request->key_results);
    if (!request->key_results)
        abort();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *texts[RESULTS_MAX];
        size_t count = options_list(options, kinds[i].option, texts, RESULTS_MAX);
        for (size_t k = 0; k < count; k++) {
            if (k == RESULTS_MAX)
                refuse_usage("%s", _("These are too many key results."));
            kinds[i].read(context, texts[k], request);
        }
    }
}
