#include "server/rpc/workshop.h"

bool workshop_refuse(struct workshop *workshop, const char *code, const char *field,
                     const char *arguments)
{
    workshop->code = code;
    workshop->field = field;
    workshop->arguments = arguments;
    return false;
}
