// All that the daemon can be asked: the services of proto/tiejun/v1.
#pragma once

#include <protobuf-c/protobuf-c.h>

// Ended by NULL. Services by file, methods in the order of the contract.
extern const ProtobufCServiceDescriptor *const contract_services[];

// "tiejun.v1.GoalService.Set" to its method, NULL when there is none. service may be NULL.
const ProtobufCMethodDescriptor *contract_method(const char *full_name,
                                                 const ProtobufCServiceDescriptor **service);
