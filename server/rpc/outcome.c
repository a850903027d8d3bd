#include "server/rpc/outcome.h"

#include "common/i18n.h"
#include "common/message.h"
#include "server/rpc/refusal.h"

static char **text_field(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    return field ? (char **)message_member(message, field) : NULL;
}

// message holds the parts of the sentence.
static void explain(struct workshop *workshop, const ProtobufCMessage *outcome,
                    const struct refusal *refusal)
{
    char **message = text_field(outcome, "message");
    char **hint = text_field(outcome, "hint");
    *message = (char *)refusal_sentence(workshop->arena, refusal, *message, workshop->language);
    if (hint && refusal->hint) {
        *hint = (char *)i18n_in(workshop->language, refusal->hint);
    }
}

bool finish_outcomes(struct workshop *workshop, const ProtobufCMessage *request,
                     ProtobufCMessage *answer)
{
    (void)request;
    const ProtobufCFieldDescriptor *outcomes =
        protobuf_c_message_descriptor_get_field_by_name(answer->descriptor, "outcomes");
    for (size_t i = 0; i < message_count(answer, outcomes); i++) {
        const ProtobufCMessage *outcome =
            *(ProtobufCMessage *const *)message_element(answer, outcomes, i);
        char **code = text_field(outcome, "code");
        if (*code) {
            explain(workshop, outcome, refusal_find(*code));
        }
    }
    return true;
}
