#include "client/cli/typed.h"

#include "client/cli/say.h"
#include "common/message.h"
#include "common/money.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LIMIT_DEFAULT 200

int64_t context_money(const char *text, const char *currency)
{
    int64_t minor;
    if (!money_parse(text, currency, &minor))
        refuse_usage(_("\"%s\" is no amount in %s; write it like 12,500.00"), text, currency);
    return minor;
}

int64_t context_target(const char *text, const char *currency)
{
    int64_t count;
    if (currency)
        return context_money(text, currency);
    // A currency without decimals is written just as a count is.
    if (!money_parse(text, "JPY", &count))
        refuse_usage(_("\"%s\" is no whole number."), text);
    return count;
}

static bool add_digit(int64_t *value, char digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, digit - '0', value);
}

bool decimal_take(const char **text, int decimals, int64_t *value)
{
    const char *at = *text;
    *value = 0;
    if (!isdigit((unsigned char)*at))
        return false;
    for (; isdigit((unsigned char)*at); at++)
        if (!add_digit(value, *at))
            return false;
    if (*at == '.' && isdigit((unsigned char)at[1])) {
        for (at++; isdigit((unsigned char)*at); at++, decimals--)
            if (decimals == 0 || !add_digit(value, *at))
                return false;
    }
    for (; decimals > 0; decimals--)
        if (!add_digit(value, '0'))
            return false;
    *text = at;
    return true;
}

bool decimal_read(const char *text, int decimals, int64_t *value)
{
    return decimal_take(&text, decimals, value) && !*text;
}

char *option_text(const struct options *options, const char *name)
{
    return (char *)options_string(options, name);
}

char *argument_text(const struct options *options, size_t index)
{
    return index < options->argument_count ? (char *)options->arguments[index] : NULL;
}

char *unit_text(const struct options *options)
{
    char *argument = argument_text(options, 0);
    char *option = option_text(options, "unit");
    if (argument && option)
        refuse_usage(_("The unit is there twice: \"%s\" and --unit %s."), argument, option);
    return argument ? argument : option;
}

int enum_value(const char *text, const ProtobufCEnumDescriptor *descriptor)
{
    int value;
    if (message_enum_value(descriptor, text, &value))
        return value;
    char known[512] = "";
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        char name[64];
        size_t length = strlen(known);
        if (message_enum_text(descriptor, descriptor->values[i].value, name, sizeof name))
            snprintf(known + length, sizeof known - length, "%s%s", length ? ", " : "", name);
    }
    refuse_usage(_("\"%s\" is none of: %s."), text, known);
}

int option_enum(const struct options *options, const char *name,
                const ProtobufCEnumDescriptor *descriptor)
{
    const char *text = options_string(options, name);
    return text ? enum_value(text, descriptor) : 0;
}

int64_t context_limit(const struct options *options)
{
    int64_t limit = options_integer(options, "limit", LIMIT_DEFAULT);
    if (limit < 1 || limit > INT32_MAX)
        refuse_usage(_("--limit is a number of rows, 1 or more."));
    return limit;
}
