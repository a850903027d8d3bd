#include "server/rpc/refusal.h"

#include "common/i18n.h"
#include "common/log.h"

#include <string.h>

#define INVALID TIEJUN__V1__STATUS__STATUS_INVALID
#define NOT_FOUND TIEJUN__V1__STATUS__STATUS_NOT_FOUND
#define FORBIDDEN TIEJUN__V1__STATUS__STATUS_FORBIDDEN
#define CONFLICT TIEJUN__V1__STATUS__STATUS_CONFLICT
#define UNAUTHENTICATED TIEJUN__V1__STATUS__STATUS_UNAUTHENTICATED
#define BUSY TIEJUN__V1__STATUS__STATUS_BUSY
#define UNAVAILABLE TIEJUN__V1__STATUS__STATUS_UNAVAILABLE
#define INTERNAL TIEJUN__V1__STATUS__STATUS_INTERNAL
#define UNSUPPORTED TIEJUN__V1__STATUS__STATUS_UNSUPPORTED
#define MALFORMED TIEJUN__V1__STATUS__STATUS_MALFORMED

static const struct refusal refusals[] = {
    // The connection.
    {"frame_too_long", MALFORMED, N_("The frame is longer than %s bytes."),
     N_("Send less at once; lists can be sent in parts.")},
    {"frame_malformed", MALFORMED, N_("These bytes are not a frame of tiejun's protocol."),
     N_("Check that the address is a tiejund and the client is of this version.")},
    {"frame_cut_off", MALFORMED, N_("The last frame ends before its own length."), NULL},
    {"message_malformed", MALFORMED, N_("The message cannot be read: %s."),
     N_("Check that client and daemon are of the same version.")},
    {"hello_missing", MALFORMED, N_("The first frame must be a Hello."), NULL},
    {"hello_twice", MALFORMED, N_("There was a Hello on this connection already."), NULL},
    {"unknown_version", UNSUPPORTED,
     N_("This daemon speaks protocol version %s, and the client asked for %s."),
     N_("Install the client that belongs to the daemon.")},
    {"unknown_device", UNAUTHENTICATED, N_("This device is not known here."),
     N_("Ask an administrator to let it in: tiejun device add")},
    {"unknown_method", UNSUPPORTED, N_("There is no method \"%s\"."),
     N_("List them with: tiejun call --list")},
    {"request_without_id", MALFORMED, N_("A request needs an id other than 0."), NULL},
    {"busy", BUSY, N_("The daemon has too much to do at the moment."), N_("Try again shortly.")},
    {"stopping", UNAVAILABLE, N_("The daemon is stopping."), N_("Try again shortly.")},
    {"database_away", UNAVAILABLE, N_("The database does not answer."),
     N_("Try again shortly; sending the same fact twice is safe.")},
    {"answer_too_long", INVALID, N_("The answer would be too long."),
     N_("Ask for a smaller unit or a shorter range.")},
    {"internal", INTERNAL, N_("The daemon failed at this request."),
     N_("Its log says why. Nothing was changed.")},
    {"bad_value", INVALID, N_("PostgreSQL cannot take a value: %s."), NULL},
};

const struct refusal *refusal_find(const char *code)
{
    const struct refusal *internal = NULL;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(refusals[i].code, code) == 0) {
            return &refusals[i];
        }
        if (strcmp(refusals[i].code, "internal") == 0) {
            internal = &refusals[i];
        }
    }
    log_event(LOG_LEVEL_ERROR, NULL, NULL, "refusal without a sentence: %s", code);
    return internal;
}

bool refusal_is_known(const char *code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(refusals[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

// The part at *arguments, which moves behind it.
static char *next_part(struct arena *arena, const char **arguments)
{
    const char *start = *arguments ? *arguments : "";
    const char *end = strchrnul(start, REFUSAL_SEPARATOR);
    *arguments = *end ? end + 1 : end;
    return arena_printf(arena, "%.*s", (int)(end - start), start);
}

const char *refusal_sentence(struct arena *arena, const struct refusal *refusal,
                             const char *arguments, const char *language)
{
    const char *form = i18n_in(language, refusal->sentence);
    const char *sentence = "";
    for (const char *mark; sentence && (mark = strstr(form, "%s")); form = mark + 2) {
        const char *part = next_part(arena, &arguments);
        sentence =
            arena_printf(arena, "%s%.*s%s", sentence, (int)(mark - form), form, part ? part : "");
    }
    return sentence ? arena_printf(arena, "%s%s", sentence, form) : NULL;
}

Tiejun__V1__Error *refusal_error(struct arena *arena, const struct refusal *refusal,
                                 const char *field, const char *arguments, const char *language)
{
    Tiejun__V1__Error *error = arena_alloc(arena, sizeof *error);
    if (!error) {
        return NULL;
    }
    tiejun__v1__error__init(error);
    error->code = (char *)refusal->code;
    error->message = (char *)refusal_sentence(arena, refusal, arguments, language);
    error->field = field ? arena_strdup(arena, field) : NULL;
    error->hint = refusal->hint ? (char *)i18n_in(language, refusal->hint) : NULL;
    return error;
}
