// tiejun device: tokens of the computers that act for a person.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/token.h"
#include "client/cli/words.h"

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

const struct command device_commands[] = {
    {"device", "add", N_("Make a token with which a computer acts for a person"),
     N_("[--person HANDLE] [--name TEXT] [--output FILE]"),
     "tiejun device add --person li.wei --name laptop --output li.wei.token", add_options, 0, 0,
     device_add},
    {0},
};
