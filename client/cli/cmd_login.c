// tiejun login, enrol: let this computer act for a person.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/secret.h"
#include "client/cli/token.h"
#include "client/cli/typed.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "common/message.h"
#include "tiejun/v1/frame.pb-c.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define DEVICE_NAME_SIZE 65

// A token that is on disk, and not known to the daemon yet.
struct candidate {
    char *path;
    uint8_t token[SESSION_TOKEN_SIZE];
    uint8_t hash[SESSION_TOKEN_SIZE];
    char device_name[DEVICE_NAME_SIZE];
};

// Whoever is logged in already keeps that; a token that is of no use any more gives way.
static void refuse_second_login(struct context *context)
{
    char *path = context_token_path(context, true);
    struct session_error error;
    if (access(path, F_OK) == 0) {
        struct session *session = context_reach(context, &error);
        if (session)
            refuse(_("To be another person here, log out first: tiejun logout"),
                   _("You are logged in at %s already, as %s."), context_server(context),
                   session_person(session));
        if (error.status != TIEJUN__V1__STATUS__STATUS_UNAUTHENTICATED)
            exit(context_complain(&error));
    }
    free(path);
}

// Nobody types a secret for a daemon that is not there, or is another one. It lets strangers wait
// for a short while only, so that what is typed goes over a connection of its own.
static void check_daemon(struct context *context)
{
    refuse_second_login(context);
    context_as_guest(context);
    (void)context_session(context);
}

static void prepare(struct context *context, const struct options *options,
                    struct candidate *candidate)
{
    const char *name = options_string(options, "name");
    char *place = context_token_path(context, true);
    candidate->path = context_text(context, "%s.new", place);
    free(place);
    if (getrandom(candidate->token, SESSION_TOKEN_SIZE, 0) != SESSION_TOKEN_SIZE)
        refuse(NULL, _("There are no random numbers to be had: %s."), strerror(errno));
    crypto_generichash(candidate->hash, SESSION_TOKEN_SIZE, candidate->token, SESSION_TOKEN_SIZE,
                       NULL, 0);
    if (name)
        snprintf(candidate->device_name, DEVICE_NAME_SIZE, "%s", name);
    else if (gethostname(candidate->device_name, DEVICE_NAME_SIZE - 1) != 0)
        snprintf(candidate->device_name, DEVICE_NAME_SIZE, "%s", "?");
    // What an attempt that was cut off has left.
    unlink(candidate->path);
    token_write(candidate->path, candidate->token);
}

// The token takes its place, and plain commands find the daemon from now on.
static void keep(struct context *context, const struct options *options,
                 struct candidate *candidate, const char *person)
{
    char *place = context_token_path(context, true);
    token_keep(candidate->path, place, context_server(context), candidate->token, person);
    sodium_memzero(candidate->token, sizeof candidate->token);
    free(place);
    if (!options_given(options, "token-file"))
        context_remember_server(context);
}

static int give_up(struct candidate *candidate, int code)
{
    unlink(candidate->path);
    sodium_memzero(candidate->token, sizeof candidate->token);
    return code;
}

// Lets the daemon know the token. The answer to an enrolment has the fields of that to a login.
static int settle(struct context *context, const struct options *options,
                  struct candidate *candidate, const char *method, const ProtobufCMessage *request)
{
    int code;
    Tiejun__V1__SessionServiceLoginResponse answer =
        TIEJUN__V1__SESSION_SERVICE_LOGIN_RESPONSE__INIT;
    context_as_guest(context);
    const ProtobufCMessage *response = context_try(context, method, request, &code);
    if (!response)
        return give_up(candidate, code);
    message_share(response, &answer.base);
    keep(context, options, candidate, or_empty(answer.person));
    if (context_print_json(context, response))
        return COMMAND_DONE;
    say(context, _("You are %s (%s) at %s from now on."), or_empty(answer.name),
        or_empty(answer.person), context_server(context));
    say_in(context, TABLE_DIM, _("This computer is \"%s\" among your devices: tiejun device list"),
           candidate->device_name);
    return COMMAND_DONE;
}

// ---- login ----

static const struct option_spec login_options[] = {
    {"person", 'p', OPTION_STRING, N_("HANDLE"), N_("Who you are; asked if not given")},
    {"name", 0, OPTION_STRING, N_("TEXT"), N_("What to call this computer; its host name if not")},
    PASSWORD_FD_OPTION,
    OPTIONS_END,
};

static int login(struct context *context, const struct options *options)
{
    char handle[SECRET_SIZE];
    char password[SECRET_SIZE];
    struct candidate candidate;
    check_daemon(context);
    if (options_given(options, "person"))
        snprintf(handle, sizeof handle, "%s", options_string(options, "person"));
    else
        secret_read_open(_("Your handle: "), handle);
    secret_read(options, _("Password: "), password);
    prepare(context, options, &candidate);
    Tiejun__V1__SessionServiceLoginRequest request =
        TIEJUN__V1__SESSION_SERVICE_LOGIN_REQUEST__INIT;
    request.person = handle;
    request.password = password;
    request.has_token_hash = true;
    request.token_hash = (ProtobufCBinaryData){sizeof candidate.hash, candidate.hash};
    request.device_name = candidate.device_name;
    int code =
        settle(context, options, &candidate, "tiejun.v1.SessionService.Login", &request.base);
    sodium_memzero(password, sizeof password);
    return code;
}

// ---- enrol ----

static const struct option_spec enrol_options[] = {
    {"name", 0, OPTION_STRING, N_("TEXT"), N_("What to call this computer; its host name if not")},
    {"password-fd", 0, OPTION_INTEGER, N_("N"),
     N_("Read the code and the new password, a line each, from this file descriptor")},
    OPTIONS_END,
};

static int enrol(struct context *context, const struct options *options)
{
    char code_text[SECRET_SIZE];
    char password[SECRET_SIZE];
    struct candidate candidate;
    check_daemon(context);
    secret_read(options, _("Your code: "), code_text);
    secret_read_new(options, _("A password of your own, 10 characters or more: "), _("Once more: "),
                    password);
    prepare(context, options, &candidate);
    Tiejun__V1__SessionServiceEnrolRequest request =
        TIEJUN__V1__SESSION_SERVICE_ENROL_REQUEST__INIT;
    request.code = code_text;
    request.password = password;
    request.has_token_hash = true;
    request.token_hash = (ProtobufCBinaryData){sizeof candidate.hash, candidate.hash};
    request.device_name = candidate.device_name;
    int code =
        settle(context, options, &candidate, "tiejun.v1.SessionService.Enrol", &request.base);
    sodium_memzero(code_text, sizeof code_text);
    sodium_memzero(password, sizeof password);
    return code;
}

const struct command login_commands[] = {
    {"login", NULL, N_("Log in with your password, on this computer"),
     N_("[--server HOST:PORT] [--person HANDLE]"), "tiejun login --person li.wei", login_options, 0,
     0, login},
    {"enrol", NULL, N_("Begin here with the code that you were given"), N_("[--server HOST:PORT]"),
     "tiejun enrol", enrol_options, 0, 0, enrol},
    {0},
};
