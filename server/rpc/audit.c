// The audit trail. Which rows a caller may read, the table's policy says.
#include "server/rpc/request.h"

const struct request audit_requests[] = {
    {.method = "tiejun.v1.AuditService.List", .roles = ANYONE, .steps = {{"audit_list", NULL}}},
    {0},
};
