#include "client/cli/goal_arguments.h"

#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Ten times the target, in thousandths.
#define STRETCH_MAX 9000

void goal_range(struct context *context, const struct options *options, char **from, char **to)
{
    context_range(context, options, from, to);
    if (!*from || !*to)
        refuse_usage(_("A goal is for a period: --period 2026-Q3, or --from and --to."));
}

static const char *unit_currency(struct context *context, const char *unit)
{
    Tiejun__V1__OrgServiceShowRequest request = TIEJUN__V1__ORG_SERVICE_SHOW_REQUEST__INIT;
    request.unit = (char *)unit;
    request.has_depth = true;
    const Tiejun__V1__OrgServiceShowResponse *response =
        context_call(context, "tiejun.v1.OrgService.Show", &request.base);
    return response->n_units > 0 ? response->units[0]->currency : NULL;
}

char *goal_currency(struct context *context, const struct options *options, const char *metric,
                    const char *unit)
{
    if (!context_metric_is_money(context, metric))
        return NULL;
    const char *own =
        unit && !options_given(options, "currency") ? unit_currency(context, unit) : NULL;
    return (char *)(own ? own : context_currency(context, options));
}

void goal_version(const struct options *options, protobuf_c_boolean *has, int32_t *version)
{
    *has = options_given(options, "if-version");
    *version = (int32_t)options_integer(options, "if-version", 0);
}

int32_t goal_read_stretch(const char *text)
{
    const char *end = text;
    int64_t milli;
    bool good = decimal_take(&end, 1, &milli) && milli <= STRETCH_MAX;
    if (*end == '%')
        end++;
    if (!good || *end)
        refuse_usage(_("\"%s\" is no stretch; write it like 10 or 7.5, in percent."), text);
    return (int32_t)milli;
}

static Tiejun__V1__StatedWeight *read_weight(struct context *context, const char *text,
                                             int decimals)
{
    Tiejun__V1__StatedWeight *weight = context_room(context, 1, sizeof *weight);
    tiejun__v1__stated_weight__init(weight);
    const char *equals = strrchr(text, '=');
    weight->has_weight = true;
    if (!equals || equals == text || !decimal_read(equals + 1, decimals, &weight->weight))
        refuse_usage(_("\"%s\" is no weight; write it like \"Team 1=30\"."), text);
    weight->child = context_text(context, "%.*s", (int)(equals - text), text);
    return weight;
}

Tiejun__V1__StatedWeight **goal_read_weights(struct context *context, const struct options *options,
                                             const char *option, int decimals, size_t *count)
{
    size_t given = options_list(options, option, NULL, 0);
    const char **texts = context_room(context, given, sizeof *texts);
    Tiejun__V1__StatedWeight **weights = context_room(context, given, sizeof *weights);
    *count = options_list(options, option, texts, given);
    for (size_t i = 0; i < given; i++)
        weights[i] = read_weight(context, texts[i], decimals);
    return weights;
}

const char *goal_seasons_text(const char *seasons, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (const char *at = seasons; *at && length < size;) {
        int name = (int)strcspn(at, "= ");
        char factor[32] = "";
        if (at[name] == '=')
            render_milli(strtoll(at + name + 1, NULL, 10), factor, sizeof factor);
        int written = snprintf(out + length, size - length, "%s%.*s=%s", length > 0 ? " " : "",
                               name, at, factor);
        length += written > 0 ? (size_t)written : size;
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return out;
}

Tiejun__V1__SplitMethod goal_read_method(const struct options *options, size_t weights,
                                         Tiejun__V1__SplitMethod usual)
{
    Tiejun__V1__SplitMethod method =
        option_enum(options, "by", &tiejun__v1__split_method__descriptor);
    if (method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_UNSPECIFIED)
        method = weights > 0 ? TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED : usual;
    bool stated = method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED;
    if (stated != (weights > 0))
        refuse_usage(_("--by stated goes with a --weight CHILD=N for each child, and only so."));
    return method;
}

void goal_periods(const struct options *options, Tiejun__V1__SplitMethod method,
                  protobuf_c_boolean *has, int32_t *periods)
{
    *has = options_given(options, "last");
    *periods = (int32_t)options_integer(options, "last", 1);
    if (*has && method != TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_HISTORY)
        refuse_usage(_("--last goes with --by history, and only so."));
}
