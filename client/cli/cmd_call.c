// tiejun call: any method of the contract, in JSON, by the descriptors alone.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/lib/json.h"
#include "client/lib/method_name.h"
#include "common/contract.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)16 << 20)
#define NESTING_MAX 8

static const struct option_spec call_options[] = {
    {"list", 0, OPTION_FLAG, NULL, N_("List the methods")},
    OPTIONS_END,
};

static const struct table_column columns[] = {
    {"name", N_("short name"), 0},
    {"method", N_("full name"), 0},
    {NULL, NULL, 0},
};

static int list_methods(struct context *context)
{
    struct table *table = table_new(columns);
    for (const ProtobufCServiceDescriptor *const *service = contract_services; *service;
         service++) {
        for (unsigned i = 0; i < (*service)->n_methods; i++) {
            struct named_method method = {*service, &(*service)->methods[i]};
            char name[METHOD_NAME_SIZE];
            size_t row = table_add(table);
            method_short_name(&method, name);
            table_set(table, row, 0, name);
            method_full_name(&method, name);
            table_set(table, row, 1, name);
        }
    }
    context_print_table(context, table);
    return COMMAND_DONE;
}

// ---- what a message holds ----

static const char *type_name(const ProtobufCFieldDescriptor *field)
{
    static const char *const names[] = {
        [PROTOBUF_C_TYPE_INT32] = "int32",    [PROTOBUF_C_TYPE_SINT32] = "int32",
        [PROTOBUF_C_TYPE_SFIXED32] = "int32", [PROTOBUF_C_TYPE_INT64] = "int64",
        [PROTOBUF_C_TYPE_SINT64] = "int64",   [PROTOBUF_C_TYPE_SFIXED64] = "int64",
        [PROTOBUF_C_TYPE_UINT32] = "uint32",  [PROTOBUF_C_TYPE_FIXED32] = "uint32",
        [PROTOBUF_C_TYPE_UINT64] = "uint64",  [PROTOBUF_C_TYPE_FIXED64] = "uint64",
        [PROTOBUF_C_TYPE_FLOAT] = "float",    [PROTOBUF_C_TYPE_DOUBLE] = "double",
        [PROTOBUF_C_TYPE_BOOL] = "bool",      [PROTOBUF_C_TYPE_STRING] = "string",
        [PROTOBUF_C_TYPE_BYTES] = "base64",
    };
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return ((const ProtobufCMessageDescriptor *)field->descriptor)->short_name;
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return ((const ProtobufCEnumDescriptor *)field->descriptor)->short_name;
    return names[field->type];
}

static void print_enum_values(const ProtobufCEnumDescriptor *descriptor, int indent)
{
    for (unsigned i = 0; i < descriptor->n_values; i++)
        printf("%*s%s\n", indent, "", descriptor->values[i].name);
}

// The contract has no recursive messages; the bound is for one that should not be.
static void print_fields(const ProtobufCMessageDescriptor *descriptor, int level)
{
    if (descriptor->n_fields == 0)
        printf("%*s%s\n", 2 + level * 4, "", _("(no fields)"));
    for (unsigned i = 0; i < descriptor->n_fields && level < NESTING_MAX; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        char name[METHOD_NAME_SIZE];
        json_name(field->name, name, sizeof name);
        printf("%*s%-*s %s%s\n", 2 + level * 4, "", 24, name, type_name(field),
               field->label == PROTOBUF_C_LABEL_REPEATED ? "[]" : "");
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            print_enum_values(field->descriptor, 6 + level * 4);
        else if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                 strcmp(type_name(field), "Timestamp") != 0)
            print_fields(field->descriptor, level + 1);
    }
}

static int help_method(const struct named_method *method)
{
    char name[METHOD_NAME_SIZE];
    method_full_name(method, name);
    printf("%s\n\n", name);
    printf(_("Request: %s\n"), method->method->input->short_name);
    print_fields(method->method->input, 0);
    printf(_("\nResponse: %s\n"), method->method->output->short_name);
    print_fields(method->method->output, 0);
    printf("\n%s\n", _("A Timestamp is text such as \"2026-07-01T06:30:00Z\"; int64 may be text."));
    return COMMAND_DONE;
}

// ---- the call ----

static char *read_input(size_t *size)
{
    char *text = malloc(INPUT_MAX);
    if (!text)
        abort();
    *size = fread(text, 1, INPUT_MAX, stdin);
    if (ferror(stdin))
        refuse(NULL, _("Standard input cannot be read: %s."), strerror(errno));
    if (*size == INPUT_MAX)
        refuse(NULL, "%s", _("Standard input is too long for a request."));
    return text;
}

static ProtobufCMessage *read_request(struct context *context, const struct options *options,
                                      const ProtobufCMessageDescriptor *descriptor)
{
    char error[512];
    const char *text = options->argument_count > 1 ? options->arguments[1] : "{}";
    char *input = NULL;
    size_t size = strlen(text);
    if (strcmp(text, "-") == 0)
        input = read_input(&size);
    ProtobufCMessage *request = json_parse_message(descriptor, input ? input : text, size,
                                                   context_arena(context), error, sizeof error);
    free(input);
    if (!request)
        refuse_usage("%s", error);
    return request;
}

static int call(struct context *context, const struct options *options)
{
    struct named_method method;
    char name[METHOD_NAME_SIZE];
    if (options_flag(options, "list"))
        return list_methods(context);
    if (options->argument_count == 0)
        refuse_usage(_("Which method? All there are: tiejun call --list"));
    if (!method_find(options->arguments[0], &method))
        refuse_usage(_("There is no method \"%s\". All there are: tiejun call --list"),
                     options->arguments[0]);
    if (options->help)
        return help_method(&method);
    method_full_name(&method, name);
    ProtobufCMessage *request = read_request(context, options, method.method->input);
    context_dump(context_call(context, name, request));
    return COMMAND_DONE;
}

const struct command call_commands[] = {
    {"call", NULL, N_("Send any request of the contract, in JSON"),
     N_("METHOD [JSON|-] | METHOD --help | --list"),
     N_("tiejun call goal.show '{\"unit\": \"/West\"}'\ntiejun call goal.show --help"),
     call_options, 0, 2, call},
    {0},
};
