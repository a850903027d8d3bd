#include "common/contract.h"

#include "tiejun/v1/audit.pb-c.h"
#include "tiejun/v1/calendar.pb-c.h"
#include "tiejun/v1/competitor.pb-c.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/goal.pb-c.h"
#include "tiejun/v1/leave.pb-c.h"
#include "tiejun/v1/notice.pb-c.h"
#include "tiejun/v1/objective.pb-c.h"
#include "tiejun/v1/org.pb-c.h"
#include "tiejun/v1/pace.pb-c.h"
#include "tiejun/v1/rate.pb-c.h"
#include "tiejun/v1/report.pb-c.h"
#include "tiejun/v1/setting.pb-c.h"
#include "tiejun/v1/solve.pb-c.h"

#include <string.h>

// One a line, so that additions do not meet.
// clang-format off
const ProtobufCServiceDescriptor *const contract_services[] = {
    &tiejun__v1__org_service__descriptor,
    &tiejun__v1__person_service__descriptor,
    &tiejun__v1__session_service__descriptor,
    &tiejun__v1__device_service__descriptor,
    &tiejun__v1__calendar_service__descriptor,
    &tiejun__v1__leave_service__descriptor,
    &tiejun__v1__standard_service__descriptor,
    &tiejun__v1__metric_service__descriptor,
    &tiejun__v1__goal_service__descriptor,
    &tiejun__v1__rate_service__descriptor,
    &tiejun__v1__fact_service__descriptor,
    &tiejun__v1__customer_service__descriptor,
    &tiejun__v1__deal_service__descriptor,
    &tiejun__v1__report_service__descriptor,
    &tiejun__v1__solve_service__descriptor,
    &tiejun__v1__pace_service__descriptor,
    &tiejun__v1__audit_service__descriptor,
    &tiejun__v1__competitor_service__descriptor,
    &tiejun__v1__notice_service__descriptor,
    &tiejun__v1__objective_service__descriptor,
    &tiejun__v1__setting_service__descriptor,
    NULL,
};
// clang-format on

const ProtobufCMethodDescriptor *contract_method(const char *full_name,
                                                 const ProtobufCServiceDescriptor **service)
{
    for (const ProtobufCServiceDescriptor *const *each = contract_services; *each; each++) {
        size_t length = strlen((*each)->name);
        if (strncmp(full_name, (*each)->name, length) != 0 || full_name[length] != '.') {
            continue;
        }
        if (service) {
            *service = *each;
        }
        return protobuf_c_service_descriptor_get_method_by_name(*each, full_name + length + 1);
    }
    return NULL;
}
