// tiejun device: tokens of the computers that act for a person.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/token.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/words.h"
#include "common/instant.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const struct option_spec add_options[] = {
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Who it acts for; you if not given")},
    {"name", 0, OPTION_STRING, N_("TEXT"), N_("What the device is called")},
    {"output", 'o', OPTION_STRING, N_("FILE"),
     N_("Where the token goes; it must not be there yet")},
    OPTIONS_END,
};

static void make_token(uint8_t token[SESSION_TOKEN_SIZE], uint8_t hash[SESSION_TOKEN_SIZE])
{
    if (getrandom(token, SESSION_TOKEN_SIZE, 0) != SESSION_TOKEN_SIZE)
        refuse(NULL, _("There are no random numbers to be had: %s."), strerror(errno));
    crypto_generichash(hash, SESSION_TOKEN_SIZE, token, SESSION_TOKEN_SIZE, NULL, 0);
}

// The file comes first: a token that the daemon knows and nobody has would be of no use.
static int device_add(struct context *context, const struct options *options)
{
    uint8_t token[SESSION_TOKEN_SIZE];
    uint8_t hash[SESSION_TOKEN_SIZE];
    // Without it, the token would go where one's own is looked for.
    if (options_given(options, "person") && !options_given(options, "output"))
        refuse(NULL, _("Say where the token of %s goes, with --output FILE."),
               options_string(options, "person"));
    char *path = token_path(options_string(options, "output"));
    context_session(context);
    make_token(token, hash);
    token_write(path, token);
    sodium_memzero(token, sizeof token);
    Tiejun__V1__DeviceServiceAddRequest request = TIEJUN__V1__DEVICE_SERVICE_ADD_REQUEST__INIT;
    request.person = option_text(options, "person");
    request.name = option_text(options, "name");
    request.has_token_hash = true;
    request.token_hash = (ProtobufCBinaryData){sizeof hash, hash};
    int code;
    const Tiejun__V1__DeviceServiceAddResponse *response =
        context_try(context, "tiejun.v1.DeviceService.Add", &request.base, &code);
    if (!response)
        unlink(path);
    else if (!context_print_json(context, &response->base))
        say(context, _("%s may now act for %s. Keep it secret; whoever has it is them."), path,
            or_empty(response->person));
    free(path);
    return code;
}

// ---- list, revoke ----

enum { COLUMN_ID, COLUMN_NAME, COLUMN_MADE, COLUMN_SEEN, COLUMN_FROM, COLUMN_THIS };

static const struct table_column columns[] = {
    {"device_id", N_("id"), TABLE_RIGHT},
    {"name", N_("device"), TABLE_TRUNCATE},
    {"made_at", N_("since"), 0},
    {"seen_at", N_("last used"), 0},
    {"seen_from", N_("address"), 0},
    {"this_one", "", 0},
    {NULL, NULL, 0},
};

static const struct option_spec list_options[] = {
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Whose devices; yours if not given")},
    OPTIONS_END,
};

static void set_time(struct context *context, struct table *table, size_t row, size_t column,
                     const Google__Protobuf__Timestamp *instant)
{
    char text[INSTANT_TEXT_SIZE];
    if (!instant)
        return;
    instant_format(instant->seconds, instant->nanos, text);
    table_set_raw(table, row, column, context_time_of(context, instant), text);
}

static int device_list(struct context *context, const struct options *options)
{
    Tiejun__V1__DeviceServiceListRequest request = TIEJUN__V1__DEVICE_SERVICE_LIST_REQUEST__INIT;
    request.person = option_text(options, "person");
    const Tiejun__V1__DeviceServiceListResponse *response =
        context_call(context, "tiejun.v1.DeviceService.List", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_devices; i++) {
        const Tiejun__V1__Device *device = response->devices[i];
        size_t row = table_add(table);
        table_set(table, row, COLUMN_ID,
                  context_text(context, "%lld", (long long)device->device_id));
        table_set(table, row, COLUMN_NAME, device->name);
        set_time(context, table, row, COLUMN_MADE, device->made_at);
        set_time(context, table, row, COLUMN_SEEN, device->seen_at);
        table_set(table, row, COLUMN_FROM, device->seen_from);
        table_set(table, row, COLUMN_THIS, device->this_one ? _("this one") : "");
    }
    context_print_table(context, table);
    return COMMAND_DONE;
}

static const struct option_spec revoke_options[] = {
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Whose device it is; yours if not given")},
    {"all", 0, OPTION_FLAG, NULL, N_("Every device of the person, this one included")},
    OPTIONS_END,
};

static int device_revoke(struct context *context, const struct options *options)
{
    Tiejun__V1__DeviceServiceRevokeRequest request =
        TIEJUN__V1__DEVICE_SERVICE_REVOKE_REQUEST__INIT;
    const char *id = argument_text(options, 0);
    char *end = NULL;
    request.person = option_text(options, "person");
    request.has_all_devices = request.all_devices = options_flag(options, "all");
    request.has_device_id = id != NULL;
    request.device_id = id ? strtoll(id, &end, 10) : 0;
    if (id && (*end || request.device_id <= 0))
        refuse_usage(_("\"%s\" is no number of a device; see them with: tiejun device list"), id);
    if (!id == !request.all_devices)
        refuse_usage(_("Give the number of a device, or --all."));
    const Tiejun__V1__DeviceServiceRevokeResponse *response =
        context_call(context, "tiejun.v1.DeviceService.Revoke", &request.base);
    if (!context_print_json(context, &response->base))
        say(context,
            ngettext("%d device may not act for %s any more.",
                     "%d devices may not act for %s any more.", (unsigned long)response->ended),
            response->ended, or_empty(response->person));
    return COMMAND_DONE;
}

const struct command device_commands[] = {
    {"device", "add", N_("Make a token with which a computer acts for a person"),
     N_("[--person HANDLE] [--name TEXT] [--output FILE]"),
     "tiejun device add --person li.wei --name laptop --output li.wei.token", add_options, 0, 0,
     device_add},
    {"device", "list", N_("The computers that may act for a person"), N_("[--person HANDLE]"),
     "tiejun device list", list_options, 0, 0, device_list},
    {"device", "revoke", N_("Let a computer that is lost act for a person no more"),
     N_("ID | --all [--person HANDLE]"), "tiejun device revoke 17", revoke_options, 0, 1,
     device_revoke},
    {0},
};
