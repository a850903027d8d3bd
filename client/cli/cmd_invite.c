// tiejun person invite: how a person begins, or begins again.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/json.h"
#include "client/lib/words.h"
#include "common/invite_code.h"

#include <sodium.h>
#include <stdlib.h>

// The code with what the daemon said of it.
static void print_json(const Tiejun__V1__PersonServiceInviteResponse *response, const char *code)
{
    json_t *json = json_from_message(&response->base);
    if (!json)
        abort();
    json_object_set_new(json, "code", json_string(code));
    json_dumpf(json, stdout, JSON_INDENT(2));
    json_decref(json);
    fputc('\n', stdout);
}

static void print(struct context *context, const Tiejun__V1__PersonServiceInviteResponse *response,
                  const char *code)
{
    say(context, _("%s (%s) can begin with this code, once, until %s:"), or_empty(response->name),
        or_empty(response->person), context_time_of(context, response->expires_at));
    say_in(context, TABLE_BOLD, "  %s", code);
    say(context, "%s", _("Tell it to them alone. On their computer:"));
    say_in(context, TABLE_BOLD, "  tiejun enrol --server %s", context_server(context));
    say_in(context, TABLE_DIM, "%s",
           _("A new invitation takes the place of this one, and of a forgotten password."));
}

// The code is made here, and the daemon gets its hash.
static int person_invite(struct context *context, const struct options *options)
{
    char code[INVITE_CODE_SIZE];
    uint8_t hash[INVITE_CODE_HASH];
    invite_code_make(code);
    Tiejun__V1__PersonServiceInviteRequest request =
        TIEJUN__V1__PERSON_SERVICE_INVITE_REQUEST__INIT;
    request.person = argument_text(options, 0);
    request.has_code_hash = invite_code_hash(code, hash);
    request.code_hash = (ProtobufCBinaryData){sizeof hash, hash};
    const Tiejun__V1__PersonServiceInviteResponse *response =
        context_call(context, "tiejun.v1.PersonService.Invite", &request.base);
    if (context_mode(context) == OUTPUT_JSON)
        print_json(response, code);
    else
        print(context, response, code);
    sodium_memzero(code, sizeof code);
    return COMMAND_DONE;
}

const struct command invite_commands[] = {
    {"person", "invite", N_("Make a one-time code to begin with, or for a forgotten password"),
     "HANDLE", "tiejun person invite li.wei", NULL, 1, 1, person_invite},
    {0},
};
