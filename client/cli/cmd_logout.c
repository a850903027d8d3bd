// tiejun logout, password: what whoever is logged in does about it.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/secret.h"
#include "client/cli/typed.h"
#include "client/lib/state_folder.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "tiejun/v1/frame.pb-c.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_spec logout_options[] = {
    {"force", 0, OPTION_FLAG, NULL, N_("Also when facts are left that were not sent")},
    OPTIONS_END,
};

// Facts lie with the token of whoever logged them: without it nobody would send them.
static void refuse_while_facts_wait(struct context *context)
{
    uint8_t token[SESSION_TOKEN_SIZE];
    Tiejun__Client__OutboxStatus status;
    context_token(context, token);
    char *folder = state_folder_of(token);
    sodium_memzero(token, sizeof token);
    bool any = access(folder, F_OK) == 0 &&
               outbox_status(offline_outbox(context), context_arena(context), &status) &&
               status.waiting + status.refused > 0;
    free(folder);
    if (any)
        refuse(_("Send them with: tiejun sync flush. To give them up, log out with --force."),
               _("There are facts that were not sent, and would be lost."));
}

static int logout(struct context *context, const struct options *options)
{
    if (!options_flag(options, "force"))
        refuse_while_facts_wait(context);
    struct session_error error;
    char *path = context_token_path(context, false);
    struct session *session = context_reach(context, &error);
    int code = COMMAND_DONE;
    const ProtobufCMessage *response = NULL;
    if (session) {
        Tiejun__V1__SessionServiceLogoutRequest request =
            TIEJUN__V1__SESSION_SERVICE_LOGOUT_REQUEST__INIT;
        response = context_try(context, "tiejun.v1.SessionService.Logout", &request.base, &code);
    } else if (error.status != TIEJUN__V1__STATUS__STATUS_UNAUTHENTICATED) {
        // A token that the daemon does not know any more may go as well.
        code = context_complain(&error);
    }
    if (code == COMMAND_DONE && unlink(path) != 0 && errno != ENOENT)
        refuse(NULL, _("The token file %s cannot be removed: %s."), path, strerror(errno));
    free(path);
    if (code == COMMAND_DONE && !(response && context_print_json(context, response)))
        say(context, _("You are logged out at %s; this computer's token is good no more."),
            context_server(context));
    return code;
}

static const struct option_spec password_options[] = {
    {"password-fd", 0, OPTION_INTEGER, N_("N"),
     N_("Read the present and the new one, a line each, from this file descriptor")},
    OPTIONS_END,
};

static int change_password(struct context *context, const struct options *options)
{
    char old_password[SECRET_SIZE];
    char password[SECRET_SIZE];
    int code;
    // Nobody types a secret for a daemon that is not there, or does not know the token any more.
    (void)context_session(context);
    secret_read(options, _("Present password: "), old_password);
    secret_read_new(options, _("New password, 10 characters or more: "), _("Once more: "),
                    password);
    Tiejun__V1__SessionServiceChangePasswordRequest request =
        TIEJUN__V1__SESSION_SERVICE_CHANGE_PASSWORD_REQUEST__INIT;
    request.old_password = old_password;
    request.password = password;
    const Tiejun__V1__SessionServiceChangePasswordResponse *response =
        context_try(context, "tiejun.v1.SessionService.ChangePassword", &request.base, &code);
    sodium_memzero(old_password, sizeof old_password);
    sodium_memzero(password, sizeof password);
    if (!response)
        return code;
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    say(context, "%s", _("Your password is changed."));
    say_in(context, TABLE_DIM, "%s",
           _("Your devices stay logged in. To end one: tiejun device revoke ID"));
    return COMMAND_DONE;
}

const struct command logout_commands[] = {
    {"logout", NULL, N_("Let this computer act for you no more"), "[--force]", "tiejun logout",
     logout_options, 0, 0, logout},
    {"password", NULL, N_("Change your password"), "", "tiejun password", password_options, 0, 0,
     change_password},
    {0},
};
